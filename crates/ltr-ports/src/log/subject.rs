//! Subjects: whether one is literal, whether a filter matches it, which stream takes it.

use super::Stream;

/// Whether `subject` names one subject: tokens that are not empty, without wildcards or white space.
#[must_use]
pub fn is_literal(subject: &str) -> bool {
    let is_token = |token: &str| {
        !token.is_empty()
            && token != "*"
            && token != ">"
            && !token
                .bytes()
                .any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control())
    };
    subject.split('.').all(is_token)
}

/// Whether `filter` matches the literal `subject`: `*` stands for one token, `>` at the end for one or more.
#[must_use]
pub fn matches(filter: &str, subject: &str) -> bool {
    let mut tokens = subject.split('.');
    for wanted in filter.split('.') {
        let Some(token) = tokens.next() else { return false };
        if wanted == ">" {
            return true;
        }
        if wanted != "*" && wanted != token {
            return false;
        }
    }
    tokens.next().is_none()
}

impl Stream {
    /// Whether messages on `subject` go onto this stream.
    #[must_use]
    pub fn takes(self, subject: &str) -> bool {
        is_literal(subject) && self.subjects().iter().any(|filter| matches(filter, subject))
    }
}

#[cfg(test)]
mod tests {
    use super::{Stream, is_literal, matches};

    #[test]
    fn a_filter_matches_token_by_token() {
        let check =
            |filter, subject, expected| assert_eq!(matches(filter, subject), expected, "{filter} {subject}");
        check("ltr.policy", "ltr.policy", true);
        check("ltr.policy", "ltr.policy.x", false);
        check("ltr.record.>", "ltr.record.trs.person.3100001", true);
        check("ltr.record.>", "ltr.record", false);
        check("ltr.record.*.person.*", "ltr.record.trs.person.3100001", true);
        check("ltr.record.*.person.*", "ltr.record.trs.alert.3100001", false);
        check("ltr.record.*", "ltr.record.trs.person", false);
        check(">", "ltr", true);
    }

    #[test]
    fn wildcards_gaps_and_spaces_are_not_literal() {
        for subject in [
            "", "ltr.", ".ltr", "ltr..x", "ltr.*", "ltr.>", "ltr.a b", "ltr.a\nb",
        ] {
            assert!(!is_literal(subject), "{subject:?}");
        }
        assert!(is_literal("ltr.record.trs.person.a=20b"));
    }

    #[test]
    fn every_subject_goes_onto_one_stream() {
        let subjects = [
            "ltr.record.trs.person.1",
            "ltr.policy",
            "ltr.evidence.trs.person.1",
            "ltr.key.trs.person.1",
        ];
        for subject in subjects {
            assert_eq!(
                Stream::ALL
                    .into_iter()
                    .filter(|stream| stream.takes(subject))
                    .count(),
                1,
                "{subject}"
            );
        }
        assert!(!Stream::Events.takes("ltr.record.*"));
        assert!(!Stream::Events.takes("ltr.evidence.trs.person.1"));
    }
}
