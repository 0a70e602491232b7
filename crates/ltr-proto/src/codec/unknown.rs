//! Finds the numbers of fields that the generated code has passed over. Only used on the rare path: for messages that a
//! newer version wrote. The bytes have been decoded once, so what cannot be walked here is simply not found.

/// Field number of `LogMessage.recorded_at`.
const RECORDED_AT: u32 = 1;
/// Field number of `LogMessage.observation`.
const OBSERVATION: u32 = 2;
/// Field number of `Observation.events`.
const EVENTS: u32 = 9;
/// The first field number of `Event.fact`.
const FACTS_FROM: u32 = 20;

/// The number of the body of a message, known or not; 0 if it has none.
pub(super) fn body_number(payload: &[u8]) -> u32 {
    fields(payload)
        .map(|(number, _)| number)
        .find(|number| *number != RECORDED_AT)
        .unwrap_or(0)
}

/// The number of the fact of the event at `index` of an observation, known or not; 0 if it has none.
pub(super) fn fact_number(payload: &[u8], index: usize) -> u32 {
    fields(payload)
        .filter(|(number, _)| *number == OBSERVATION)
        .flat_map(|(_, observation)| fields(observation))
        .filter(|(number, _)| *number == EVENTS)
        .nth(index)
        .and_then(|(_, event)| {
            fields(event)
                .map(|(number, _)| number)
                .find(|number| *number >= FACTS_FROM)
        })
        .unwrap_or(0)
}

/// The fields of a message: number, and content where the field is delimited by length (empty otherwise).
fn fields(mut bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        let tag = varint(&mut bytes)?;
        let number = u32::try_from(tag >> 3).ok()?;
        let content = match tag & 7 {
            0 => varint(&mut bytes).map(|_| &[][..]),
            1 => split(&mut bytes, 8).map(|_| &[][..]),
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                split(&mut bytes, length)
            }
            5 => split(&mut bytes, 4).map(|_| &[][..]),
            _ => None,
        }?;
        Some((number, content))
    })
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn split<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (content, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(content)
}
