//! DiffTeacher: what differs between the answers at two moments, and what made the difference.

use ltr_domain::explain::diff;
use ltr_domain::ids::RecordId;
use ltr_ports::log::Log;
use ltr_ports::store::Store;
use ltr_proto::explanation;
use ltr_proto::record::{DiffTeacherRequest, DiffTeacherResponse, Teacher};

use super::Api;
use super::read::Reading;
use crate::config::RestrictedFacts;
use crate::mask::ReadMask;
use crate::moment::Moment;
use crate::name::Name;
use crate::presentation::{Basis, withhold_events};
use crate::status::Refusal;

/// Where the fields of the withheld fact are.
const RESTRICTED_FIELDS: &str = "facts.restriction.";

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn diff(&self, request: DiffTeacherRequest) -> Result<DiffTeacherResponse, Refusal> {
        let name = Name::parse("name", &request.name)?;
        let before = Moment::parse(request.before)?;
        let after = Moment::parse(request.after)?;
        let after = self.basis(after, None).await?;
        let before = self.basis(before, None).await?;
        if before.known_at > after.known_at {
            return Err(Refusal::field(
                "before.known_at",
                "must not be later than that of after: ask the other way round",
            ));
        }
        let record = self.record_of(&name).await?.ok_or(Refusal::NotFound)?;
        let lifetime = self.lifetime(record.clone()).await?;
        let circumstances = self
            .circumstances_at(&lifetime, &after.checkpoint, [before.known_at, after.known_at])
            .await?;
        let told = diff(
            &lifetime,
            circumstances.moment(&before),
            circumstances.moment(&after),
        );
        let seen = |field: &&ltr_domain::explain::FieldDifference| {
            self.restricted == RestrictedFacts::Allowed || !field.field.starts_with(RESTRICTED_FIELDS)
        };
        Ok(DiffTeacherResponse {
            before: Some(self.answered(&name, &record, before).await?),
            after: Some(self.answered(&name, &record, after).await?),
            fields: told
                .fields
                .iter()
                .filter(seen)
                .map(|field| {
                    let mut told = explanation::field_difference(field);
                    withhold_events(&mut told.causes, self.restricted);
                    told
                })
                .collect(),
        })
    }

    async fn answered(&self, name: &Name, record: &RecordId, basis: Basis) -> Result<Teacher, Refusal> {
        let answer = self.read(record.clone(), Reading::Past(basis), None).await?;
        let heard = self.heard(&Reading::Past(basis)).await?;
        let teacher = self.lay_over(answer, name, &heard);
        Ok(ReadMask::Default.apply(teacher))
    }
}
