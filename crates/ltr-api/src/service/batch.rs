//! BatchGetTeachers: many teachers with one read of the store, each with its own result.

use futures::stream::{self, StreamExt};
use ltr_domain::ids::RecordId;
use ltr_ports::log::Log;
use ltr_ports::store::Store;
use ltr_proto::record::{
    BatchGetTeachersRequest, BatchGetTeachersResponse, BatchResult, Missing, batch_result::Outcome,
};

use super::Api;
use super::read::{Answer, Reading};
use crate::mask::ReadMask;
use crate::moment::Moment;
use crate::name::Name;
use crate::personal::Found;
use crate::status::Refusal;

/// At most so many names.
const NAMES_MAX: usize = 500;

/// At most so many reads of the store at a time, where one cannot serve all.
const READS_MAX: usize = 16;

/// What became of one name: an answer, or why there is none. A fault of ours fails the whole batch instead.
type Each = Result<(Name, Answer), Refusal>;

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn batch_get(
        &self,
        request: BatchGetTeachersRequest,
    ) -> Result<BatchGetTeachersResponse, Refusal> {
        if request.names.len() > NAMES_MAX {
            return Err(Refusal::field("names", format!("must be at most {NAMES_MAX}")));
        }
        let moment = Moment::parse(request.as_of)?;
        let mask = ReadMask::parse(request.read_mask)?;
        if mask.wants_personal() {
            self.key()?;
        }
        let reading = self.reading(moment, None).await?;
        let records = self.records_of(&request.names).await?;
        let answers = match reading {
            Reading::Present => self.present_each(records).await?,
            Reading::Past(_) => self.past_each(records, reading).await?,
        };
        let mut personal = if mask.wants_personal() {
            self.open_each(&answers).await?
        } else {
            Vec::new()
        }
        .into_iter();
        let heard = self.heard(&reading).await?;
        let outcome = |answer: Each| match answer {
            Ok((name, answer)) => {
                let mut teacher = self.lay_over(answer, &name, &heard);
                teacher.personal = personal.next().map(|found| found.served());
                Outcome::Teacher(mask.apply(teacher))
            }
            Err(refusal) => Outcome::Missing(Missing {
                reason: refusal.reason().to_owned(),
                message: refusal.to_string(),
            }),
        };
        let outcomes = answers.into_iter().map(outcome).map(Some);
        let named = request.names.into_iter().zip(outcomes);
        Ok(BatchGetTeachersResponse {
            results: named
                .map(|(name, outcome)| BatchResult { name, outcome })
                .collect(),
        })
    }

    /// By which record to find each. TRNs and keys cost nothing; a person id costs a read.
    async fn records_of(&self, names: &[String]) -> Result<Vec<Result<(Name, RecordId), Refusal>>, Refusal> {
        let parsed: Vec<_> = names.iter().map(|text| Name::parse("names", text)).collect();
        let found = parsed.into_iter().map(|name| async move {
            let name = name?;
            let record = self.record_of(&name).await?.ok_or(Refusal::NotFound)?;
            Ok((name, record))
        });
        let found: Vec<_> = stream::iter(found).buffered(READS_MAX).collect().await;
        found.into_iter().map(own_result).collect()
    }

    async fn present_each(
        &self,
        records: Vec<Result<(Name, RecordId), Refusal>>,
    ) -> Result<Vec<Each>, Refusal> {
        let mut wanted: Vec<RecordId> = records
            .iter()
            .flatten()
            .map(|(_, record)| record.clone())
            .collect();
        wanted.sort();
        wanted.dedup();
        let (checkpoint, rows) = if wanted.is_empty() {
            Default::default()
        } else {
            self.rows(wanted, None).await?
        };
        let rows = &rows;
        let answers = records.into_iter().map(|found| async move {
            let (name, record) = found?;
            let (Some(checkpoint), Some(row)) = (checkpoint, rows.get(&record)) else {
                return Err(Refusal::NotFound);
            };
            Ok((name, self.present(record, row.clone(), checkpoint).await?))
        });
        let answers: Vec<_> = stream::iter(answers).buffered(READS_MAX).collect().await;
        answers.into_iter().map(own_result).collect()
    }

    async fn past_each(
        &self,
        records: Vec<Result<(Name, RecordId), Refusal>>,
        reading: Reading,
    ) -> Result<Vec<Each>, Refusal> {
        let answers = records.into_iter().map(|found| async move {
            let (name, record) = found?;
            Ok((name, self.read(record, reading, None).await?))
        });
        let answers: Vec<_> = stream::iter(answers).buffered(READS_MAX).collect().await;
        answers.into_iter().map(own_result).collect()
    }

    /// The personal values of those who were found, in their order.
    async fn open_each(&self, answers: &[Each]) -> Result<Vec<Found>, Refusal> {
        let sealed = answers.iter().flatten().map(|(_, answer)| answer.sealed());
        self.open(&sealed.collect::<Result<Vec<_>, _>>()?).await
    }
}

/// Parts refusals that are about one name from those that fail the batch.
fn own_result<T>(result: Result<T, Refusal>) -> Result<Result<T, Refusal>, Refusal> {
    match result {
        Ok(found) => Ok(Ok(found)),
        Err(refusal) if refusal.is_about_the_id() => Ok(Err(refusal)),
        Err(refusal) => Err(refusal),
    }
}
