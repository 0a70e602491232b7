//! A document as one self-contained page: no scripts, nothing fetched, printable. Everything that comes from data is
//! escaped here and nowhere else.

use std::fmt::Write;

use super::{Block, Document, timeline};

const STYLE: &str = "\
body{font:16px/1.5 Georgia,'Times New Roman',serif;color:#0b0c0c;background:#fff;max-width:62rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid #b1b4b6}
p{margin:.5rem 0}table{border-collapse:collapse;width:100%;margin:1rem 0;font:13px/1.4 Arial,Helvetica,sans-serif}
caption{text-align:left;font-weight:bold;padding:.3rem 0}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #b1b4b6;overflow-wrap:anywhere}
thead th{border-bottom:2px solid #0b0c0c}tbody th{font-weight:normal}
pre{font:12px/1.4 'Courier New',monospace;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #b1b4b6;padding:.7rem}
figure{margin:1rem 0}figcaption{font-size:13px}svg{max-width:100%;height:auto}
@page{margin:18mm}@media print{body{margin:0;max-width:none;padding:0;font-size:11pt}h2{break-after:avoid}tr,figure{break-inside:avoid}thead{display:table-header-group}}
";

/// The page.
pub(super) fn page(document: &Document) -> String {
    let mut page = String::new();
    let title = escaped(&document.title);
    // Writing into a string cannot fail.
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    );
    for block in &document.blocks {
        page.push_str(&of(block));
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn of(block: &Block) -> String {
    match block {
        Block::Heading(text) => format!("<h2>{}</h2>\n", escaped(text)),
        Block::Say(text) => format!("<p>{}</p>\n", escaped(text)),
        Block::Verbatim(text) => format!("<pre>{}</pre>\n", escaped(text)),
        Block::Table { caption, head, rows } => table(caption, head, rows),
        Block::Timeline { caption, bars } => timeline::svg(caption, bars),
    }
}

fn table(caption: &str, head: &[&'static str], rows: &[Vec<String>]) -> String {
    let mut table = format!("<table>\n<caption>{}</caption>\n<thead><tr>", escaped(caption));
    for cell in head {
        let _ = write!(table, "<th scope=\"col\">{}</th>", escaped(cell));
    }
    table.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        table.push_str("<tr>");
        for (index, cell) in row.iter().enumerate() {
            let cell = escaped(cell);
            let _ = if index == 0 {
                write!(table, "<th scope=\"row\">{cell}</th>")
            } else {
                write!(table, "<td>{cell}</td>")
            };
        }
        table.push_str("</tr>\n");
    }
    table.push_str("</tbody>\n</table>\n");
    table
}

/// A text without any letter that means something in HTML, in elements and in quoted attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // What HTML cannot hold at all.
            control if control.is_control() && !matches!(control, '\n' | '\t') => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
