//! The methods of `IdentityService`: what waits for an operator, and what operators decide. A decision is checked against
//! what is projected, written to the log behind the last message of its subject, and takes effect when it is projected:
//! what it amounts to is the domain's to say, and does not depend on what was checked here.

use ltr_domain::judgement::LinkDecision;
use ltr_ports::log::Log;
use ltr_ports::store::Store;
use ltr_proto::record::identity_service_server::IdentityService;
use ltr_proto::record::{
    AnswerRequestRequest, AnswerRequestResponse, ConfirmMatchRequest, ConfirmMatchResponse,
    ListReviewsRequest, ListReviewsResponse, RejectMatchRequest, RejectMatchResponse, RequestJoinRequest,
    RequestJoinResponse, RequestSplitRequest, RequestSplitResponse, RetractDecisionRequest,
    RetractDecisionResponse, Review,
};
use prost::Message;
use tonic::{Request, Response, Status, async_trait};

use crate::service::Api;
use crate::status::Refusal;

mod decide;
mod publish;
mod read;

pub(crate) use read::who_and_why;

/// Reviews in a page, unless it is said otherwise.
const PAGE_SIZE: u32 = 100;

/// Reviews in a page at most.
const PAGE_SIZE_MAX: u32 = 1_000;

/// Reviews that are looked through for those of the kinds asked for.
const REVIEWS_MAX: u32 = 100_000;

impl<S: Store, L: Log> Api<S, L> {
    async fn list_reviews_of(&self, request: ListReviewsRequest) -> Result<ListReviewsResponse, Refusal> {
        let size = match u32::try_from(request.page_size) {
            Ok(0) => PAGE_SIZE,
            Ok(size @ 1..=PAGE_SIZE_MAX) => size,
            _ => return Err(Refusal::field("page_size", "must be from 0 to 1,000")),
        };
        let any_kind = request.kinds.is_empty();
        let mut rows = self
            .store
            .reviews(if any_kind { size } else { REVIEWS_MAX })
            .await?;
        rows.retain(|row| any_kind || request.kinds.contains(&row.kind));
        rows.truncate(size as usize);
        let decoded = rows.iter().map(|row| {
            Review::decode(row.view.clone()).map_err(|error| Refusal::Unreadable {
                what: "review.view",
                of: row.id.clone(),
                source: Box::new(error),
            })
        });
        Ok(ListReviewsResponse {
            reviews: decoded.collect::<Result<_, _>>()?,
        })
    }
}

#[async_trait]
impl<S: Store, L: Log> IdentityService for Api<S, L> {
    async fn list_reviews(
        &self,
        request: Request<ListReviewsRequest>,
    ) -> Result<Response<ListReviewsResponse>, Status> {
        self.answer("ListReviews", self.list_reviews_of(request.into_inner()))
            .await
    }

    async fn confirm_match(
        &self,
        request: Request<ConfirmMatchRequest>,
    ) -> Result<Response<ConfirmMatchResponse>, Status> {
        let ConfirmMatchRequest { records, by } = request.into_inner();
        let deciding = async {
            let recorded = Some(self.decide(&records, by, LinkDecision::Confirm).await?);
            Ok(ConfirmMatchResponse { recorded })
        };
        self.answer("ConfirmMatch", deciding).await
    }

    async fn reject_match(
        &self,
        request: Request<RejectMatchRequest>,
    ) -> Result<Response<RejectMatchResponse>, Status> {
        let RejectMatchRequest { records, by } = request.into_inner();
        let deciding = async {
            let recorded = Some(self.decide(&records, by, LinkDecision::Reject).await?);
            Ok(RejectMatchResponse { recorded })
        };
        self.answer("RejectMatch", deciding).await
    }

    async fn retract_decision(
        &self,
        request: Request<RetractDecisionRequest>,
    ) -> Result<Response<RetractDecisionResponse>, Status> {
        let RetractDecisionRequest { records, by } = request.into_inner();
        let deciding = async {
            let recorded = Some(self.decide(&records, by, LinkDecision::Retract).await?);
            Ok(RetractDecisionResponse { recorded })
        };
        self.answer("RetractDecision", deciding).await
    }

    async fn request_join(
        &self,
        request: Request<RequestJoinRequest>,
    ) -> Result<Response<RequestJoinResponse>, Status> {
        let RequestJoinRequest { records, by } = request.into_inner();
        let asking = async {
            let recorded = Some(self.ask_to_join(&records, by).await?);
            Ok(RequestJoinResponse { recorded })
        };
        self.answer("RequestJoin", asking).await
    }

    async fn request_split(
        &self,
        request: Request<RequestSplitRequest>,
    ) -> Result<Response<RequestSplitResponse>, Status> {
        let RequestSplitRequest { cut_off, by } = request.into_inner();
        let asking = async {
            let recorded = Some(self.ask_to_split(&cut_off, by).await?);
            Ok(RequestSplitResponse { recorded })
        };
        self.answer("RequestSplit", asking).await
    }

    async fn answer_request(
        &self,
        request: Request<AnswerRequestRequest>,
    ) -> Result<Response<AnswerRequestResponse>, Status> {
        let request = request.into_inner();
        let answering = async {
            let recorded = Some(self.answer_to(request).await?);
            Ok(AnswerRequestResponse { recorded })
        };
        self.answer("AnswerRequest", answering).await
    }
}
