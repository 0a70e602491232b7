//! Bars over time, drawn as inline SVG: shades for how sure an answer is, dashes for what was not believed, so that
//! they can be told apart on paper and without colour.

use std::fmt::Write;

use jiff::civil::Date;

use super::html::escaped;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    /// What it stands for.
    pub(crate) label: String,
    /// Its first day.
    pub(crate) from: Date,
    /// The day after its last; `None`: it goes on.
    pub(crate) to: Option<Date>,
    /// How it is drawn.
    pub(crate) shade: Shade,
}

/// How a bar is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shade {
    /// Filled: confirmed, or taken.
    Full,
    /// Half: provisional.
    Half,
    /// Light, with a solid line: presumed.
    Light,
    /// Empty, dashed: lost, or unknown.
    Dashed,
}

const WIDTH: i64 = 960;
const LABELS: i64 = 330;
const ROW: i64 = 24;
const TOP: i64 = 26;
const YEARS_MAX: i64 = 12;

/// The figure; empty where there is nothing to draw.
pub(super) fn svg(caption: &str, bars: &[Bar]) -> String {
    let starts = bars.iter().map(|bar| bar.from);
    let ends = bars.iter().filter_map(|bar| bar.to);
    let (Some(first), Some(last)) = (starts.clone().min(), starts.chain(ends).max()) else {
        return String::new();
    };
    // What goes on is drawn a while beyond the last day there is.
    let days = (last.duration_since(first).as_hours() / 24).max(30);
    let end = days + days / 12 + 1;
    let x = |day: Date| {
        let since = day.duration_since(first).as_hours() / 24;
        LABELS + since * (WIDTH - LABELS) / end
    };
    let height = TOP + ROW * i64::try_from(bars.len()).unwrap_or(0) + 8;
    let caption = escaped(caption);
    let mut svg = format!(
        "<figure>\n<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{caption}\" font-family=\"Arial,Helvetica,sans-serif\" font-size=\"12\">\n"
    );
    // As many years as there is room to write; the first day stands to the left of its line.
    let step = usize::try_from(days / 365 / YEARS_MAX + 1).unwrap_or(1);
    let new_years = (first.year() + 1..=last.year() + 1).map(|year| jiff::civil::date(year, 1, 1));
    for day in std::iter::once(first).chain(new_years.step_by(step)) {
        let at = x(day);
        if at > WIDTH - 30 {
            continue;
        }
        let label = if day == first {
            format!("<text x=\"{}\" y=\"13\" text-anchor=\"end\">{day}</text>", at - 4)
        } else {
            format!("<text x=\"{at}\" y=\"13\">{}</text>", day.year())
        };
        let _ = writeln!(
            svg,
            "<line x1=\"{at}\" y1=\"18\" x2=\"{at}\" y2=\"{height}\" stroke=\"#b1b4b6\"/>{label}"
        );
    }
    for (index, bar) in bars.iter().enumerate() {
        let top = TOP + ROW * i64::try_from(index).unwrap_or(0);
        let from = x(bar.from);
        let width = (bar.to.map_or(WIDTH, x) - from).max(2);
        let (fill, line) = match bar.shade {
            Shade::Full => ("#1d70b8", "stroke=\"#003078\""),
            Shade::Half => ("#8eb8dc", "stroke=\"#003078\""),
            Shade::Light => ("#e8f1f8", "stroke=\"#003078\""),
            Shade::Dashed => ("#ffffff", "stroke=\"#505a5f\" stroke-dasharray=\"4 3\""),
        };
        let label = escaped(&bar.label);
        let middle = top + 15;
        let _ = writeln!(
            svg,
            "<text x=\"0\" y=\"{middle}\">{label}</text>\
             <rect x=\"{from}\" y=\"{top}\" width=\"{width}\" height=\"18\" fill=\"{fill}\" {line}><title>{label}: \
             {} to {}</title></rect>",
            bar.from,
            bar.to
                .map_or_else(|| "as far as is known".to_owned(), |to| to.to_string())
        );
    }
    let _ = write!(svg, "</svg>\n<figcaption>{caption}</figcaption>\n</figure>\n");
    svg
}
