//! `ltr calendar`: the academic year as the policy in force sees it, and how far this log has come in it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use ltr_domain::calendar::{Calendar, academic_year};
use ltr_domain::ids::Source;
use ltr_domain::policy::{FactKind, Meaning, Policy, Rule, WaveWindow, Window};
use ltr_domain::time::london_date;
use ltr_ports::log::{Log, Stream};
use ltr_project::adoption::on_log;
use ltr_proto::codec::{self, LogEntry};
use ltr_proto::subject::Subject;
use serde_json::{Value, json};

use crate::cli::CalendarAsked;
use crate::config::Config;
use crate::{output, wiring, words};

/// Shows the milestones and windows of one academic year.
pub(crate) async fn run(args: &CalendarAsked, config: &Config) -> anyhow::Result<()> {
    let log = wiring::log(config, None).await?;
    let found = on_log(&log).await?;
    let policy = found.policies.in_force();
    let on = match args.on {
        Some(on) => on,
        None => london_date(wiring::now(&log).await?),
    };
    let year = args.year.unwrap_or_else(|| academic_year(on));
    let told = told_on(&log, &policy.calendar, year).await?;
    let milestones = milestones(policy, year, on, &told);
    let windows = policy.windows_of(year);
    if args.json {
        output::json(&as_json(policy, year, on, &milestones, &windows));
        return Ok(());
    }
    output::data(&format!(
        "Academic year {year}/{:02}, on {on}, by version {} of the policy",
        (year + 1).rem_euclid(100),
        policy.version
    ));
    output::data("");
    output::data(&milestone_table(&milestones));
    output::data("");
    output::data(&window_table(policy, &windows, on));
    output::note(
        "\n*: in force for some of the wave's starters on that day; training, place: who settles them there\n\
         told: this log holds the milestone's message; every answer known since then has passed the day",
    );
    Ok(())
}

/// A milestone's message on the log.
struct Told {
    sequence: u64,
    /// The day that it was told of: the calendar of the policy then in force named it.
    on: Date,
    recorded_at: Timestamp,
}

/// A milestone, and what is known of it.
struct Milestone<'a> {
    name: String,
    on: Date,
    meaning: Meaning<'a>,
    changes: Vec<String>,
    told: Option<&'a Told>,
    has_come: HasCome,
}

/// Whether a day has come by the day asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HasCome {
    Yes,
    No,
}

/// The messages about that year's milestones, by name.
async fn told_on<L: Log>(log: &L, calendar: &Calendar, year: i16) -> anyhow::Result<BTreeMap<String, Told>> {
    let subject = |milestone: &str| {
        let milestone = milestone.to_owned();
        Subject::Calendar { milestone, year }.to_string()
    };
    let named = calendar.milestones_of(year);
    let subjects = named.iter().map(|(name, _)| subject(name)).collect();
    let messages = log.last_of(Stream::Events, subjects).await?;
    let mut told = BTreeMap::new();
    for message in messages.into_values() {
        if let Ok(LogEntry::CalendarMilestone(milestone)) = codec::decode(&message.payload) {
            let one = Told {
                sequence: message.sequence,
                on: milestone.on,
                recorded_at: milestone.recorded_at.0,
            };
            told.insert(milestone.milestone, one);
        }
    }
    Ok(told)
}

fn milestones<'a>(
    policy: &'a Policy,
    year: i16,
    asked: Date,
    told: &'a BTreeMap<String, Told>,
) -> Vec<Milestone<'a>> {
    let named = policy.calendar.milestones_of(year).into_iter();
    let one = |(name, on): (String, Date)| {
        let meaning = policy.calendar.meaning_of(&name);
        Milestone {
            on,
            meaning,
            changes: changes(policy, meaning),
            told: told.get(&name),
            has_come: if on <= asked { HasCome::Yes } else { HasCome::No },
            name,
        }
    };
    named.map(one).collect()
}

/// What a milestone changes, in a few words each.
fn changes(policy: &Policy, meaning: Meaning<'_>) -> Vec<String> {
    let by_time = |what: &str| vec![format!("{what}, presumed")];
    match meaning {
        Meaning::RejectedByDefault => by_time("undecided applications are rejected"),
        Meaning::DeclinedByDefault => by_time("unanswered offers are declined"),
        Meaning::CycleClosed => by_time("what was not sent is not sent"),
        Meaning::NoShow => by_time("recruits Register never lists: no start"),
        Meaning::PlannedStart | Meaning::Census(_) | Meaning::SignOff(_) | Meaning::Named => {
            let turned = meaning.turn().map(|turn| policy.rules_changed(turn));
            let rules = turned.unwrap_or_default();
            rules
                .iter()
                .flat_map(|(before, after)| turned_rule(before, after))
                .collect()
        }
    }
}

fn turned_rule(before: &Rule, after: &Rule) -> Vec<String> {
    let fact = after.fact.token();
    let mut told = Vec::new();
    if before.sources != after.sources {
        told.push(format!("{fact}: {} believed", in_order(&after.sources)));
    }
    if before.settles != after.settles {
        told.push(format!("{fact}: settled by {}", settled_by(after)));
    }
    told
}

fn in_order(sources: &[Source]) -> String {
    let names: Vec<&str> = sources
        .iter()
        .map(|source| words::source(source.token()))
        .collect();
    if names.is_empty() {
        "nobody".to_owned()
    } else {
        names.join(", then ")
    }
}

fn settled_by(rule: &Rule) -> &'static str {
    rule.settles
        .map_or("nobody", |source| words::source(source.token()))
}

impl Milestone<'_> {
    /// The name used in JSON and tables.
    fn state(&self) -> &'static str {
        match (self.told, self.has_come) {
            (Some(_), _) => "told",
            (None, HasCome::Yes) => "not told",
            (None, HasCome::No) => "ahead",
        }
    }

    /// Whether this log has passed it, and under which day where the policy then named another.
    fn reached(&self) -> String {
        match self.told {
            Some(told) if told.on != self.on => format!("told #{} as {}", told.sequence, told.on),
            Some(told) => format!("told #{}", told.sequence),
            None => self.state().to_owned(),
        }
    }
}

fn milestone_table(milestones: &[Milestone<'_>]) -> String {
    let mut rows = Vec::new();
    for one in milestones {
        let mut changes = one.changes.iter();
        rows.push(vec![
            one.on.to_string(),
            one.name.clone(),
            one.reached(),
            changes.next().cloned().unwrap_or_else(|| "nothing".to_owned()),
        ]);
        rows.extend(changes.map(|change| vec![String::new(), String::new(), String::new(), change.clone()]));
    }
    output::table(&["from", "milestone", "on this log", "what it changes"], &rows)
}

fn window_table(policy: &Policy, windows: &[WaveWindow], on: Date) -> String {
    let settled = |fact, window| policy.rule(fact, window).map_or("nobody", settled_by).to_owned();
    let row = |one: &WaveWindow| {
        let at_each = one.window == Window::BeforeStart;
        vec![
            if one.holds_on(on) { "*" } else { " " }.to_owned(),
            one.wave.clone(),
            format!("{} to {}", one.first_start, one.last_start),
            one.window.token().to_owned(),
            match one.window {
                Window::StartToCensus => "each start".to_owned(),
                Window::Always | Window::BeforeStart | Window::CensusToSignOff | Window::AfterSignOff => {
                    one.from.map_or_else(|| "-".to_owned(), |from| from.to_string())
                }
            },
            match one.to {
                Some(_) if at_each => "each start".to_owned(),
                Some(to) => to.to_string(),
                None => "-".to_owned(),
            },
            settled(FactKind::Training, one.window),
            settled(FactKind::Place, one.window),
        ]
    };
    let rows: Vec<_> = windows.iter().map(row).collect();
    let head = [
        " ", "wave", "starts", "window", "from", "before", "training", "place",
    ];
    output::table(&head, &rows)
}

fn as_json(
    policy: &Policy,
    year: i16,
    on: Date,
    milestones: &[Milestone<'_>],
    windows: &[WaveWindow],
) -> Value {
    let milestone = |one: &Milestone<'_>| {
        json!({
            "milestone": one.name,
            "on": one.on.to_string(),
            "state": one.state(),
            "sequence": one.told.map(|told| told.sequence),
            "told_on": one.told.map(|told| told.on.to_string()),
            "recorded_at": one.told.map(|told| told.recorded_at.to_string()),
            "from_window": one.meaning.turn().map(|(from, _)| from.token()),
            "into_window": one.meaning.turn().map(|(_, into)| into.token()),
            "changes": one.changes,
        })
    };
    let window = |one: &WaveWindow| {
        let rules = FactKind::ALL.into_iter().filter(|fact| fact.has_windows());
        json!({
            "wave": one.wave,
            "first_start": one.first_start.to_string(),
            "last_start": one.last_start.to_string(),
            "window": one.window.token(),
            "from": one.from.map(|from| from.to_string()),
            "to": one.to.map(|to| to.to_string()),
            "in_force": one.holds_on(on),
            "rules": rules.filter_map(|fact| policy.rule(fact, one.window)).map(|rule| json!({
                "name": rule.name().to_string(),
                "sources": rule.sources.iter().map(|source| source.token()).collect::<Vec<_>>(),
                "settles": rule.settles.map(|source| source.token()),
            })).collect::<Vec<_>>(),
        })
    };
    json!({
        "year": year,
        "on": on.to_string(),
        "policy_version": policy.version,
        "milestones": milestones.iter().map(milestone).collect::<Vec<_>>(),
        "windows": windows.iter().map(window).collect::<Vec<_>>(),
    })
}
