//! `ltr migrate`.

use crate::config::Config;
use crate::{output, wiring};

/// Brings the schema up to date.
pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    let report = wiring::migrate(config).await?;
    output::note(&match report.applied.as_slice() {
        [] => format!("the schema is up to date: version {}", report.to),
        applied => format!(
            "the schema is at version {}, from {}: {}",
            report.to,
            report.from,
            applied.join(", ")
        ),
    });
    Ok(())
}
