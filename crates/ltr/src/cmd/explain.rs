//! `ltr teacher explain | sources | diff` and `ltr sources`: why an answer is what it is, when the source of truth
//! changed, and what lies between two answers.

use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use ltr_api::client::Client;
use ltr_domain::time::{london_date, start_of_london_day};
use ltr_proto::record::{
    AsOf, DiffTeacherRequest, ExplainTeacherRequest, ExplainTeacherResponse, ListSourceOfTruthChangesRequest,
    SourceOfTruthChange, TimeAxis,
};
use ltr_proto::view;
use serde_json::{Value, json};

use super::teacher::{as_of, failure, known_at, with_service};
use crate::cli::{Axis, Printed, SourcesOver, TeacherDiff, TeacherExplain, TeacherSources};
use crate::config::Config;
use crate::document::Document;
use crate::{explained, output, words};

/// At most so many changes in a page.
const PAGE_SIZE: i32 = 1_000;

/// Explains an answer.
pub(crate) async fn explain(args: &TeacherExplain, config: &Config) -> anyhow::Result<()> {
    let restricted = super::serve::restricted(args.asked.allow_restricted);
    with_service(config, restricted, async |client, _, now| {
        let as_of = as_of(args.asked.on, args.asked.known.as_deref(), now)?;
        let told = ask(client, &args.asked.id, as_of, args.fact.clone()).await?;
        print(
            &args.printed,
            || explained::explanation_json(&told),
            || explained::explanation(&told),
        )
    })
    .await
}

/// Asks a service why an answer is what it is.
pub(super) async fn ask(
    client: &mut Client,
    id: &str,
    as_of: Option<AsOf>,
    facts: Vec<String>,
) -> anyhow::Result<ExplainTeacherResponse> {
    let request = ExplainTeacherRequest {
        name: format!("teachers/{id}"),
        as_of,
        facts,
        read_mask: None,
        at_least_as_fresh: String::new(),
    };
    let told = client.explain_teacher(request).await;
    Ok(told.map_err(|status| failure(id, &status))?.into_inner())
}

/// Shows when the source of truth changed for one teacher.
pub(crate) async fn sources(args: &TeacherSources, config: &Config) -> anyhow::Result<()> {
    let restricted = super::serve::restricted(args.allow_restricted);
    with_service(config, restricted, async |client, _, now| {
        let axis = match args.along {
            Axis::Known => TimeAxis::Known,
            Axis::Effective => TimeAxis::Effective,
        };
        let request = ListSourceOfTruthChangesRequest {
            parent: format!("teachers/{}", args.id),
            fact: args.fact.clone(),
            axis: axis.into(),
            as_of: as_of(args.on, args.known.as_deref(), now)?,
            ..ListSourceOfTruthChangesRequest::default()
        };
        let changes = list(client, &args.id, request).await?;
        print(
            &args.printed,
            || json_of(&changes),
            || {
                let named = changes.first().map(|change| change.teacher.clone());
                let who = named.unwrap_or_else(|| format!("teachers/{}", args.id));
                explained::sources(format!("{who}: {}", what(args)), &changes)
            },
        )
    })
    .await
}

/// What is listed, in words.
fn what(args: &TeacherSources) -> String {
    let fact = args.fact.replace('_', " ");
    match (args.along, args.on) {
        (Axis::Known, None) => format!("who was believed about the {fact}, as it was answered at each time"),
        (Axis::Known, Some(on)) => {
            format!(
                "who was believed about the {fact} on {}, and when we learnt it",
                words::day(on)
            )
        }
        (Axis::Effective, _) => format!("who is believed about the {fact} of each day"),
    }
}

/// Lists when the source of truth changed for anybody over a period.
pub(crate) async fn sources_of_all(args: &SourcesOver, config: &Config) -> anyhow::Result<()> {
    let restricted = super::serve::restricted(args.allow_restricted);
    with_service(config, restricted, async |client, _, now| {
        let to = args.to.map(|to| known_at(&to.to_string(), now)).transpose()?;
        let request = ListSourceOfTruthChangesRequest {
            parent: "teachers/-".to_owned(),
            fact: args.fact.clone(),
            as_of: to.map(|to| AsOf {
                effective_on: String::new(),
                known_at: Some(view::timestamp(to)),
            }),
            known_from: args.from.map(|from| view::timestamp(start_of_london_day(from))),
            ..ListSourceOfTruthChangesRequest::default()
        };
        let changes = list(client, "teachers/-", request).await?;
        print(
            &args.printed,
            || json_of(&changes),
            || {
                let bound = |on: Option<Date>, open: &str| on.map_or_else(|| open.to_owned(), words::day);
                let title = format!(
                    "Changes of the source of truth about the {}, {} to {}",
                    args.fact.replace('_', " "),
                    bound(args.from, "the beginning"),
                    bound(args.to, "now")
                );
                explained::sources_of_all(title, &changes)
            },
        )
    })
    .await
}

/// Every page of a list.
pub(super) async fn list(
    client: &mut Client,
    id: &str,
    mut request: ListSourceOfTruthChangesRequest,
) -> anyhow::Result<Vec<SourceOfTruthChange>> {
    let mut changes = Vec::new();
    request.page_size = PAGE_SIZE;
    loop {
        let page = client.list_source_of_truth_changes(request.clone()).await;
        let page = page.map_err(|status| failure(id, &status))?.into_inner();
        changes.extend(page.changes);
        if !page.withheld.is_empty() {
            output::note(&format!(
                "withheld: {} (--allow-restricted shows it)",
                page.withheld.join(", ")
            ));
        }
        if page.next_page_token.is_empty() {
            return Ok(changes);
        }
        request.page_token = page.next_page_token;
    }
}

/// Shows what lies between two answers.
pub(crate) async fn diff(args: &TeacherDiff, config: &Config) -> anyhow::Result<()> {
    let restricted = super::serve::restricted(args.allow_restricted);
    with_service(config, restricted, async |client, _, now| {
        let request = DiffTeacherRequest {
            name: format!("teachers/{}", args.id),
            before: moment(args.from_on, args.from_known.as_deref(), now)?,
            after: moment(args.to_on, args.to_known.as_deref(), now)?,
        };
        let told = client.diff_teacher(request).await;
        let told = told.map_err(|status| failure(&args.id, &status))?.into_inner();
        print(
            &args.printed,
            || explained::difference_json(&told),
            || explained::difference(&told),
        )
    })
    .await
}

/// A moment whose day, unless it is given, is that of what was known.
fn moment(on: Option<Date>, known: Option<&str>, now: Timestamp) -> anyhow::Result<Option<AsOf>> {
    let own = match known {
        Some(text) => Some(london_date(known_at(text, now)?)),
        None => None,
    };
    as_of(on.or(own), known, now)
}

fn json_of(changes: &[SourceOfTruthChange]) -> Value {
    json!(
        changes
            .iter()
            .map(explained::source_change_json)
            .collect::<Vec<_>>()
    )
}

/// Prints as asked: JSON, a page in a file, or text.
fn print(
    printed: &Printed,
    json: impl FnOnce() -> Value,
    document: impl FnOnce() -> Document,
) -> anyhow::Result<()> {
    match &printed.html {
        Some(file) => write(file, &document().html()),
        None if printed.json => {
            output::json(&json());
            Ok(())
        }
        None => {
            output::data(&document().text());
            Ok(())
        }
    }
}

/// Writes a file; `-` is standard output.
pub(super) fn write(file: &Path, content: &str) -> anyhow::Result<()> {
    if file == Path::new("-") {
        output::data(content.trim_end());
        return Ok(());
    }
    std::fs::write(file, content).with_context(|| format!("writing {}", file.display()))?;
    output::note(&format!("wrote {}", file.display()));
    Ok(())
}
