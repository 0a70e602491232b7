//! `ltr quarantine list`.

use ltr_ports::store::{QuarantineRow, Releases, Store};
use ltr_sources::codes::owner;
use serde_json::json;

use crate::cli::QuarantineList;
use crate::config::Config;
use crate::failure::Failure;
use crate::{output, wiring};

/// So many of the rows seen last, and of the latest deliveries, are looked through.
const LOOKED_THROUGH_MAX: u32 = 100_000;

/// Lists rows in quarantine.
pub(crate) async fn list(args: &QuarantineList, config: &Config) -> anyhow::Result<()> {
    if let Some(feed) = &args.feed
        && !ltr_domain::ids::Feed::ALL
            .iter()
            .any(|one| one.to_string() == *feed)
    {
        return Err(Failure::Usage(format!("there is no feed {feed}")).into());
    }
    let store = wiring::store(config).await?;
    let (rows, deliveries) = tokio::try_join!(
        store.quarantine(LOOKED_THROUGH_MAX),
        store.deliveries(LOOKED_THROUGH_MAX)
    )?;
    let releases = Releases::of(&deliveries);
    let asked_for = rows.iter().filter(|row| is_asked_for(row, args));
    let asked_for = asked_for.filter(|row| !args.waiting || releases.released_at(row).is_none());
    let rows: Vec<&QuarantineRow> = asked_for.take(args.count as usize).collect();
    if args.json {
        for row in rows {
            let released_at = releases.released_at(row);
            output::json(&json!({
                "id": row.message.id,
                "feed": row.message.feed.to_string(),
                "code": row.message.code,
                "owner": owner(&row.message.code).token(),
                "reason": row.message.reason,
                "place": row.message.place,
                "delivery": row.message.delivery.to_string(),
                "sequence": row.sequence,
                "first_seen_at": row.first_seen_at.to_string(),
                "last_seen_at": row.last_seen_at.to_string(),
                "released_at": released_at.map(|released_at| released_at.to_string()),
            }));
        }
        return Ok(());
    }
    if rows.is_empty() {
        output::note("nothing of that kind is in quarantine");
        return Ok(());
    }
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let is_released = releases.released_at(row).is_some();
            vec![
                row.message.feed.to_string(),
                row.message.code.clone(),
                owner(&row.message.code).token().to_owned(),
                if is_released { "released" } else { "waiting" }.to_owned(),
                row.message.place.clone(),
                row.first_seen_at.to_string(),
                row.last_seen_at.to_string(),
                row.message.reason.clone(),
            ]
        })
        .collect();
    output::data(&output::table(
        &[
            "feed",
            "code",
            "owner",
            "state",
            "place",
            "first seen",
            "last seen",
            "reason",
        ],
        &cells,
    ));
    Ok(())
}

fn is_asked_for(row: &QuarantineRow, args: &QuarantineList) -> bool {
    args.feed
        .as_ref()
        .is_none_or(|feed| row.message.feed.to_string() == *feed)
        && args.code.as_ref().is_none_or(|code| row.message.code == *code)
        && args.since.is_none_or(|since| row.last_seen_at.0 >= since)
}
