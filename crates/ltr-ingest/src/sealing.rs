//! The sealed values of an observation: every group as it stands after the change, so that one message tells the whole.

use ltr_domain::record::{KeyGroup, KeyedDigest, PersonalDigests, PersonalField, PersonalValues};
use ltr_proto::seal::{self, SealError, Sealed};
use ltr_sources::Mapped;

use crate::known::{Before, Known};
use crate::random::Random;

/// The sealed values as they stand after the row: a group whose digests did not change keeps its blob, of any other the
/// whole group is sealed anew.
pub(crate) fn sealed_after(
    mapped: &Mapped,
    known: &Known,
    digests: &PersonalDigests,
    random: &mut Random<'_>,
) -> Result<Vec<Sealed>, SealError> {
    let mut blobs = Vec::new();
    let mut anew = PersonalValues::default();
    for group in KeyGroup::ALL {
        if known.keys.newest(group).is_none() || of_group(digests, group).next().is_none() {
            continue;
        }
        let before = known.before.as_ref();
        if let Some(kept) = before.and_then(|before| kept_blob(before, known, digests, group)) {
            blobs.push(kept.clone());
            continue;
        }
        anew.0.extend(values_after(mapped, known, digests, group)?.0);
    }
    blobs.extend(seal::seal_values(&known.keys, &anew, &mut |bytes| {
        random.fill(bytes)
    }));
    blobs.sort_by_key(|blob| blob.key_group);
    Ok(blobs)
}

fn of_group(
    digests: &PersonalDigests,
    group: KeyGroup,
) -> impl Iterator<Item = (&PersonalField, &KeyedDigest)> {
    digests
        .iter()
        .filter(move |(field, _)| field.key_group() == group)
}

fn kept_blob<'k>(
    before: &'k Before,
    known: &Known,
    digests: &PersonalDigests,
    group: KeyGroup,
) -> Option<&'k Sealed> {
    if !of_group(&before.state.digests, group).eq(of_group(digests, group)) {
        return None;
    }
    let newest = known.keys.newest(group)?.id();
    before
        .sealed
        .iter()
        .find(|blob| blob.key_group == group && blob.key_id == newest)
}

/// The values of a group: the row's, and for what it does not state those that were sealed before.
fn values_after(
    mapped: &Mapped,
    known: &Known,
    digests: &PersonalDigests,
    group: KeyGroup,
) -> Result<PersonalValues, SealError> {
    let stated = mapped
        .personal
        .0
        .iter()
        .filter(|(field, value)| field.key_group() == group && value.is_stated());
    let stated: PersonalValues =
        PersonalValues(stated.map(|(field, value)| (*field, value.clone())).collect());
    let is_whole = of_group(digests, group).all(|(field, _)| stated.0.contains_key(field));
    let Some(before) = known.before.as_ref().filter(|_| !is_whole) else {
        return Ok(stated);
    };
    let blob: Vec<Sealed> = before
        .sealed
        .iter()
        .filter(|blob| blob.key_group == group)
        .cloned()
        .collect();
    let mut values = seal::open_values(&known.keys, &blob)?.values;
    values.0.extend(stated.0);
    Ok(values)
}

/// The blobs before, less those that were erased since.
pub(crate) fn still_sealed(known: &Known, before: &Before) -> Vec<Sealed> {
    let can_open = |blob: &&Sealed| known.keys.find(blob.key_group, blob.key_id).is_some();
    before.sealed.iter().filter(can_open).cloned().collect()
}
