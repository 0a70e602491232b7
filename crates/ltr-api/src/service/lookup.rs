//! LookupTeacher: who an identifier belongs to, and whether a date of birth is the one held, without telling it.

use ltr_ports::log::Log;
use ltr_ports::store::Store;
use ltr_proto::record::{DateOfBirthCheck, LookupTeacherRequest, LookupTeacherResponse};

use super::Api;
use super::read::Reading;
use crate::moment::day;
use crate::name::Name;
use crate::status::Refusal;

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn lookup(
        &self,
        request: LookupTeacherRequest,
    ) -> Result<LookupTeacherResponse, Refusal> {
        let name = Name::parse_id("id", &request.id)?;
        let asked = match request.date_of_birth.as_str() {
            "" => None,
            text => Some(day("date_of_birth", text)?),
        };
        if asked.is_some() {
            self.key()?;
        }
        let record = self.record_of(&name).await?.ok_or(Refusal::NotFound)?;
        let answer = self.read(record, Reading::Present, None).await?;
        let check = match asked {
            None => DateOfBirthCheck::Unspecified,
            Some(asked) => {
                let found = self.open(&[answer.sealed()?]).await?;
                match found.first().and_then(|found| found.date_of_birth()) {
                    None => DateOfBirthCheck::NotHeld,
                    Some(held) if held == asked.to_string() => DateOfBirthCheck::Matches,
                    Some(_) => DateOfBirthCheck::Differs,
                }
            }
        };
        Ok(LookupTeacherResponse {
            redirected_from: name.redirected_from(answer.person, answer.trn),
            name: answer.teacher.name,
            trn: answer.teacher.trn,
            person_id: answer.teacher.person_id,
            date_of_birth_check: check.into(),
        })
    }
}
