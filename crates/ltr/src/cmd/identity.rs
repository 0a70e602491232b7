//! `ltr identity`: what waits for an operator, and what operators decide, through a service of its own.

use anyhow::Context;
use ltr_api::RestrictedFacts;
use ltr_api::client::{IdentityClient, connect_identity};
use ltr_proto::record::{
    AnswerRequestRequest, ConfirmMatchRequest, DecidedBy, ListReviewsRequest, Recorded, RejectMatchRequest,
    RequestAnswer, RequestJoinRequest, RequestSplitRequest, RetractDecisionRequest,
};
use tonic::Status;

use super::teacher::{failure, serve_while};
use crate::cli::{Identity, IdentityAnswer, IdentityPair, IdentityReview, Said, typed};
use crate::config::Config;
use crate::{judged, output};

/// Asks or says what the arguments tell.
pub(crate) async fn run(args: &Identity, config: &Config) -> anyhow::Result<()> {
    serve_while(config, RestrictedFacts::Withheld, async |address, _, _| {
        let mut client = connect_identity(address).await?;
        match args {
            Identity::Review(args) => review(&mut client, args).await,
            Identity::Confirm(pair) => {
                let request = ConfirmMatchRequest {
                    records: records(pair),
                    by: by(&pair.said),
                };
                let told = client
                    .confirm_match(request)
                    .await
                    .map(|told| told.into_inner().recorded);
                told_of(
                    told,
                    &pair.said,
                    &format!("{} and {} are confirmed as one person's", pair.one, pair.other),
                )
            }
            Identity::Reject(pair) => {
                let request = RejectMatchRequest {
                    records: records(pair),
                    by: by(&pair.said),
                };
                let told = client
                    .reject_match(request)
                    .await
                    .map(|told| told.into_inner().recorded);
                told_of(
                    told,
                    &pair.said,
                    &format!("no match joins {} and {}", pair.one, pair.other),
                )
            }
            Identity::Retract(pair) => {
                let request = RetractDecisionRequest {
                    records: records(pair),
                    by: by(&pair.said),
                };
                let told = client
                    .retract_decision(request)
                    .await
                    .map(|told| told.into_inner().recorded);
                told_of(
                    told,
                    &pair.said,
                    &format!("nothing is decided any more of {} and {}", pair.one, pair.other),
                )
            }
            Identity::Join(pair) => {
                let request = RequestJoinRequest {
                    records: records(pair),
                    by: by(&pair.said),
                };
                let told = client
                    .request_join(request)
                    .await
                    .map(|told| told.into_inner().recorded);
                told_of_request(told, &pair.said, "join")
            }
            Identity::Split(split) => {
                let request = RequestSplitRequest {
                    cut_off: split.cut_off.clone(),
                    by: by(&split.said),
                };
                let told = client
                    .request_split(request)
                    .await
                    .map(|told| told.into_inner().recorded);
                told_of_request(told, &split.said, "split")
            }
            Identity::Approve(args) => answer(&mut client, args, RequestAnswer::Approve, "approved").await,
            Identity::Refuse(args) => answer(&mut client, args, RequestAnswer::Refuse, "refused").await,
            Identity::Withdraw(args) => answer(&mut client, args, RequestAnswer::Withdraw, "withdrawn").await,
        }
    })
    .await
}

async fn review(client: &mut IdentityClient, args: &IdentityReview) -> anyhow::Result<()> {
    let request = ListReviewsRequest {
        page_size: args.count,
        kinds: args.kind.iter().map(typed).collect(),
    };
    let told = client.list_reviews(request).await;
    let reviews = told
        .map_err(|status| failure("identity", &status))?
        .into_inner()
        .reviews;
    if args.json {
        reviews
            .iter()
            .for_each(|review| output::json(&judged::review_json(review)));
    } else {
        output::data(&judged::reviews(&reviews));
    }
    Ok(())
}

async fn answer(
    client: &mut IdentityClient,
    args: &IdentityAnswer,
    answer: RequestAnswer,
    what: &str,
) -> anyhow::Result<()> {
    let request = AnswerRequestRequest {
        request: args.request,
        answer: answer.into(),
        by: by(&args.said),
    };
    let told = client
        .answer_request(request)
        .await
        .map(|told| told.into_inner().recorded);
    told_of(told, &args.said, &format!("request {} is {what}", args.request))
}

fn records(pair: &IdentityPair) -> Vec<String> {
    vec![pair.one.clone(), pair.other.clone()]
}

fn by(said: &Said) -> Option<DecidedBy> {
    Some(DecidedBy {
        actor: said.actor.clone(),
        assurance: typed(&said.assurance),
        reason: said.reason.clone(),
    })
}

fn told_of_request(told: Result<Option<Recorded>, Status>, said: &Said, what: &str) -> anyhow::Result<()> {
    let number = told
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
        .map_or(0, |recorded| recorded.sequence);
    let next = format!(
        "a {what} is asked for as request {number}; it takes effect once somebody else says \
         `ltr identity approve {number}`"
    );
    told_of(told, said, &next)
}

/// Tells where a judgement stands, or why it was refused.
fn told_of(told: Result<Option<Recorded>, Status>, said: &Said, what: &str) -> anyhow::Result<()> {
    let recorded = told.map_err(|status| failure("identity", &status))?;
    let recorded = recorded.context("the service answered without a place on the log")?;
    if said.json {
        output::json(&judged::recorded_json(&recorded));
    }
    output::note(&format!("{what} (sequence {})", recorded.sequence));
    Ok(())
}
