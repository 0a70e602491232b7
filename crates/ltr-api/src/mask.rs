//! Which fields of a teacher a caller wants. Only whole top-level fields can be named.

use ltr_proto::record::Teacher;
use prost_types::FieldMask;

use crate::status::Refusal;

/// Moves one field over.
type Move = fn(&mut Teacher, &mut Teacher);

macro_rules! fields {
    ($($field:ident),* $(,)?) => {
        /// Every field, with how to move it over.
        const FIELDS: &[(&str, Move)] =
            &[$((stringify!($field), |to, from| to.$field = std::mem::take(&mut from.$field))),*];
    };
}

fields!(
    name,
    person_id,
    trn,
    trns,
    merged_trns,
    standing,
    stage,
    phase,
    headline,
    facts,
    review_on,
    findings,
    records,
    policy_version,
    record_digest,
    as_of,
    redirected_from,
    freshness,
    clock_simulated,
    personal,
    withheld,
    consistency_token,
);

/// The one field that is sent only to those who name it.
const PERSONAL: &str = "personal";

/// The fields a caller wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadMask {
    /// All but `personal`.
    Default,
    /// These.
    Named(Vec<&'static str>),
}

impl ReadMask {
    /// Reads a mask. One without paths is no mask.
    pub(crate) fn parse(mask: Option<FieldMask>) -> Result<Self, Refusal> {
        let paths = mask.map(|mask| mask.paths).unwrap_or_default();
        if paths.is_empty() {
            return Ok(Self::Default);
        }
        let named = paths.iter().map(|path| {
            let known = FIELDS.iter().find(|(name, _)| name == path);
            known.map(|(name, _)| *name).ok_or_else(|| {
                Refusal::field(
                    "read_mask",
                    "names what is no top-level field of ltr.record.v1.Teacher",
                )
            })
        });
        named.collect::<Result<_, _>>().map(Self::Named)
    }

    /// Whether personal values are to be opened.
    pub(crate) fn wants_personal(&self) -> bool {
        matches!(self, Self::Named(named) if named.contains(&PERSONAL))
    }

    /// The teacher with the wanted fields only.
    pub(crate) fn apply(&self, mut teacher: Teacher) -> Teacher {
        let Self::Named(named) = self else {
            teacher.personal = None;
            return teacher;
        };
        let mut masked = Teacher::default();
        for (_, move_over) in FIELDS.iter().filter(|(name, _)| named.contains(name)) {
            move_over(&mut masked, &mut teacher);
        }
        masked
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    #[test]
    fn the_fields_are_those_of_the_schema() {
        let schema = prost_types::FileDescriptorSet::decode(ltr_proto::FILE_DESCRIPTOR_SET).expect("our own");
        let messages = schema
            .file
            .iter()
            .filter(|file| file.package() == "ltr.record.v1");
        let teacher = messages
            .flat_map(|file| &file.message_type)
            .find(|message| message.name() == "Teacher");
        let in_schema: Vec<_> = teacher
            .expect("it is there")
            .field
            .iter()
            .map(|field| field.name())
            .collect();
        let here: Vec<_> = FIELDS.iter().map(|(name, _)| *name).collect();
        assert_eq!(here, in_schema);
    }

    #[test]
    fn named_fields_stay_and_personal_must_be_named() {
        let mask = |paths: &[&str]| FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        };
        let full = Teacher {
            trn: "3100001".to_owned(),
            review_on: "2026-09-10".to_owned(),
            personal: Some(ltr_proto::record::Personal::default()),
            ..Teacher::default()
        };
        let apply = |paths: &[&str]| ReadMask::parse(Some(mask(paths))).map(|mask| mask.apply(full.clone()));
        let check = |paths: &[&str], expected: (&str, &str, bool)| {
            let teacher = apply(paths).expect("a readable mask");
            let found = (
                teacher.trn.as_str(),
                teacher.review_on.as_str(),
                teacher.personal.is_some(),
            );
            assert_eq!(found, expected, "{paths:?}");
        };
        check(&[], ("3100001", "2026-09-10", false));
        check(&["trn"], ("3100001", "", false));
        check(&["personal", "review_on"], ("", "2026-09-10", true));
        for path in ["*", "facts.induction", "Trn", ""] {
            assert!(apply(&[path]).is_err(), "{path}");
        }
    }
}
