//! Who settles where a person stands, by the policy that is first in force.

use jiff::civil::{Date, date};
use ltr_domain::ids::{RecordId, RecordKind, Source};
use ltr_domain::policy::{FactKind, Window};

use super::{Person, Truth};
use crate::person::PersonNo;
use crate::stage::TrueStage;

impl Truth {
    /// The records whose word settles where the person stands on that day; none where nobody's does.
    #[must_use]
    pub fn settlers(&self, person: PersonNo, day: Date) -> Vec<&RecordId> {
        let Some(known) = self.person(person) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (fact, window) in self.asked(known, self.stage(person, day), day) {
            let Some(source) = self.policy.rule(fact, window).and_then(|rule| rule.settles) else {
                continue;
            };
            let of_source = known
                .records
                .iter()
                .filter(|record| record.source() == source && record.kind != RecordKind::ApplyChoice);
            found.extend(of_source.filter(|record| {
                source != Source::Register || known.traineeship_on(day) == known.traineeship_of(record)
            }));
        }
        found
    }

    /// The facts that the headline rests on, with the windows they are asked in.
    fn asked(&self, known: &Person, truth: TrueStage, day: Date) -> Vec<(FactKind, Window)> {
        let started_on = known
            .traineeship_on(day)
            .and_then(|at| known.life.traineeships.get(at))
            .map(|one| one.started_on);
        let training = (FactKind::Training, self.policy.window(day, started_on));
        match truth {
            TrueStage::NothingYet | TrueStage::LeftBeforeStart => Vec::new(),
            TrueStage::Applicant
            | TrueStage::OfferDeferred
            | TrueStage::UnsuccessfulApplicant
            | TrueStage::WithdrewBeforeStart => vec![(FactKind::Place, Window::BeforeStart)],
            TrueStage::AcceptedConditional | TrueStage::Recruited => {
                let start = known.life.place().map(|choice| date(choice.cycle, 9, 1));
                let place = (FactKind::Place, self.policy.window(day, start));
                match started_on {
                    Some(_) => vec![place, training],
                    None => vec![place],
                }
            }
            TrueStage::InTraining
            | TrueStage::TrainingDeferred
            | TrueStage::LeftTraining
            | TrueStage::StandardsMet
            | TrueStage::Recommended => vec![training],
            TrueStage::Qualified
            | TrueStage::OutOfService
            | TrueStage::InPostWithoutQts
            | TrueStage::Closed => {
                vec![(FactKind::QualifiedStatus, Window::Always)]
            }
            TrueStage::Ect | TrueStage::InductionFailed | TrueStage::InService => {
                vec![(FactKind::Induction, Window::Always)]
            }
        }
    }
}

impl Person {
    /// The traineeship that a day belongs to: the last one begun, or else the first to come.
    fn traineeship_on(&self, day: Date) -> Option<usize> {
        let all = &self.life.traineeships;
        let begun = all.iter().filter(|one| one.started_on <= day).count();
        (!all.is_empty()).then(|| begun.saturating_sub(1))
    }

    /// Which traineeship a record of Register is about.
    fn traineeship_of(&self, record: &RecordId) -> Option<usize> {
        let of_register: Vec<_> = self
            .records
            .iter()
            .filter(|one| one.kind == RecordKind::RegisterTrainee)
            .collect();
        let registered = (0..self.life.traineeships.len())
            .filter(|at| self.life.traineeships[*at].paperwork.registered_at.is_some());
        of_register
            .into_iter()
            .zip(registered)
            .find(|(one, _)| *one == record)
            .map(|(_, at)| at)
    }
}
