//! `ltr config check`.

use crate::config::Config;
use crate::output;

/// Checks the configuration and prints what is in force, without secrets.
pub(crate) fn check(config: &Config) -> anyhow::Result<()> {
    config.nats_url()?;
    config.database_url()?;
    crate::kek::load(config)?;
    output::data(&serde_json::to_string_pretty(&config.describe())?);
    Ok(())
}
