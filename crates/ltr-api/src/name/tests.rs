use ltr_domain::ids::{IdError, PersonId, RecordId, RecordKind};
use uuid::Uuid;

use super::Name;
use crate::status::Refusal;

const UUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

fn read(id: &str) -> Result<String, IdError> {
    match Name::parse("name", &format!("teachers/{id}")) {
        Ok(name) => Ok(name.to_string()),
        Err(Refusal::InvalidId { error, .. }) => Err(error),
        Err(other) => panic!("an id is refused as an id, not as {other:?}"),
    }
}

#[test]
fn every_form_of_an_id_is_read() {
    for (id, expected) in [
        ("3100001", "3100001"),
        ("0000123", "0000123"),
        ("RP99/12345", "9912345"),
        ("99-12345", "9912345"),
        ("trn:RP99/12345", "9912345"),
        (UUID, UUID),
        ("apply-choice:501", "apply/choice/501"),
        ("apply-candidate:C77", "apply/candidate/C77"),
        ("register-trainee:aBc_-9", "register/trainee/aBc_-9"),
    ] {
        assert_eq!(read(id).as_deref(), Ok(expected), "{id}");
    }
}

#[test]
fn what_is_no_id_is_refused_with_its_reason() {
    let sentinel = IdError::Sentinel { id: "TRN" };
    let lengths = |found| IdError::WrongLength {
        id: "TRN",
        expected: 7,
        found,
    };
    for (id, expected) in [
        ("999999999", sentinel),
        ("trn:999999998", sentinel),
        ("123", lengths(3)),
        ("31000011", lengths(8)),
        ("", IdError::Empty { id: "TRN" }),
        (
            "0f8fad5bd9cb469fa16570867728950e",
            IdError::Malformed { id: "TRN" },
        ),
        (
            "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
            IdError::Malformed { id: "kind of id" },
        ),
        (
            "apply-choice:",
            IdError::Empty {
                id: "Apply choice id",
            },
        ),
        (
            "apply-choice:x",
            IdError::Malformed {
                id: "Apply choice id",
            },
        ),
        (
            "apply-candidate:77",
            IdError::Malformed {
                id: "Apply candidate id",
            },
        ),
        (
            "register-trainee:",
            IdError::Empty {
                id: "Register trainee id",
            },
        ),
        (
            "register-trainee:a\0b",
            IdError::Malformed {
                id: "Register trainee id",
            },
        ),
    ] {
        assert_eq!(read(id), Err(expected), "{id:?}");
    }
}

#[test]
fn a_name_needs_its_prefix_and_an_id_does_not() {
    assert!(Name::parse("name", "3100001").is_err());
    assert_eq!(
        Name::parse_id("id", "3100001").ok(),
        Name::parse_id("id", "teachers/3100001").ok()
    );
}

#[test]
fn an_id_that_is_not_in_the_present_name_is_told_back() {
    let person = PersonId(Uuid::from_u128(1));
    let other = PersonId(Uuid::from_u128(2));
    let trn = |text| ltr_domain::ids::Trn::parse(text).ok();
    let asked = |id: &str| Name::parse_id("id", id).expect("a readable id");
    assert_eq!(asked("3100001").redirected_from(person, trn("3100001")), "");
    assert_eq!(
        asked("3100002").redirected_from(person, trn("3100001")),
        "3100002"
    );
    assert_eq!(asked("3100002").redirected_from(person, None), "3100002");
    assert_eq!(Name::Person(person).redirected_from(person, None), "");
    assert_eq!(
        Name::Person(person).redirected_from(person, trn("3100001")),
        person.to_string()
    );
    assert_eq!(
        Name::Person(other).redirected_from(person, None),
        other.to_string()
    );
    let record = Name::Record(RecordId::new(RecordKind::ApplyChoice, "501"));
    assert_eq!(record.redirected_from(person, trn("3100001")), "");
}
