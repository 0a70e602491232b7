//! A bar chart of a year in block characters.

use super::Line;

/// Columns of the bar that reaches to the whole.
const RIGHT_WIDTH: u64 = 34;

/// Columns of the bars that reach to the largest share only.
const REST_WIDTH: u64 = 20;

/// A bar's last column, by eighths of it.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Shares are of so many.
const WHOLE: u64 = 100_000;

/// By month: right of the whole, uncertain and wrong each on a scale of its own, for they are small.
pub(crate) fn chart(months: &[Line]) -> String {
    let most = |part: fn(&Line) -> u64| {
        let shares = months.iter().map(|line| share(part(line), line.person_days));
        scale(shares.max().unwrap_or(0))
    };
    let (uncertain, wrong) = (most(|line| line.uncertain), most(|line| line.wrong));
    let right_width = usize::try_from(RIGHT_WIDTH).unwrap_or(0);
    let rest_width = usize::try_from(REST_WIDTH).unwrap_or(0);
    let row = |month: &str, right: &str, uncertain: &str, wrong: &str| {
        let row =
            format!("{month:<7}  {right:<right_width$}  {uncertain:<rest_width$}  {wrong:<rest_width$}");
        row.trim_end().to_owned()
    };
    let head = row(
        "month",
        "right, to 100%",
        &format!("uncertain, to {}", label(uncertain)),
        &format!("wrong, to {}", label(wrong)),
    );
    let rows = months.iter().map(|line| {
        let bar = |part, scale, width| bar(part, line.person_days, scale, width);
        row(
            &line.of,
            &bar(line.right, WHOLE, RIGHT_WIDTH),
            &bar(line.uncertain, uncertain, REST_WIDTH),
            &bar(line.wrong, wrong, REST_WIDTH),
        )
    });
    [head].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

fn share(part: u64, whole: u64) -> u64 {
    (part * WHOLE).div_ceil(whole.max(1))
}

/// The next of 1, 2, 5, 10, 20 and so on, and of the tenths and hundredths of a per cent below.
fn scale(share: u64) -> u64 {
    let mut decade = 10;
    loop {
        let found = [1, 2, 5].into_iter().map(|step| step * decade);
        if let Some(found) = found.into_iter().find(|scale| *scale >= share) {
            return found.min(WHOLE);
        }
        decade *= 10;
    }
}

fn label(scale: u64) -> String {
    match (scale / 1_000, scale % 1_000 / 10) {
        (whole, 0) => format!("{whole}%"),
        (whole, hundredths) => format!("{whole}.{hundredths:02}%"),
    }
}

/// What is there at all is seen: the least is an eighth of a column. What is not whole is not shown as such.
fn bar(part: u64, whole: u64, scale: u64, width: u64) -> String {
    let eighths = part * WHOLE * width * 8 / (whole.max(1) * scale);
    let eighths = eighths.clamp(u64::from(part > 0), width * 8);
    let full = usize::try_from(eighths / 8).unwrap_or(0);
    let rest = usize::try_from(eighths % 8).unwrap_or(0);
    let mut bar = "█".repeat(full);
    bar.push_str(EIGHTHS.get(rest).copied().unwrap_or(""));
    bar
}
