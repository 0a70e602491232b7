//! ListSourceOfTruthChanges: when the source of truth changed, of one teacher or of all over a period.

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::explain::{Lifetime, source_of_truth_changes};
use ltr_domain::explain::{Line, Moment as Asked, Question, Since, SourceChange};
use ltr_domain::ids::PersonId;
use ltr_domain::teacher::TeacherRecord;
use ltr_domain::time::KnownAt;
use ltr_ports::log::Log;
use ltr_ports::store::{ChangeRow, ChangedOver, Store};
use ltr_proto::explanation;
use ltr_proto::record::{
    ListSourceOfTruthChangesRequest, ListSourceOfTruthChangesResponse, SourceOfTruthChange, TimeAxis,
};

use super::Api;
use super::explain::question;
use super::list_history::page_size;
use crate::lifetime::Circumstances;
use crate::moment::{Moment, instant};
use crate::name::Name;
use crate::presentation::withhold_events;
use crate::status::Refusal;
use crate::token::SourcesToken;
use crate::watermark::Demand;

/// Stands for all teachers.
const EVERYBODY: &str = "teachers/-";

/// At most so many people looked at for one page.
const PEOPLE_MAX: u32 = 200;

/// More than the messages of one batch of a projector: a change stands for all messages of its batch.
const BATCH_MESSAGES_MAX: u64 = 10_000;

/// What is asked, whoever it is about.
struct Asking {
    question: Question,
    axis: Axis,
    size: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    Known,
    Effective,
}

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn list_sources(
        &self,
        request: ListSourceOfTruthChangesRequest,
    ) -> Result<ListSourceOfTruthChangesResponse, Refusal> {
        let asking = Asking {
            question: match request.fact.as_str() {
                "" => Question::Headline,
                fact => question("fact", fact)?,
            },
            axis: match request.axis() {
                TimeAxis::Unspecified | TimeAxis::Known => Axis::Known,
                TimeAxis::Effective => Axis::Effective,
            },
            size: page_size(request.page_size)?,
        };
        let everybody = request.parent == EVERYBODY;
        if everybody && asking.axis == Axis::Effective {
            return Err(Refusal::field(
                "axis",
                "must be known time when it is of all teachers",
            ));
        }
        let name = if everybody {
            None
        } else {
            Some(Name::parse("parent", &request.parent)?)
        };
        let list = format!(
            "{}/{}/{}",
            name.as_ref().map(Name::to_string).unwrap_or_default(),
            asking.question.token(),
            request.axis
        );
        let moment = Moment::parse(request.as_of)?;
        let from = request
            .known_from
            .map(|at| instant("known_from", at))
            .transpose()?;
        let page = match SourcesToken::parse("page_token", &request.page_token, &list)? {
            Some(page) if page.is_other(moment, from) => {
                return Err(Refusal::field(
                    "as_of",
                    "must be that of the first page, and known_from too",
                ));
            }
            Some(page) => page,
            None => self.first_sources(moment, from, &asking, list).await?,
        };
        if !self.may_see(asking.question) {
            return Ok(ListSourceOfTruthChangesResponse {
                withheld: vec![asking.question.token().to_owned()],
                ..ListSourceOfTruthChangesResponse::default()
            });
        }
        match name {
            Some(name) => self.sources_of(&name, &asking, page).await,
            None => self.sources_of_all(&asking, page).await,
        }
    }

    /// Fixes the moment for all pages.
    async fn first_sources(
        &self,
        moment: Moment,
        from: Option<KnownAt>,
        asking: &Asking,
        list: String,
    ) -> Result<SourcesToken, Refusal> {
        let basis = self.basis(moment, None).await?;
        Ok(SourcesToken {
            effective_on: match asking.axis {
                Axis::Known => moment.effective_on,
                Axis::Effective => Some(basis.effective_on),
            },
            known_at: basis.known_at,
            known_from: from.unwrap_or(KnownAt(Timestamp::UNIX_EPOCH)),
            after: None,
            sent: 0,
            list,
        })
    }

    async fn sources_of(
        &self,
        name: &Name,
        asking: &Asking,
        page: SourcesToken,
    ) -> Result<ListSourceOfTruthChangesResponse, Refusal> {
        let record = self.record_of(name).await?.ok_or(Refusal::NotFound)?;
        let lifetime = self.lifetime(record).await?;
        let person = lifetime.person_at(page.known_at).ok_or(Refusal::NotFoundByThen)?;
        let circumstances = self.circumstances_of(&lifetime, &page).await?;
        let trn = of_now(&lifetime, &circumstances, &page).trn;
        let all = self.changes(&lifetime, &circumstances, asking, &page);
        let changes: Vec<_> = all.iter().skip(page.sent).take(asking.size).cloned().collect();
        let sent = page.sent.saturating_add(changes.len());
        let next = if sent < all.len() {
            SourcesToken { sent, ..page }.to_string()
        } else {
            String::new()
        };
        Ok(ListSourceOfTruthChangesResponse {
            changes,
            next_page_token: next,
            redirected_from: name.redirected_from(person, trn),
            withheld: Vec::new(),
        })
    }

    async fn sources_of_all(
        &self,
        asking: &Asking,
        mut page: SourcesToken,
    ) -> Result<ListSourceOfTruthChangesResponse, Refusal> {
        let over = ChangedOver {
            from: page.known_from,
            to: page.known_at,
            beyond: BATCH_MESSAGES_MAX,
            after: page.after,
            max: PEOPLE_MAX,
        };
        let people = self.store.changed_people(over).await?;
        let is_last_stretch = people.len() < PEOPLE_MAX as usize;
        let mut changes: Vec<SourceOfTruthChange> = Vec::new();
        for changed in people {
            let of_person = self.changes_of(&changed, asking, &page).await?;
            let room = asking.size - changes.len();
            let mut left = of_person.into_iter().skip(page.sent);
            let sent = page.sent;
            changes.extend(left.by_ref().take(room));
            if left.next().is_some() {
                page.sent = sent + room;
                return Ok(told(changes, &page));
            }
            page.after = Some((changed.sequence, changed.ordinal));
            page.sent = 0;
            if changes.len() >= asking.size {
                return Ok(told(changes, &page));
            }
        }
        if is_last_stretch {
            return Ok(ListSourceOfTruthChangesResponse {
                changes,
                ..ListSourceOfTruthChangesResponse::default()
            });
        }
        Ok(told(changes, &page))
    }

    /// The changes of one of the people who changed. One who ended by a merge is told as the person they became, once.
    async fn changes_of(
        &self,
        changed: &ChangeRow,
        asking: &Asking,
        page: &SourcesToken,
    ) -> Result<Vec<SourceOfTruthChange>, Refusal> {
        let records = self.store.records_of_person(changed.person).await?;
        let named_after = records
            .iter()
            .find(|record| PersonId::of(record) == changed.person);
        let Some(record) = named_after.or(records.first()) else {
            return Ok(Vec::new());
        };
        let lifetime = self.lifetime(record.clone()).await?;
        if lifetime.person_at(page.known_at) != Some(changed.person) {
            return Ok(Vec::new());
        }
        let circumstances = self.circumstances_of(&lifetime, page).await?;
        Ok(self.changes(&lifetime, &circumstances, asking, page))
    }

    /// The changes of one person in the period.
    fn changes(
        &self,
        lifetime: &Lifetime,
        circumstances: &Circumstances,
        asking: &Asking,
        page: &SourcesToken,
    ) -> Vec<SourceOfTruthChange> {
        let line = match (asking.axis, page.effective_on) {
            (Axis::Known, None) => Line::AsAnswered,
            (Axis::Known, Some(day)) => Line::AboutDay(day),
            (Axis::Effective, day) => Line::OverDays(day.unwrap_or(Date::MAX)),
        };
        let policies = circumstances.policies();
        let in_period = |change: &SourceChange| match change.since {
            Since::Known(at) => at >= page.known_from,
            Since::Effective(_) => true,
        };
        let record = of_now(lifetime, circumstances, page);
        let person = lifetime.person_at(page.known_at);
        let id = record.trn.map(|trn| trn.to_string());
        let id = id.or(person.map(|person| person.to_string())).unwrap_or_default();
        let name = format!("teachers/{id}");
        let under = (&policies, circumstances.heard());
        source_of_truth_changes(lifetime, asking.question, under, line, page.known_at)
            .iter()
            .filter(|change| in_period(change))
            .map(|change| {
                let mut told = explanation::source_change(&name, asking.question, change);
                withhold_events(&mut told.causes, self.restricted);
                told
            })
            .collect()
    }

    /// What a person's moments are seen under up to the known time of all pages.
    async fn circumstances_of(
        &self,
        lifetime: &Lifetime,
        page: &SourcesToken,
    ) -> Result<Circumstances, Refusal> {
        let demand = Demand {
            known_at: Some(page.known_at),
            token: None,
        };
        let checkpoint = self.checkpoint_for(demand).await?;
        self.circumstances_up_to(lifetime, &checkpoint, page.known_at)
            .await
    }
}

fn of_now(lifetime: &Lifetime, circumstances: &Circumstances, page: &SourcesToken) -> TeacherRecord {
    let today = page.known_at.london_date();
    lifetime.answer(Asked {
        effective_on: today,
        known_at: page.known_at,
        known_on: today,
        policy: circumstances.policies().at(page.known_at),
        hearing: circumstances.heard().at(page.known_at),
    })
}

fn told(changes: Vec<SourceOfTruthChange>, next: &SourcesToken) -> ListSourceOfTruthChangesResponse {
    ListSourceOfTruthChangesResponse {
        changes,
        next_page_token: next.to_string(),
        ..ListSourceOfTruthChangesResponse::default()
    }
}
