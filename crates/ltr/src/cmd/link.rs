//! `ltr link`: matches between trainees and applications that no key brings together.

use ltr_domain::judgement::LinkMatched;
use ltr_link::{Config as LinkConfig, Edge, Step, Until, Writing};
use serde_json::json;

use crate::cli::Link;
use crate::config::Config;
use crate::{kek, output, wiring};

const HEAD: [&str; 6] = ["match", "trainee", "application", "score", "rules", "version"];

/// Links until the head, or until told to stop.
pub(crate) async fn run(args: &Link, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    let (clock, kek) = (wiring::clock(), kek::load(config)?);
    let edge = Edge {
        clock: &*clock,
        kek: &kek,
    };
    let writing = if args.dry_run {
        Writing::DryRun
    } else {
        Writing::Publish
    };
    let until = if args.follow { Until::Stopped } else { Until::Head };
    let bar = output::bar(0, "reading the log");
    let mut rows: Vec<Vec<String>> = Vec::new();
    let on_step = |step: Step<'_>| match step {
        Step::Read { sequence, head } => {
            bar.set_length(head);
            bar.set_position(sequence);
        }
        Step::Told(matched) if args.json => bar.suspend(|| output::json(&shown(matched))),
        Step::Told(matched) if args.follow => bar.suspend(|| output::data(&cells(matched).join("  "))),
        Step::Told(matched) => rows.push(cells(matched)),
    };
    let stop = wiring::asked_to_stop();
    let report = ltr_link::run(&LinkConfig::default(), &log, &edge, until, writing, stop, on_step).await;
    bar.finish_and_clear();
    if !rows.is_empty() {
        output::data(&output::table(&HEAD, &rows));
    }
    let report = report?;
    if args.json {
        output::json(&json!({
            "sequence": report.sequence,
            "matches": report.matches,
            "undecodable": report.undecodable,
            "dry_run": args.dry_run,
        }));
        return Ok(());
    }
    output::note(&format!(
        "read up to sequence {}: {} {} matches{}",
        report.sequence,
        if args.dry_run {
            "would publish"
        } else {
            "published"
        },
        report.matches,
        if report.undecodable > 0 {
            format!(", {} messages could not be decoded", report.undecodable)
        } else {
            String::new()
        }
    ));
    Ok(())
}

fn cells(matched: &LinkMatched) -> Vec<String> {
    vec![
        matched.verdict.token().to_owned(),
        matched.pair.greater().to_string(),
        matched.pair.lesser().to_string(),
        matched.score.to_string(),
        matched.rules.join(" "),
        matched.rule_version.to_string(),
    ]
}

fn shown(matched: &LinkMatched) -> serde_json::Value {
    json!({
        "verdict": matched.verdict.token(),
        "pair": [matched.pair.lesser().to_string(), matched.pair.greater().to_string()],
        "score": matched.score,
        "rules": matched.rules,
        "rule_version": matched.rule_version,
    })
}
