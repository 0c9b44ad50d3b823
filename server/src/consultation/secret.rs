//! Codes, keys, tokens and pseudonyms: how they are made and recognised, and the address that carries a key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use proto::ids::{CommandId, SeatId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Entropy;
use crate::consultation::hash::Hash32;
use crate::journal::SeatKey;

/// Letters and digits that cannot be taken for each other: no 0 O, 1 I L.
pub const ALPHABET: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
/// Characters of a typed code.
pub const CODE_LENGTH: usize = 6;

/// Characters of a code on a card or of a group's link: there may be 20,000 on one server where there is one
/// consultation's code, and a guess must be no better.
pub const CARD_CODE_LENGTH: usize = 9;
/// Characters of the code that a phone shows to staff who are to move its seat. Only they can use it.
pub const SEAT_CODE_LENGTH: usize = 4;

/// A new code to type.
#[must_use]
pub fn new_code(entropy: &Entropy) -> String {
    draw(entropy, CODE_LENGTH)
}

/// So many characters by lot.
#[must_use]
pub fn draw(entropy: &Entropy, length: usize) -> String {
    let pick = |_| {
        let index = usize::try_from(entropy.below(ALPHABET.len() as u64)).unwrap_or(0);
        char::from(ALPHABET[index])
    };
    (0..length).map(pick).collect()
}

/// The code of a card or of a group's link, drawn from the consultation's key.
#[must_use]
pub fn card_code(key: &[u8; 32], kind: &str, id: Uuid) -> String {
    let mut drawn = mac(key, &[kind.as_bytes(), b" code", id.as_bytes()]);
    let mut code = String::with_capacity(CARD_CODE_LENGTH);
    // A byte picks a letter; those that would make some letters more frequent are passed over.
    let fair = |byte: &u8| usize::from(*byte) < 256 - 256 % ALPHABET.len();
    loop {
        for byte in drawn.iter().filter(|byte| fair(byte)) {
            code.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
            if code.len() == CARD_CODE_LENGTH {
                return code;
            }
        }
        drawn = mac(key, &[b"more", &drawn]);
    }
}

/// The key in the QR code of a card or of a group's link: 128 bits as hex.
#[must_use]
pub fn key_of(key: &[u8; 32], kind: &str, id: Uuid) -> String {
    hex::encode(&mac(key, &[kind.as_bytes(), b" key", id.as_bytes()])[..16])
}

/// A typed code as it is kept: capitals, without spaces and hyphens. `None`: cannot be a code.
#[must_use]
pub fn normal_code(typed: &str) -> Option<String> {
    normal(typed, CODE_LENGTH).or_else(|| normal(typed, CARD_CODE_LENGTH))
}

/// What was typed, as so many characters of the alphabet; `None` when it cannot be.
#[must_use]
pub fn normal(typed: &str, length: usize) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(length + 1)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let valid = code.len() == length && code.bytes().all(|byte| ALPHABET.contains(&byte));
    valid.then_some(code)
}

/// A new key for the QR code: 128 bits as hex.
#[must_use]
pub fn new_key(entropy: &Entropy) -> String {
    hex::encode(entropy.bytes::<16>())
}

/// A new token: 256 bits, safe in an address's fragment.
#[must_use]
pub fn new_token(entropy: &Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.bytes::<32>())
}

/// What is kept of a token.
#[must_use]
pub fn hash_token(token: &str) -> Hash32 {
    Hash32(Sha256::digest(token.as_bytes()).into())
}

/// The seat and token that answer a join with this request id, the same each time it is asked: a phone whose answer
/// was lost asks again and has its seat.
#[must_use]
pub fn requested_seat(key: &[u8; 32], request: CommandId) -> (SeatId, String) {
    let token = mac(key, &[b"token", request.0.as_bytes()]);
    let seat = mac(key, &[b"seat", request.0.as_bytes()]);
    let mut id = [0; 16];
    id.copy_from_slice(&seat[..16]);
    (SeatId(uuid::Builder::from_random_bytes(id).into_uuid()), URL_SAFE_NO_PAD.encode(token))
}

/// The token that answers an exchange with this request id, the same each time it is asked with the same old token.
#[must_use]
pub fn exchanged_token(key: &[u8; 32], request: CommandId, from: Hash32) -> String {
    URL_SAFE_NO_PAD.encode(mac(key, &[b"exchange", request.0.as_bytes(), &from.0]))
}

/// A seat's pseudonym under one of the consultation's keys.
#[must_use]
pub fn pseudonym(key: &[u8; 32], seat: SeatId) -> SeatKey {
    let mac = mac(key, &[seat.0.as_bytes()]);
    let mut short = [0; 16];
    short.copy_from_slice(&mac[..16]);
    SeatKey(short)
}

/// HMAC-SHA-256 over some parts.
#[must_use]
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The address that a QR code says: the key stands in the fragment, which no log sees.
#[must_use]
pub fn join_url(public_url: &str, key: &str) -> String {
    format!("{public_url}/join#{key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(normal_code("ab c-23 4"), Some("ABC234".to_owned()).filter(|code| code.len() == 6));
        assert_eq!(normal_code("abcd23"), Some("ABCD23".to_owned()));
        for wrong in ["", "abc", "abcd234", "abcd2O", "abcd21", "äbcd23"] {
            assert_eq!(normal_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_new_code_reads_back() {
        let entropy = Entropy::default();
        for _ in 0..100 {
            let code = new_code(&entropy);
            assert_eq!(normal_code(&code).as_ref(), Some(&code));
        }
    }

    #[test]
    fn the_same_request_has_the_same_seat_and_another_one_has_another() {
        let ask = |n| requested_seat(&[1; 32], CommandId(Uuid::from_u128(n)));
        assert_eq!(ask(1), ask(1));
        assert_ne!(ask(1).0, ask(2).0);
        assert_ne!(ask(1).1, ask(2).1);
    }
}
