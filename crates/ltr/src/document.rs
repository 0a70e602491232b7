//! A document of headings, sentences and tables, told as text good at 100 columns or as one printable page: what is
//! said is written once.

use crate::output;

mod html;
mod timeline;

pub(crate) use timeline::{Bar, Shade};

/// How wide text may be.
const COLUMNS: usize = 100;

/// No column is made narrower than this.
const CELL_MIN: usize = 8;

/// One part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A heading.
    Heading(String),
    /// One or more sentences.
    Say(String),
    /// A table; the first cell of a row names it.
    Table {
        /// What it holds.
        caption: String,
        /// The heads of its columns.
        head: Vec<&'static str>,
        /// Its rows.
        rows: Vec<Vec<String>>,
    },
    /// Bars over time; on the page only.
    Timeline {
        /// What it shows, for those who cannot see it.
        caption: String,
        /// The bars, from top to bottom.
        bars: Vec<Bar>,
    },
    /// Text that is kept as it is; on the page in a box.
    Verbatim(String),
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    /// What it is about.
    pub(crate) title: String,
    /// Its parts.
    pub(crate) blocks: Vec<Block>,
}

impl Document {
    /// An empty one.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            blocks: Vec::new(),
        }
    }

    /// Adds a heading.
    pub(crate) fn heading(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(text.into()));
    }

    /// Adds sentences.
    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Say(text.into()));
    }

    /// Adds a table, unless it is empty.
    pub(crate) fn table(
        &mut self,
        caption: impl Into<String>,
        head: &[&'static str],
        rows: Vec<Vec<String>>,
    ) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table {
                caption: caption.into(),
                head: head.to_vec(),
                rows,
            });
        }
    }

    /// As text.
    pub(crate) fn text(&self) -> String {
        let mut parts = vec![wrapped(&self.title, "", "")];
        for block in &self.blocks {
            match block {
                Block::Heading(text) => parts.push(format!("\n{text}\n{}", "-".repeat(text.chars().count()))),
                Block::Say(text) => parts.push(wrapped(text, "  ", "    ")),
                Block::Table { head, rows, .. } => {
                    let table = output::table(head, &fitted(head, rows));
                    let indented: Vec<_> = table.lines().map(|line| format!("  {line}")).collect();
                    parts.push(format!("\n{}", indented.join("\n")));
                }
                Block::Timeline { .. } => {}
                Block::Verbatim(text) => parts.push(text.clone()),
            }
        }
        parts.join("\n")
    }

    /// As one page that needs nothing beside it.
    pub(crate) fn html(&self) -> String {
        html::page(self)
    }
}

/// The rows with their widest cells broken into several lines, so that the table stays within its columns.
fn fitted(head: &[&str], rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    // Two spaces between columns, and two before the table.
    let room = COLUMNS.saturating_sub(2 * widths.len());
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max_by_key(|width| **width) else {
            break;
        };
        if *widest <= CELL_MIN {
            break;
        }
        *widest -= 1;
    }
    rows.iter().flat_map(|row| lines_of(row, &widths)).collect()
}

/// One row as as many as its longest cell needs.
fn lines_of(row: &[String], widths: &[usize]) -> Vec<Vec<String>> {
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| pieces(cell, *width))
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|line| {
            let piece = |cell: &Vec<String>| cell.get(line).cloned().unwrap_or_default();
            cells.iter().map(piece).collect()
        })
        .collect()
}

/// A cell in pieces no wider than that, broken after a space, comma, slash, underscore or full stop where there is one.
fn pieces(cell: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest: Vec<char> = cell.chars().collect();
    let width = width.max(1);
    while rest.len() > width {
        let after = rest
            .iter()
            .take(width)
            .rposition(|letter| [' ', ',', '/', '_', '.'].contains(letter))
            .map_or(width, |at| at + 1);
        let piece: String = rest.drain(..after).collect();
        pieces.push(piece.trim().to_owned());
    }
    pieces.push(rest.into_iter().collect::<String>().trim().to_owned());
    pieces
}

/// Breaks a text into lines at its spaces. A word that is longer than a line stands alone.
fn wrapped(text: &str, first: &str, next: &str) -> String {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > COLUMNS {
            lines.push(std::mem::replace(&mut line, next.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests;
