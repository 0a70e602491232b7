//! What adopting a policy would change: everybody resolved under both, nothing published.

use std::collections::BTreeMap;

use anyhow::Context;
use ltr_domain::policy::Policy;
use ltr_domain::time::KnownAt;
use ltr_ports::log::{Log, Stream};
use ltr_ports::store::{Checkpoint, PersonRow, Store};
use ltr_project::everybody::{Differing, compare};
use serde_json::json;

use crate::output;

/// People resolved at once.
const PEOPLE_MAX: u32 = 1_000;

/// People named in the text; JSON names all.
const NAMED_MAX: usize = 20;

/// Tells how many answers would change, from which stage to which, and whose, were the other policy adopted now.
pub(crate) async fn tell<L: Log, S: Store>(
    log: &L,
    store: &S,
    policies: (&Policy, &Policy),
    now: KnownAt,
    as_json: bool,
) -> anyhow::Result<()> {
    let cursor = store
        .checkpoint()
        .await?
        .context("nothing is projected yet; run `ltr project`")?;
    let last = log.facts(Stream::Events).await?.last_sequence;
    if cursor.sequence < last {
        output::note(&format!(
            "the store is {} messages behind the log",
            last - cursor.sequence
        ));
    }
    let at = Checkpoint {
        known_at: now.max(cursor.known_at),
        ..cursor
    };
    let mut people = 0;
    let mut differing: Vec<Differing> = Vec::new();
    let mut after = None;
    loop {
        let compared = compare(store, &at, policies, after, PEOPLE_MAX).await?;
        people += compared.people;
        differing.extend(compared.differing);
        match compared.last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    if as_json {
        for one in &differing {
            output::json(&json!({
                "person": one.after.person.to_string(),
                "trn": one.after.trn.map(|trn| trn.to_string()),
                "from": told(&one.before),
                "to": told(&one.after),
            }));
        }
    } else {
        tell_text(&differing);
    }
    output::note(&format!(
        "{} of {people} answers would change on {}; nothing was published",
        differing.len(),
        at.known_at.london_date()
    ));
    Ok(())
}

fn tell_text(differing: &[Differing]) {
    if differing.is_empty() {
        return;
    }
    let mut moves: BTreeMap<(String, String), usize> = BTreeMap::new();
    for one in differing {
        *moves.entry((named(&one.before), named(&one.after))).or_default() += 1;
    }
    let rows: Vec<_> = moves
        .into_iter()
        .map(|((from, to), count)| vec![from, to, count.to_string()])
        .collect();
    output::data(&output::table(&["from", "to", "people"], &rows));
    output::data("");
    let rows: Vec<_> = differing
        .iter()
        .take(NAMED_MAX)
        .map(|one| {
            let trn = one.after.trn.map(|trn| trn.to_string());
            let name = trn.unwrap_or_else(|| format!("person:{}", one.after.person));
            vec![name, named(&one.before), named(&one.after)]
        })
        .collect();
    output::data(&output::table(&["teacher", "from", "to"], &rows));
    if differing.len() > NAMED_MAX {
        output::note(&format!(
            "and {} more; --json names all",
            differing.len() - NAMED_MAX
        ));
    }
}

fn named(row: &PersonRow) -> String {
    format!("{} ({})", row.stage, row.certainty)
}

fn told(row: &PersonRow) -> serde_json::Value {
    json!({
        "stage": row.stage,
        "certainty": row.certainty,
        "review_on": row.review_on.map(|on| on.to_string()),
        "record_digest": ltr_proto::hex::encode(&row.digest),
    })
}
