//! Values that stand for no value: typed where something had to be typed, or shared by people who have nothing to do with
//! each other. They add nothing to any score, and are told in `docs/linking.md`.

use jiff::civil::Date;

/// What a blocked value would otherwise be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// A whole first or last name.
    Name,
    /// A date of birth.
    DateOfBirth,
    /// The part of an e-mail address before the `@`.
    Mailbox,
    /// How that part begins.
    MailboxStart,
}

impl Field {
    /// The name used in the docs.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::DateOfBirth => "date of birth",
            Self::Mailbox => "e-mail",
            Self::MailboxStart => "e-mail beginning with",
        }
    }
}

/// A value that adds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocked {
    /// Of which field.
    pub field: Field,
    /// The value: names as they are compared, dates as `YYYY-MM-DD`.
    pub value: &'static str,
    /// Why.
    pub reason: &'static str,
}

const fn name(value: &'static str, reason: &'static str) -> Blocked {
    Blocked {
        field: Field::Name,
        value,
        reason,
    }
}

const fn born(value: &'static str, reason: &'static str) -> Blocked {
    Blocked {
        field: Field::DateOfBirth,
        value,
        reason,
    }
}

const fn mailbox(value: &'static str, reason: &'static str) -> Blocked {
    Blocked {
        field: Field::Mailbox,
        value,
        reason,
    }
}

const NO_NAME: &str = "says that no name is known";
const WORD: &str = "the word for what was to be typed";
const TRIAL: &str = "typed to try a form";
const SHARED: &str = "a mailbox of an organisation";

/// Every blocked value.
pub const BLOCKED: &[Blocked] = &[
    name("unknown", NO_NAME),
    name("notknown", NO_NAME),
    name("notprovided", NO_NAME),
    name("notapplicable", NO_NAME),
    name("null", NO_NAME),
    name("nil", NO_NAME),
    name("tba", NO_NAME),
    name("tbc", NO_NAME),
    name("anonymous", NO_NAME),
    name("anonymised", NO_NAME),
    name("redacted", NO_NAME),
    name("deleted", NO_NAME),
    name("firstname", WORD),
    name("forename", WORD),
    name("lastname", WORD),
    name("surname", WORD),
    name("trainee", WORD),
    name("candidate", WORD),
    name("teacher", WORD),
    name("test", TRIAL),
    name("testing", TRIAL),
    name("tester", TRIAL),
    name("dummy", TRIAL),
    name("asdf", TRIAL),
    name("xx", TRIAL),
    name("xxx", TRIAL),
    name("xxxx", TRIAL),
    born("0001-01-01", "the first day that programs can count"),
    born("1753-01-01", "the first day that a database can hold"),
    born("1899-12-30", "a spreadsheet's day nought"),
    born("1899-12-31", "a spreadsheet's day nought"),
    born("1900-01-01", "a spreadsheet's day one, and a common stand-in"),
    born("1901-01-01", "a common stand-in"),
    born("1970-01-01", "a computer's day nought"),
    born("2000-01-01", "a common stand-in"),
    born("9999-12-31", "the last day that programs can count"),
    mailbox("noreply", "nobody reads it"),
    mailbox("no-reply", "nobody reads it"),
    mailbox("donotreply", "nobody reads it"),
    mailbox("none", "says that there is no address"),
    mailbox("unknown", "says that there is no address"),
    mailbox("test", "typed to try a form"),
    mailbox("info", SHARED),
    mailbox("office", SHARED),
    mailbox("admin", SHARED),
    mailbox("admissions", SHARED),
    mailbox("enquiries", SHARED),
    mailbox("recruitment", SHARED),
    mailbox("itt", SHARED),
    mailbox("pgce", SHARED),
    Blocked {
        field: Field::MailboxStart,
        value: "redacted-email-address",
        reason: "Apply's stand-in for an address that it took out (T37)",
    },
];

fn is_blocked(field: Field, value: &str) -> bool {
    BLOCKED
        .iter()
        .any(|blocked| blocked.field == field && blocked.value == value)
}

/// Whether a name, as it is compared, stands for none.
#[must_use]
pub fn is_name(joined: &str) -> bool {
    is_blocked(Field::Name, joined)
}

/// Whether a day stands for no date of birth.
#[must_use]
pub fn is_date_of_birth(day: Date) -> bool {
    is_blocked(Field::DateOfBirth, &day.to_string())
}

/// Whether an address, in lower case, is nobody's own.
#[must_use]
pub fn is_email(address: &str) -> bool {
    let mailbox = address.split('@').next().unwrap_or_default();
    let begins =
        |blocked: &Blocked| blocked.field == Field::MailboxStart && mailbox.starts_with(blocked.value);
    is_blocked(Field::Mailbox, mailbox) || BLOCKED.iter().any(begins)
}
