//! What the tests of this crate share: states read from rows, and events as short lines.

use jiff::civil::{Date, date};
use ltr_domain::event::{Change, Event, Fact};
use ltr_domain::ids::Feed;
use ltr_domain::record::{PersonalDigests, State};
use ltr_domain::time::Basis;
use serde_json::{Value, json};

use crate::diff::{Seen, derive};
use crate::{Defect, Mapped, map_row};

/// The day on which tests see things, unless they say otherwise.
pub(crate) const OBSERVED_ON: Date = date(2026, 9, 30);

/// Lays `fields` over a row that has nothing but its key and state.
pub(crate) fn trainee_row(fields: Value) -> Value {
    over(json!({"trainee_id": "slug1", "state": "trn_received"}), fields)
}

/// Lays `fields` over a TRS person who has nothing but a name.
pub(crate) fn person_row(fields: Value) -> Value {
    over(
        json!({"trn": "3100001", "firstName": "Ada", "lastName": "Byron"}),
        fields,
    )
}

fn over(mut row: Value, fields: Value) -> Value {
    let (Value::Object(row_fields), Value::Object(fields)) = (&mut row, fields) else {
        panic!("a row is an object");
    };
    row_fields.extend(fields);
    row
}

/// The only record of a row.
pub(crate) fn mapped(feed: Feed, row: &Value) -> Result<Mapped, Defect> {
    Ok(map_row(feed, row)?.records.remove(0))
}

/// The state that a trainee row makes.
pub(crate) fn trainee(fields: Value) -> State {
    state(mapped(Feed::RegisterTrainees, &trainee_row(fields)).expect("a good row"))
}

/// The state that a TRS person makes.
pub(crate) fn person(fields: Value) -> State {
    state(mapped(Feed::TrsPersons, &person_row(fields)).expect("a good row"))
}

/// The code under which a row is quarantined.
pub(crate) fn code(feed: Feed, row: &Value) -> &'static str {
    map_row(feed, row).expect_err("a row with a defect").code
}

/// The state of a record without personal values.
pub(crate) fn state(mapped: Mapped) -> State {
    State {
        body: mapped.body,
        digests: PersonalDigests::new(),
        vanished: false,
    }
}

/// The events between two states, one line each.
pub(crate) fn events(old: Option<&State>, new: &State) -> String {
    show(&derive(
        old,
        new,
        &Seen {
            observed_on: OBSERVED_ON,
            source_updated_on: None,
        },
    ))
}

/// Events as lines: name, kind, effective date and its basis.
pub(crate) fn show(events: &[Event]) -> String {
    events.iter().map(line).collect()
}

fn line(event: &Event) -> String {
    let basis = match event.effective.basis {
        Basis::Stated => "stated",
        Basis::Inferred => "inferred",
        Basis::Observed => "observed",
    };
    let detail = detail(&event.fact);
    format!(
        "{} {} {} {basis}{detail}\n",
        event.fact.name(),
        event.kind.token(),
        event.effective.on
    )
}

/// The old and new of facts that are short enough to show.
fn detail(fact: &Fact) -> String {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only some payloads are worth a line"
    )]
    match fact {
        Fact::TraineeRegistered(change)
        | Fact::TrainingDeferred(change)
        | Fact::TrainingReinstated(change)
        | Fact::TrainingWithdrawn(change)
        | Fact::WithdrawalReversed(change)
        | Fact::AwardRevoked(change)
        | Fact::TraineeStateChanged(change) => arrow(change, |state| state.text().to_owned()),
        Fact::StartConfirmed(change) | Fact::StartDateRevised(change) | Fact::OutcomeDateChanged(change) => {
            arrow(change, ltr_domain::time::CivilDate::text)
        }
        Fact::TraineeMovedProvider(change) => arrow(change, ToString::to_string),
        Fact::AlertsListed(change) => arrow(change, ToString::to_string),
        Fact::IdentityLinkAsserted(link) | Fact::IdentityLinkRetracted(link) => format!(" ({})", link.to),
        _ => String::new(),
    }
}

fn arrow<T>(change: &Change<T>, text: impl Fn(&T) -> String) -> String {
    let side = |side: &Option<T>| side.as_ref().map_or_else(|| "-".to_owned(), &text);
    format!(" ({} > {})", side(&change.old), side(&change.new))
}
