use super::*;

#[test]
fn trn_keeps_leading_zeros_and_reads_legacy_forms() {
    for (text, expected) in [
        ("0000123", Ok("0000123")),
        ("RP99/12345", Ok("9912345")),
        (" 99/12345 ", Ok("9912345")),
        ("999999999", Err(IdError::Sentinel { id: "TRN" })),
        ("999999998", Err(IdError::Sentinel { id: "TRN" })),
        (
            "123456",
            Err(IdError::WrongLength {
                id: "TRN",
                expected: 7,
                found: 6,
            }),
        ),
        (
            "12345678",
            Err(IdError::WrongLength {
                id: "TRN",
                expected: 7,
                found: 8,
            }),
        ),
        ("", Err(IdError::Empty { id: "TRN" })),
        ("12A4567", Err(IdError::Malformed { id: "TRN" })),
        ("１２３４５６７", Err(IdError::Malformed { id: "TRN" })),
    ] {
        assert_eq!(
            Trn::parse(text).as_ref().map(Trn::as_str).map_err(|e| *e),
            expected,
            "{text}"
        );
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
