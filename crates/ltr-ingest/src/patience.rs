//! How failures of one write are borne: so many of them, with growing pauses.

use std::time::Duration;

use ltr_ports::log::LogError;

use crate::config::Config;
use crate::error::IngestError;

const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Bears the failures of one write.
pub(crate) struct Patience<'a> {
    config: &'a Config,
    doing: &'static str,
    failures: u32,
}

impl<'a> Patience<'a> {
    pub(crate) fn new(config: &'a Config, doing: &'static str) -> Self {
        Self {
            config,
            doing,
            failures: 0,
        }
    }

    /// Bears one more failure, or gives up.
    pub(crate) async fn bear(&mut self, error: LogError) -> Result<(), IngestError> {
        let can_pass = match &error {
            LogError::Determinate { .. } | LogError::Indeterminate { .. } => true,
            LogError::Unsuitable(_) => false,
        };
        if !can_pass || self.failures >= self.config.failures_max {
            return Err(IngestError::log(self.doing)(error));
        }
        tracing::warn!(doing = self.doing, failures = self.failures, %error, "trying again");
        let doubled = self
            .config
            .failure_pause_ms
            .saturating_mul(1 << self.failures.min(16));
        self.failures += 1;
        if doubled > 0 {
            tokio::time::sleep(Duration::from_millis(doubled).min(PAUSE_MAX)).await;
        }
        Ok(())
    }
}
