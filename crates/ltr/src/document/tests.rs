use jiff::civil::date;

use super::timeline::Shade;
use super::*;

fn sample() -> Document {
    let mut document = Document::new("A & B <script>alert(1)</script>");
    document.heading("Why \"so\"?");
    document.say("one two ".repeat(40));
    document.table(
        "Claims",
        &["source", "value"],
        vec![vec![
            "<img src=x onerror='alert(1)'>".into(),
            format!("a\u{0}b {}", "register/trainee/abc, ".repeat(12)),
        ]],
    );
    document.blocks.push(Block::Timeline {
        caption: "bars \"quoted\"".into(),
        bars: vec![Bar {
            label: "</svg><script>".into(),
            from: date(2026, 9, 1),
            to: None,
            shade: Shade::Full,
        }],
    });
    document.blocks.push(Block::Verbatim("</pre><b>".into()));
    document
}

#[test]
fn text_stays_within_its_columns() {
    let text = sample().text();
    assert!(text.lines().all(|line| line.chars().count() <= COLUMNS), "{text}");
    assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
    let (first, next) = ("  one two", "    ");
    assert!(text.lines().any(|line| line.starts_with(first)), "{text}");
    assert!(text.lines().any(|line| line.starts_with(next)), "{text}");
}

#[test]
fn cells_are_broken_and_nothing_of_them_is_lost() {
    let cell = "one, two/three_four.five six";
    for width in 1..40 {
        let broken = pieces(cell, width);
        assert!(
            broken.iter().all(|piece| piece.chars().count() <= width),
            "{width}"
        );
        let whole: String = broken.concat();
        assert_eq!(whole.replace(' ', ""), cell.replace(' ', ""), "{width}");
    }
}

#[test]
fn nothing_from_data_becomes_markup() {
    let html = sample().html();
    for broken in [
        "<script",
        "<img",
        "onerror='",
        "</pre><b>",
        "</svg><",
        "\u{0}",
        "\"quoted\"",
    ] {
        assert!(!html.contains(broken), "{broken}: {html}");
    }
    assert!(html.contains("A &amp; B &lt;script&gt;"));
}

#[test]
fn a_page_needs_nothing_beside_it_and_closes_what_it_opens() {
    let html = sample().html();
    for fetched in ["http://", "https://", "src=\"", "url(", "@import", "<link"] {
        assert!(!html.contains(fetched), "{fetched}");
    }
    for element in [
        "html", "head", "body", "main", "h1", "h2", "p", "table", "thead", "tbody", "tr", "svg", "figure",
    ] {
        let opened =
            html.matches(&format!("<{element}>")).count() + html.matches(&format!("<{element} ")).count();
        assert_eq!(
            opened,
            html.matches(&format!("</{element}>")).count(),
            "{element}"
        );
    }
    assert!(html.contains("<th scope=\"col\">source</th>"));
    assert!(html.contains("role=\"img\" aria-label="));
}
