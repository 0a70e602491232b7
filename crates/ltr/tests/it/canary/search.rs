//! Looks for many texts at once in bytes: as they are, in the other case, as hex and as base64.

/// Texts that may not be found.
pub(crate) struct Needles {
    all: Vec<Needle>,
    /// By their first two bytes, which needles begin with them.
    by_start: Vec<Vec<usize>>,
}

struct Needle {
    name: String,
    bytes: Vec<u8>,
    /// A number is only found where it is not part of a longer one.
    is_number: bool,
}

impl Needles {
    /// The texts, by what they are.
    pub(crate) fn of(texts: &[(&str, &str)]) -> Self {
        let mut all = Vec::new();
        for (name, text) in texts {
            let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
            let mut add = |form: &str, bytes: Vec<u8>| {
                let name = format!("{name} ({form})");
                let is_number = is_number && bytes == text.as_bytes();
                all.push(Needle {
                    name,
                    bytes,
                    is_number,
                });
            };
            add("as it is", text.as_bytes().to_vec());
            add("in lower case", text.to_lowercase().into_bytes());
            add("in upper case", text.to_uppercase().into_bytes());
            let hex = ltr_proto::hex::encode(text.as_bytes());
            add("as upper hex", hex.to_uppercase().into_bytes());
            add("as hex", hex.into_bytes());
            for skipped in 0..3 {
                add("as base64", base64_inside(text.as_bytes(), skipped));
            }
        }
        let mut by_start = vec![Vec::new(); 1 << 16];
        for (index, needle) in all.iter().enumerate() {
            by_start[start(&needle.bytes)].push(index);
        }
        Self { all, by_start }
    }

    /// Fails if any of the texts is there.
    pub(crate) fn absent(&self, place: &str, bytes: &[u8]) {
        if let Some(name) = self.found_in(bytes) {
            panic!("{name} stands in {place}");
        }
    }

    /// The first that is found.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> Option<&str> {
        bytes.windows(2).enumerate().find_map(|(place, two)| {
            let here = |index: &usize| is_at(&self.all[*index], bytes, place).then_some(*index);
            let index = self.by_start[start(two)].iter().find_map(here)?;
            Some(self.all[index].name.as_str())
        })
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

fn is_at(needle: &Needle, bytes: &[u8], place: usize) -> bool {
    if !bytes[place..].starts_with(&needle.bytes) {
        return false;
    }
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let within_a_longer = is_digit(place.checked_sub(1)) || is_digit(Some(place + needle.bytes.len()));
    !(needle.is_number && within_a_longer)
}

/// The base64 of `text` as it stands inside of a longer text, where so many of its bytes belong to a group begun before.
fn base64_inside(text: &[u8], skipped: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = three
            .iter()
            .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| LETTERS[bits >> shift & 63])
    };
    text[skipped..].chunks_exact(3).flat_map(group).collect()
}

#[test]
fn what_is_there_is_found_in_every_form() {
    let needles = Needles::of(&[("name", "Lovelace"), ("number", "7654321")]);
    for there in [
        "Ada Lovelace",
        "ada lovelace",
        "4C6F76656C616365",
        "4c6f76656c616365",
        "trn 7654321.",
    ] {
        assert!(needles.found_in(there.as_bytes()).is_some(), "{there}");
    }
    // Of "Ada Lovelace", ".Ada Lovelace" and "..Ada Lovelace".
    for there in ["QWRhIExvdmVsYWNl", "LkFkYSBMb3ZlbGFjZQ==", "Li5BZGEgTG92ZWxhY2U="] {
        assert!(needles.found_in(there.as_bytes()).is_some(), "{there}");
    }
    for not_there in ["", "L", "Ada Byron", "17654321", "76543210", "TG92"] {
        assert_eq!(needles.found_in(not_there.as_bytes()), None, "{not_there}");
    }
}
