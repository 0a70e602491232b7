//! The answer over effective time: since when it holds, until when it is safe to keep, and the whole line of stages.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{DayAnswer, Headline, View};
use crate::calendar::{days_after, months_after, signed_off_from};
use crate::fold::{RecordFold, Track};
use crate::policy::Policy;
use crate::resolution::Resolution;

/// A stretch of effective time with one headline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageInterval {
    /// From when.
    pub from: Date,
    /// Until when, exclusive; `None`: as far as is known.
    pub to: Option<Date>,
    /// The headline.
    pub headline: Headline,
}

/// The headline over effective time, up to and including `until`, oldest first. Adjacent stretches differ in stage,
/// certainty or source; the stretch in which nothing had been heard is left out.
#[must_use]
pub fn intervals(records: &[&RecordFold], policy: &Policy, until: Date) -> Vec<StageInterval> {
    let mut ordered = records.to_vec();
    ordered.sort_by(|a, b| a.id.cmp(&b.id));
    let view = View {
        records: &ordered,
        policy,
        day: until,
    };
    let mut line: Vec<StageInterval> = Vec::new();
    for day in view.boundaries().range(..=until) {
        let headline = view.on(*day).answer().headline;
        match line.last_mut() {
            Some(last) if key(&last.headline) == key(&headline) => {}
            last => {
                if let Some(last) = last {
                    last.to = Some(*day);
                }
                line.push(StageInterval {
                    from: *day,
                    to: None,
                    headline,
                });
            }
        }
    }
    line.retain(|interval| interval.headline.stage != crate::headline::Stage::NotKnown);
    line
}

fn key(
    headline: &Headline,
) -> (
    crate::headline::Stage,
    crate::resolution::Certainty,
    Option<crate::ids::Source>,
) {
    (
        headline.stage,
        headline.resolution.certainty,
        headline.resolution.source(),
    )
}

/// Since when the stage of the answer holds without a break.
pub(super) fn since(view: View<'_>, answer: &DayAnswer) -> Option<Date> {
    let mut since = None;
    for day in view.boundaries().range(..=view.day).rev() {
        if view.on(*day).answer().headline.stage != answer.headline.stage {
            break;
        }
        since = Some(*day);
    }
    since
}

/// The first later day on which the answer is another, knowing only what is known.
pub(super) fn review_on(view: View<'_>, answer: &DayAnswer) -> Option<Date> {
    let days = view.boundaries();
    let mut later = days.range(days_after(view.day, 1)..);
    later
        .find(|day| meaning(&view.on(**day).answer()) != meaning(answer))
        .copied()
}

/// The part of an answer that a reader would call the answer.
fn meaning(
    answer: &DayAnswer,
) -> Vec<(
    &'static str,
    crate::resolution::Certainty,
    BTreeSet<crate::resolution::Caveat>,
)> {
    let of = |resolution: &Resolution| (resolution.value, resolution.certainty, resolution.caveats.clone());
    let mut all = vec![of(&answer.headline.resolution)];
    all.extend(answer.facts.named().map(|(_, resolution)| of(resolution)));
    all
}

impl View<'_> {
    /// Every day on which the answer can change without anything new being heard.
    pub(crate) fn boundaries(self) -> BTreeSet<Date> {
        let mut days = BTreeSet::new();
        let thresholds = &self.policy.thresholds;
        for record in self.records {
            record.boundaries(&mut days);
            match &record.track {
                Track::Training(track) => {
                    let starts = [
                        track.started.map(|(on, _)| on),
                        track.planned_start,
                        track.registered_on,
                    ];
                    days.extend(starts.into_iter().flatten().map(signed_off_from));
                    let awards = track
                        .state
                        .points()
                        .filter(|p| p.value == crate::record::TraineeState::Awarded);
                    days.extend(awards.map(|point| days_after(point.from, thresholds.award_contested_days)));
                }
                Track::Application(track) => {
                    let starts: Vec<_> = track
                        .status
                        .points()
                        .filter_map(|p| track.planned_start(p.from))
                        .collect();
                    days.extend(starts.iter().map(|start| signed_off_from(*start)));
                }
                Track::Trs(track) => {
                    for point in track.induction.points() {
                        if let Some(start) = point
                            .value
                            .start_date
                            .value()
                            .and_then(crate::time::CivilDate::day)
                        {
                            days.insert(months_after(start, 12 * thresholds.induction_recent_years));
                        }
                    }
                    for point in track.routes.values().flat_map(|line| line.points()) {
                        let end = point
                            .value
                            .as_ref()
                            .and_then(|route| route.training_end_date.value()?.day());
                        days.extend(end.map(|end| months_after(end, thresholds.route_live_months)));
                    }
                }
                Track::Candidate | Track::JobApplication(_) | Track::Vacancy => {}
            }
        }
        days
    }
}
