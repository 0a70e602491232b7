//! What rules and operators say of who is one person, in a script: rules by a message of their own on the log, operators
//! through the service.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use ltr_api::client::IdentityClient;
use ltr_domain::ids::RecordId;
use ltr_domain::judgement::{Judged, Judgement, LinkMatched, MatchVerdict, Pair};
use ltr_domain::observation::MessageRef;
use ltr_domain::time::RecordedAt;
use ltr_ports::log::{Log, NewMessage, Published, Stream};
use ltr_proto::codec;
use ltr_proto::digest::message_digest;
use ltr_proto::record::{
    AnswerRequestRequest, ConfirmMatchRequest, DecidedBy, ListReviewsRequest, Recorded, RejectMatchRequest,
    RequestAnswer, RequestJoinRequest, RequestSplitRequest, RetractDecisionRequest,
};
use ltr_proto::subject::Subject;
use tonic::{Code, Status};

/// One line that begins with `judge`.
pub(super) struct Judge {
    verb: String,
    records: Vec<String>,
    by: Option<DecidedBy>,
    /// The name under which a script knows a request.
    request: String,
    refused: bool,
}

impl Judge {
    /// `VERB RECORD… [by ACTOR] [as REQUEST] [refused]`, or `VERB REQUEST by ACTOR`.
    pub(super) fn parse<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut judge = Self {
            verb: words.next().ok_or("judge VERB")?.to_owned(),
            records: Vec::new(),
            by: None,
            request: String::new(),
            refused: false,
        };
        while let Some(word) = words.next() {
            match word {
                "by" => {
                    judge.by = Some(DecidedBy {
                        actor: words.next().ok_or("by whom?")?.to_owned(),
                        assurance: "records_compared".to_owned(),
                        reason: "as the script tells".to_owned(),
                    });
                }
                "as" => judge.request = words.next().ok_or("as which request?")?.to_owned(),
                "refused" => judge.refused = true,
                record => judge.records.push(record.to_owned()),
            }
        }
        Ok(judge)
    }

    /// Says it, and tells what came of it that the script does not tell.
    pub(super) async fn say<L: Log>(
        &self,
        log: &L,
        operators: &mut IdentityClient,
        requests: &mut BTreeMap<String, u64>,
    ) -> Result<(), String> {
        let verdict = MatchVerdict::ALL
            .into_iter()
            .find(|verdict| verdict.token() == self.verb);
        if let Some(verdict) = verdict {
            self.matched(log, verdict).await;
            return Ok(());
        }
        let (records, by) = (self.records.clone(), self.by.clone());
        let answer = |answer: RequestAnswer| AnswerRequestRequest {
            request: self
                .records
                .first()
                .and_then(|name| requests.get(name))
                .copied()
                .unwrap_or_default(),
            answer: answer.into(),
            by: self.by.clone(),
        };
        let said: Result<Option<Recorded>, Status> = match self.verb.as_str() {
            "confirm" => {
                let said = operators.confirm_match(ConfirmMatchRequest { records, by }).await;
                said.map(|said| said.into_inner().recorded)
            }
            "reject" => {
                let said = operators.reject_match(RejectMatchRequest { records, by }).await;
                said.map(|said| said.into_inner().recorded)
            }
            "retract" => {
                let said = operators
                    .retract_decision(RetractDecisionRequest { records, by })
                    .await;
                said.map(|said| said.into_inner().recorded)
            }
            "join" => {
                let said = operators.request_join(RequestJoinRequest { records, by }).await;
                said.map(|said| said.into_inner().recorded)
            }
            "split" => {
                let request = RequestSplitRequest { cut_off: records, by };
                let said = operators.request_split(request).await;
                said.map(|said| said.into_inner().recorded)
            }
            "approve" => {
                let said = operators.answer_request(answer(RequestAnswer::Approve)).await;
                said.map(|said| said.into_inner().recorded)
            }
            "refuse" => {
                let said = operators.answer_request(answer(RequestAnswer::Refuse)).await;
                said.map(|said| said.into_inner().recorded)
            }
            "withdraw" => {
                let said = operators.answer_request(answer(RequestAnswer::Withdraw)).await;
                said.map(|said| said.into_inner().recorded)
            }
            other => return Err(format!("judge {other}?")),
        };
        match said {
            Ok(Some(recorded)) if !self.refused => {
                requests.insert(self.request.clone(), recorded.sequence);
                Ok(())
            }
            Ok(_) => Err("was not refused".to_owned()),
            Err(status) if self.refused && status.code() == Code::FailedPrecondition => Ok(()),
            Err(status) => Err(status.to_string()),
        }
    }

    /// Rules say it: no role that matches writes to the log yet.
    async fn matched<L: Log>(&self, log: &L, verdict: MatchVerdict) {
        let record = |name: &String| RecordId::parse(name).expect("a record");
        let pair = Pair::of(record(&self.records[0]), record(&self.records[1])).expect("two records");
        let matched = LinkMatched {
            pair,
            score: 900,
            rule_version: 1,
            rules: vec!["names_equal".to_owned()],
            verdict,
        };
        let judged = Judged::Matched(matched);
        let subject = Subject::Identity(judged.subject().clone()).to_string();
        let last = log
            .last_of(Stream::Events, vec![subject.clone()])
            .await
            .expect("the log answers");
        let previous = last.get(&subject).map(|message| MessageRef {
            sequence: message.sequence,
            digest: message_digest(&message.subject, &message.payload),
        });
        let end = log
            .facts(Stream::Events)
            .await
            .expect("the log answers")
            .last_sequence;
        let end = log
            .get(Stream::Events, end)
            .await
            .expect("the log answers")
            .expect("it is there");
        let recorded = codec::decode(&end.payload)
            .expect("it can be read")
            .recorded_at()
            .0;
        let judgement = Judgement {
            judged,
            previous,
            recorded_at: RecordedAt(recorded + SignedDuration::from_millis(1)),
        };
        let message = NewMessage {
            subject,
            payload: codec::encode_judgement(&judgement),
            expected_last: Some(previous.map_or(0, |previous| previous.sequence)),
        };
        let published = log.publish(Stream::Events, vec![message]).await;
        assert!(matches!(published, Ok(Published::Stored { .. })), "{published:?}");
    }
}

/// The kinds of what waits for an operator, the longest waiting first.
pub(super) async fn waiting(operators: &mut IdentityClient) -> Vec<String> {
    let told = operators.list_reviews(ListReviewsRequest::default()).await;
    let reviews = told.expect("the service answers").into_inner().reviews;
    reviews.into_iter().map(|review| review.kind).collect()
}
