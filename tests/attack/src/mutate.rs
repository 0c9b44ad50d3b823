//! What a mutation does to bytes: set, add, insert, remove, repeat, cut.

use crate::Chance;

/// Values at which readers err.
const EDGES: [u8; 8] = [0, 1, 2, 0x7f, 0x80, 0x84, 0xc4, 0xff];

/// Changes bytes in `times` places.
pub fn mutate(bytes: &mut Vec<u8>, times: usize, chance: &mut Chance<'_>) {
    for _ in 0..times {
        if bytes.is_empty() {
            return;
        }
        let at = chance.below(bytes.len());
        match chance.below(14) {
            0..=2 => bytes[at] = *chance.pick(&EDGES),
            3..=4 => bytes[at] = chance.byte(),
            5..=8 => bytes[at] = bytes[at].wrapping_add(*chance.pick(&[1, 255, 2, 254])),
            9 => bytes.insert(at, *chance.pick(&EDGES)),
            10 => drop(bytes.remove(at)),
            11..=12 => {
                let to = chance.below(bytes.len());
                let part = bytes[at.min(to)..at.max(to)].to_vec();
                bytes.splice(to..to, part);
            }
            _ => bytes.truncate(at),
        }
    }
}
