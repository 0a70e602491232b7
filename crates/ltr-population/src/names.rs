//! Names, made for this: parts that no register of people was asked for, put together by draw. Some have what breaks
//! programs: accents, apostrophes, double barrels, two words, one letter.

use crate::dice::Dice;
use crate::person::PersonNo;

/// First names, invented or respelt.
pub(crate) const FIRST: &[&str] = &[
    "Abelia",
    "Adwen",
    "Aláric",
    "Amberline",
    "Anouska",
    "Arden",
    "Ashby",
    "Aurelio",
    "Bethwyn",
    "Björa",
    "Brannock",
    "Briony-Mae",
    "Caelis",
    "Calloway",
    "Celestine",
    "Chidero",
    "Corvin",
    "Dafina",
    "Darrowen",
    "Delphi",
    "Dóra",
    "Eilwen",
    "Elodie",
    "Emrik",
    "Esmeray",
    "Faelan",
    "Farzana",
    "Fenn",
    "Fíadh",
    "Florian",
    "Gethin",
    "Gisèle",
    "Greer",
    "Halcyon",
    "Hanneke",
    "Harlan",
    "Hesper",
    "Idris",
    "Ilse",
    "Imaran",
    "Isaura",
    "Jessamy",
    "Jo",
    "Jorah",
    "Juniper",
    "Kaelen",
    "Kasimir",
    "Kerensa",
    "Kiran",
    "Larkin",
    "Léonie",
    "Linnet",
    "Lowen",
    "Lucan",
    "Mairwen",
    "Malachy",
    "Marisol",
    "Merrin",
    "Mireille",
    "Nadira",
    "Nesta",
    "Nia Wren",
    "Oduya",
    "Oisín",
    "Orla",
    "Osric",
    "Pascoe",
    "Perran",
    "Philippa",
    "Quill",
    "Rafferty",
    "Ravelle",
    "Renée",
    "Rhosyn",
    "Rowenna",
    "Sabriel",
    "Senara",
    "Siân",
    "Søren",
    "Sorrel",
    "Tamsel",
    "Tegan",
    "Temperance",
    "Thaddeus",
    "Tiwa",
    "Tressa",
    "Ulric",
    "Vanya",
    "Verity",
    "Wenna",
    "Wilfrey",
    "Xanthe",
    "Yestin",
    "Yusra",
    "Zahir",
    "Zelah",
    "Zoë",
    "Zuri",
];

const BEGINNINGS: &[&str] = &[
    "Alder", "Amber", "Ash", "Barrow", "Beck", "Birch", "Bram", "Briar", "Cairn", "Clover", "Copper",
    "Crane", "Dapple", "Dun", "Elder", "Ember", "Fallow", "Fern", "Finch", "Flint", "Gale", "Gorse", "Hazel",
    "Heath", "Heron", "Hollow", "Kestrel", "Lark", "Linden", "Marl", "Mere", "Moss", "Oster", "Pebble",
    "Quarry", "Raven", "Rime", "Rook", "Sedge", "Sorrel", "Swift", "Tansy", "Teasel", "Thistle", "Umber",
    "Vale", "Wether", "Willow", "Wren", "Yarrow",
];

const ENDINGS: &[&str] = &[
    "acre", "beam", "bourne", "by", "combe", "croft", "dale", "den", "field", "ford", "gate", "grave",
    "holm", "hurst", "ley", "low", "mead", "mere", "more", "pike", "ridge", "shaw", "stead", "stock",
    "thorpe", "thwaite", "ton", "wick", "worth", "yard",
];

/// What goes before a last name now and then.
const BEFORE: &[&str] = &["O'", "Mc", "d'", "ap ", "van der ", "St "];

/// Last names that are not of two parts.
const WHOLE: &[&str] = &[
    "Ångholm",
    "Çelwick",
    "Ó Brannaigh",
    "N'Dalaré",
    "Żelwiak",
    "Íñurrez",
    "Qadirov-Lane",
    "Oyelumade",
    "Thanavel",
    "Wu-Hartley",
    "Ez",
    "Achterbergh",
    "Löwenstock",
    "Šimkovel",
    "D'Amberosa",
];

/// A last name.
pub(crate) fn last(dice: &mut Dice) -> String {
    match dice.below(100) {
        0..=7 => (*dice.one_of(WHOLE)).to_owned(),
        8..=13 => format!("{}{}", dice.one_of(BEFORE), plain(dice)),
        14..=20 => format!("{}-{}", plain(dice), plain(dice)),
        _ => plain(dice),
    }
}

fn plain(dice: &mut Dice) -> String {
    format!("{}{}", dice.one_of(BEGINNINGS), dice.one_of(ENDINGS))
}

/// An address of the person under the domain that is kept for examples.
#[must_use]
pub(crate) fn email(first: &str, last: &str, person: PersonNo) -> String {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphabetic)
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    };
    format!("{}.{}.{}@example.com", letters(first), letters(last), person.0)
}
