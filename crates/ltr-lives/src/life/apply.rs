//! An account, up to three choices, and sometimes the recruits API's view of the one that was accepted.

use jiff::civil::Date;
use ltr_domain::ids::{ChoiceId, RecordId, RecordKind};
use ltr_domain::record::apply::Form;
use ltr_domain::record::{ApplyCandidate, ApplyChoice, ApplyRecruit, Body, ChoiceStatus, Stated};
use ltr_domain::time::start_of_london_day;

use super::{Life, Place};

/// The providers of every life; few, so that silence about one concerns several people.
pub(super) const PROVIDERS: [(&str, &str, &str); 2] = [
    ("Example Partnership", "2AW", "10000571"),
    ("Example University", "B20", "10007140"),
];

impl Life<'_> {
    pub(super) fn apply(&mut self) -> Place {
        let opened_on = self.dice.day_after(self.on(-1, 10, 8), 0, 120);
        self.account(opened_on);
        let choices = 1 + u64::from(self.dice.one_in(3)) + u64::from(self.dice.one_in(6));
        let mut recruited = false;
        for nth in 0..choices {
            let accepted = nth + 1 == choices && self.dice.chance(80);
            let ended_on = self.choose(nth, opened_on, accepted);
            recruited = accepted;
            if accepted && self.dice.one_in(3) {
                self.recruit(nth, ended_on);
            }
        }
        Place {
            choice: self.choice(choices - 1),
            recruited,
        }
    }

    fn account(&mut self, opened_on: Date) {
        if self.dice.one_in(4) {
            return;
        }
        let candidate = ApplyCandidate {
            created_at: Stated::Value(start_of_london_day(opened_on)),
            forms: Stated::Value(vec![Form {
                id: self.form(),
                cycle_year: Stated::Value(self.year.unsigned_abs()),
                submitted_at: Stated::Null,
                status: Stated::Unstated,
            }]),
        };
        let record = RecordId::apply_candidate(self.candidate());
        self.tell(&record, opened_on, Body::ApplyCandidate(candidate));
    }

    /// Walks one choice to its end and says when it got there.
    fn choose(&mut self, nth: u64, opened_on: Date, accepted: bool) -> Date {
        use ChoiceStatus as S;
        let (provider, _, _) = *self.dice.of(&PROVIDERS);
        let mut choice = ApplyChoice {
            candidate: self.candidate(),
            form: self.form(),
            status: S::Unsubmitted,
            cycle_year: Stated::Value(self.year.unsigned_abs()),
            created_at: Stated::Value(start_of_london_day(opened_on)),
            sent_to_provider_at: Stated::Null,
            accepted_at: Stated::Null,
            provider_name: Stated::Value(provider.to_owned()),
            course: Stated::Unstated,
            interviews: Stated::Unstated,
        };
        let mut way = Vec::new();
        if self.dice.one_in(4) {
            way.push(S::Unsubmitted);
        }
        way.push(S::AwaitingProviderDecision);
        if self.dice.one_in(3) {
            way.push(S::Interviewing);
        }
        if accepted {
            if self.dice.one_in(3) {
                way.push(S::Offer);
            }
            way.push(S::PendingConditions);
            if self.dice.chance(90) {
                way.push(S::Recruited);
            }
        } else if self.dice.chance(75) {
            let ends = [
                S::Rejected,
                S::Declined,
                S::Withdrawn,
                S::Inactive,
                S::OfferWithdrawn,
            ];
            way.push(self.dice.of(&ends).clone());
        }
        let mut on = opened_on;
        for status in way {
            on = self.dice.day_after(on, 5, 50);
            choice.status = status;
            if choice.status != S::Unsubmitted && !choice.sent_to_provider_at.is_stated() {
                choice.sent_to_provider_at = Stated::Value(start_of_london_day(on));
            }
            self.tell_choice(nth, on, &choice);
        }
        if accepted && self.dice.one_in(8) {
            on = self.change_of_plan(nth, on, choice);
        }
        on
    }

    /// Accepted, and then not this year: deferred and reinstated, withdrawn, or conditions open again.
    fn change_of_plan(&mut self, nth: u64, on: Date, mut choice: ApplyChoice) -> Date {
        use ChoiceStatus as S;
        let on = self.dice.day_after(on, 10, 60);
        let status = self
            .dice
            .of(&[S::OfferDeferred, S::Withdrawn, S::PendingConditions]);
        choice.status = status.clone();
        self.tell_choice(nth, on, &choice);
        if choice.status != S::OfferDeferred || self.dice.one_in(3) {
            return on;
        }
        let back_on = self.dice.day_after(self.on(0, 10, 8), 0, 60);
        choice.status = S::Recruited;
        choice.cycle_year = Stated::Value(self.year.unsigned_abs() + 1);
        self.tell_choice(nth, back_on, &choice);
        back_on
    }

    fn tell_choice(&mut self, nth: u64, on: Date, choice: &ApplyChoice) {
        let record = RecordId::apply_choice(self.choice(nth));
        self.tell(&record, on, Body::ApplyChoice(choice.clone()));
    }

    fn recruit(&mut self, nth: u64, ended_on: Date) {
        let (_, code, _) = *self.dice.of(&PROVIDERS);
        let ChoiceId(key) = self.choice(nth);
        let recruit = ApplyRecruit {
            status: ChoiceStatus::Recruited,
            candidate: Stated::Value(self.candidate()),
            submitted_at: Stated::Unstated,
            recruited_at: Stated::Value(start_of_london_day(ended_on)),
            cycle_year: Stated::Value(self.year.unsigned_abs()),
            course_uuid: Stated::Unstated,
            course_code: Stated::Unstated,
            training_provider_code: Stated::Value(code.to_owned()),
            training_provider_type: Stated::Unstated,
            accredited_provider_code: Stated::Null,
            study_mode: Stated::Unstated,
        };
        let on = self.dice.day_after(ended_on, 1, 20);
        let record = RecordId::new(RecordKind::ApplyRecruit, key.to_string());
        self.tell(&record, on, Body::ApplyRecruit(recruit));
    }
}
