//! `ltr project`: folds the log into the store.

use ltr_project::{Config as ProjectConfig, Progress, Until, calendar};

use crate::cli::Project;
use crate::config::Config;
use crate::{output, wiring};

/// Projects until told to stop, or until the head.
pub(crate) async fn run(args: &Project, settings: &Config) -> anyhow::Result<()> {
    let log = wiring::log(settings, None).await?;
    let store = wiring::store(settings).await?;
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
    let (config, clock) = (ProjectConfig::default(), wiring::clock());
    let projecting = ltr_project::run(&config, &log, &store, until, stop, on_progress);
    let done = match until {
        Until::Head => projecting.await?,
        // Whoever projects for ever tells the milestones too; of several only one does.
        Until::Stopped => tokio::select! {
            done = projecting => done?,
            never = calendar::keep(&log, &*clock) => match never {},
        },
    };
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
