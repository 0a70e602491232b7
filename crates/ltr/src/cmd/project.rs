//! `ltr project`: folds the log into the store.

use ltr_project::{Config as ProjectConfig, Progress, Until};

use crate::cli::Project;
use crate::config::Config;
use crate::{output, wiring};

/// Projects until told to stop, or until the head.
pub(crate) async fn run(args: &Project, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    let store = wiring::store(config).await?;
    let until = if args.until_head {
        Until::Head
    } else {
        Until::Stopped
    };
    let on_progress = |progress: &Progress| {
        tracing::info!(
            sequence = progress.sequence,
            messages = progress.messages,
            "projected"
        );
    };
    let stop = wiring::asked_to_stop();
    let done = ltr_project::run(&ProjectConfig::default(), &log, &store, until, stop, on_progress).await?;
    output::note(&format!(
        "projected up to sequence {}: {} messages, {} answers written{}",
        done.sequence,
        done.messages,
        done.answers,
        if done.undecodable > 0 {
            format!(", {} messages could not be decoded", done.undecodable)
        } else {
            String::new()
        }
    ));
    Ok(())
}
