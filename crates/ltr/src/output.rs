//! Printing: data to standard output, everything else to standard error. Tables align by characters.

use std::io::Write;

/// A line of data. A reader that went away is no failure.
pub(crate) fn data(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// A line for the person at the terminal.
pub(crate) fn note(line: &str) {
    // Nothing can be done about a standard error that is gone.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// One JSON value on one line of data.
pub(crate) fn json(value: &serde_json::Value) {
    data(&value.to_string());
}

/// A progress bar on a terminal; nothing elsewhere.
pub(crate) fn bar(total: u64, what: &str) -> indicatif::ProgressBar {
    let style =
        indicatif::ProgressStyle::with_template("{msg} {bar:40} {human_pos}/{human_len} {per_sec} {eta}")
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(total)
        .with_style(style)
        .with_message(what.to_owned())
}

/// A table with a head; columns as wide as their widest cell, the last one unpadded.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for (index, (cell, width)) in cells.zip(&widths).enumerate() {
            if index > 0 {
                line.push_str("  ");
            }
            line.push_str(cell);
            line.extend(std::iter::repeat_n(
                ' ',
                width.saturating_sub(cell.chars().count()),
            ));
        }
        line.trim_end().to_owned()
    };
    let mut lines = vec![line(&mut head.iter().copied())];
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_nothing_trails() {
        let rows = vec![vec!["é".into(), "2".into()], vec!["long".into(), String::new()]];
        assert_eq!(table(&["a", "b"], &rows), "a     b\né     2\nlong");
    }
}
