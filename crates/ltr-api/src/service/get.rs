//! GetTeacher: one teacher, and what is laid over every answer.

use ltr_ports::log::Log;
use ltr_ports::store::{FeedHeard, Store};
use ltr_proto::record::{GetTeacherRequest, GetTeacherResponse, Teacher};

use super::Api;
use super::read::Answer;
use crate::mask::ReadMask;
use crate::moment::Moment;
use crate::name::Name;
use crate::presentation::{Listened, describe, mark_stale, withhold};
use crate::status::Refusal;
use crate::surroundings::Silences;
use crate::token::ConsistencyToken;

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn get(&self, request: GetTeacherRequest) -> Result<GetTeacherResponse, Refusal> {
        let name = Name::parse("name", &request.name)?;
        let moment = Moment::parse(request.as_of)?;
        let mask = ReadMask::parse(request.read_mask)?;
        let token = ConsistencyToken::parse("at_least_as_fresh", &request.at_least_as_fresh)?;
        if mask.wants_personal() {
            self.key()?;
        }
        let reading = self.reading(moment, token).await?;
        let record = self.record_of(&name).await?.ok_or(Refusal::NotFound)?;
        let answer = self.read(record, reading, token).await?;
        let personal = if mask.wants_personal() {
            let found = self.open(&[answer.sealed()?]).await?;
            found.first().map(|found| found.served())
        } else {
            None
        };
        let heard = self.heard(&reading).await?;
        let mut teacher = self.lay_over(answer, &name, &heard);
        teacher.personal = personal;
        Ok(GetTeacherResponse {
            teacher: Some(mask.apply(teacher)),
        })
    }

    /// Lays over an answer what is no part of it.
    pub(super) fn lay_over(&self, answer: Answer, name: &Name, heard: &[FeedHeard]) -> Teacher {
        let Answer {
            person,
            trn,
            mut teacher,
            basis,
            policy,
            ..
        } = answer;
        teacher.redirected_from = name.redirected_from(person, trn);
        describe(&mut teacher, &basis, self.clock_kind, heard);
        let at = match basis.listened {
            Listened::UntilNow => self.now(&basis.checkpoint),
            Listened::Until(known_at) => known_at.0,
        };
        let bounds = &policy.staleness;
        mark_stale(&mut teacher, &Silences { heard, at, bounds });
        withhold(&mut teacher, self.restricted);
        teacher
    }
}
