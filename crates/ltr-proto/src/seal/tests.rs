use std::collections::BTreeSet;

use ltr_domain::ids::{RecordId, RecordKind};
use ltr_domain::record::{PersonalField, PersonalValue, PersonalValues, Stated};
use ltr_domain::time::RecordedAt;
use proptest::prelude::*;

use super::*;

const ALL_GROUPS: [KeyGroup; 3] = [KeyGroup::Identity, KeyGroup::Contact, KeyGroup::Evidence];

/// Fills with a counter, so that every key and nonce of a test is another one and a literal can be expected.
fn counting() -> impl FnMut(&mut [u8]) {
    let mut next = 0u8;
    move |bytes| {
        for byte in bytes {
            *byte = next;
            next = next.wrapping_add(1);
        }
    }
}

fn record(key: &str) -> RecordId {
    RecordId::new(RecordKind::RegisterTrainee, key)
}

fn keys_of(key: &str) -> RecordKeys {
    RecordKeys::generate(record(key), &ALL_GROUPS, &mut counting())
}

fn values<const N: usize>(stated: [(PersonalField, Stated<&[&str]>); N]) -> PersonalValues {
    let value = |parts: &[&str]| PersonalValue(parts.iter().map(|part| (*part).to_owned()).collect());
    PersonalValues(
        stated
            .into_iter()
            .map(|(field, stated)| (field, stated.map(value)))
            .collect(),
    )
}

fn ada() -> PersonalValues {
    values([
        (PersonalField::Names, Stated::Value(&["Ada", "", "Lovelace"])),
        (PersonalField::DateOfBirth, Stated::Value(&["1815-12-10"])),
        (PersonalField::PreviousNames, Stated::Value(&[])),
        (PersonalField::DeclaredTrn, Stated::Null),
        (PersonalField::Email, Stated::Value(&["ada@example.com"])),
    ])
}

#[test]
fn values_are_sealed_by_group_and_open_as_they_were() {
    let keys = keys_of("a");
    let sealed = seal_values(&keys, &ada(), &mut counting());
    let groups: Vec<_> = sealed.iter().map(|blob| blob.key_group).collect();
    assert_eq!(groups, [KeyGroup::Identity, KeyGroup::Contact]);
    let opened = open_values(&keys, &sealed).unwrap();
    assert_eq!(
        opened,
        OpenedValues {
            values: ada(),
            erased: BTreeSet::new()
        }
    );
}

#[test]
fn no_value_stands_in_clear() {
    let keys = keys_of("a");
    for blob in seal_values(&keys, &ada(), &mut counting()) {
        for clear in ["Ada", "Lovelace", "1815", "example"] {
            let found = blob
                .ciphertext
                .windows(clear.len())
                .any(|window| window == clear.as_bytes());
            assert!(!found, "{clear}");
        }
    }
    let debug = format!("{:?} {:?} {:?}", open_values(&keys, &[]), ada(), keys);
    assert!(!debug.contains("Ada") && !debug.contains("[0, 1, 2"), "{debug}");
}

#[test]
fn only_what_is_stated_is_sealed() {
    let keys = keys_of("a");
    let unstated = values([(PersonalField::Email, Stated::Unstated)]);
    assert!(seal_values(&keys, &unstated, &mut counting()).is_empty());
    assert!(digest_values(&keys, &unstated).is_empty());
}

proptest! {
    #[test]
    fn one_flipped_bit_does_not_open(bit in 0usize..8 * 40) {
        let keys = keys_of("a");
        let sealed = seal(&keys, KeyGroup::Evidence, &[7; 24], [9; 12]).unwrap();
        let mut ciphertext = sealed.ciphertext.to_vec();
        prop_assert_eq!(ciphertext.len(), 40, "24 bytes and a tag of 16");
        ciphertext[bit / 8] ^= 1 << (bit % 8);
        let altered = Sealed { ciphertext: ciphertext.into(), ..sealed };
        prop_assert_eq!(open(&keys, &altered), Err(SealError::Altered { key_group: KeyGroup::Evidence }));
    }

    #[test]
    fn any_bytes_open_as_they_were(content in proptest::collection::vec(any::<u8>(), 0..200)) {
        let keys = keys_of("a");
        let sealed = seal(&keys, KeyGroup::Evidence, &content, [9; 12]).unwrap();
        prop_assert_eq!(open(&keys, &sealed), Ok(Opened::Content(content)));
    }
}

#[test]
fn a_blob_opens_only_where_it_was_sealed() {
    let mine = keys_of("a");
    let sealed = seal(&mine, KeyGroup::Identity, b"x", [1; 12]).unwrap();
    // The same key bytes under another record: only the binding differs.
    let other_record = keys_of("b");
    assert_eq!(
        open(&other_record, &sealed),
        Err(SealError::Altered {
            key_group: KeyGroup::Identity
        })
    );
    let other_nonce = Sealed {
        nonce: [2; 12],
        ..sealed.clone()
    };
    assert_eq!(
        open(&mine, &other_nonce),
        Err(SealError::Altered {
            key_group: KeyGroup::Identity
        })
    );
    let other_group = Sealed {
        key_group: KeyGroup::Contact,
        ..sealed
    };
    assert_eq!(
        open(&mine, &other_group),
        Ok(Opened::Erased),
        "no key of that name in that group"
    );
}

#[test]
fn erased_stays_erased() {
    let mut keys = keys_of("a");
    let sealed = seal_values(&keys, &ada(), &mut counting());
    keys.erase(KeyGroup::Identity);
    assert!(
        keys.ensure(&ALL_GROUPS, &mut counting()).is_empty(),
        "no new key is made"
    );

    let opened = open_values(&keys, &sealed).unwrap();
    assert_eq!(opened.erased, BTreeSet::from([KeyGroup::Identity]));
    let email = values([(PersonalField::Email, Stated::Value(&["ada@example.com"]))]);
    assert_eq!(opened.values, email, "the other group still opens");

    let resealed = seal_values(&keys, &ada(), &mut counting());
    assert_eq!(resealed.len(), 1, "what comes again is not sealed again");
    assert!(!digest_values(&keys, &ada()).contains_key(&PersonalField::Names));
}

#[test]
fn digests_tell_values_apart_and_nothing_else() {
    let keys = keys_of("a");
    let digest = |stated: Stated<&[&str]>| {
        digest_values(&keys, &values([(PersonalField::Names, stated)]))[&PersonalField::Names]
    };
    let different: BTreeSet<_> = [
        digest(Stated::Null),
        digest(Stated::Value(&[])),
        digest(Stated::Value(&[""])),
        digest(Stated::Value(&["", ""])),
        digest(Stated::Value(&["null"])),
        digest(Stated::Value(&["Ada", "Lovelace"])),
        digest(Stated::Value(&["AdaLovelace"])),
        digest(Stated::Value(&["Ada", "", "Lovelace"])),
        digest(Stated::Value(&["ada", "Lovelace"])),
    ]
    .into();
    assert_eq!(different.len(), 9);
    assert_eq!(digest(Stated::Value(&["Ada"])), digest(Stated::Value(&["Ada"])));

    let previous = values([(PersonalField::PreviousNames, Stated::Value(&["Ada"]))]);
    let of_other_field = digest_values(&keys, &previous)[&PersonalField::PreviousNames];
    assert_ne!(
        of_other_field,
        digest(Stated::Value(&["Ada"])),
        "the field is covered"
    );
}

#[test]
fn equal_values_of_two_records_do_not_look_equal() {
    let mine = digest_values(&keys_of("a"), &ada());
    let mut source = counting();
    source(&mut [0; 7]);
    let theirs = digest_values(
        &RecordKeys::generate(record("b"), &ALL_GROUPS, &mut source),
        &ada(),
    );
    for (field, digest) in &mine {
        assert_ne!(theirs.get(field), Some(digest));
    }
}

#[test]
fn a_second_key_opens_the_old_and_keeps_digests() {
    let first = keys_of("a");
    let sealed = seal_values(&first, &ada(), &mut counting());
    let mut rotated = first.clone();
    let added = DataKey::new(KeyGroup::Identity, [0xee; 32]);
    rotated.add(added.clone());
    assert_eq!(rotated.newest(KeyGroup::Identity), Some(&added));
    assert_eq!(open_values(&rotated, &sealed).unwrap().values, ada());
    assert_eq!(digest_values(&rotated, &ada()), digest_values(&first, &ada()));
    let resealed = seal_values(&rotated, &ada(), &mut counting());
    assert_eq!(resealed[0].key_id, added.id());
}

#[test]
fn digests_take_the_oldest_keys_alone() {
    let mut keys = keys_of("a");
    keys.add(DataKey::new(KeyGroup::Identity, [0xee; 32]));
    let kek = KeyEncryptionKey::new([1; 32]);
    let at = RecordedAt("2026-11-22T09:00:00Z".parse().unwrap());
    let wrapped = keys.wrap(&kek, at, &mut counting());
    let groups = [KeyGroup::Identity, KeyGroup::Contact];
    let oldest = wrapped.unwrap_oldest(&groups, &kek).unwrap();
    assert_eq!(oldest.keys().len(), 2);
    assert_eq!(digest_values(&oldest, &ada()), digest_values(&keys, &ada()));
    assert!(
        wrapped
            .unwrap_oldest(&groups, &KeyEncryptionKey::new([2; 32]))
            .is_err()
    );
}

#[test]
fn keys_survive_wrapping_and_only_under_the_right_key() {
    let keys = keys_of("a");
    let kek = KeyEncryptionKey::new([1; 32]);
    let other = KeyEncryptionKey::new([2; 32]);
    let at = RecordedAt("2026-11-22T09:00:00Z".parse().unwrap());
    let wrapped = keys.wrap(&kek, at, &mut counting());
    assert_eq!(wrapped.unwrap(&[other.clone(), kek.clone()]), Ok(keys));
    assert_eq!(
        wrapped.unwrap(&[other]),
        Err(SealError::UnknownKeyEncryptionKey { kek_id: kek.id() })
    );

    let mut moved = wrapped.clone();
    moved.record = record("b");
    assert_eq!(
        moved.unwrap(std::slice::from_ref(&kek)),
        Err(SealError::Altered {
            key_group: KeyGroup::Identity
        })
    );

    let mut swapped = wrapped;
    swapped.keys.swap(0, 1);
    for (key, group) in swapped.keys.iter_mut().zip(KeyGroup::ALL) {
        key.key_group = group;
    }
    assert!(
        swapped.unwrap(&[kek]).is_err(),
        "a key cannot be passed off as another group's"
    );
}

#[test]
fn a_key_encryption_key_is_read_from_text_and_never_shown() {
    let text = "0f".repeat(32);
    let key = KeyEncryptionKey::from_hex(&format!("{text}\n")).unwrap();
    assert_eq!(key.id(), KeyEncryptionKey::new([0x0f; 32]).id());
    assert!(!format!("{key:?}").contains("0f0f"));
    assert_eq!(
        KeyEncryptionKey::from_hex("0f").err(),
        Some(SealError::MalformedKey)
    );
    assert_eq!(
        KeyEncryptionKey::from_hex(&"zz".repeat(32)).err(),
        Some(SealError::MalformedKey)
    );
}
