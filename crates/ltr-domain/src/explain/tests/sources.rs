//! The source of truth over time.

use super::*;

#[test]
fn stretches_are_what_would_have_been_answered() {
    let policy = Policy::first();
    let policies = InForce::always(&policy);
    let mut seen = 0;
    for seed in 1..=150 {
        let mut dice = Dice::new(seed);
        let life = life(&mut dice);
        let until = known(date(2027, 12, 31));
        for question in [Question::Headline, Question::Training, Question::QualifiedStatus] {
            let changes = source_of_truth_changes(
                &life,
                question,
                (&policies, &HeardBy::nothing()),
                Line::AsAnswered,
                until,
            );
            assert!(changes.is_sorted_by(|a, b| a.since <= b.since), "seed {seed}");
            for change in &changes {
                assert!(!change.causes.is_empty(), "seed {seed}: {change:?}");
            }
            // On any day, the last change by then is what is answered then.
            for _ in 0..20 {
                let on = dice.day();
                let at = moment(&policy, on, on);
                let answer = life.answer(at);
                let now = told(&answer, question).expect("asked about what the record tells");
                let last = changes
                    .iter()
                    .rev()
                    .find(|change| change.since <= Since::Known(at.known_at));
                let held =
                    last.map(|change| (change.after.value, change.after.certainty, change.after.source()));
                if let Some(held) = held {
                    seen += 1;
                    assert_eq!(
                        held,
                        (now.value, now.certainty, now.source()),
                        "seed {seed}, {on}"
                    );
                } else {
                    assert_eq!(now.certainty.token(), "unknown", "seed {seed}, {on}");
                }
            }
        }
    }
    assert!(seen > 1_000, "the lives say something: {seen}");
}

#[test]
fn what_is_believed_of_one_day_changes_only_with_what_becomes_known() {
    let policy = Policy::first();
    let policies = InForce::always(&policy);
    for seed in 1..=100 {
        let mut dice = Dice::new(seed);
        let life = life(&mut dice);
        let on = dice.day();
        let until = known(date(2027, 12, 31));
        let changes = source_of_truth_changes(
            &life,
            Question::Headline,
            (&policies, &HeardBy::nothing()),
            Line::AboutDay(on),
            until,
        );
        for change in &changes {
            // Time matters once: when the day itself has come.
            let is_known = |cause: &Cause| match cause {
                Cause::Time { from, to } => *from < on && on <= *to,
                Cause::Policy { .. } => false,
                Cause::Identity { .. }
                | Cause::NewEvidence(_)
                | Cause::Correction(_)
                | Cause::LateArrival(_) => true,
            };
            assert!(change.causes.iter().all(is_known), "seed {seed}: {change:?}");
        }
        let last = changes.last().map(|change| change.after.value);
        let now = life.answer(Moment {
            effective_on: on,
            known_at: until,
            known_on: until.london_date(),
            policy: &policy,
            hearing: &NOTHING,
        });
        assert_eq!(
            last.unwrap_or("not_known"),
            now.headline.resolution.value,
            "seed {seed}"
        );
    }
}

#[test]
fn over_days_time_is_the_only_cause() {
    let policy = Policy::first();
    let policies = InForce::always(&policy);
    for seed in 1..=100 {
        let mut dice = Dice::new(seed);
        let life = life(&mut dice);
        let until = dice.day();
        let line = Line::OverDays(until);
        let changes = source_of_truth_changes(
            &life,
            Question::Headline,
            (&policies, &HeardBy::nothing()),
            line,
            known(date(2027, 12, 31)),
        );
        for change in changes.iter().skip(1) {
            assert!(
                change
                    .causes
                    .iter()
                    .all(|cause| matches!(cause, Cause::Time { .. })),
                "seed {seed}: {change:?}"
            );
        }
    }
}
