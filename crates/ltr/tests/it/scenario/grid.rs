//! Who stood where, around every day on which something arrived or the calendar turned: on the day before, the day itself
//! and the day after, as known on each of the three. Held against the tables under `tests/scenarios/grids`.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_api::client::Client;
use ltr_domain::calendar::{days_after, reached_between};
use ltr_domain::policy::Policy;
use ltr_domain::time::{end_of_london_day, london_date};
use ltr_proto::record::{AsOf, GetTeacherRequest};
use ltr_proto::view;

use super::{Expected, Line, Script};

/// The three days around one, by the words of the table.
const AROUND: [(i32, &str); 3] = [(-1, "day before"), (0, "on the day"), (1, "day after")];

/// The table of a script that was played to its end; nothing is known later than `now`.
pub(super) async fn of(script: &Script, client: &mut Client, now: Timestamp) -> String {
    let days = days(script);
    let Some(end) = days.last().copied() else {
        return String::new();
    };
    let mut table = String::from(
        "# Stage and certainty around every day of the script; each line as known on one day, each column on one day.\n",
    );
    for id in ids(script) {
        write!(table, "\n{id}\n").expect("a string takes it");
        for day in &days {
            let mut lines: Vec<(&str, [String; 3])> = Vec::new();
            for (known, name) in AROUND {
                let known_on = days_after(*day, known);
                if known_on > end {
                    continue;
                }
                let mut cells = [const { String::new() }; 3];
                for (cell, (on, _)) in cells.iter_mut().zip(AROUND) {
                    *cell = ask(
                        client,
                        &id,
                        days_after(*day, on),
                        end_of_london_day(known_on).min(now),
                    )
                    .await;
                }
                lines.push((name, cells));
            }
            // What nobody learnt anything about around that day is told in one line.
            let is_same = lines.windows(2).all(|pair| pair[0].1 == pair[1].1);
            if is_same {
                lines.truncate(1);
            }
            for (index, (name, [before, same, after])) in lines.iter().enumerate() {
                let date = if index == 0 {
                    day.to_string()
                } else {
                    String::new()
                };
                let name = if is_same { "all three" } else { name };
                let line = format!("  {date:<10}  known {name:<10}  {before:<28}  {same:<28}  {after}");
                writeln!(table, "{}", line.trim_end()).expect("a string takes it");
            }
        }
    }
    table
}

/// The days on which something arrived, was decided or adopted, and those of the calendar in between.
fn days(script: &Script) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = script
        .lines
        .iter()
        .filter_map(|(_, line)| match line {
            Line::Arrive(arrival) => Some(london_date(arrival.at)),
            Line::Adopt(adoption) => Some(london_date(adoption.at)),
            Line::Clock(at) => Some(london_date(*at)),
            Line::Judge(_) | Line::Review(_) | Line::Expect(_) => None,
        })
        .collect();
    if let (Some(first), Some(last)) = (days.first().copied(), days.last().copied()) {
        let reached = reached_between(first, last, &Policy::first().calendar);
        days.extend(reached.iter().map(|reached| reached.on));
    }
    days
}

/// Whom the script asks about, in its order.
fn ids(script: &Script) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for (_, line) in &script.lines {
        if let Line::Expect(Expected { id, .. }) = line
            && !ids.contains(id)
        {
            ids.push(id.clone());
        }
    }
    ids
}

async fn ask(client: &mut Client, id: &str, on: Date, known: Timestamp) -> String {
    let request = GetTeacherRequest {
        name: format!("teachers/{id}"),
        as_of: Some(AsOf {
            effective_on: on.to_string(),
            known_at: Some(view::timestamp(known)),
        }),
        read_mask: None,
        at_least_as_fresh: String::new(),
    };
    match client.get_teacher(request).await {
        Err(status) if status.code() == tonic::Code::NotFound => "nobody".to_owned(),
        Err(status) => panic!("{id} on {on}, known at {known}: {status}"),
        Ok(answer) => {
            let teacher = answer.into_inner().teacher.expect("an answer has a teacher");
            let stage = view::stage_token(teacher.stage());
            let headline = teacher.headline.clone().unwrap_or_default();
            let certainty = view::certainty_token(headline.certainty());
            let short: String = certainty.chars().take(4).collect();
            format!("{stage} {short}")
        }
    }
}
