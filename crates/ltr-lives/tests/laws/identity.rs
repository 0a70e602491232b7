//! Who is who, over known time: merges and their undoing, swapped TRNs put right, declarations.

use std::collections::BTreeSet;

use ltr_domain::event::{ChangeKind, Link, LinkStrength};
use ltr_domain::ids::{PersonId, RecordId, RecordKind, Trn};
use ltr_domain::observation::Observation;
use ltr_domain::record::trs::Answer;
use ltr_domain::record::{Body, TrsPerson};
use ltr_domain::time::KnownAt;
use ltr_lives::{Case, Incident, Snapshot, Telling, placed, reference};

use crate::held::{Verdict, differ, hold};
use crate::projected::{Projected, person_at};
use crate::world::World;

#[test]
fn merge_then_unmerge_equals_never_merged() {
    hold("merge then unmerge equals never merged", 30, |case| {
        // No other merges, so that nothing but the one in question comes between.
        let mut base = case.clone();
        let redirects = |one: &Snapshot| match &one.body {
            Body::TrsPerson(person) => matches!(person.answer, Answer::MergedInto(_)),
            Body::ApplyCandidate(_)
            | Body::ApplyChoice(_)
            | Body::ApplyRecruit(_)
            | Body::RegisterTrainee(_)
            | Body::TvJobApplication(_)
            | Body::TvVacancy(_)
            | Body::TvPosting(_) => false,
        };
        let is_merge = |one: &Snapshot| redirects(one) || one.incident == Some(Incident::Unmerge);
        base.snapshots.retain(|one| !is_merge(one));
        let Some((merged, from, into)) = merged_and_unmerged(&base) else {
            return Ok(Verdict::SaysNothing);
        };
        let (base, merged) = (base.observations(), merged.observations());
        let says = |one: &Observation, what| {
            let now = one.events.iter().filter(|event| event.kind != ChangeKind::Late);
            one.record == from && now.into_iter().any(|event| event.fact.name() == what)
        };
        let merge = merged.iter().position(|one| says(one, "TrnMergedInto"));
        let unmerge = merged.iter().rposition(|one| says(one, "TrnReactivated"));
        let (Some(merge), Some(unmerge)) = (merge, unmerge) else {
            return Ok(Verdict::SaysNothing);
        };
        let [told_base, told_merged] = [placed(&base), placed(&merged)];
        let (never, undone) = (World::after(&told_base), World::after(&told_merged));
        // Two TRNs of one person are another matter: the one that TRS told of last is believed.
        let alone = never.people.iter().find(|person| person.contains(&from));
        let trns = alone.map_or(0, |person| {
            person
                .iter()
                .filter(|one| one.kind == RecordKind::TrsPerson)
                .count()
        });
        if trns != 1 {
            return Ok(Verdict::SaysNothing);
        }
        if undone.people != never.people {
            return Err(format!("people: {:?}, and not {:?}", undone.people, never.people));
        }
        let known_on = told_merged[told_merged.len() - 1].position.known_at.london_date();
        let hearing = case.hearing(known_on);
        for person in &never.people {
            let (expected, found) = (
                never.meaning(person, &hearing, known_on),
                undone.meaning(person, &hearing, known_on),
            );
            let facts = |record: &ltr_domain::teacher::TeacherRecord| {
                (
                    reference::Answer::of(record),
                    record.trn,
                    record.trns.clone(),
                    record.standing,
                )
            };
            if facts(&expected) != facts(&found) {
                return Err(differ(&facts(&found), &facts(&expected)));
            }
        }
        // Where they are one for another reason at those times, nothing is to be seen of the merge.
        let without = Projected::of(&base, 1_000).memberships();
        let one_anyway = |index: usize| {
            let known = told_merged[index].position.known_at;
            let person = person_at(&without, &from, known);
            person.is_some() && person == person_at(&without, &into, known)
        };
        if one_anyway(merge) || one_anyway(unmerge) || merge.checked_sub(1).is_some_and(one_anyway) {
            return Ok(Verdict::SaysNothing);
        }
        let history = Projected::of(&merged, 1_000).memberships();
        let at = |index: usize| told_merged[index].position.known_at;
        let together =
            |known: KnownAt| person_at(&history, &from, known) == person_at(&history, &into, known);
        let before = merge.checked_sub(1).map(at).filter(|before| *before < at(merge));
        if before.is_some_and(together) || !together(at(merge)) || together(at(unmerge)) {
            return Err(format!(
                "{from} and {into} are not apart, together and apart again: {history:#?}"
            ));
        }
        let moved = [&from, &into].into_iter().any(|record| history[record].len() > 1);
        if !moved {
            return Err(format!("the history shows neither: {history:#?}"));
        }
        Ok(Verdict::Holds)
    });
}

/// The case with one TRN redirected to another, of somebody else, and back; and the two records.
fn merged_and_unmerged(base: &Case) -> Option<(Case, RecordId, RecordId)> {
    let mut dice = base.dice("merge");
    let mut persons: Vec<RecordId> = Vec::new();
    for one in base
        .snapshots
        .iter()
        .filter(|one| one.record.kind == RecordKind::TrsPerson)
    {
        if !persons.contains(&one.record) {
            persons.push(one.record.clone());
        }
    }
    if persons.len() < 2 {
        return None;
    }
    dice.shuffle(&mut persons);
    let (from, into) = (persons[0].clone(), persons[1].clone());
    let people = reference::people(&base.told());
    if people
        .iter()
        .any(|person| person.contains(&from) && person.contains(&into))
    {
        return None;
    }
    let own = || base.snapshots.iter().filter(|one| one.record == from);
    let last_on = own().map(|one| one.read_on).max()?;
    let before = own().rfind(|one| !matches!(one.telling, Telling::Late { .. }))?;
    let Body::TrsPerson(person) = &before.body else {
        return None;
    };
    if person.answer != Answer::Found || before.vanished {
        return None;
    }
    let redirect = TrsPerson::answered(Answer::MergedInto(Trn::parse(&into.key).ok()?));
    let merged_on = dice.day_after(last_on, 1, 120);
    let undone_on = dice.day_after(merged_on, 1, 120);
    let mut case = base.clone();
    case.snapshots.push(Snapshot {
        body: Body::TrsPerson(Box::new(redirect)),
        ..before.again(merged_on, Incident::Merge)
    });
    case.snapshots.push(before.again(undone_on, Incident::Unmerge));
    case.snapshots.sort_by_key(|one| one.read_on);
    Some((case, from, into))
}

#[test]
fn swapped_trns_put_right_touch_exactly_two_people() {
    hold("swapped TRNs put right touch exactly two people", 8, |case| {
        let Some((before, repair)) = put_right_at_once(case) else {
            return Ok(Verdict::SaysNothing);
        };
        let projected = Projected::of(&before, 1_000);
        // What time alone changes has changed by then.
        projected.wait_until(repair[0].recorded_at.0);
        let (held, rows) = (projected.memberships(), projected.store.contents());
        projected.go_on(&repair, 1_000);
        let now = projected.store.contents();
        let [one, other] = repair.as_slice() else {
            return Ok(Verdict::SaysNothing);
        };
        let at = repair[0].recorded_at;
        let owner = |observation: &Observation| {
            let stretches = held.get(&observation.record)?;
            stretches
                .iter()
                .find(|(_, _, to)| to.is_none())
                .map(|(person, _, _)| *person)
        };
        let (Some(one), Some(other)) = (owner(one), owner(other)) else {
            return Ok(Verdict::SaysNothing);
        };
        if one == other {
            return Ok(Verdict::SaysNothing);
        }
        let (mut lost, mut gained) = (BTreeSet::new(), BTreeSet::new());
        for membership in now.memberships.values().flatten() {
            if membership.known_to.is_some_and(|to| to.0 == at.0) {
                lost.insert(membership.person);
            }
            if membership.known_from.0 == at.0 {
                gained.insert(membership.person);
            }
        }
        // A person is named after the earliest of their records: the two may be named anew.
        let two = BTreeSet::from([one, other]);
        let now_two: BTreeSet<PersonId> = [&repair[0].record, &repair[1].record]
            .into_iter()
            .filter_map(|record| {
                Some(
                    now.memberships
                        .get(record)?
                        .iter()
                        .find(|one| one.known_to.is_none())?
                        .person,
                )
            })
            .collect();
        if now_two.len() != 2 || !lost.is_subset(&two) || !gained.is_subset(&now_two) || lost.is_empty() {
            return Err(format!(
                "{lost:?} lost records and {gained:?} gained some; before {two:?}, now {now_two:?}"
            ));
        }
        let named: BTreeSet<PersonId> = two.union(&now_two).copied().collect();
        let told: BTreeSet<PersonId> = now.changes[rows.changes.len()..]
            .iter()
            .map(|change| change.person)
            .collect();
        if !told.is_subset(&named) {
            return Err(format!(
                "{told:?} were told to have changed, and not {named:?} alone"
            ));
        }
        for (person, row) in &rows.people {
            if now.people.get(person) != Some(row) && !named.contains(person) {
                return Err(format!("the row of {person} is another"));
            }
        }
        if projected.people() != reference::people(&placed(&[before.clone(), repair.clone()].concat())) {
            return Err("the people are not those of the reference".to_owned());
        }
        Ok(Verdict::Holds)
    });
}

/// The messages up to a repair, and the two of the repair, which became known at one time.
fn put_right_at_once(case: &Case) -> Option<(Vec<Observation>, Vec<Observation>)> {
    let mut case = case.clone();
    let repairs = || {
        case.snapshots
            .iter()
            .filter(|one| one.incident == Some(Incident::Repair))
    };
    let (on, count) = (repairs().map(|one| one.read_on).max()?, repairs().count());
    let records: BTreeSet<RecordId> = repairs().map(|one| one.record.clone()).collect();
    if count != 2 || records.len() != 2 {
        return None;
    }
    case.snapshots.retain_mut(|one| {
        if one.incident == Some(Incident::Repair) {
            one.read_on = on;
            return true;
        }
        // Nothing else is read in that night, nor of the two between.
        one.read_on < on
            && !(records.contains(&one.record) && one.incident.is_some_and(|one| one != Incident::Swap))
    });
    let mut observations = case.observations();
    let repair = observations.split_off(observations.len().checked_sub(2)?);
    let is_repair =
        |one: &Observation| records.contains(&one.record) && one.recorded_at == repair[0].recorded_at;
    let is_news = |one: &Observation| {
        let links = ["IdentityLinkRetracted", "IdentityLinkAsserted"];
        links
            .iter()
            .all(|name| one.events.iter().any(|event| event.fact.name() == *name))
    };
    let is_whole =
        repair.iter().all(|one| is_repair(one) && is_news(one)) && repair[0].record != repair[1].record;
    let has_passed = observations
        .iter()
        .all(|one| one.recorded_at < repair[0].recorded_at);
    (is_whole && has_passed && !observations.is_empty()).then_some((observations, repair))
}

#[test]
fn declared_links_change_nobodys_membership() {
    hold("declared links change nobody's membership", 95, |case| {
        let mut dice = case.dice("declared");
        let records: BTreeSet<RecordId> = case.snapshots.iter().map(|one| one.record.clone()).collect();
        let records: Vec<RecordId> = records.into_iter().collect();
        let (mut undeclared, mut declared) = (case.clone(), case.clone());
        for one in &mut undeclared.snapshots {
            one.links.retain(|link| link.strength.joins());
        }
        for one in &mut declared.snapshots {
            for _ in 0..dice.below(3) {
                one.links.insert(Link {
                    to: dice.of(&records).clone(),
                    strength: LinkStrength::Declared,
                });
            }
        }
        let (without, with) = (undeclared.observations(), declared.observations());
        if without == with || without.is_empty() {
            return Ok(Verdict::SaysNothing);
        }
        let (without, with) = (Projected::of(&without, 1_000), Projected::of(&with, 1_000));
        let (without, with) = (without.memberships(), with.memberships());
        if without != with {
            return Err(differ(&with, &without));
        }
        Ok(Verdict::Holds)
    });
}
