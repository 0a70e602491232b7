//! Whether what an operator says can mean anything, by what is projected. The domain gives no effect to what may not be
//! said; here it is said so to whom says it.

use std::collections::BTreeSet;

use ltr_domain::identity::Rulings;
use ltr_domain::ids::{PersonId, RecordId};
use ltr_domain::judgement::{
    Answer, Judged, LinkDecided, LinkDecision, Pair, Parts, Regrouping, RegroupingRequested, RequestAnswered,
};
use ltr_domain::observation::MessageRef;
use ltr_ports::log::{Log, StoredMessage, Stream};
use ltr_ports::store::{Membership, Store};
use ltr_proto::codec::{LogEntry, decode};
use ltr_proto::record::{self, AnswerRequestRequest, Recorded};

use super::read;
use crate::history::{Said, said_by};
use crate::service::Api;
use crate::status::Refusal;

impl<S: Store, L: Log> Api<S, L> {
    /// Confirms, rejects or retracts.
    pub(super) async fn decide(
        &self,
        records: &[String],
        by: Option<record::DecidedBy>,
        decision: LinkDecision,
    ) -> Result<Recorded, Refusal> {
        let by = read::decided_by(by)?;
        let pair = read::pair(records)?;
        let people = self.people_of_pair(&pair).await?;
        let rulings = self.rulings(pair.records().cloned().collect()).await?;
        let ruling = rulings.of_pair(&pair);
        let matched = ruling.and_then(|ruling| ruling.standing_match());
        let in_force = ruling.and_then(|ruling| ruling.decided.as_ref());
        let decides = match decision {
            LinkDecision::Confirm if matched.is_none() && people.0 != people.1 => {
                let why = "neither a match nor a key brings these records together; ask for a join, which takes two";
                return Err(Refusal::precondition(why));
            }
            LinkDecision::Confirm | LinkDecision::Reject => matched.map(|(position, _)| position.sequence),
            LinkDecision::Retract => match in_force {
                Some((position, _)) => Some(position.sequence),
                None => return Err(Refusal::precondition("nothing is decided of these records")),
            },
        };
        let decides = match decides {
            Some(sequence) => self.reference_to(sequence).await?,
            None => None,
        };
        let decided = LinkDecided {
            pair,
            decision,
            by,
            decides,
        };
        self.publish(Judged::Decided(decided)).await
    }

    /// Asks that two people become one.
    pub(super) async fn ask_to_join(
        &self,
        records: &[String],
        by: Option<record::DecidedBy>,
    ) -> Result<Recorded, Refusal> {
        let by = read::decided_by(by)?;
        let pair = read::pair(records)?;
        let (one, other) = self.people_of_pair(&pair).await?;
        if one == other {
            return Err(Refusal::precondition("these records are one person's already"));
        }
        let regrouping = Regrouping::Join(pair);
        self.publish(Judged::Requested(RegroupingRequested { regrouping, by }))
            .await
    }

    /// Asks that records be cut off from their person.
    pub(super) async fn ask_to_split(
        &self,
        cut_off: &[String],
        by: Option<record::DecidedBy>,
    ) -> Result<Recorded, Refusal> {
        let by = read::decided_by(by)?;
        let named = cut_off.iter().map(|name| read::record("cut_off", name));
        let cut_off = named.collect::<Result<BTreeSet<RecordId>, _>>()?;
        let members = self.store.memberships(cut_off.iter().cloned().collect()).await?;
        for record in &cut_off {
            person_of(&members, record)?;
        }
        let people: BTreeSet<PersonId> = members.iter().map(|one| one.person).collect();
        if people.len() > 1 {
            return Err(Refusal::precondition(
                "the records to cut off are several people's already",
            ));
        }
        let others = members.into_iter().map(|one| one.record);
        let staying = others.filter(|record| !cut_off.contains(record)).collect();
        let parts = Parts::of(cut_off, staying)
            .ok_or_else(|| Refusal::field("cut_off", "must be some of a person's records, and not all"))?;
        let regrouping = Regrouping::Split(parts);
        self.publish(Judged::Requested(RegroupingRequested { regrouping, by }))
            .await
    }

    /// Approves, refuses or withdraws a request.
    pub(super) async fn answer_to(&self, request: AnswerRequestRequest) -> Result<Recorded, Refusal> {
        let answer = match request.answer() {
            record::RequestAnswer::Approve => Answer::Approve,
            record::RequestAnswer::Refuse => Answer::Refuse,
            record::RequestAnswer::Withdraw => Answer::Withdraw,
            record::RequestAnswer::Unspecified => {
                return Err(Refusal::field("answer", "must be approve, refuse or withdraw"));
            }
        };
        let by = read::decided_by(request.by)?;
        let none = || Refusal::field("request", "must be the sequence of a request on the log");
        let message = self
            .log
            .get(Stream::Events, request.request)
            .await?
            .ok_or_else(none)?;
        let judged = match decode(&message.payload) {
            Ok(LogEntry::Judgement(judgement)) => judgement.judged,
            Ok(_) | Err(_) => return Err(none()),
        };
        let Judged::Requested(asked) = &judged else {
            return Err(none());
        };
        let subject = judged.subject().clone();
        let rulings = self.rulings(vec![subject.clone()]).await?;
        let known = rulings.requests().get(&request.request);
        if known.is_some_and(|known| !known.is_open()) {
            return Err(Refusal::precondition("the request is answered already"));
        }
        match (answer, asked.by.is_same_actor(&by)) {
            (Answer::Approve, true) => {
                let why = "who asked may not approve: a join or split takes a second person";
                return Err(Refusal::precondition(why));
            }
            (Answer::Withdraw, false) => {
                return Err(Refusal::precondition(
                    "only who asked may withdraw; refuse it instead",
                ));
            }
            (Answer::Approve, false) | (Answer::Withdraw, true) | (Answer::Refuse, _) => {}
        }
        let answered = RequestAnswered {
            subject,
            request: message.reference(),
            answer,
            by,
        };
        self.publish(Judged::Answered(answered)).await
    }

    /// To whom two records belong.
    async fn people_of_pair(&self, pair: &Pair) -> Result<(PersonId, PersonId), Refusal> {
        let members = self.store.memberships(pair.records().cloned().collect()).await?;
        Ok((
            person_of(&members, pair.lesser())?,
            person_of(&members, pair.greater())?,
        ))
    }

    /// What is judged of these records, as far as it is projected.
    async fn rulings(&self, records: Vec<RecordId>) -> Result<Rulings, Refusal> {
        let mut judged = Vec::new();
        for entry in &self.store.history(records).await? {
            if let Said::Judged(position, one) = said_by(entry)? {
                judged.push((position, one));
            }
        }
        Ok(Rulings::of(judged.iter().map(|(position, one)| (*position, one))))
    }

    async fn reference_to(&self, sequence: u64) -> Result<Option<MessageRef>, Refusal> {
        let message = self.log.get(Stream::Events, sequence).await?;
        Ok(message.as_ref().map(StoredMessage::reference))
    }
}

fn person_of(members: &[Membership], record: &RecordId) -> Result<PersonId, Refusal> {
    let own = members.iter().find(|one| one.record == *record);
    own.map(|one| one.person).ok_or(Refusal::NotFound)
}
