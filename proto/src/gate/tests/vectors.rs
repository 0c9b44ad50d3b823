//! Bytes that crash, hang or brick yrs 0.28.1 or make it and Yjs disagree: all of them are refused in step one.

use bytes::Bytes;

use super::super::{AwarenessUpdate, GateLimits, Refusal, StateVector, TextEdit};

fn read(bytes: Vec<u8>) -> Result<(), Refusal> {
    TextEdit::read(Bytes::from(bytes), &GateLimits::default()).map(drop)
}

fn refusal(hex: &str) -> Refusal {
    read(hex::decode(hex).unwrap()).unwrap_err()
}

#[test]
fn vector_the_one_that_ends_the_process_with_a_segmentation_fault_is_refused() {
    let hex = "020307020a05430700010101780678790201fbffffff0f0a0664010f08616263646566676800";
    assert_eq!(refusal(hex), Refusal::Skip);
}

#[test]
fn vector_the_one_that_never_returns_is_refused() {
    let hex = "0301070001150678790208040a03c401040109026263040807090105696465617301677600e4010501100678f09f988079010e067879000300";
    assert_eq!(refusal(hex), Refusal::Number);
}

#[test]
fn vector_the_one_that_makes_a_board_that_cannot_be_read_again_is_refused() {
    assert_eq!(refusal("0101e807000401056f7264657202c3b600"), Refusal::RootName);
}

#[test]
fn vector_the_one_after_which_every_full_encode_panics_is_refused() {
    assert_eq!(refusal("0103efe80703010507051702e917057f0001130015011e013404"), Refusal::Number);
}

#[test]
fn vector_the_two_that_panic_in_apply_are_refused() {
    assert_eq!(refusal("010101ffffffff07002800"), Refusal::ClockRange);
    assert_eq!(refusal("0101010727000800016b010101fffffffffffffd080027000700016b0100"), Refusal::Content);
}

#[test]
fn vector_the_one_that_is_applied_as_pending_and_panics_later_is_refused() {
    assert_eq!(refusal("0101070092840701000473656c6600"), Refusal::Content);
}

#[test]
fn vector_the_one_that_changes_the_document_when_it_is_saved_and_loaded_is_refused() {
    assert_eq!(refusal("0101010701070087014100"), Refusal::Number);
}

#[test]
fn vector_nested_values_are_refused_at_the_first_byte_of_the_struct() {
    let mut bytes = hex::decode("0101050008010161").unwrap();
    bytes.push(1);
    bytes.extend([0x75, 0x01].repeat(8000));
    assert_eq!(read(bytes), Err(Refusal::Content));
}

#[test]
fn vector_nested_maps_are_refused() {
    // Each of 2,000 structs is a map inside the one before; 20,000 do not even fit the frame.
    let mut bytes = vec![1, 0xd0, 0x0f, 5, 0];
    bytes.extend(hex::decode("27000501016101").unwrap().repeat(2000));
    assert_eq!(read(bytes), Err(Refusal::Content));
}

#[test]
fn vector_two_hundred_thousand_empty_sections_are_refused() {
    let mut bytes = vec![0xc0, 0x9a, 0x0c];
    for client in 0..21_000u32 {
        bytes.extend([0, (client & 0x7f) as u8, 0]);
    }
    assert_eq!(read(bytes), Err(Refusal::Cut));
    assert_eq!(read(vec![1, 0, 5, 0, 0, 0]), Err(Refusal::Empty));
}

#[test]
fn vector_a_few_bytes_that_claim_2_to_the_27_entries_allocate_nothing() {
    let claim = [0x80, 0x80, 0x80, 0x40];
    assert_eq!(read(claim.to_vec()), Err(Refusal::Cut));
    assert_eq!(read([&[1][..], &claim].concat()), Err(Refusal::Cut));
    assert_eq!(read([&[0][..], &claim].concat()), Err(Refusal::Cut));
    assert_eq!(read([&[0, 1, 5][..], &claim].concat()), Err(Refusal::Cut));
    assert_eq!(StateVector::read(&claim, &GateLimits::default()), Err(Refusal::Cut));
    assert_eq!(AwarenessUpdate::read(&claim, &GateLimits::default()), Err(Refusal::Cut));
}

#[test]
fn vector_type_15_as_a_map_value_is_refused() {
    assert_eq!(refusal("01010500270105696465617301610f00"), Refusal::Content);
}

#[test]
fn vector_what_yrs_and_yjs_read_differently_is_refused() {
    for (hex, expected) in [
        // The same client twice; with its clocks continuing.
        ("02010500840100016101050184010001610000", Refusal::ClientTwice),
        ("020105008401000161010501840100016100", Refusal::ClientTwice),
        // A client id of 2^53, of 2^35, of 2^32.
        ("010180808080808080100084010001610000", Refusal::Number),
        ("01018080808080010084010001610000", Refusal::ClientIdRange),
        ("0101808080801000840100016100", Refusal::ClientIdRange),
        // A skip.
        ("010105000a0100", Refusal::Skip),
        // ContentJSON.
        ("0101050082010001226100", Refusal::Content),
        // String content under a map key.
        ("01010500240105696465617301610161", Refusal::MapKey),
        // An empty string.
        ("010105008401000000", Refusal::Empty),
        // Trailing bytes.
        ("01010500840100016100aa", Refusal::Trailing),
        ("000000", Refusal::Trailing),
        // Length zero.
        ("01010500000000", Refusal::Empty),
        ("010105008101000000", Refusal::Empty),
        // The unused bit of the first byte.
        ("01010500940100016100", Refusal::Content),
        // Not UTF-8, among them a surrogate half.
        ("0101050084010001ff00", Refusal::Text),
        ("0101050084010003eda08000", Refusal::Text),
    ] {
        assert_eq!(refusal(hex), expected, "{hex}");
    }
}

#[test]
fn g5_a_delete_set_is_in_order_and_without_repetition() {
    for (hex, expected) in [
        ("00010500", Refusal::Cut),
        ("000105000101", Refusal::Empty),
        ("000105010000", Refusal::Empty),
        ("000105020002", Refusal::Cut),
        ("0001050200020101", Refusal::DeleteSet),
        ("0001050205010001", Refusal::DeleteSet),
        ("000205010001050102", Refusal::Cut),
        ("00020501000105010201", Refusal::ClientTwice),
        ("0003050100010601000105010201", Refusal::ClientTwice),
        ("0001050101ffffffff07", Refusal::ClockRange),
        ("00010501ffffffff0701", Refusal::ClockRange),
    ] {
        assert_eq!(refusal(hex), expected, "{hex}");
    }
    assert_eq!(read(hex::decode("0001050200010101").unwrap()), Ok(()));
}

#[test]
fn g1_the_empty_update_is_read() {
    assert_eq!(read(vec![0, 0]), Ok(()));
    assert_eq!(read(vec![]), Err(Refusal::Cut));
    assert_eq!(read(vec![0]), Err(Refusal::Cut));
}
