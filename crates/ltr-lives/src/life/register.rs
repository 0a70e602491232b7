//! A traineeship, and sometimes another after it: drafted, submitted, started, deferred, withdrawn and undone, awarded.

use jiff::civil::Date;
use ltr_domain::ids::{RecordId, Ukprn};
use ltr_domain::record::register::{Course, Placement, Withdrawal};
use ltr_domain::record::{Body, RegisterTrainee, Stated, TraineeState};
use ltr_domain::time::{CivilDate, start_of_london_day};

use super::apply::PROVIDERS;
use super::{Life, Place, Trained, day};

impl Life<'_> {
    pub(super) fn register(&mut self, place: &Place) -> Trained {
        let record = self.trainee(0);
        let mut trainee = self.enrolled(place);
        let mut on = self.dice.day_after(self.on(0, 9, 3), 0, 60);
        if self.dice.one_in(6) {
            trainee.state = TraineeState::Draft;
            self.tell_trainee(&record, on, &trainee);
            on = self.dice.day_after(on, 3, 30);
        }
        trainee.state = TraineeState::SubmittedForTrn;
        trainee.submitted_for_trn_at = Stated::Value(start_of_london_day(on));
        if self.dice.chance(60) {
            self.start(&mut trainee);
        }
        self.tell_trainee(&record, on, &trainee);
        if self.dice.one_in(12) {
            return Trained {
                trn: None,
                awarded_on: None,
            };
        }
        on = self.dice.day_after(on, 1, 25);
        let trn = self.trn(0);
        trainee.state = TraineeState::TrnReceived;
        trainee.trn = Stated::Value(trn);
        self.tell_trainee(&record, on, &trainee);
        on = self.year_of_training(&record, &mut trainee, on);
        let awarded_on = if trainee.state == TraineeState::Withdrawn {
            if self.dice.one_in(2) {
                self.starts_again(&trainee, on);
            }
            None
        } else if self.dice.chance(70) {
            Some(self.award(&record, &mut trainee))
        } else {
            None
        };
        Trained {
            trn: Some(trn),
            awarded_on,
        }
    }

    fn enrolled(&mut self, place: &Place) -> RegisterTrainee {
        let planned = self.dice.day_after(self.on(0, 9, 1), 0, 20);
        let (_, _, ukprn) = *self.dice.of(&PROVIDERS);
        let application_id = if place.recruited && self.dice.chance(80) {
            Stated::Value(place.choice)
        } else {
            Stated::Null
        };
        RegisterTrainee {
            state: TraineeState::SubmittedForTrn,
            application_id,
            trn: Stated::Null,
            ukprn: Stated::Value(Ukprn::parse(ukprn).expect("eight digits")),
            record_source: Stated::Value("apply".to_owned()),
            submitted_for_trn_at: Stated::Null,
            itt_start_date: Stated::Value(day(planned)),
            itt_end_date: Stated::Value(day(self.on(1, 7, 15))),
            trainee_start_date: Stated::Null,
            defer_date: Stated::Null,
            reinstate_date: Stated::Null,
            recommended_for_award_at: Stated::Null,
            outcome_date: Stated::Null,
            awarded_at: Stated::Null,
            withdrawal: Stated::Null,
            course: Stated::Value(Course {
                level: Stated::Value("postgrad".to_owned()),
                ..Course::default()
            }),
            placements: Stated::Value(Vec::new()),
        }
    }

    fn start(&mut self, trainee: &mut RegisterTrainee) {
        let planned = trainee.itt_start_date.value().and_then(CivilDate::day);
        let planned = planned.unwrap_or_else(|| self.on(0, 9, 1));
        trainee.trainee_start_date = Stated::Value(day(self.dice.day_after(planned, 0, 12)));
    }

    /// What may happen between the start and the summer.
    fn year_of_training(&mut self, record: &RecordId, trainee: &mut RegisterTrainee, mut on: Date) -> Date {
        if trainee.trainee_start_date.value().is_none() && self.dice.chance(80) {
            on = self.dice.day_after(on, 5, 40);
            self.start(trainee);
            self.tell_trainee(record, on, trainee);
        }
        if self.dice.one_in(4) {
            on = self.dice.day_after(on, 10, 60);
            trainee.placements = Stated::Value(vec![Placement {
                id: "pl-1".to_owned(),
                urn: Stated::Value("137335".to_owned()),
                name: Stated::Unstated,
            }]);
            self.tell_trainee(record, on, trainee);
        }
        if self.dice.one_in(5) {
            on = self.deferral(record, trainee, on);
        }
        if self.dice.one_in(4) {
            on = self.withdrawal(record, trainee, on);
        }
        on
    }

    fn deferral(&mut self, record: &RecordId, trainee: &mut RegisterTrainee, on: Date) -> Date {
        let before = trainee.state.clone();
        let on = self.dice.day_after(on, 20, 90);
        trainee.state = TraineeState::Deferred;
        trainee.defer_date = Stated::Value(day(self.before(on)));
        self.tell_trainee(record, on, trainee);
        if self.dice.one_in(4) {
            return on;
        }
        let back_on = self.dice.day_after(on, 30, 250);
        trainee.state = before;
        trainee.reinstate_date = Stated::Value(day(self.before(back_on)));
        self.tell_trainee(record, back_on, trainee);
        back_on
    }

    fn withdrawal(&mut self, record: &RecordId, trainee: &mut RegisterTrainee, on: Date) -> Date {
        let before = trainee.state.clone();
        let on = self.dice.day_after(on, 10, 90);
        let reasons = [
            "did_not_enjoy_teaching",
            "moved_to_different_itt_course",
            "not_meeting_qts_standards",
        ];
        let reason = (*self.dice.of(&reasons)).to_owned();
        trainee.state = TraineeState::Withdrawn;
        trainee.withdrawal = Stated::Value(Withdrawal {
            date: Stated::Value(day(self.before(on))),
            trigger: Stated::Value("trainee".to_owned()),
            reasons: Stated::Value(vec![reason]),
            future_interest: Stated::Null,
        });
        self.tell_trainee(record, on, trainee);
        match self.dice.below(4) {
            0 => {
                // The day of the withdrawal was wrong.
                let on = self.dice.day_after(on, 5, 30);
                let moved_to = day(self.before(on));
                if let Stated::Value(withdrawal) = &mut trainee.withdrawal {
                    withdrawal.date = Stated::Value(moved_to);
                }
                self.tell_trainee(record, on, trainee);
                on
            }
            1 => {
                // All of it was wrong (S-G).
                let on = self.dice.day_after(on, 5, 40);
                trainee.state = before;
                trainee.withdrawal = Stated::Null;
                self.tell_trainee(record, on, trainee);
                on
            }
            _ => on,
        }
    }

    /// At another provider, with the same TRN and without the application (S-F).
    fn starts_again(&mut self, left: &RegisterTrainee, on: Date) {
        let record = self.trainee(1);
        let on = self.dice.day_after(on, 10, 200);
        let begins = self.dice.day_after(on, 0, 30);
        let trainee = RegisterTrainee {
            state: TraineeState::TrnReceived,
            application_id: Stated::Null,
            itt_start_date: Stated::Value(day(begins)),
            trainee_start_date: Stated::Value(day(begins)),
            withdrawal: Stated::Null,
            submitted_for_trn_at: Stated::Value(start_of_london_day(on)),
            ..left.clone()
        };
        self.tell_trainee(&record, on, &trainee);
    }

    fn award(&mut self, record: &RecordId, trainee: &mut RegisterTrainee) -> Date {
        let met_on = self.dice.day_after(self.on(1, 6, 20), 0, 30);
        let on = self.dice.day_after(met_on, 1, 10);
        trainee.outcome_date = Stated::Value(day(met_on));
        if self.dice.one_in(2) {
            trainee.state = TraineeState::RecommendedForAward;
            trainee.recommended_for_award_at = Stated::Value(start_of_london_day(on));
            self.tell_trainee(record, on, trainee);
        }
        let awarded_on = self.dice.day_after(on, 1, 20);
        trainee.state = TraineeState::Awarded;
        trainee.awarded_at = Stated::Value(start_of_london_day(met_on));
        self.tell_trainee(record, awarded_on, trainee);
        if self.dice.one_in(8) {
            // Revoked, without a trace (S-H).
            let revoked_on = self.dice.day_after(awarded_on, 20, 90);
            trainee.state = TraineeState::TrnReceived;
            trainee.awarded_at = Stated::Null;
            trainee.outcome_date = Stated::Null;
            self.tell_trainee(record, revoked_on, trainee);
        }
        met_on
    }

    /// A day shortly before that one: what is read is seldom of the same day.
    fn before(&mut self, on: Date) -> Date {
        let earlier = ltr_domain::calendar::days_after(on, -20);
        self.dice.day_after(earlier, 0, 20)
    }

    fn tell_trainee(&mut self, record: &RecordId, on: Date, trainee: &RegisterTrainee) {
        self.tell(record, on, Body::RegisterTrainee(Box::new(trainee.clone())));
    }
}
