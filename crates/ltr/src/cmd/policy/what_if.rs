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
    let mut tally = Tally::default();
    let mut after = None;
    loop {
        let compared = compare(store, &at, policies, after, PEOPLE_MAX).await?;
        tally.people += compared.people;
        for one in &compared.differing {
            tally.take(one);
            if as_json {
                tell_json(one);
            }
        }
        match compared.last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    if !as_json {
        tally.tell();
    }
    output::note(&format!(
        "{} of {} answers would change on {}; nothing was published",
        tally.differing,
        tally.people,
        at.known_at.london_date()
    ));
    Ok(())
}

/// What is kept of everybody, however many they are.
#[derive(Default)]
struct Tally {
    people: usize,
    differing: usize,
    moves: BTreeMap<(String, String), usize>,
    /// The first of those who differ.
    first: Vec<Vec<String>>,
}

impl Tally {
    fn take(&mut self, one: &Differing) {
        let (from, to) = (named(&one.before), named(&one.after));
        if self.first.len() < NAMED_MAX {
            let trn = one.after.trn.map(|trn| trn.to_string());
            let name = trn.unwrap_or_else(|| format!("person:{}", one.after.person));
            self.first.push(vec![name, from.clone(), to.clone()]);
        }
        *self.moves.entry((from, to)).or_default() += 1;
        self.differing += 1;
    }

    fn tell(&self) {
        if self.differing == 0 {
            return;
        }
        let moves = self.moves.iter();
        let rows: Vec<_> = moves
            .map(|((from, to), count)| vec![from.clone(), to.clone(), count.to_string()])
            .collect();
        output::data(&output::table(&["from", "to", "people"], &rows));
        output::data("");
        output::data(&output::table(&["teacher", "from", "to"], &self.first));
        if self.differing > self.first.len() {
            let more = self.differing - self.first.len();
            output::note(&format!("and {more} more; --json names all"));
        }
    }
}

fn tell_json(one: &Differing) {
    output::json(&json!({
        "person": one.after.person.to_string(),
        "trn": one.after.trn.map(|trn| trn.to_string()),
        "from": told(&one.before),
        "to": told(&one.after),
    }));
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
