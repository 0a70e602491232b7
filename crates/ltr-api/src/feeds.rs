//! The methods of `FeedService`: how the feeds stand, what is held, and what operators decide on it. A decision is written to
//! the log behind the feed's last message; the gate of ingest finds it there.

use ltr_domain::delivery::DeliveryDecision;
use ltr_ports::log::Log;
use ltr_ports::store::{DeliveryRow, Store};
use ltr_proto::record::feed_service_server::FeedService;
use ltr_proto::record::{
    ApproveDeliveryRequest, ApproveDeliveryResponse, ListDeliveriesRequest, ListDeliveriesResponse,
    ListFeedsRequest, ListFeedsResponse, ListQuarantineRequest, ListQuarantineResponse,
    RejectDeliveryRequest, RejectDeliveryResponse,
};
use tonic::{Request, Response, Status, async_trait};

use crate::service::Api;
use crate::status::Refusal;

mod decide;
mod list;
mod quarantine;
mod status;

/// Deliveries in a page, unless it is said otherwise.
const PAGE_SIZE: i32 = 100;

/// Deliveries in a page at most.
const PAGE_SIZE_MAX: i32 = 1_000;

/// So many of the latest deliveries are looked through: some months of 250 providers a night.
const DELIVERIES_MAX: u32 = 100_000;

impl<S: Store, L: Log> Api<S, L> {
    async fn list_deliveries_of(
        &self,
        request: ListDeliveriesRequest,
    ) -> Result<ListDeliveriesResponse, Refusal> {
        let size = match request.page_size {
            0 => PAGE_SIZE,
            size @ 1..=PAGE_SIZE_MAX => size,
            _ => return Err(Refusal::field("page_size", "must be from 0 to 1,000")),
        };
        let asked_id = match request.id.as_str() {
            "" => None,
            id => Some(decide::delivery_id(id)?),
        };
        let rows = self.store.deliveries(DELIVERIES_MAX).await?;
        let passed = list::Passed::of(&rows);
        let is_asked_for = |row: &&DeliveryRow| {
            let state = passed.state(row);
            (request.states.is_empty() || request.states.iter().any(|one| one == state))
                && (request.feed.is_empty() || request.feed == row.feed.to_string())
                && asked_id.is_none_or(|id| id == row.delivery)
        };
        let asked_for = rows.iter().filter(is_asked_for);
        let deliveries = asked_for
            .take(usize::try_from(size).unwrap_or_default())
            .map(|row| list::delivery(row, passed.state(row)))
            .collect();
        Ok(ListDeliveriesResponse { deliveries })
    }
}

#[async_trait]
impl<S: Store, L: Log> FeedService for Api<S, L> {
    async fn list_feeds(
        &self,
        request: Request<ListFeedsRequest>,
    ) -> Result<Response<ListFeedsResponse>, Status> {
        self.answer("ListFeeds", self.list_feeds_of(request.into_inner()))
            .await
    }

    async fn list_deliveries(
        &self,
        request: Request<ListDeliveriesRequest>,
    ) -> Result<Response<ListDeliveriesResponse>, Status> {
        self.answer("ListDeliveries", self.list_deliveries_of(request.into_inner()))
            .await
    }

    async fn list_quarantine(
        &self,
        request: Request<ListQuarantineRequest>,
    ) -> Result<Response<ListQuarantineResponse>, Status> {
        self.answer("ListQuarantine", self.list_quarantine_of(request.into_inner()))
            .await
    }

    async fn approve_delivery(
        &self,
        request: Request<ApproveDeliveryRequest>,
    ) -> Result<Response<ApproveDeliveryResponse>, Status> {
        let ApproveDeliveryRequest { id, actor, reason } = request.into_inner();
        let deciding = async {
            let approve = DeliveryDecision::Approve;
            let recorded = Some(self.decide_on_delivery(&id, actor, &reason, approve).await?);
            Ok(ApproveDeliveryResponse { recorded })
        };
        self.answer("ApproveDelivery", deciding).await
    }

    async fn reject_delivery(
        &self,
        request: Request<RejectDeliveryRequest>,
    ) -> Result<Response<RejectDeliveryResponse>, Status> {
        let RejectDeliveryRequest { id, actor, reason } = request.into_inner();
        let deciding = async {
            let reject = DeliveryDecision::Reject;
            let recorded = Some(self.decide_on_delivery(&id, actor, &reason, reject).await?);
            Ok(RejectDeliveryResponse { recorded })
        };
        self.answer("RejectDelivery", deciding).await
    }
}
