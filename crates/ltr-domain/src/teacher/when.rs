//! The answer over effective time: since when it holds, until when it is safe to keep, and the whole line of stages.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{DayAnswer, Headline, View};
use crate::calendar::{days_after, months_after};
use crate::fold::{RecordFold, Track};
use crate::hearing::Hearing;
use crate::ids::Source;
use crate::policy::{FactKind, Policy};
use crate::record::Stated;
use crate::time::CivilDate;

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
pub fn intervals(
    records: &[&RecordFold],
    policy: &Policy,
    hearing: &Hearing,
    until: Date,
) -> Vec<StageInterval> {
    let mut ordered = records.to_vec();
    ordered.sort_by(|a, b| a.id.cmp(&b.id));
    let view = View {
        records: &ordered,
        policy,
        hearing,
        known_on: hearing.known_on,
        day: until,
    };
    let mut line: Vec<StageInterval> = Vec::new();
    let mut days = view.boundaries();
    // Of some things nobody says since when they are so: they are told of from the day on which they were heard.
    let heard = view.records.iter().map(|record| record.first.known_at);
    days.extend(heard.min().map(|at| at.london_date()));
    // Of the days that had not come it is told otherwise.
    days.insert(days_after(view.known_on, 1));
    for day in days.range(..=until) {
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

/// Since when the stage of the answer holds without a break. `days` are the view's boundaries.
pub(super) fn since(view: View<'_>, days: &BTreeSet<Date>, answer: &DayAnswer) -> Option<Date> {
    let mut since = None;
    let after_known = days_after(view.known_on, 1);
    let mut days: Vec<Date> = days.range(..=view.day).copied().collect();
    if after_known <= view.day
        && let Err(place) = days.binary_search(&after_known)
    {
        days.insert(place, after_known);
    }
    for day in days.iter().rev() {
        if view.on(*day).stage() != answer.headline.stage {
            break;
        }
        since = Some(*day);
    }
    since
}

/// The first later day on which the answer is another to whom asks on it, knowing only what is known: another reason or
/// another day since which a fact holds is another answer, and has another digest. `days` are the view's boundaries.
pub(super) fn review_on(view: View<'_>, days: &BTreeSet<Date>, answer: &DayAnswer) -> Option<Date> {
    let mut later = days.range(days_after(view.day, 1)..);
    later.find(|day| view.when(**day).answer() != *answer).copied()
}

impl View<'_> {
    /// Every day on which the answer can change without anything new being heard.
    pub(crate) fn boundaries(self) -> BTreeSet<Date> {
        // Gathered and then sorted: they come in stretches that are sorted already.
        let mut days = Vec::new();
        let policy = self.policy;
        let thresholds = &policy.thresholds;
        let register = policy.edges(FactKind::Training, Source::Register);
        let trs = policy.edges(FactKind::Training, Source::Trs);
        let apply = policy.edges(FactKind::Place, Source::Apply);
        for record in self.records {
            record.boundaries(&mut days);
            match &record.track {
                Track::Training(track) => {
                    let starts = [
                        track.started.map(|(on, _)| on),
                        track.planned_start,
                        track.registered_on,
                    ];
                    for start in starts.into_iter().flatten() {
                        days.extend(policy.edge_days(register, start));
                    }
                    let awards = track
                        .state
                        .points()
                        .filter(|p| p.value == crate::record::TraineeState::Awarded);
                    days.extend(awards.map(|point| days_after(point.from, thresholds.award_contested_days)));
                }
                Track::Application(track) => {
                    let starts = track.status.points().filter_map(|p| track.planned_start(p.from));
                    for start in starts {
                        days.extend(policy.edge_days(apply, start));
                    }
                    super::silence::boundaries(track, &policy.calendar, &mut days);
                }
                Track::Trs(track) => {
                    for point in track.induction.points() {
                        if let Some(start) = point.value.start_date.value().and_then(CivilDate::day) {
                            days.push(months_after(start, 12 * thresholds.induction_recent_years));
                        }
                    }
                    for point in track.routes.values().flat_map(|line| line.points()) {
                        let Some(route) = &point.value else { continue };
                        let day = |date: &Stated<CivilDate>| date.value().and_then(CivilDate::day);
                        let end = day(&route.training_end_date);
                        days.extend(end.map(|end| months_after(end, thresholds.route_live_months)));
                        if let Some(start) = day(&route.training_start_date) {
                            days.extend(policy.edge_days(trs, start));
                        }
                    }
                }
                Track::Candidate | Track::JobApplication(_) | Track::Vacancy => {}
            }
        }
        days.into_iter().collect()
    }
}
