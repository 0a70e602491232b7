//! ExplainTeacher: an answer with every claim about it and the rules that took or refused them.

use ltr_domain::explain::{Question, explain};
use ltr_ports::log::Log;
use ltr_ports::store::Store;
use ltr_proto::explanation;
use ltr_proto::record::{ExplainTeacherRequest, ExplainTeacherResponse, FactExplanation, Teacher};

use super::Api;
use super::read::Reading;
use crate::config::RestrictedFacts;
use crate::mask::ReadMask;
use crate::moment::Moment;
use crate::name::Name;
use crate::status::Refusal;
use crate::token::ConsistencyToken;

impl<S: Store, L: Log> Api<S, L> {
    pub(super) async fn explain(
        &self,
        request: ExplainTeacherRequest,
    ) -> Result<ExplainTeacherResponse, Refusal> {
        let name = Name::parse("name", &request.name)?;
        let moment = Moment::parse(request.as_of)?;
        let wanted = request
            .facts
            .iter()
            .map(|fact| question("facts", fact))
            .collect::<Result<Vec<_>, _>>()?;
        let mask = ReadMask::parse(request.read_mask)?;
        let token = ConsistencyToken::parse("at_least_as_fresh", &request.at_least_as_fresh)?;
        if mask.wants_personal() {
            self.key()?;
        }
        let basis = self.basis(moment, token).await?;
        let record = self.record_of(&name).await?.ok_or(Refusal::NotFound)?;
        let answer = self.read(record.clone(), Reading::Past(basis), None).await?;
        let lifetime = self.lifetime(record).await?;
        let circumstances = self
            .circumstances_at(&lifetime, &basis.checkpoint, [basis.known_at])
            .await?;
        let asked = circumstances.moment(&basis);
        let explained = explain(&lifetime, asked);
        let personal = if mask.wants_personal() {
            let found = self.open(&[answer.sealed()?]).await?;
            found.first().map(|found| found.served())
        } else {
            None
        };
        let heard = self.heard(&Reading::Past(basis)).await?;
        let mut teacher = self.lay_over(answer, &name, &heard);
        teacher.personal = personal;
        let facts = explained
            .facts
            .iter()
            .filter(|fact| self.may_see(fact.question))
            .filter(|fact| wanted.is_empty() || wanted.contains(&fact.question))
            .map(|fact| as_answered(explanation::fact(fact), fact.question, &teacher))
            .collect();
        Ok(ExplainTeacherResponse {
            facts,
            policy_rules: explanation::policy_rules(asked.policy),
            decisions: explained.decisions.iter().map(explanation::decision).collect(),
            teacher: Some(mask.apply(teacher)),
        })
    }

    /// Whether this caller may be told of it.
    pub(super) fn may_see(&self, question: Question) -> bool {
        question != Question::Restriction || self.restricted == RestrictedFacts::Allowed
    }
}

/// The question of that name.
pub(super) fn question(field: &'static str, token: &str) -> Result<Question, Refusal> {
    Question::from_token(token).ok_or_else(|| {
        let known: Vec<_> = Question::ALL.iter().map(|question| question.token()).collect();
        Refusal::field(field, format!("must be one of {}", known.join(", ")))
    })
}

/// The explanation of a fact beside the answer as it is served, with what is laid over it.
fn as_answered(mut explained: FactExplanation, question: Question, teacher: &Teacher) -> FactExplanation {
    let facts = teacher.facts.as_ref();
    let served = match question {
        Question::Headline => teacher.headline.as_ref(),
        Question::Place => None,
        Question::QualifiedStatus => facts.and_then(|facts| facts.qualified_status.as_ref()),
        Question::Training => facts.and_then(|facts| facts.training.as_ref()),
        Question::Induction => facts.and_then(|facts| facts.induction.as_ref()),
        Question::Employment => facts.and_then(|facts| facts.employment.as_ref()),
        Question::Restriction => facts.and_then(|facts| facts.restriction.as_ref()),
    };
    if let Some(served) = served {
        explained.resolution = Some(served.clone());
    }
    explained
}
