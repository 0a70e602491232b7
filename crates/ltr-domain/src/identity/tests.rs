use super::*;
use crate::ids::RecordKind;

mod laws;

fn id(kind: RecordKind, key: &str) -> RecordId {
    RecordId::new(kind, key)
}

fn node(first: Option<u64>, links: &[(RecordId, LinkStrength)]) -> Node {
    let links = links
        .iter()
        .map(|(to, strength)| Link {
            to: to.clone(),
            strength: *strength,
        })
        .collect();
    Node {
        first_sequence: first,
        links,
    }
}

#[test]
fn keys_join_a_choice_a_trainee_and_a_trn_and_the_earliest_names_the_person() {
    let choice = id(RecordKind::ApplyChoice, "501");
    let trainee = id(RecordKind::RegisterTrainee, "slug1");
    let trn = id(RecordKind::TrsPerson, "3100001");
    let nodes = BTreeMap::from([
        (choice.clone(), node(Some(4), &[])),
        (
            trainee.clone(),
            node(
                Some(9),
                &[
                    (choice.clone(), LinkStrength::Issued),
                    (trn.clone(), LinkStrength::Issued),
                ],
            ),
        ),
        (trn.clone(), node(None, &[])),
    ]);
    let groups = super::groups(&nodes, &Rulings::default()).groups;
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].person, PersonId::of(&choice));
    assert_eq!(groups[0].records.len(), 3);
    assert_eq!(groups[0].records[&choice], None);
    assert_eq!(groups[0].records[&trn], Some(LinkStrength::Issued));
}

#[test]
fn a_declared_link_joins_nobody_and_an_unobserved_record_alone_is_nobody() {
    let job = id(RecordKind::TvJobApplication, "j");
    let trn = id(RecordKind::TrsPerson, "3100001");
    let nodes = BTreeMap::from([
        (
            job.clone(),
            node(Some(1), &[(trn.clone(), LinkStrength::Declared)]),
        ),
        (trn, node(None, &[])),
    ]);
    let groups = super::groups(&nodes, &Rulings::default()).groups;
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].records.keys().collect::<Vec<_>>(), [&job]);
}

#[test]
fn a_retracted_link_splits_and_the_part_with_the_earliest_record_keeps_the_name() {
    let first = id(RecordKind::RegisterTrainee, "slug1");
    let second = id(RecordKind::RegisterTrainee, "slug2");
    let trn = id(RecordKind::TrsPerson, "3100001");
    let link = |to: &RecordId| (to.clone(), LinkStrength::Issued);
    let mut nodes = BTreeMap::from([
        (first.clone(), node(Some(1), &[link(&trn)])),
        (second.clone(), node(Some(2), &[link(&trn)])),
        (trn.clone(), node(Some(3), &[])),
    ]);
    assert_eq!(groups(&nodes, &Rulings::default()).groups.len(), 1);
    nodes.insert(second.clone(), node(Some(2), &[]));
    let parts = groups(&nodes, &Rulings::default()).groups;
    assert_eq!(parts.len(), 2);
    assert!(
        parts
            .iter()
            .any(|g| g.person == PersonId::of(&first) && g.records.contains_key(&trn))
    );
    assert!(parts.iter().any(|g| g.person == PersonId::of(&second)));
}

#[test]
fn of_several_refused_links_between_two_records_the_strongest_is_told() {
    let trainee = id(RecordKind::RegisterTrainee, "slug1");
    let trn = id(RecordKind::TrsPerson, "3100001");
    let refused = |strength| RefusedLink {
        from: trainee.clone(),
        to: trn.clone(),
        strength,
        apart: Pair::of(trainee.clone(), trn.clone()).expect("two records"),
    };
    let both = [refused(LinkStrength::Issued), refused(LinkStrength::Matched)];
    let told = reviews(&Rulings::default(), &both, Vec::new());
    let [Review::Refused { link, .. }] = &told[..] else {
        panic!("one review, not {told:?}");
    };
    assert_eq!(link.strength, LinkStrength::Issued);
}
