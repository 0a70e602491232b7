//! `ltr quarantine list`.

use ltr_ports::store::Store;
use serde_json::json;

use crate::cli::QuarantineList;
use crate::config::Config;
use crate::{output, wiring};

/// Lists rows in quarantine.
pub(crate) async fn list(args: &QuarantineList, config: &Config) -> anyhow::Result<()> {
    let rows = wiring::store(config).await?.quarantine(args.count).await?;
    if args.json {
        for row in &rows {
            output::json(&json!({
                "id": row.message.id,
                "feed": row.message.feed.to_string(),
                "code": row.message.code,
                "reason": row.message.reason,
                "place": row.message.place,
                "delivery": row.message.delivery.to_string(),
                "sequence": row.sequence,
                "first_seen_at": row.first_seen_at.to_string(),
                "last_seen_at": row.last_seen_at.to_string(),
            }));
        }
        return Ok(());
    }
    if rows.is_empty() {
        output::note("nothing is in quarantine");
        return Ok(());
    }
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                row.message.feed.to_string(),
                row.message.code.clone(),
                row.message.place.clone(),
                row.last_seen_at.to_string(),
                row.message.reason.clone(),
            ]
        })
        .collect();
    output::data(&output::table(
        &["feed", "code", "place", "last seen", "reason"],
        &cells,
    ));
    Ok(())
}
