//! The most memory that this process had at once, as Linux tells it.

use std::fs;

/// Begins a new peak. Where that cannot be done, the peak is of the whole run.
pub(crate) fn begin_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The peak since it was begun, in bytes; `None` where the system does not tell.
pub(crate) fn peak_bytes() -> Option<u64> {
    peak_in(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The "high water mark" of resident memory in a process's status.
fn peak_in(status: &str) -> Option<u64> {
    let told = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = told.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_in_bytes() {
        let status = "Name:\tltr-bench\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(peak_in(status), Some(2 * 1024 * 1024));
        assert_eq!(peak_in("Name:\tltr-bench\n"), None);
    }
}
