//! The laws of the diff: nothing from nothing, nothing lost, order means nothing.

use jiff::Timestamp;
use jiff::civil::date;
use ltr_domain::ids::{ChoiceId, Trn, Ukprn};
use ltr_domain::record::register::{Course, Placement, Withdrawal};
use ltr_domain::record::trs::{Alert, Answer, HeldStatus, Induction, MandatoryQualification, Route};
use ltr_domain::record::{
    InductionStatus, KeyedDigest, PersonalField, ProfessionalStatusKind, QtlsStatus, RegisterTrainee,
    RouteStatus, TraineeState, TrsPerson,
};

use super::*;
use crate::testing::{OBSERVED_ON, person, trainee};

const SEEN: Seen = Seen {
    observed_on: OBSERVED_ON,
    source_updated_on: None,
};

/// Every way a field can be: not stated, none, and each of two values.
fn ways<T: Clone>(one: T, other: T) -> Vec<Stated<T>> {
    vec![
        Stated::Unstated,
        Stated::Null,
        Stated::Value(one),
        Stated::Value(other),
    ]
}

fn days() -> Vec<Stated<CivilDate>> {
    ways(CivilDate::read("2026-09-01"), CivilDate::read("2026-9-2"))
}

fn instants() -> Vec<Stated<Timestamp>> {
    ways(at("2026-09-01T12:00:00Z"), at("2026-09-02T12:00:00Z"))
}

fn texts() -> Vec<Stated<String>> {
    ways("one".to_owned(), "other".to_owned())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn trn(text: &str) -> Trn {
    Trn::parse(text).unwrap()
}

/// Copies of `base` with one place set to each of `values` in turn.
fn vary<B: Clone, T: Clone>(
    base: &B,
    values: &[T],
    place: impl Fn(&mut B) -> &mut T,
    groups: &mut Vec<Vec<B>>,
) {
    let varied = values.iter().map(|value| {
        let mut copy = base.clone();
        *place(&mut copy) = value.clone();
        copy
    });
    groups.push(varied.collect());
}

/// Whatever differs between two states of a group must be told by an event, and nothing between equal ones.
fn check_no_drift<B>(groups: Vec<Vec<B>>, body: impl Fn(B) -> Body)
where
    B: Clone + PartialEq + std::fmt::Debug,
{
    let state = |facts: &B| State {
        body: body(facts.clone()),
        digests: Default::default(),
        vanished: false,
    };
    for group in groups {
        for old in &group {
            for new in &group {
                let events = derive(Some(&state(old)), &state(new), &SEEN);
                assert_eq!(events.is_empty(), old == new, "{old:?}\n{new:?}\n{events:?}");
                assert_eq!(same_meaning(&state(old), &state(new)), old == new);
            }
        }
    }
}

fn every_state() -> Vec<TraineeState> {
    let mut states = TraineeState::known();
    states.push(TraineeState::Unrecognised("holds".to_owned()));
    states
}

fn placements(ids: &[&str]) -> Vec<Placement> {
    let placement = |id: &&str| Placement {
        id: (*id).to_owned(),
        urn: Stated::Null,
        name: Stated::Null,
    };
    ids.iter().map(placement).collect()
}

fn trainee_variations(base: &RegisterTrainee) -> Vec<Vec<RegisterTrainee>> {
    // Taken apart by name, so that a new field cannot be forgotten here.
    let RegisterTrainee {
        state: _,
        application_id: _,
        trn: _,
        ukprn: _,
        record_source: _,
        submitted_for_trn_at: _,
        itt_start_date: _,
        itt_end_date: _,
        trainee_start_date: _,
        defer_date: _,
        reinstate_date: _,
        recommended_for_award_at: _,
        outcome_date: _,
        awarded_at: _,
        withdrawal: _,
        course: _,
        placements: _,
    } = base;
    let ukprn = |text| Ukprn::parse(text).unwrap();
    let mut all = Vec::new();
    let groups = &mut all;
    vary(base, &every_state(), |t| &mut t.state, groups);
    vary(
        base,
        &ways(ChoiceId(1), ChoiceId(2)),
        |t| &mut t.application_id,
        groups,
    );
    vary(
        base,
        &ways(trn("3100001"), trn("3100002")),
        |t| &mut t.trn,
        groups,
    );
    vary(
        base,
        &ways(ukprn("10000571"), ukprn("10000572")),
        |t| &mut t.ukprn,
        groups,
    );
    vary(base, &texts(), |t| &mut t.record_source, groups);
    vary(base, &instants(), |t| &mut t.submitted_for_trn_at, groups);
    vary(base, &days(), |t| &mut t.itt_start_date, groups);
    vary(base, &days(), |t| &mut t.itt_end_date, groups);
    vary(base, &days(), |t| &mut t.trainee_start_date, groups);
    vary(base, &days(), |t| &mut t.defer_date, groups);
    vary(base, &days(), |t| &mut t.reinstate_date, groups);
    vary(base, &instants(), |t| &mut t.recommended_for_award_at, groups);
    vary(base, &days(), |t| &mut t.outcome_date, groups);
    vary(base, &instants(), |t| &mut t.awarded_at, groups);
    let mut withdrawals = vec![Stated::Unstated, Stated::Null];
    withdrawals.extend(withdrawal_variations().into_iter().map(Stated::Value));
    vary(base, &withdrawals, |t| &mut t.withdrawal, groups);
    let mut courses = vec![Stated::Unstated, Stated::Null];
    courses.extend(course_variations().into_iter().map(Stated::Value));
    vary(base, &courses, |t| &mut t.course, groups);
    let lists = [
        placements(&[]),
        placements(&["a"]),
        placements(&["a", "b"]),
        placements(&["a", "a"]),
    ];
    let mut lists: Vec<_> = lists.into_iter().map(Stated::Value).collect();
    let named = Placement {
        name: Stated::Value("Elm".to_owned()),
        ..placements(&["a"]).remove(0)
    };
    let placed = Placement {
        urn: Stated::Value("123456".to_owned()),
        ..placements(&["a"]).remove(0)
    };
    lists.extend([
        Stated::Unstated,
        Stated::Null,
        Stated::Value(vec![named]),
        Stated::Value(vec![placed]),
    ]);
    vary(base, &lists, |t| &mut t.placements, groups);
    all
}

fn flattened<B: Clone + PartialEq>(groups: Vec<Vec<B>>) -> Vec<B> {
    let mut distinct: Vec<B> = Vec::new();
    for varied in groups.into_iter().flatten() {
        if !distinct.contains(&varied) {
            distinct.push(varied);
        }
    }
    distinct
}

fn withdrawal_variations() -> Vec<Withdrawal> {
    let base = Withdrawal::default();
    let Withdrawal {
        date: _,
        trigger: _,
        reasons: _,
        future_interest: _,
    } = &base;
    let mut groups = Vec::new();
    vary(&base, &days(), |w| &mut w.date, &mut groups);
    vary(&base, &texts(), |w| &mut w.trigger, &mut groups);
    vary(
        &base,
        &ways(vec![], vec!["got_a_job".to_owned()]),
        |w| &mut w.reasons,
        &mut groups,
    );
    vary(&base, &texts(), |w| &mut w.future_interest, &mut groups);
    flattened(groups)
}

fn course_variations() -> Vec<Course> {
    let base = Course::default();
    let Course {
        training_route: _,
        qualification: _,
        level: _,
        education_phase: _,
        study_mode: _,
        age_range: _,
        subjects: _,
        course_start_date: _,
        training_partner_urn: _,
        training_partner_ukprn: _,
        employing_school_urn: _,
    } = &base;
    let mut groups = Vec::new();
    vary(&base, &texts(), |c| &mut c.training_route, &mut groups);
    vary(&base, &texts(), |c| &mut c.qualification, &mut groups);
    vary(&base, &texts(), |c| &mut c.level, &mut groups);
    vary(&base, &texts(), |c| &mut c.education_phase, &mut groups);
    vary(&base, &texts(), |c| &mut c.study_mode, &mut groups);
    vary(&base, &texts(), |c| &mut c.age_range, &mut groups);
    vary(
        &base,
        &ways(vec![], vec!["100403".to_owned()]),
        |c| &mut c.subjects,
        &mut groups,
    );
    vary(&base, &days(), |c| &mut c.course_start_date, &mut groups);
    vary(&base, &texts(), |c| &mut c.training_partner_urn, &mut groups);
    vary(&base, &texts(), |c| &mut c.training_partner_ukprn, &mut groups);
    vary(&base, &texts(), |c| &mut c.employing_school_urn, &mut groups);
    flattened(groups)
}

#[test]
fn no_field_of_a_trainee_differs_without_an_event() {
    let State {
        body: Body::RegisterTrainee(base),
        ..
    } = trainee(serde_json::json!({}))
    else {
        panic!("a trainee row makes a trainee");
    };
    for state in every_state() {
        let base = RegisterTrainee {
            state,
            ..(*base).clone()
        };
        check_no_drift(trainee_variations(&base), |facts| {
            Body::RegisterTrainee(Box::new(facts))
        });
    }
}

fn held_statuses() -> Vec<Stated<HeldStatus>> {
    let base = HeldStatus {
        holds_from: Stated::Unstated,
        route_types: Vec::new(),
    };
    let HeldStatus {
        holds_from: _,
        route_types: _,
    } = &base;
    let mut groups = Vec::new();
    vary(&base, &days(), |h| &mut h.holds_from, &mut groups);
    vary(
        &base,
        &[vec![], vec!["BA".to_owned()]],
        |h| &mut h.route_types,
        &mut groups,
    );
    let mut all = vec![Stated::Unstated, Stated::Null];
    all.extend(flattened(groups).into_iter().map(Stated::Value));
    all
}

fn inductions() -> Vec<Stated<Induction>> {
    let mut all = vec![Stated::Unstated, Stated::Null];
    let mut statuses = InductionStatus::known();
    statuses.push(InductionStatus::Unrecognised("Paused".to_owned()));
    for status in statuses {
        let base = Induction {
            status,
            start_date: Stated::Null,
            completed_date: Stated::Null,
            exemption_reasons: Vec::new(),
        };
        let Induction {
            status: _,
            start_date: _,
            completed_date: _,
            exemption_reasons: _,
        } = &base;
        let mut groups = Vec::new();
        vary(&base, &days(), |i| &mut i.start_date, &mut groups);
        vary(&base, &days(), |i| &mut i.completed_date, &mut groups);
        vary(
            &base,
            &[vec![], vec!["QTLS".to_owned()]],
            |i| &mut i.exemption_reasons,
            &mut groups,
        );
        all.extend(flattened(groups).into_iter().map(Stated::Value));
    }
    all
}

/// Lists of children: not stated, none, empty, and one child in each of its variations.
fn lists<T: Clone + PartialEq>(groups: Vec<Vec<T>>) -> Vec<Stated<Vec<T>>> {
    let mut all = vec![Stated::Unstated, Stated::Null, Stated::Value(Vec::new())];
    all.extend(
        flattened(groups)
            .into_iter()
            .map(|child| Stated::Value(vec![child])),
    );
    all
}

fn route() -> Route {
    Route {
        key: "r".to_owned(),
        type_id: Stated::Unstated,
        type_name: Stated::Unstated,
        leads_to: Stated::Unstated,
        status: RouteStatus::InTraining,
        holds_from: Stated::Unstated,
        training_start_date: Stated::Unstated,
        training_end_date: Stated::Unstated,
        subjects: Stated::Unstated,
        provider_ukprn: Stated::Unstated,
        provider_name: Stated::Unstated,
    }
}

fn routes() -> Vec<Stated<Vec<Route>>> {
    let base = route();
    let mut all = Vec::new();
    let groups = &mut all;
    vary(&base, &["r".to_owned(), "s".to_owned()], |r| &mut r.key, groups);
    vary(&base, &texts(), |r| &mut r.type_id, groups);
    vary(&base, &texts(), |r| &mut r.type_name, groups);
    vary(
        &base,
        &ways(ProfessionalStatusKind::Qts, ProfessionalStatusKind::Eyts),
        |r| &mut r.leads_to,
        groups,
    );
    vary(&base, &RouteStatus::known(), |r| &mut r.status, groups);
    vary(&base, &days(), |r| &mut r.holds_from, groups);
    vary(&base, &days(), |r| &mut r.training_start_date, groups);
    vary(&base, &days(), |r| &mut r.training_end_date, groups);
    vary(
        &base,
        &ways(vec![], vec!["Mathematics".to_owned()]),
        |r| &mut r.subjects,
        groups,
    );
    vary(&base, &texts(), |r| &mut r.provider_ukprn, groups);
    vary(&base, &texts(), |r| &mut r.provider_name, groups);
    lists(all)
}

fn alerts() -> Vec<Stated<Vec<Alert>>> {
    let base = Alert {
        key: "a".to_owned(),
        type_id: Stated::Unstated,
        category_id: Stated::Unstated,
        start_date: Stated::Unstated,
        end_date: Stated::Unstated,
    };
    let mut all = Vec::new();
    let groups = &mut all;
    vary(&base, &["a".to_owned(), "b".to_owned()], |a| &mut a.key, groups);
    vary(&base, &texts(), |a| &mut a.type_id, groups);
    vary(&base, &texts(), |a| &mut a.category_id, groups);
    vary(&base, &days(), |a| &mut a.start_date, groups);
    vary(&base, &days(), |a| &mut a.end_date, groups);
    lists(all)
}

fn mandatory_qualifications() -> Vec<Stated<Vec<MandatoryQualification>>> {
    let base = MandatoryQualification {
        key: "m".to_owned(),
        specialism: Stated::Unstated,
        end_date: Stated::Unstated,
    };
    let mut all = Vec::new();
    let groups = &mut all;
    vary(&base, &["m".to_owned(), "n".to_owned()], |m| &mut m.key, groups);
    vary(&base, &texts(), |m| &mut m.specialism, groups);
    vary(&base, &days(), |m| &mut m.end_date, groups);
    lists(all)
}

#[test]
fn no_field_of_a_trs_person_differs_without_an_event() {
    let State {
        body: Body::TrsPerson(base),
        ..
    } = person(serde_json::json!({}))
    else {
        panic!("a person row makes a person");
    };
    let base = *base;
    let TrsPerson {
        answer: _,
        qts: _,
        eyts: _,
        qtls: _,
        induction: _,
        routes: _,
        alerts: _,
        mandatory_qualifications: _,
    } = &base;
    let answers = [
        Answer::Found,
        Answer::MergedInto(trn("3012858")),
        Answer::MergedInto(trn("3012859")),
        Answer::Deactivated,
        Answer::NotFound,
    ];
    let mut all = Vec::new();
    let groups = &mut all;
    vary(&base, &answers, |p| &mut p.answer, groups);
    vary(&base, &held_statuses(), |p| &mut p.qts, groups);
    vary(&base, &held_statuses(), |p| &mut p.eyts, groups);
    let mut qtls = ways(QtlsStatus::Active, QtlsStatus::Expired);
    qtls.extend([QtlsStatus::None, QtlsStatus::Unrecognised("x".to_owned())].map(Stated::Value));
    vary(&base, &qtls, |p| &mut p.qtls, groups);
    vary(&base, &inductions(), |p| &mut p.induction, groups);
    vary(&base, &routes(), |p| &mut p.routes, groups);
    vary(&base, &alerts(), |p| &mut p.alerts, groups);
    vary(
        &base,
        &mandatory_qualifications(),
        |p| &mut p.mandatory_qualifications,
        groups,
    );
    check_no_drift(all, |facts| Body::TrsPerson(Box::new(facts)));
}

#[test]
fn no_digest_differs_without_an_event_and_nor_does_presence() {
    let bare = trainee(serde_json::json!({}));
    for field in PersonalField::ALL {
        let with = |byte| {
            let mut state = bare.clone();
            state.digests.insert(field, KeyedDigest([byte; 32]));
            state
        };
        for (old, new) in [
            (bare.clone(), with(1)),
            (with(1), with(2)),
            (with(1), bare.clone()),
        ] {
            assert_eq!(derive(Some(&old), &new, &SEEN).len(), 1, "{field:?}");
            assert!(derive(Some(&new), &new, &SEEN).is_empty());
        }
    }
    let gone = State {
        vanished: true,
        ..bare.clone()
    };
    assert_eq!(
        derive(Some(&bare), &gone, &SEEN)[0].fact,
        Fact::SourceRecordVanished
    );
    assert_eq!(
        derive(Some(&gone), &bare, &SEEN)[0].fact,
        Fact::SourceRecordReappeared
    );
    assert!(same_meaning(&gone, &gone));
}

#[test]
fn the_order_of_child_rows_means_nothing() {
    let with = |order: [&str; 2]| {
        let mut state = trainee(serde_json::json!({}));
        if let Body::RegisterTrainee(trainee) = &mut state.body {
            trainee.placements = Stated::Value(placements(&order));
        }
        state
    };
    assert!(same_meaning(&with(["a", "b"]), &with(["b", "a"])));
}

#[test]
fn t40_the_same_row_twice_gives_nothing_and_there_and_back_gives_two() {
    let row = |start: Option<&str>| {
        trainee(serde_json::json!({
            "trainee_start_date": start, "placements": [{"placement_id": "p1", "urn": "100001"}],
        }))
    };
    let (a, b) = (row(None), row(Some("2026-09-03")));
    assert!(derive(Some(&a), &a, &SEEN).is_empty());
    assert_eq!(derive(Some(&a), &b, &SEEN).len(), 1);
    assert_eq!(derive(Some(&b), &a, &SEEN).len(), 1);
}

#[test]
fn the_last_resort_for_a_date_is_when_it_was_seen_and_before_it_the_sources_own_word() {
    let updated = Seen {
        observed_on: OBSERVED_ON,
        source_updated_on: Some(date(2026, 9, 29)),
    };
    assert_eq!(SEEN.updated(), Effective::observed(OBSERVED_ON));
    assert_eq!(updated.updated(), Effective::inferred(date(2026, 9, 29)));
    assert_eq!(updated.observed(), Effective::observed(OBSERVED_ON));
}
