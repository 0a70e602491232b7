//! Events as JSON.

use ltr_domain::event::{Change, Event, Fact, Link};
use ltr_domain::time::{Basis, Precision};
use serde_json::{Map, Value, json};

use super::values::{Shown, put};
use crate::codec::fact_detail;

impl Shown for Event {
    fn shown(&self) -> Value {
        let mut object = Map::new();
        put(&mut object, "fact", &self.fact.name().to_owned());
        put(&mut object, "effective_on", &self.effective.on);
        put(
            &mut object,
            "precision",
            &precision(self.effective.precision).to_owned(),
        );
        put(&mut object, "basis", &basis(self.effective.basis).to_owned());
        put(&mut object, "kind", &self.kind.token().to_owned());
        if let Some(sequence) = self.supersedes {
            put(&mut object, "supersedes", &sequence);
        }
        if let Some(detail) = fact_detail(&self.fact) {
            object.insert(detail_name(&self.fact).to_owned(), detail);
        }
        object.into()
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all facts but these carry a change"
)]
fn detail_name(fact: &Fact) -> &'static str {
    match fact {
        Fact::IdentityLinkAsserted(_) | Fact::IdentityLinkRetracted(_) => "link",
        Fact::Unrecognised(_) => "number",
        _ => "change",
    }
}

/// A side that is not there is left out: `null` is something a source says.
impl<T: Shown> Shown for Change<T> {
    fn shown(&self) -> Value {
        let mut object = Map::new();
        if let Some(old) = &self.old {
            put(&mut object, "old", old);
        }
        if let Some(new) = &self.new {
            put(&mut object, "new", new);
        }
        object.into()
    }
}

impl Shown for Link {
    fn shown(&self) -> Value {
        json!({ "to": self.to.shown(), "strength": self.strength.token() })
    }
}

fn precision(precision: Precision) -> &'static str {
    match precision {
        Precision::Day => "day",
        Precision::Month => "month",
        Precision::Year => "year",
    }
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Stated => "stated",
        Basis::Inferred => "inferred",
        Basis::Observed => "observed",
    }
}
