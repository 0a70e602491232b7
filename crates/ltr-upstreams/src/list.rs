//! Pages of a list, and what lists suffer: rows that move between two pages, come twice, in another order, or not at all.

use serde_json::Value;

use crate::faults::{Fault, Faults};
use crate::service::Ask;

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) number: i64,
    pub(crate) per_page: usize,
    pub(crate) rows_in_all: usize,
}

impl<T> Page<T> {
    /// How many pages there are; one, if there is no row.
    pub(crate) fn pages(&self) -> i64 {
        pages(self.rows_in_all, self.per_page)
    }
}

fn pages(rows: usize, per_page: usize) -> i64 {
    i64::try_from(rows.div_ceil(per_page).max(1)).unwrap_or(i64::MAX)
}

/// The page of that number, or how many pages there are if it is none of them.
pub(crate) fn page<T: Clone>(
    faults: &Faults,
    ask: &Ask,
    mut rows: Vec<T>,
    number: i64,
    per_page: usize,
) -> Result<Page<T>, i64> {
    if faults.spell(Fault::ShortList, ask.service, ask.now).is_some() {
        rows.truncate(rows.len().div_ceil(2));
    }
    if faults.spell(Fault::EmptyList, ask.service, ask.now).is_some() {
        rows.clear();
    }
    let rows_in_all = rows.len();
    let last = pages(rows_in_all, per_page);
    if !(1..=last).contains(&number) {
        return Err(last);
    }
    let before = usize::try_from(number - 1).unwrap_or(0) * per_page;
    let mut from = before;
    if number > 1 && faults.strikes(Fault::DriftingPages, 8, &ask.what, ask.nth) {
        let is_early = faults
            .draw(Fault::DriftingPages, "which way", ask.nth)
            .is_multiple_of(2);
        from = if is_early { before - 1 } else { before + 1 };
    }
    let mut rows: Vec<T> = rows.into_iter().skip(from).take(per_page).collect();
    if faults.strikes(Fault::DuplicatedRows, 10, &ask.what, ask.nth)
        && let Some(row) = rows.first().cloned()
    {
        rows.push(row);
    }
    Ok(Page {
        rows,
        number,
        per_page,
        rows_in_all,
    })
}

/// Puts rows, and what is listed inside them, into another order, if the fault is on.
pub(crate) fn reorder(faults: &Faults, ask: &Ask, rows: &mut [Value]) {
    if !faults.has(Fault::ReorderedRows) {
        return;
    }
    let seed = faults.draw(Fault::ReorderedRows, &ask.what, ask.nth);
    rotate(rows, seed);
    for row in rows {
        reorder_inside(row, seed);
    }
}

fn reorder_inside(value: &mut Value, seed: u64) {
    match value {
        Value::Array(items) => {
            // Previous names have no id and no date: their order is all there is of it, so it stays.
            if items.iter().all(|item| item.is_object()) && !items.iter().any(is_name) {
                rotate(items, seed);
            }
            for item in items {
                reorder_inside(item, seed);
            }
        }
        Value::Object(members) => {
            for (_, member) in members {
                reorder_inside(member, seed);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_name(item: &Value) -> bool {
    item.get("firstName").is_some()
}

fn rotate<T>(items: &mut [T], seed: u64) {
    if items.is_empty() {
        return;
    }
    let by = usize::try_from(seed % items.len() as u64).unwrap_or(0);
    items.rotate_left(by);
    if seed & (1 << 32) != 0 {
        items.reverse();
    }
}
