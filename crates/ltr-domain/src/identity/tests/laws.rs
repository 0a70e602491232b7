//! What holds of people whoever judges whatever in whatever order, held against a slow reference that is obviously right.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::judgement::{
    Answer, Assurance, DecidedBy, Judged, LinkDecided, LinkDecision, LinkMatched, MatchVerdict, Parts,
    Regrouping, RegroupingRequested, RequestAnswered,
};
use crate::observation::{MessageDigest, MessageRef, Position};
use crate::time::KnownAt;

/// Two applications, two traineeships, two records of TRS.
fn records() -> Vec<RecordId> {
    let kinds = [
        RecordKind::ApplyChoice,
        RecordKind::RegisterTrainee,
        RecordKind::TrsPerson,
    ];
    let both = |kind| ["1", "2"].map(|key| id(kind, key));
    kinds.into_iter().flat_map(both).collect()
}

fn actor(name: &str) -> DecidedBy {
    DecidedBy {
        actor: name.to_owned(),
        assurance: Assurance::RecordsCompared,
        reason: "case".to_owned(),
    }
}

fn at(sequence: u64) -> Position {
    let known = jiff::Timestamp::from_second(i64::try_from(sequence).unwrap()).unwrap();
    Position {
        sequence,
        known_at: KnownAt(known),
    }
}

fn reference_to(sequence: u64) -> MessageRef {
    MessageRef {
        sequence,
        digest: MessageDigest([0; 32]),
    }
}

fn request(regrouping: Regrouping, by: &str) -> Judged {
    Judged::Requested(RegroupingRequested {
        regrouping,
        by: actor(by),
    })
}

fn answer(request: u64, answer: Answer, by: &str) -> Judged {
    Judged::Answered(RequestAnswered {
        subject: records()[0].clone(),
        request: reference_to(request),
        answer,
        by: actor(by),
    })
}

fn any_record() -> impl Strategy<Value = RecordId> {
    prop::sample::select(records())
}

fn any_pair() -> impl Strategy<Value = Pair> {
    (any_record(), any_record()).prop_filter_map("two records", |(one, other)| Pair::of(one, other))
}

fn any_actor() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["desk-1", "desk-2"])
}

fn any_judged() -> impl Strategy<Value = Judged> {
    let matched =
        (any_pair(), prop::sample::select(MatchVerdict::ALL.to_vec())).prop_map(|(pair, verdict)| {
            Judged::Matched(LinkMatched {
                pair,
                score: 900,
                rule_version: 1,
                rules: Vec::new(),
                verdict,
            })
        });
    let decided = (
        any_pair(),
        prop::sample::select(LinkDecision::ALL.to_vec()),
        any_actor(),
    )
        .prop_map(|(pair, decision, by)| {
            Judged::Decided(LinkDecided {
                pair,
                decision,
                by: actor(by),
                decides: None,
            })
        });
    let join = (any_pair(), any_actor()).prop_map(|(pair, by)| request(Regrouping::Join(pair), by));
    let side = prop::collection::vec(0..3_u8, 6);
    let split = (side, any_actor()).prop_filter_map("two parts", |(sides, by)| {
        let of = |side| {
            let all = records().into_iter().zip(&sides);
            all.filter(|(_, on)| **on == side)
                .map(|(record, _)| record)
                .collect()
        };
        Some(request(Regrouping::Split(Parts::of(of(0), of(1))?), by))
    });
    let answered = || {
        (1..24_u64, prop::sample::select(Answer::ALL.to_vec()), any_actor())
            .prop_map(|(sequence, said, by)| answer(sequence, said, by))
    };
    prop_oneof![matched, decided, join, split, answered(), answered()]
}

fn any_judgements() -> impl Strategy<Value = Vec<(Position, Judged)>> {
    prop::collection::vec(any_judged(), 0..24).prop_map(numbered)
}

fn numbered(judged: Vec<Judged>) -> Vec<(Position, Judged)> {
    let numbered = judged
        .into_iter()
        .zip(1..)
        .map(|(judged, sequence)| (at(sequence), judged));
    numbered.collect()
}

fn any_nodes() -> impl Strategy<Value = BTreeMap<RecordId, Node>> {
    let strength = prop::sample::select(vec![LinkStrength::Issued, LinkStrength::Declared]);
    let links = prop::collection::vec((any_record(), any_record(), strength), 0..6);
    links.prop_map(|links| {
        let mut nodes: BTreeMap<RecordId, Node> = records()
            .into_iter()
            .zip(1..)
            .map(|(record, first)| (record, node(Some(first), &[])))
            .collect();
        for (from, to, strength) in links {
            let carrying = nodes.get_mut(&from).expect("every record is there");
            carrying.links.insert(Link { to, strength });
        }
        nodes
    })
}

fn rulings(judgements: &[(Position, Judged)]) -> Rulings {
    Rulings::of(judgements.iter().map(|(position, judged)| (*position, judged)))
}

/// Who is with whom.
fn people(nodes: &BTreeMap<RecordId, Node>, rulings: &Rulings) -> BTreeSet<BTreeSet<RecordId>> {
    let groups = groups(nodes, rulings).groups;
    groups
        .into_iter()
        .map(|group| group.records.into_keys().collect())
        .collect()
}

/// What the judgements amount to, read from the first to the last with no index and no sharing.
#[derive(Default)]
struct Slow {
    links: Vec<(LinkStrength, Pair)>,
    confirmed_unmatched: Vec<Pair>,
    apart_from_matches: Vec<Pair>,
    splits: Vec<(u64, Parts)>,
}

impl Slow {
    fn of(judgements: &[(Position, Judged)]) -> Self {
        let mut slow = Self::default();
        let mut joins: Vec<(u64, Pair)> = Vec::new();
        let mut answered = BTreeSet::new();
        for (position, judged) in judgements {
            let Judged::Answered(reply) = judged else { continue };
            let asked = judgements.iter().find_map(|(at, judged)| match judged {
                Judged::Requested(asked) if at.sequence == reply.request.sequence && at < position => {
                    Some(asked)
                }
                Judged::Requested(_) | Judged::Matched(_) | Judged::Decided(_) | Judged::Answered(_) => None,
            });
            let Some(asked) = asked else { continue };
            let own = asked.by.actor == reply.by.actor;
            let counts = match reply.answer {
                Answer::Approve => !own,
                Answer::Withdraw => own,
                Answer::Refuse => true,
            };
            if !counts || !answered.insert(reply.request.sequence) || reply.answer != Answer::Approve {
                continue;
            }
            match &asked.regrouping {
                Regrouping::Join(pair) => joins.push((position.sequence, pair.clone())),
                Regrouping::Split(parts) => slow.splits.push((position.sequence, parts.clone())),
            }
        }
        slow.splits.retain(|(since, parts)| {
            joins
                .iter()
                .all(|(at, pair)| at < since || !parts.part(pair.lesser(), pair.greater()))
        });
        slow.links
            .extend(joins.into_iter().map(|(_, pair)| (LinkStrength::Operator, pair)));
        for one in records() {
            for other in records() {
                if let Some(pair) = Pair::of(one.clone(), other).filter(|pair| *pair.lesser() == one) {
                    slow.judge(&pair, judgements);
                }
            }
        }
        slow
    }

    fn judge(&mut self, pair: &Pair, judgements: &[(Position, Judged)]) {
        let (mut verdict, mut decision, mut backed) = (MatchVerdict::Withdrawn, LinkDecision::Retract, false);
        for (_, judged) in judgements {
            match judged {
                Judged::Matched(matched) if matched.pair == *pair => {
                    verdict = matched.verdict;
                    backed |= verdict != MatchVerdict::Withdrawn;
                }
                Judged::Decided(decided) if decided.pair == *pair => {
                    decision = decided.decision;
                    backed = verdict != MatchVerdict::Withdrawn;
                }
                Judged::Matched(_) | Judged::Decided(_) | Judged::Requested(_) | Judged::Answered(_) => {}
            }
        }
        match (decision, verdict) {
            (LinkDecision::Confirm, _) if backed => self.links.push((LinkStrength::Operator, pair.clone())),
            (LinkDecision::Reject, _) => self.apart_from_matches.push(pair.clone()),
            (decision, verdict) => {
                if decision == LinkDecision::Confirm {
                    self.confirmed_unmatched.push(pair.clone());
                }
                if verdict == MatchVerdict::Asserted {
                    self.links.push((LinkStrength::Matched, pair.clone()));
                }
            }
        }
    }

    /// Everybody by themselves at first; then one link after the other, unless it may not be.
    fn people(&self, nodes: &BTreeMap<RecordId, Node>) -> BTreeSet<BTreeSet<RecordId>> {
        let mut links: BTreeSet<(LinkStrength, RecordId, RecordId)> = BTreeSet::new();
        for (from, node) in nodes {
            for link in node
                .links
                .iter()
                .filter(|link| link.strength.joins() && link.to != *from)
            {
                links.insert((link.strength, from.clone(), link.to.clone()));
                let pair = Pair::of(from.clone(), link.to.clone()).expect("two records");
                if self.confirmed_unmatched.contains(&pair) {
                    links.insert((
                        LinkStrength::Operator,
                        pair.lesser().clone(),
                        pair.greater().clone(),
                    ));
                }
            }
        }
        for (strength, pair) in &self.links {
            links.insert((*strength, pair.lesser().clone(), pair.greater().clone()));
        }
        let mut people: Vec<BTreeSet<RecordId>> =
            nodes.keys().map(|id| BTreeSet::from([id.clone()])).collect();
        for (strength, from, to) in links {
            let one = people
                .iter()
                .position(|person| person.contains(&from))
                .expect("everybody is there");
            let other = people
                .iter()
                .position(|person| person.contains(&to))
                .expect("everybody is there");
            if one == other {
                continue;
            }
            let forbidden = people[one]
                .iter()
                .any(|a| people[other].iter().any(|b| self.apart(a, b, strength)));
            if !forbidden {
                let moved = people[other].clone();
                people[one].extend(moved);
                people.remove(other);
            }
        }
        people.into_iter().collect()
    }

    fn apart(&self, one: &RecordId, other: &RecordId, strength: LinkStrength) -> bool {
        let rejected =
            Pair::of(one.clone(), other.clone()).is_some_and(|pair| self.apart_from_matches.contains(&pair));
        let split = self.splits.iter().any(|(_, parts)| parts.part(one, other));
        split || (rejected && strength == LinkStrength::Matched)
    }
}

proptest! {
    #[test]
    fn people_are_those_of_the_slow_reference(nodes in any_nodes(), judgements in any_judgements()) {
        prop_assert_eq!(people(&nodes, &rulings(&judgements)), Slow::of(&judgements).people(&nodes));
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(judgements in any_judgements(), shuffled in any::<prop::sample::Index>()) {
        let mut other = judgements.clone();
        other.reverse();
        if !other.is_empty() {
            let by = shuffled.index(other.len());
            other.rotate_left(by);
        }
        prop_assert_eq!(rulings(&judgements), rulings(&other));
    }

    #[test]
    fn a_declared_link_changes_nobody(nodes in any_nodes(), judgements in any_judgements()) {
        let mut without = nodes.clone();
        for node in without.values_mut() {
            node.links.retain(|link| link.strength != LinkStrength::Declared);
        }
        let rulings = rulings(&judgements);
        prop_assert_eq!(groups(&nodes, &rulings), groups(&without, &rulings));
    }

    #[test]
    fn nobody_joins_or_splits_alone(nodes in any_nodes(), judgements in any_judgements()) {
        let mut alone = judgements;
        alone.retain(|(_, judged)| !matches!(judged, Judged::Matched(_)));
        for (_, judged) in &mut alone {
            match judged {
                Judged::Decided(decided) => decided.by = actor("desk-1"),
                Judged::Requested(requested) => requested.by = actor("desk-1"),
                // However it is typed.
                Judged::Answered(answered) => answered.by = actor(" Desk-1"),
                Judged::Matched(_) => {}
            }
        }
        prop_assert_eq!(people(&nodes, &rulings(&alone)), people(&nodes, &Rulings::default()));
    }

    #[test]
    fn what_a_split_holds_apart_is_never_one_person(nodes in any_nodes(), judgements in any_judgements()) {
        let rulings = rulings(&judgements);
        for person in people(&nodes, &rulings) {
            for one in &person {
                for other in &person {
                    prop_assert!(rulings.split_between(one, other).is_none());
                }
            }
        }
    }

    #[test]
    fn a_refused_link_leads_to_somebody_else(nodes in any_nodes(), judgements in any_judgements()) {
        let parting = groups(&nodes, &rulings(&judgements));
        for refused in parting.refused {
            for group in &parting.groups {
                let both = group.records.contains_key(&refused.from) && group.records.contains_key(&refused.to);
                let apart = refused.apart.records().all(|record| group.records.contains_key(record));
                prop_assert!(!both || !apart, "{refused:?}");
            }
        }
    }

    #[test]
    fn joined_and_split_again_is_as_never_joined(nodes in any_nodes(), pair in any_pair()) {
        let before = people(&nodes, &Rulings::default());
        let of = |record: &RecordId| before.iter().find(|person| person.contains(record)).expect("somebody").clone();
        let (one, other) = (of(pair.lesser()), of(pair.greater()));
        prop_assume!(one != other);
        let mut judged = vec![
            request(Regrouping::Join(pair), "desk-1"),
            answer(1, Answer::Approve, "desk-2"),
        ];
        let joined = people(&nodes, &rulings(&numbered(judged.clone())));
        prop_assert!(joined.contains(&one.union(&other).cloned().collect()));
        judged.push(request(Regrouping::Split(Parts::of(other, one).expect("two people")), "desk-2"));
        judged.push(answer(3, Answer::Approve, "desk-1"));
        prop_assert_eq!(people(&nodes, &rulings(&numbered(judged))), before);
    }
}
