//! Processor time of processes, as Linux tells it. Others on the machine lengthen how long a thing takes, but hardly the
//! processor time it costs.

use std::fs;
use std::time::Duration;

/// How many ticks a second has in what Linux tells of a process.
const TICKS_PER_SECOND: u64 = 100;

/// The processor time of this process so far; `None` where the system does not tell.
pub(crate) fn own() -> Option<Duration> {
    of("self")
}

/// The processor time of another process so far, likewise.
pub(crate) fn of_process(id: u32) -> Option<Duration> {
    of(&id.to_string())
}

fn of(process: &str) -> Option<Duration> {
    in_stat(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// Time in the program and time in the system for it: the fourteenth and fifteenth field, of which the second is a name
/// in parentheses and may hold anything.
fn in_stat(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let ticks = ticks()? + ticks()?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_times_are_read_behind_a_name_that_looks_like_fields() {
        let stat = "7 (a) 1 2) S 1 7 7 0 -1 4194560 100 0 3 0 250 50 0 0 20 0 5 0 99 1 2";
        assert_eq!(in_stat(stat), Some(Duration::from_secs(3)));
        assert_eq!(in_stat("7 (a) S 1"), None);
    }
}
