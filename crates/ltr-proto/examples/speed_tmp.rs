use ltr_domain::{event::*, ids::*, observation::*, record::register::*, record::*, time::*};
use ltr_proto::codec::*;
fn v(t: &str) -> Stated<String> {
    Stated::Value(t.to_owned())
}
fn main() {
    let d = |t: &str| Stated::Value(CivilDate::read(t));
    let ts = |t: &str| Stated::Value(t.parse().unwrap());
    let trainee = RegisterTrainee {
        state: TraineeState::TrnReceived,
        application_id: Stated::Value(ChoiceId(501)),
        trn: Stated::Value(Trn::parse("3100001").unwrap()),
        ukprn: Stated::Value(Ukprn::parse("10000571").unwrap()),
        record_source: v("apply"),
        submitted_for_trn_at: ts("2026-09-10T10:00:00Z"),
        itt_start_date: d("2026-09-01"),
        itt_end_date: d("2027-07-10"),
        trainee_start_date: d("2026-09-03"),
        defer_date: Stated::Null,
        reinstate_date: Stated::Null,
        recommended_for_award_at: Stated::Null,
        outcome_date: Stated::Null,
        awarded_at: Stated::Null,
        withdrawal: Stated::Null,
        course: Stated::Value(Course {
            training_route: v("12"),
            qualification: v("QTS"),
            level: v("postgrad"),
            education_phase: v("secondary"),
            study_mode: v("01"),
            age_range: v("13918"),
            subjects: Stated::Value(vec!["100403".into()]),
            course_start_date: d("2026-09-01"),
            training_partner_urn: Stated::Null,
            training_partner_ukprn: Stated::Null,
            employing_school_urn: Stated::Null,
        }),
        placements: Stated::Value(vec![
            Placement {
                id: "abc123".into(),
                urn: v("137335"),
                name: v("Some School"),
            },
            Placement {
                id: "abc124".into(),
                urn: v("137336"),
                name: v("Other School"),
            },
        ]),
    };
    let ev = |fact| Event {
        fact,
        effective: Effective::stated("2026-09-01".parse().unwrap()),
        kind: ChangeKind::FirstSeen,
        supersedes: None,
    };
    let dg = KeyedDigest([7; 32]);
    let obs = Observation {
        record: RecordId::new(RecordKind::RegisterTrainee, "tRn9aBc2XyZ"),
        delivery: DeliveryId(uuid::Uuid::from_u128(5)),
        taken_at: TakenAt("2026-11-01T02:00:00Z".parse().unwrap()),
        observed_at: ObservedAt("2026-11-01T02:00:01Z".parse().unwrap()),
        recorded_at: RecordedAt("2026-11-01T02:00:02.123456789Z".parse().unwrap()),
        source_updated_at: Some("2026-10-30T10:00:00Z".parse().unwrap()),
        mapping_version: 1,
        previous: Some(MessageRef {
            sequence: 5,
            digest: MessageDigest([1; 32]),
        }),
        state: State {
            body: Body::RegisterTrainee(Box::new(trainee.clone())),
            digests: PersonalField::ALL.into_iter().map(|f| (f, dg)).collect(),
            vanished: false,
        },
        events: vec![
            ev(Fact::TrainingDeferred(Change {
                old: Some(TraineeState::TrnReceived),
                new: Some(TraineeState::Deferred),
            })),
            ev(Fact::PlacementRecorded(Change {
                old: None,
                new: Some(Placement {
                    id: "abc124".into(),
                    urn: v("137336"),
                    name: v("Other School"),
                }),
            })),
        ],
        evidence: Some(MessageRef {
            sequence: 9,
            digest: MessageDigest([2; 32]),
        }),
    };
    let mut first = obs.clone();
    let c = |n: &str| Change {
        old: None,
        new: Some(CivilDate::read(n)),
    };
    let nd = Change {
        old: None,
        new: Some(dg),
    };
    first.events = vec![
        ev(Fact::TraineeRegistered(Change {
            old: None,
            new: Some(TraineeState::TrnReceived),
        })),
        ev(Fact::PlannedStartChanged(c("2026-09-01"))),
        ev(Fact::PlannedEndChanged(c("2027-07-10"))),
        ev(Fact::StartConfirmed(c("2026-09-03"))),
        ev(Fact::TraineeTrnReceived(Change {
            old: None,
            new: Some(TraineeState::TrnReceived),
        })),
        ev(Fact::TraineeMovedProvider(Change {
            old: None,
            new: Some(Ukprn::parse("10000571").unwrap()),
        })),
        ev(Fact::CourseDetailsChanged(Change {
            old: None,
            new: trainee.course.value().cloned(),
        })),
        ev(Fact::IdentityLinkAsserted(Link {
            to: RecordId::new(RecordKind::TrsPerson, "3100001"),
            strength: LinkStrength::Issued,
        })),
        ev(Fact::IdentityLinkAsserted(Link {
            to: RecordId::new(RecordKind::ApplyChoice, "501"),
            strength: LinkStrength::Issued,
        })),
        ev(Fact::NameObserved(nd.clone())),
        ev(Fact::DateOfBirthObserved(nd.clone())),
        ev(Fact::ContactEmailChanged(nd)),
    ];
    let sealed: Vec<_> = [KeyGroup::Identity, KeyGroup::Contact]
        .into_iter()
        .map(|g| ltr_proto::seal::Sealed {
            key_group: g,
            key_id: ltr_proto::seal::KeyId([1; 8]),
            nonce: [2; 12],
            ciphertext: vec![5u8; 60].into(),
        })
        .collect();
    println!(
        "event {} observation {} wireobs {} wireevent {}",
        size_of::<Event>(),
        size_of::<Observation>(),
        size_of::<ltr_proto::event::Observation>(),
        size_of::<ltr_proto::event::Event>()
    );
    for (name, o) in [("change", obs), ("first", first)] {
        let b = encode_observation(&o, &sealed);
        println!("{name} bytes {}", b.len());
        use prost::Message;
        best("decode", || {
            std::hint::black_box(decode(std::hint::black_box(&b)).unwrap());
        });
        best("prost slice", || {
            std::hint::black_box(ltr_proto::event::LogMessage::decode(std::hint::black_box(&b[..])).unwrap());
        });
        best("prost bytes", || {
            std::hint::black_box(
                ltr_proto::event::LogMessage::decode(std::hint::black_box(b.clone())).unwrap(),
            );
        });
        best("encode", || {
            std::hint::black_box(encode_observation(std::hint::black_box(&o), &sealed));
        });
    }
}
fn best(name: &str, mut f: impl FnMut()) {
    let mut least = u128::MAX;
    for _ in 0..400 {
        let t = std::time::Instant::now();
        for _ in 0..500 {
            f()
        }
        least = least.min(t.elapsed().as_nanos() / 500);
    }
    println!("{name} {least} ns");
}
