//! How long processes have had a core, as Linux tells it: what a figure costs, however busy the machine is otherwise.

use std::fs;
use std::time::Duration;

/// What a "clock tick" of `/proc` is.
const TICK: Duration = Duration::from_millis(10);

/// How long this process has had a core; `None` where the system does not tell.
pub(crate) fn own() -> Option<Duration> {
    Some(read(std::process::id())?.own)
}

/// How long a process has had a core, with its children, those that ended included; `None` likewise.
pub(crate) fn with_children(process: u32) -> Option<Duration> {
    let parent = read(process)?;
    let others = fs::read_dir("/proc").ok()?.filter_map(|entry| {
        let process = entry.ok()?.file_name().to_str()?.parse().ok()?;
        read(process)
    });
    let children = others.filter(|other| other.parent == process);
    Some(parent.own + parent.ended + children.map(|child| child.own + child.ended).sum::<Duration>())
}

/// A line of `/proc/PID/stat`.
#[derive(Debug, PartialEq, Eq)]
struct Process {
    parent: u32,
    own: Duration,
    /// Of children that ended.
    ended: Duration,
}

fn read(process: u32) -> Option<Process> {
    parse(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// The program's name is in brackets and may hold anything; the fields are counted from behind it.
fn parse(stat: &str) -> Option<Process> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| Some(TICK * fields.get(field)?.parse().ok()?);
    Some(Process {
        parent: fields.get(1)?.parse().ok()?,
        own: ticks(11)? + ticks(12)?,
        ended: ticks(13)? + ticks(14)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_process_is_read() {
        let line = "17 (post) gres) S 5 17 17 0 -1 4194560 9 0 0 0 7 3 20 1 20 0 1 0 99 1000 10";
        let expected = Process {
            parent: 5,
            own: TICK * 10,
            ended: TICK * 21,
        };
        assert_eq!(parse(line), Some(expected));
        assert_eq!(parse("17 (postgres"), None);
    }
}
