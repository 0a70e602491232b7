//! The bounds of feeds as the configuration file has them: only what is other than usual.

use std::collections::BTreeMap;

use anyhow::Context;
use ltr_domain::breaker::{Bound, Bounds, Emptiness};
use ltr_domain::ids::Feed;
use serde::Deserialize;

use crate::feeding::feed_named;

/// The bounds of one feed, such as `[bounds."register/trainees"]`. What is left out is as usual.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileBounds {
    added: Option<FileBound>,
    changed: Option<FileBound>,
    absent: Option<FileBound>,
    quarantined: Option<FileBound>,
    empty: Option<FileEmptiness>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileBound {
    percent: u64,
    floor: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileEmptiness {
    Held,
    Passes,
}

/// Reads the bounds of every feed named.
pub(crate) fn read(file: &BTreeMap<String, FileBounds>) -> anyhow::Result<BTreeMap<Feed, Bounds>> {
    let bounds = file.iter().map(|(name, bounds)| {
        let feed = feed_named(name).with_context(|| format!("[bounds.{name:?}]"))?;
        Ok((feed, bounds.over(Bounds::of(feed))))
    });
    bounds.collect()
}

impl FileBounds {
    fn over(self, usual: Bounds) -> Bounds {
        let or = |own: Option<FileBound>, usual| {
            own.map_or(usual, |FileBound { percent, floor }| Bound { percent, floor })
        };
        Bounds {
            added: or(self.added, usual.added),
            changed: or(self.changed, usual.changed),
            absent: or(self.absent, usual.absent),
            quarantined: or(self.quarantined, usual.quarantined),
            empty: match self.empty {
                Some(FileEmptiness::Held) => Emptiness::Held,
                Some(FileEmptiness::Passes) => Emptiness::Passes,
                None => usual.empty,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> anyhow::Result<BTreeMap<Feed, Bounds>> {
        read(&toml::from_str(text)?)
    }

    #[test]
    fn what_is_left_out_is_as_usual() {
        let text = "[\"register/trainees\"]\nabsent = { percent = 3, floor = 7 }\nempty = \"passes\"\n";
        let expected = Bounds {
            absent: Bound { percent: 3, floor: 7 },
            empty: Emptiness::Passes,
            ..Bounds::of(Feed::RegisterTrainees)
        };
        let bounds = read_text(text).unwrap();
        assert_eq!(bounds, [(Feed::RegisterTrainees, expected)].into());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "[\"register/pupils\"]\nempty = \"held\"\n",
            "[\"register/trainees\"]\nmissing = { percent = 3, floor = 7 }\n",
            "[\"register/trainees\"]\nabsent = { percent = 3 }\n",
            "[\"register/trainees\"]\nempty = \"perhaps\"\n",
        ] {
            assert!(read_text(text).is_err(), "{text}");
        }
    }
}
