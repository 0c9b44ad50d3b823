//! How much is too much (rules 1 and 6), and which epoch (W8), on a board with two ideas: "one" and "two".

use super::super::{GateLimits, Refusal, TextEdit, TextFigures, TextKey};
use super::board::{Board, SERVER, Taken, document, idea, idea_id, put_idea};
use super::forge::{Forged, ForgedContent, behind, characters, id, update};
use super::phone::Phone;
use super::rules::{board, first};
use crate::ids::ClientId;

use yrs::{Map, Text, WriteTxn};

#[test]
fn g6_a_text_has_a_longest_length_which_deletions_may_always_shorten() {
    let mut board = board();
    board.limits = GateLimits { board_text_units_max: 10, ..GateLimits::default() };
    let mut phone = Phone::new(1, 5, &board);
    let fits = phone.insert(0, 3, "4567890").unwrap();
    assert!(board.receive(1, &fits).is_ok());
    let mut phone = Phone::new(1, 6, &board);
    let long = phone.insert(0, 0, "x").unwrap();
    assert_eq!(board.receive(1, &long), Err(Refusal::TextTooLong));
    // The server may write more than people may; they can shorten it all the same.
    board.write(|txn| {
        let ideas = txn.get_or_insert_map("ideas");
        let Some(yrs::Out::YMap(map)) = ideas.get(txn, &idea_id(0).to_string()) else { panic!() };
        let Some(yrs::Out::YText(text)) = map.get(txn, "text") else { panic!() };
        text.insert(txn, 0, "longer and longer");
    });
    let mut phone = Phone::new(1, 7, &board);
    let shorter = phone
        .edit(0, |txn, text| {
            text.remove_range(txn, 0, 6);
            text.insert(txn, 0, "long");
        })
        .unwrap();
    assert!(board.receive(1, &shorter).is_ok());
    // As long as before is not longer.
    let same = phone
        .edit(0, |txn, text| {
            text.remove_range(txn, 0, 1);
            text.insert(txn, 0, "L");
        })
        .unwrap();
    assert!(board.receive(1, &same).is_ok());
    board.check();
}

#[test]
fn g6_as_many_characters_as_a_text_may_take_over_its_life_pass_and_one_more_does_not() {
    let mut board = board();
    board.limits =
        GateLimits { board_text_units_max: 10, inserted_per_life_factor: 2, ..GateLimits::default() };
    let mut phone = Phone::new(1, 5, &board);
    for update in [phone.insert(0, 0, "1234567"), phone.delete(0, 0, 9), phone.insert(0, 0, "123456789")] {
        board.receive(1, &update.unwrap()).unwrap();
    }
    let update = phone.delete(0, 0, 5).unwrap();
    board.receive(1, &update).unwrap();
    assert_eq!(board.figures(&idea(0)).inserted_units, 19);
    let last = phone.insert(0, 0, "1").unwrap();
    assert!(board.receive(1, &last).is_ok());
    let beyond = Phone::new(1, 6, &board).insert(0, 0, "1").unwrap();
    assert_eq!(board.receive(1, &beyond), Err(Refusal::TextWornOut));
    // The server's words may be more than that; who only takes some away may do so all the same.
    board.limits.inserted_per_life_factor = 1;
    let shorter = phone.delete(0, 0, 2).unwrap();
    assert!(board.receive(1, &shorter).is_ok());
    board.check();
}

#[test]
fn g7_ranges_and_steps_have_a_bound_each() {
    let deleting = |ranges: u32, structs_max| {
        let mut board = Board::new(&["abcdefghij"]);
        board.limits = GateLimits { structs_max, ..GateLimits::default() };
        let start = first(&board, 0).clock;
        let ranges = (0..ranges).map(|at| (start + 2 * at, 1)).collect();
        board.receive(1, &update(&[], &[(SERVER, ranges)])).map(drop)
    };
    assert_eq!(deleting(3, 3), Ok(()));
    assert_eq!(deleting(4, 3), Err(Refusal::TooLaborious));
    assert_eq!(deleting(2, 3), Ok(()));
    // A frame passes with just the steps that it costs, and is refused with one less.
    let comparing = |frame_steps_max| {
        let mut board = board();
        board.limits.work.frame_steps_max = frame_steps_max;
        let [o, n] = [first(&board, 0), id(SERVER, first(&board, 0).clock + 1)];
        let between = |words: &str| Forged::Item {
            left: Some(o),
            right: Some(n),
            parent: None,
            content: characters(words),
        };
        let frame = update(&[(5, 0, vec![between("a")]), (6, 0, vec![between("b")])], &[]);
        (board.receive(1, &frame).map(drop), board.index.steps_spent())
    };
    let (came, steps) = comparing(u64::MAX);
    assert_eq!((came, comparing(steps)), (Ok(()), (Ok(()), steps)));
    assert_eq!(comparing(steps - 1), (Err(Refusal::TooLaborious), steps));
}

#[test]
fn g7_deletions_cut_a_text_where_something_stays_beside_them() {
    let mut board = Board::new(&["abcdefghij", "klmno"]);
    let cuts = |board: &Board, number| board.index.branch(board.index.texts[&idea(number)]).unwrap().cuts;
    let (one, two) = (first(&board, 0).clock, first(&board, 1).clock);
    board.receive(1, &update(&[], &[(SERVER, vec![(one, 1), (one + 3, 2), (two, 1)])])).unwrap();
    assert_eq!((cuts(&board, 0), cuts(&board, 1)), (3, 1));
    // What lies deleted inside a range is one with it.
    board.receive(1, &update(&[], &[(SERVER, vec![(one + 1, 6)])])).unwrap();
    assert_eq!(cuts(&board, 0), 1);
}

#[test]
fn b5_texts_of_a_board_and_of_the_plenary_have_limits_of_their_own() {
    let limits = GateLimits::default();
    let wording = TextKey::Wording(idea_id(0));
    assert_eq!((limits.text_units_max(&idea(0)), limits.text_units_max(&wording)), (1_000, 4_000));
    assert_eq!((limits.inserted_units_max(&idea(0)), limits.inserted_units_max(&wording)), (20_000, 80_000));
}

#[test]
fn b5_a_text_is_worn_at_nine_tenths_of_its_life() {
    let limits =
        GateLimits { board_text_units_max: 10, inserted_per_life_factor: 2, ..GateLimits::default() };
    let worn = |inserted_units| limits.is_worn(&idea(0), TextFigures { visible_units: 1, inserted_units });
    assert_eq!((worn(17), worn(18), worn(20)), (false, true, true));
}

#[test]
fn w8_pages_are_client_ids_of_people_that_wrote() {
    let mut board = board();
    assert_eq!((board.index.pages(), board.index.has_written(ClientId(5))), (0, false));
    for client in [5, 6] {
        let frame = update(&[(client, 0, vec![behind(first(&board, 0), "a")])], &[]);
        board.receive(1, &frame).unwrap();
    }
    assert_eq!((board.index.pages(), board.index.has_written(ClientId(5))), (2, true));
    assert!(board.index.has_written(ClientId(SERVER)));
}

#[test]
fn g5_a_step_2_may_be_larger_by_twice_the_boards_delete_set() {
    let mut board = board();
    assert_eq!(board.index.delete_ranges(), 0);
    let (one, two) = (first(&board, 0).clock, first(&board, 1).clock);
    board.receive(1, &update(&[], &[(SERVER, vec![(one, 1), (one + 2, 1), (two, 1)])])).unwrap();
    assert_eq!(board.index.delete_ranges(), 3);
    let limits = GateLimits::default();
    let wide = limits.for_sync_step2(100);
    assert_eq!(wide.delete_ranges_max, limits.delete_ranges_max + 200);
    assert_eq!(wide.update_bytes_max, limits.update_bytes_max + 100 * 2 * 10);
}

#[test]
fn g6_a_text_takes_a_bounded_number_of_characters_over_its_life() {
    let mut board = board();
    board.limits =
        GateLimits { board_text_units_max: 10, inserted_per_life_factor: 2, ..GateLimits::default() };
    let mut phone = Phone::new(1, 5, &board);
    for _ in 0..2 {
        for update in [phone.insert(0, 0, "1234567"), phone.delete(0, 0, 7)] {
            assert!(board.receive(1, &update.unwrap()).is_ok());
        }
    }
    assert_eq!(board.figures(&idea(0)).inserted_units, 17);
    let worn = phone.insert(0, 0, "1234").unwrap();
    assert_eq!(board.receive(1, &worn), Err(Refusal::TextWornOut));
    // Tombstones count as well.
    let dead = Forged::Item {
        left: Some(first(&board, 0)),
        right: None,
        parent: None,
        content: ForgedContent::Deleted(4),
    };
    assert_eq!(board.receive(1, &update(&[(6, 0, vec![dead])], &[])), Err(Refusal::TextWornOut));
}

#[test]
fn w8_a_state_vector_of_another_epoch_is_refused() {
    let mut board = board();
    let phone = Phone::new(1, 5, &board);
    assert_eq!(board.check_state_vector(1, &phone.doc), Ok(()));
    // Written offline, under an id that nobody has seen yet, or one's own.
    let mut phone = Phone::new(1, 5, &board);
    let offline = phone.insert(0, 0, "offline").unwrap();
    assert_eq!(board.check_state_vector(1, &phone.doc), Ok(()));
    board.receive(1, &offline).unwrap();
    phone.insert(0, 0, "more");
    assert_eq!(board.check_state_vector(1, &phone.doc), Ok(()));
    // More than we have of somebody else's id.
    assert_eq!(board.check_state_vector(2, &phone.doc), Err(Refusal::OtherEpoch));
    // Another server's id, or more of ours than we wrote.
    let other = document(SERVER + 1);
    put_idea(&mut yrs::Transact::transact_mut(&other), 0, "x");
    assert_eq!(board.check_state_vector(1, &other), Err(Refusal::OtherEpoch));
    // Even when this document has something of the other one's.
    let foreign = update(&[(SERVER + 1, 0, vec![Forged::Gc(100)])], &[]);
    let mut mixed = Board::new(&[]);
    mixed.index.learn(&foreign).unwrap();
    assert_eq!(mixed.check_state_vector(1, &other), Err(Refusal::OtherEpoch));
    let mut ahead = Board::new(&["one", "two", "three", "four"]);
    ahead.write(|txn| put_idea(txn, 9, "x"));
    assert_eq!(board.check_state_vector(1, &ahead.doc), Err(Refusal::OtherEpoch));
}

#[test]
fn g7_forged_origins_cannot_make_yrs_compare_for_long() {
    let mut board = board();
    let one = first(&board, 0);
    let siblings = |count| {
        let dead =
            Forged::Item { left: Some(one), right: None, parent: None, content: ForgedContent::Deleted(1) };
        vec![dead; count]
    };
    assert!(board.receive(1, &update(&[(5, 0, siblings(500))], &[])).is_ok());
    assert_eq!(board.receive(1, &update(&[(6, 0, siblings(500))], &[])), Err(Refusal::TooLaborious));
    // What a person types beside it still passes.
    assert!(board.receive(1, &update(&[(6, 0, siblings(12))], &[])).is_ok());
    board.check();
}

#[test]
fn g6_what_is_typed_key_by_key_is_one_part_of_its_text() {
    let mut board = board();
    let mut phone = Phone::new(1, 5, &board);
    let runs = |board: &Board| board.index.branch(board.index.texts[&idea(0)]).unwrap().sequence.runs();
    let before = runs(&board);
    for at in 0..300 {
        let update = phone.insert(0, 1 + at, "x").unwrap();
        assert!(matches!(board.receive(1, &update), Ok(Taken::Update { .. })));
    }
    assert_eq!(runs(&board), before + 2);
    board.check();
    // Behind one another too, but with different right origins: yrs cannot join these.
    let one = first(&board, 0);
    let after = [None, Some(id(7, 0)), Some(id(7, 1))];
    let right: Vec<_> = after
        .iter()
        .map(|right| Forged::Item { left: Some(one), right: *right, parent: None, content: characters("z") })
        .collect();
    board.receive(1, &update(&[(7, 0, right)], &[])).unwrap();
    assert_eq!(runs(&board), before + 2 + 3);
    board.check();
}

#[test]
fn g1_an_update_has_a_largest_size_and_a_largest_number_of_each_part() {
    let board = board();
    let one = first(&board, 0);
    let read = |frame: &[u8], limits: &GateLimits| {
        TextEdit::read(bytes::Bytes::copy_from_slice(frame), limits).map(drop)
    };
    let limits = GateLimits {
        update_bytes_max: 60,
        structs_max: 3,
        client_sections_max: 2,
        delete_ranges_max: 2,
        deleted_units_max: 10,
        ..GateLimits::default()
    };
    let structs = |count: usize| vec![behind(one, "a"); count];
    let ranges = |count: u32| (0..count).map(|at| (2 * at, 1)).collect::<Vec<_>>();
    let fits = update(&[(1, 0, structs(2)), (2, 0, structs(1))], &[(3, ranges(2))]);
    assert_eq!(read(&fits, &limits), Ok(()));
    let exactly = GateLimits { update_bytes_max: fits.len(), ..limits };
    assert_eq!(read(&fits, &exactly), Ok(()));
    let edit = TextEdit::read(bytes::Bytes::from(fits.clone()), &limits).unwrap();
    assert_eq!(edit.client_ids().collect::<Vec<_>>(), [ClientId(1), ClientId(2)]);
    assert_eq!(read(&update(&[(1, 0, vec![Forged::Gc(10)])], &[]), &limits), Ok(()));
    for frame in [
        update(&[(1, 0, structs(4))], &[]),
        update(&[(1, 0, structs(2)), (2, 0, structs(2))], &[]),
        update(&[(1, 0, structs(1)), (2, 0, structs(1)), (3, 0, structs(1))], &[]),
        update(&[], &[(3, ranges(3))]),
        update(&[], &[(3, ranges(1)), (4, ranges(2))]),
    ] {
        assert_eq!(read(&frame, &limits), Err(Refusal::TooMany));
    }
    assert_eq!(read(&update(&[(1, 0, vec![Forged::Gc(11)])], &[]), &limits), Err(Refusal::TooLarge));
    let long = update(&[(1, 0, vec![behind(one, &"a".repeat(70))])], &[]);
    assert_eq!(read(&long, &limits), Err(Refusal::TooLarge));
    // A step 2 repeats the board's own delete set, and may be larger by twice that.
    assert_eq!(read(&update(&[], &[(3, ranges(6))]), &limits.for_sync_step2(2)), Ok(()));
    assert_eq!(read(&long, &limits.for_sync_step2(2)), Ok(()));
}

#[test]
fn g1_clocks_end_where_yrs_would_count_wrongly() {
    let mut board = board();
    let end = u32::MAX >> 1;
    for frame in [
        update(&[(5, end - 1, vec![Forged::Gc(2)])], &[]),
        update(&[(5, end, vec![Forged::Gc(1)])], &[]),
        update(&[(5, 0, vec![Forged::Gc(u32::MAX)])], &[]),
        update(&[], &[(5, vec![(end - 1, 2)])]),
        update(&[(5, 0, vec![behind(id(SERVER, u32::MAX), "a")])], &[]),
    ] {
        assert_eq!(board.receive(1, &frame), Err(Refusal::ClockRange));
    }
}
