//! The days of the academic year that a policy fixes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday, date};
use ltr_domain::calendar::{Calendar, CycleEnd, Milestone, MonthDay, NthWeekday, Wave};

use crate::document::Remark;
use crate::reading::{At, Reading, Section, listed};

const KEYS: [&str; 6] = [
    "signed_off_after_months",
    "no_show_on",
    "cycle_end",
    "cycle",
    "wave",
    "milestone",
];
const CYCLE_END: [&str; 3] = ["reject_by_default", "decline_by_default", "closes"];
const CYCLE: [&str; 4] = ["year", "reject_by_default", "decline_by_default", "closes"];
const WAVE: [&str; 6] = [
    "name",
    "first_start",
    "last_start",
    "census",
    "signed_off_from",
    "note",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Reads `[calendar]`, with a remark for each wave.
pub(crate) fn read(root: &Section<'_>, reading: &mut Reading<'_>) -> Option<(Calendar, Vec<Remark>)> {
    let section = root.section("calendar", "[calendar]", &KEYS, reading)?;
    let months = section.number("signed_off_after_months", 0..=24, reading);
    let no_show_on = month_day(&section, "no_show_on", reading);
    let cycle_end = section
        .section("cycle_end", "[calendar.cycle_end]", &CYCLE_END, reading)
        .and_then(|section| cycle_end(&section, reading));
    let cycle_ends = cycle_ends(&section, reading);
    let sections = section.sections("wave", "[[calendar.wave]]", &WAVE, reading);
    let waves: Vec<Option<(At<Wave>, Remark)>> =
        sections.iter().map(|section| wave(section, reading)).collect();
    let whole: Vec<&At<Wave>> = waves.iter().flatten().map(|(wave, _)| wave).collect();
    check_overlaps(&whole, reading);
    let milestones = milestones(&section, &whole, reading);
    let (waves, remarks) = waves
        .into_iter()
        .map(|found| found.map(|(wave, remark)| (wave.value, remark)))
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .unzip();
    let calendar = Calendar {
        waves,
        signed_off_after_months: months?,
        no_show_on: no_show_on?.value,
        cycle_end: cycle_end?,
        cycle_ends: cycle_ends?,
        milestones: milestones?,
    };
    Some((calendar, remarks))
}

/// The last days of a cycle, each not before the one before it.
fn cycle_end(section: &Section<'_>, reading: &mut Reading<'_>) -> Option<CycleEnd> {
    let days = CYCLE_END.map(|key| month_day(section, key, reading));
    let [reject_by_default, decline_by_default, closes] = days;
    let (reject_by_default, decline_by_default, closes) = (reject_by_default?, decline_by_default?, closes?);
    for (key, before, after) in [
        ("decline_by_default", &reject_by_default, &decline_by_default),
        ("closes", &decline_by_default, &closes),
    ] {
        if after.value < before.value {
            let what = format!("`{key}` would be before what comes first in a cycle's end");
            let advice = "write the days in their order: reject_by_default, decline_by_default, closes";
            reading.mistake(after.at, what, advice);
        }
    }
    Some(CycleEnd {
        reject_by_default: reject_by_default.value,
        decline_by_default: decline_by_default.value,
        closes: closes.value,
    })
}

/// The cycles that ended otherwise, by year.
fn cycle_ends(section: &Section<'_>, reading: &mut Reading<'_>) -> Option<BTreeMap<i16, CycleEnd>> {
    let sections = section.sections("cycle", "[[calendar.cycle]]", &CYCLE, reading);
    let mut ends = BTreeMap::new();
    let mut is_whole = true;
    for section in &sections {
        let year = section.number("year", 2000..=2999, reading);
        let end = cycle_end(section, reading);
        let year = year.and_then(|year| i16::try_from(year).ok());
        let (Some(year), Some(end)) = (year, end) else {
            is_whole = false;
            continue;
        };
        if ends.insert(year, end).is_some() {
            let what = format!("there are two cycles of {year}");
            reading.mistake(section.at, what, "tell the end of each cycle once");
        }
    }
    is_whole.then_some(ends)
}

fn wave(section: &Section<'_>, reading: &mut Reading<'_>) -> Option<(At<Wave>, Remark)> {
    let name = name(section, reading);
    let first = month_day(section, "first_start", reading);
    let last = month_day(section, "last_start", reading);
    let census = census(section, reading);
    let signed_off_from = month_day(section, "signed_off_from", reading);
    let remark = Remark {
        authority: String::new(),
        note: section.remark("note", reading),
    };
    let wave = Wave {
        name: name?.value.to_owned(),
        first: first?.value,
        last: last?.value,
        census: census?.map(|census| census.value),
        signed_off_from: signed_off_from?.value,
    };
    let begins = wave.first.in_year(A_LEAP_YEAR);
    let ends = wave.last.on_or_after(begins);
    let signed_off = wave.signed_off_from.on_or_after(begins);
    if signed_off <= ends {
        let what = format!("the {} wave would be signed off before its last start", wave.name);
        reading.mistake(signed_off_from?.at, what, "write a day after last_start");
    }
    if let Some(census) = census?
        && census.value.on_or_after(begins) >= signed_off
    {
        let what = format!("the {} wave's census would not be before its sign-off", wave.name);
        reading.mistake(
            census.at,
            what,
            "write an earlier census, or a later signed_off_from",
        );
    }
    let at = section.at;
    Some((At { at, value: wave }, remark))
}

/// `Some(None)`: the wave has none.
fn census(section: &Section<'_>, reading: &mut Reading<'_>) -> Option<Option<At<NthWeekday>>> {
    if !section.has("census") {
        return Some(None);
    }
    let section = section.section("census", "census", &["weekday", "nth", "month"], reading)?;
    let weekday = section.text("weekday", "\"wednesday\"", reading);
    let nth = section.number("nth", 1..=4, reading);
    let month = section.number("month", 1..=12, reading);
    let weekday = weekday.and_then(|text| {
        let found = WEEKDAYS.iter().find(|(name, _)| *name == text.value);
        if found.is_none() {
            let what = format!("there is no weekday {:?}", text.value);
            let names = WEEKDAYS.map(|(name, _)| name);
            reading.mistake(text.at, what, format!("write one of {}", listed(&names)));
        }
        found.map(|(_, weekday)| *weekday)
    });
    let small = |number: i32| i8::try_from(number).ok();
    Some(Some(At {
        at: section.at,
        value: NthWeekday::new(small(month?)?, small(nth?)?, weekday?)?,
    }))
}

/// Any: so that every day of every year is looked at.
const A_LEAP_YEAR: i16 = 2_000;

fn days_of_a_year() -> impl Iterator<Item = Date> {
    date(A_LEAP_YEAR, 1, 1)
        .series(jiff::Span::new().days(1))
        .take_while(|day| day.year() == A_LEAP_YEAR)
}

fn check_overlaps(waves: &[&At<Wave>], reading: &mut Reading<'_>) {
    for (index, wave) in waves.iter().enumerate() {
        for before in &waves[..index] {
            let in_both =
                |day: &Date| wave.value.season_of(*day).is_some() && before.value.season_of(*day).is_some();
            if let Some(day) = days_of_a_year().find(in_both) {
                let (name, other) = (&wave.value.name, &before.value.name);
                let what = format!(
                    "the {name} wave overlaps the {other} wave on {}",
                    day.strftime("%m-%d")
                );
                reading.mistake(wave.at, what, "let every start fall into one wave at most");
            }
        }
    }
}

fn milestones(
    section: &Section<'_>,
    waves: &[&At<Wave>],
    reading: &mut Reading<'_>,
) -> Option<Vec<Milestone>> {
    let mut taken: BTreeSet<String> = BTreeSet::from(["no_show".to_owned(), "heartbeat".to_owned()]);
    for wave in waves {
        let [census, sign_off] = ["census", "sign_off"].map(|day| format!("{}_{day}", wave.value.name));
        if !taken.insert(census) || !taken.insert(sign_off) {
            let what = format!("there are two waves {:?}", wave.value.name);
            reading.mistake(wave.at, what, "give each wave a name of its own");
        }
    }
    let sections = section.sections("milestone", "[[calendar.milestone]]", &["name", "on"], reading);
    let found = sections.iter().map(|section| {
        let name = name(section, reading);
        let on = month_day(section, "on", reading);
        let name = name?;
        if !taken.insert(name.value.to_owned()) {
            let what = format!("the calendar has a milestone {:?} already", name.value);
            reading.mistake(name.at, what, "give it a name of its own");
        }
        Some(Milestone {
            name: name.value.to_owned(),
            on: on?.value,
        })
    });
    // All are looked at before the first that cannot be read ends it.
    let found: Vec<Option<Milestone>> = found.collect();
    found.into_iter().collect()
}

/// A name that can be a token of a subject.
fn name<'a>(section: &Section<'a>, reading: &mut Reading<'_>) -> Option<At<&'a str>> {
    let name = section.text("name", "\"autumn\"", reading)?;
    let is_token = name
        .value
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if !is_token {
        let what = format!("{:?} cannot be a name in the calendar", name.value);
        reading.mistake(name.at, what, "write small letters, digits and _ only");
    }
    is_token.then_some(name)
}

/// A day of every year, written month-day.
fn month_day(section: &Section<'_>, key: &str, reading: &mut Reading<'_>) -> Option<At<MonthDay>> {
    let text = section.text(key, "\"11-01\"", reading)?;
    let digits = |part: &str| (part.len() == 2).then(|| part.parse::<i8>().ok()).flatten();
    let parts = text
        .value
        .split_once('-')
        .and_then(|(month, day)| Some((digits(month)?, digits(day)?)));
    let Some((month, day)) = parts else {
        let what = format!("{:?} is not a day of the year", text.value);
        reading.mistake(text.at, what, format!("write month and day as {key} = \"11-01\""));
        return None;
    };
    let found = MonthDay::new(month, day);
    if found.is_none() {
        let what = format!("{:?} is a day that no year has", text.value);
        reading.mistake(text.at, what, "write a day that the calendar has, month first");
    }
    Some(At {
        at: text.at,
        value: found?,
    })
}
