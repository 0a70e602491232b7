//! A record of TRS that may be somebody else's, and an operator who confirms that it is not.

use super::*;
use crate::event::{Fact, Link, LinkStrength};
use crate::ids::RecordKind;
use crate::judgement::{Assurance, DecidedBy, Judged, LinkDecided, LinkDecision, Pair};
use crate::observation::Position;
use crate::record::Stated;
use crate::record::TraineeState;
use crate::record::trs::{Alert, Answer, HeldStatus};
use crate::resolution::Caveat;
use crate::testing::{event, observation, to};
use crate::time::{CivilDate, start_of_london_day};

fn trainee() -> RecordId {
    RecordId::new(RecordKind::RegisterTrainee, "slug1")
}

fn trs_person() -> RecordId {
    RecordId::new(RecordKind::TrsPerson, "3100081")
}

fn position(sequence: u64, on: Date) -> Position {
    Position {
        sequence,
        known_at: KnownAt(start_of_london_day(on)),
    }
}

/// In training since September 2026, under a TRN that has held a status since 2009, and a prohibition since 2013.
/// Confirmed on 1 October.
fn life() -> Lifetime {
    let day = |on| Stated::Value(CivilDate::Day(on));
    let link = Link {
        to: trs_person(),
        strength: LinkStrength::Issued,
    };
    let started = date(2026, 9, 3);
    let registered = vec![
        event(Fact::IdentityLinkAsserted(link), started),
        event(Fact::TraineeRegistered(to(TraineeState::TrnReceived)), started),
        event(Fact::StartConfirmed(to(CivilDate::Day(started))), started),
    ];
    let held = HeldStatus {
        holds_from: day(date(2009, 7, 1)),
        route_types: Vec::new(),
    };
    let alert = Alert {
        key: "a1".to_owned(),
        type_id: Stated::Unstated,
        category_id: Stated::Value("b2b19019-b165-47a3-8745-3297ff152581".to_owned()),
        start_date: day(date(2013, 2, 1)),
        end_date: Stated::Null,
    };
    let answered = vec![
        event(Fact::TrnAllocated(to(Answer::Found)), date(2026, 9, 22)),
        event(Fact::QualifiedStatusHeld(to(held)), date(2009, 7, 1)),
        event(Fact::AlertsListed(to(1)), date(2026, 9, 22)),
        event(Fact::AlertOpened(to(alert)), date(2013, 2, 1)),
    ];
    let told = |record: &RecordId, at: Position, events| Told {
        observation: observation(record, at.known_at.0, events),
        position: at,
    };
    let belongs = |record: RecordId| Belonging {
        record,
        person: PersonId::of(&trainee()),
        known_from: position(1, date(2026, 9, 21)).known_at,
        known_to: None,
        strength: None,
    };
    let confirmed = LinkDecided {
        pair: Pair::of(trainee(), trs_person()).expect("two records"),
        decision: LinkDecision::Confirm,
        by: DecidedBy {
            actor: "desk-1".to_owned(),
            assurance: Assurance::DocumentsSeen,
            reason: "case 7".to_owned(),
        },
        decides: None,
    };
    let judged = (position(3, date(2026, 10, 1)), Judged::Decided(confirmed));
    let told = vec![
        told(&trainee(), position(1, date(2026, 9, 21)), registered),
        told(&trs_person(), position(2, date(2026, 9, 22)), answered),
    ];
    let life = Lifetime::new(
        vec![trainee()],
        told,
        vec![belongs(trainee()), belongs(trs_person())],
    );
    // It stands with both records.
    life.with_judgements(vec![judged.clone(), judged])
}

#[test]
fn what_may_be_about_somebody_else_is_withheld_from_explanations_too() {
    let (policy, life) = (Policy::first(), life());
    let doubted = explain(&life, moment(&policy, date(2026, 9, 25), date(2026, 9, 25)));
    assert_eq!(doubted.answer.facts.restriction.reason, "link_suspect");
    assert!(
        doubted
            .answer
            .facts
            .qualified_status
            .caveats
            .contains(&Caveat::Contested)
    );
    assert_eq!(doubted.decisions, []);
    let of = |explained: &Explanation| {
        let fact = explained
            .facts
            .iter()
            .find(|fact| fact.question == Question::Restriction);
        let claims = fact.expect("every fact is explained").claims.iter();
        claims.map(|one| (one.claim.value, one.why)).collect::<Vec<_>>()
    };
    // What TRS says is withheld; that the traineeship speaks against it is told.
    let (of_trs, of_register): (Vec<_>, Vec<_>) = of(&doubted)
        .into_iter()
        .partition(|(_, why)| *why == Why::LinkSuspect);
    assert_eq!(of_trs, [("withheld", Why::LinkSuspect)]);
    assert!(
        of_register.contains(&("in_training", Why::Contests)),
        "{of_register:?}"
    );
    let alerts = ["open_alert", "prohibited", "none"];
    assert!(
        of_register.iter().all(|(value, _)| !alerts.contains(value)),
        "{of_register:?}"
    );

    let trusted = explain(&life, moment(&policy, date(2026, 10, 2), date(2026, 10, 2)));
    assert!(
        of(&trusted).contains(&("prohibited", Why::Settles)),
        "{:?}",
        of(&trusted)
    );
    assert!(trusted.answer.facts.qualified_status.caveats.is_empty());
    assert_eq!(trusted.decisions.len(), 1);
}

#[test]
fn a_difference_names_the_decision_that_made_it() {
    let (policy, life) = (Policy::first(), life());
    let on = date(2026, 9, 25);
    let told = diff(
        &life,
        moment(&policy, on, date(2026, 9, 25)),
        moment(&policy, on, date(2026, 10, 2)),
    );
    let restriction = told
        .fields
        .iter()
        .find(|field| field.field == "facts.restriction.value")
        .expect("it is another one");
    assert_eq!(
        (&*restriction.before, &*restriction.after),
        ("unknown", "prohibited")
    );
    let [
        Cause::Identity {
            joined,
            left,
            decisions,
        },
    ] = &restriction.causes[..]
    else {
        panic!("{:?}", restriction.causes);
    };
    assert!(joined.is_empty() && left.is_empty());
    let by = decisions[0].by.as_ref().expect("an operator");
    assert_eq!(
        (decisions[0].what, &*by.actor, &*by.reason),
        ("confirm", "desk-1", "case 7")
    );
}
