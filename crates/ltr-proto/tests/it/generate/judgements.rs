//! Any judgement on identity.

use std::collections::BTreeSet;

use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::judgement::{
    Answer, Assurance, DecidedBy, Judged, Judgement, LinkDecided, LinkDecision, LinkMatched, MatchVerdict,
    Pair, Parts, Regrouping, RegroupingRequested, RequestAnswered,
};

use super::{Any, Source, any_struct};

any_struct! {
    Judgement { judged, previous, recorded_at }
    DecidedBy { actor, assurance, reason }
    LinkDecided { pair, decision, by, decides }
    RegroupingRequested { regrouping, by }
    RequestAnswered { subject, request, answer, by }
}

macro_rules! any_of_all {
    ($($type:ident),*) => {$(
        impl Any for $type {
            fn any(source: &mut Source) -> Self {
                source.pick(&Self::ALL)
            }
        }
    )*};
}
any_of_all!(Answer, Assurance, LinkDecision, MatchVerdict);

impl Any for LinkMatched {
    fn any(source: &mut Source) -> Self {
        Self {
            pair: Any::any(source),
            score: u32::any(source) % 1_001,
            rule_version: Any::any(source),
            rules: Any::any(source),
            verdict: Any::any(source),
        }
    }
}

impl Any for Pair {
    fn any(source: &mut Source) -> Self {
        let one = RecordId::any(source);
        // Where both draws are one record, another one stands in.
        let other = RecordId::new(RecordKind::TvVacancy, format!("not {one}"));
        Self::of(one.clone(), RecordId::any(source))
            .or_else(|| Self::of(one, other))
            .expect("one of them is another record")
    }
}

impl Any for Parts {
    fn any(source: &mut Source) -> Self {
        let mut cut_off: BTreeSet<RecordId> = Any::any(source);
        cut_off.insert(Any::any(source));
        let mut staying: BTreeSet<RecordId> = Any::any(source);
        staying.retain(|record| !cut_off.contains(record));
        staying.insert(RecordId::new(RecordKind::TvVacancy, format!("not {cut_off:?}")));
        Self::of(cut_off, staying).expect("they are two parts")
    }
}

impl Any for Regrouping {
    fn any(source: &mut Source) -> Self {
        if source.below(2) == 0 {
            Self::Join(Any::any(source))
        } else {
            Self::Split(Any::any(source))
        }
    }
}

impl Any for Judged {
    fn any(source: &mut Source) -> Self {
        match source.below(4) {
            0 => Self::Matched(Any::any(source)),
            1 => Self::Decided(Any::any(source)),
            2 => Self::Requested(Any::any(source)),
            _ => Self::Answered(Any::any(source)),
        }
    }
}
