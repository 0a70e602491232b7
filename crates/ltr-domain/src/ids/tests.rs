use super::*;

fn trn(text: &str) -> Result<String, IdError> {
    Trn::parse(text).map(|trn| trn.to_string())
}

#[test]
fn t01_punctuation_of_legacy_forms_is_no_part_of_a_trn() {
    for text in ["RP99/12345", " 99/12345 ", "rp99 12345", "99-12.345", "9912345"] {
        assert_eq!(trn(text).as_deref(), Ok("9912345"), "{text}");
    }
    for text in ["12A4567", "TRN9912345", "１２３４５６７"] {
        assert_eq!(trn(text), Err(IdError::Malformed { id: "TRN" }), "{text}");
    }
    assert_eq!(trn(" "), Err(IdError::Empty { id: "TRN" }));
}

#[test]
fn t02_a_trn_keeps_its_zeros_and_one_that_lost_them_is_refused_not_padded() {
    assert_eq!(trn("0000123").as_deref(), Ok("0000123"));
    for (text, found) in [("123456", 6), ("123", 3), ("12345678", 8)] {
        let wrong = IdError::WrongLength {
            id: "TRN",
            expected: 7,
            found,
        };
        assert_eq!(trn(text), Err(wrong), "{text}");
    }
}

#[test]
fn t03_a_sentinel_names_nobody() {
    for text in ["999999999", "999999998"] {
        assert_eq!(trn(text), Err(IdError::Sentinel { id: "TRN" }), "{text}");
    }
}

#[test]
fn other_ids_refuse_what_they_are_not() {
    assert_eq!(
        CandidateId::parse("C1234").map(|id| id.to_string()),
        Ok("C1234".into())
    );
    assert!(CandidateId::parse("1234").is_err());
    assert!(ChoiceId::parse("11fc0d3b2f").is_err());
    assert_eq!(ChoiceId::parse("0501").map(|id| id.to_string()), Ok("501".into()));
    assert!(Urn::parse("900020").is_ok_and(|urn| urn.is_sentinel()));
    assert!(Ukprn::parse("1000057").is_err());
}

#[test]
fn key_tokens_are_injective_and_read_back() {
    for key in ["abc-DEF_9", "a.b", "a=2Eb", "25/26 19", "ü", "*", ">", "="] {
        let token = encode_key_token(key);
        assert!(
            token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-=".contains(&b))
        );
        assert_eq!(decode_key_token(&token).as_deref(), Some(key));
    }
    assert_eq!(
        decode_key_token("=2e"),
        None,
        "only the canonical spelling is read"
    );
    assert_eq!(decode_key_token("=41"), None, "a plain letter is never escaped");
}

#[test]
fn record_ids_read_back_from_subject_and_text() {
    let id = RecordId::new(RecordKind::RegisterTrainee, "a/b.c");
    assert_eq!(RecordId::from_subject_tail(&id.subject_tail()), Some(id.clone()));
    assert_eq!(RecordId::parse(&id.to_string()), Ok(id));
}
