//! Rules 2 to 5 of step two and the gap (W6), on a board with two ideas: "one" and "two".

use super::super::reader::Id;
use super::super::{Refusal, TextKey};
use super::board::{Board, SERVER, Taken, idea, idea_id, put_idea};
use super::forge::{Forged, ForgedContent, behind, characters, id, inside, update};
use super::phone::Phone;

use yrs::{Map, TextPrelim, WriteTxn};

pub fn board() -> Board {
    Board::new(&["one", "two", ""])
}

/// The id of the first character of an idea.
pub fn first(board: &Board, number: usize) -> Id {
    let parent = board.parent_of(&idea(number));
    // The server writes a text's characters right behind the text.
    id(parent.client.0, parent.clock + 1)
}

fn touched(taken: Result<Taken, Refusal>) -> Vec<TextKey> {
    match taken {
        Ok(Taken::Update { touches, .. }) => touches,
        other => panic!("{other:?}"),
    }
}

#[test]
fn b1_typing_passes_and_touches_its_text() {
    let mut board = board();
    let mut phone = Phone::new(1, 5, &board);
    let update = phone.insert(0, 3, " more").unwrap();
    assert_eq!(touched(board.receive(1, &update)), [idea(0)]);
    assert_eq!(board.text(&idea(0)), "one more");
    let update = phone.delete(0, 0, 4).unwrap();
    assert_eq!(touched(board.receive(1, &update)), [idea(0)]);
    assert_eq!(board.text(&idea(0)), "more");
    assert_eq!(board.figures(&idea(0)).inserted_units, 8);
    board.check();
}

#[test]
fn b1_typing_into_an_empty_text_names_its_parent() {
    let mut board = board();
    let forged = update(&[(5, 0, vec![inside(board.parent_of(&idea(2)), "new")])], &[]);
    let mut phone = Phone::new(1, 5, &board);
    assert_eq!(phone.insert(2, 0, "new").unwrap(), forged);
    assert_eq!(touched(board.receive(1, &forged)), [idea(2)]);
    assert_eq!(board.text(&idea(2)), "new");
    board.check();
}

#[test]
fn g2_an_id_of_somebody_else_is_refused_and_one_never_seen_is_taken() {
    let mut board = board();
    let one = first(&board, 0);
    assert!(board.receive(1, &update(&[(5, 0, vec![behind(one, "a")])], &[])).is_ok());
    let next = update(&[(5, 1, vec![behind(one, "b")])], &[]);
    assert_eq!(board.receive(2, &next), Err(Refusal::ForeignClient));
    assert_eq!(touched(board.receive(1, &next)), [idea(0)]);
}

#[test]
fn g2_what_is_known_is_dropped_whoever_sends_it_and_whatever_it_says() {
    let mut board = board();
    let one = first(&board, 0);
    let said = update(&[(5, 0, vec![behind(one, "abc")])], &[]);
    board.receive(1, &said).unwrap();
    assert_eq!(board.receive(1, &said), Ok(Taken::Nothing));
    assert_eq!(board.receive(2, &said), Ok(Taken::Nothing));
    let otherwise = update(&[(5, 0, vec![behind(first(&board, 1), "xyz")])], &[]);
    assert_eq!(board.receive(1, &otherwise), Ok(Taken::Nothing));
    assert_eq!(board.text(&idea(0)), "oabcne");
    board.check();
}

#[test]
fn g2_a_straddling_struct_is_trimmed() {
    let mut board = board();
    let one = first(&board, 0);
    board.receive(1, &update(&[(5, 0, vec![behind(one, "ab")])], &[])).unwrap();
    let more = update(&[(5, 0, vec![behind(one, "ab😀d"), behind(id(5, 4), "e")])], &[]);
    let expected = update(&[(5, 2, vec![behind(id(5, 1), "😀d"), behind(id(5, 4), "e")])], &[]);
    let Taken::Update { fan_out, .. } = board.receive(1, &more).unwrap() else { panic!() };
    assert_eq!(board.text(&idea(0)), "oab😀dene");
    assert_eq!(board.given, expected);
    // yrs joins both structs into one.
    assert_eq!(fan_out, update(&[(5, 2, vec![behind(id(5, 1), "😀de")])], &[]));
    board.check();
}

#[test]
fn g2_known_structs_before_new_ones_are_skipped() {
    let mut board = board();
    let one = first(&board, 0);
    board.receive(1, &update(&[(5, 0, vec![behind(one, "a"), behind(one, "b")])], &[])).unwrap();
    let more = [behind(one, "a"), behind(one, "b"), behind(id(5, 1), "c")];
    assert_eq!(touched(board.receive(1, &update(&[(5, 0, more.to_vec())], &[]))), [idea(0)]);
    assert_eq!(board.given, update(&[(5, 2, vec![behind(id(5, 1), "c")])], &[]));
    assert_eq!(board.text(&idea(0)).len(), 6);
    board.check();
}

#[test]
fn g2_a_struct_is_never_trimmed_inside_a_character() {
    let mut board = board();
    let one = first(&board, 0);
    board.receive(1, &update(&[(5, 0, vec![behind(one, "ab")])], &[])).unwrap();
    let more = update(&[(5, 0, vec![behind(one, "a😀d")])], &[]);
    assert_eq!(board.receive(1, &more), Err(Refusal::HalfCharacter));
    assert_eq!(board.text(&idea(0)), "oabne");
}

#[test]
fn g2_a_struct_that_claims_another_text_for_its_known_half_is_refused() {
    let mut board = board();
    board.receive(1, &update(&[(5, 0, vec![behind(first(&board, 0), "ab")])], &[])).unwrap();
    let more = update(&[(5, 0, vec![behind(first(&board, 1), "abc")])], &[]);
    assert_eq!(board.receive(1, &more), Err(Refusal::TwoTexts));
}

#[test]
fn g2_trimmed_tombstones_stay_where_they_are() {
    let mut board = board();
    let one = first(&board, 0);
    let dead = |length| Forged::Item {
        left: Some(one),
        right: None,
        parent: None,
        content: ForgedContent::Deleted(length),
    };
    board.receive(1, &update(&[(5, 0, vec![dead(2)])], &[])).unwrap();
    assert_eq!(touched(board.receive(1, &update(&[(5, 0, vec![dead(5)])], &[]))), [idea(0)]);
    assert_eq!(board.figures(&idea(0)).inserted_units, 8);
    board.receive(1, &update(&[(6, 0, vec![Forged::Gc(2)])], &[])).unwrap();
    assert!(touched(board.receive(1, &update(&[(6, 0, vec![Forged::Gc(5)])], &[]))).is_empty());
    board.check();
}

#[test]
fn w6_an_update_that_does_not_continue_is_a_gap() {
    let mut board = board();
    let one = first(&board, 0);
    assert_eq!(board.receive(1, &update(&[(5, 1, vec![behind(one, "b")])], &[])), Ok(Taken::Gap));
    // An origin, a parent or a deletion of one's own that was not sent yet is a gap too.
    assert_eq!(board.receive(1, &update(&[(5, 0, vec![behind(id(6, 0), "b")])], &[])), Ok(Taken::Gap));
    assert_eq!(board.receive(1, &update(&[], &[(5, vec![(0, 1)])])), Ok(Taken::Gap));
    // Just behind what was sent, and just behind what is sent with it.
    board.receive(1, &update(&[(5, 0, vec![behind(one, "abc")])], &[])).unwrap();
    assert_eq!(board.receive(1, &update(&[(6, 0, vec![inside(id(5, 3), "b")])], &[])), Ok(Taken::Gap));
    let with_it =
        |clock| update(&[(8, 0, vec![behind(id(6, clock), "x")]), (6, 0, vec![behind(one, "y")])], &[]);
    assert_eq!(board.receive(1, &with_it(1)), Ok(Taken::Gap));
    assert_eq!(board.receive(1, &with_it(7)), Ok(Taken::Gap));
    // Of somebody else it is none.
    board.receive(2, &update(&[(7, 0, vec![behind(one, "x")])], &[])).unwrap();
    assert_eq!(board.receive(1, &update(&[(9, 0, vec![behind(id(7, 1), "b")])], &[])), Err(Refusal::Unknown));
    assert_eq!(board.receive(1, &update(&[], &[(7, vec![(0, 2)])])), Err(Refusal::Unknown));
    assert_eq!(board.receive(1, &update(&[], &[(SERVER, vec![(9999, 2)])])), Err(Refusal::Unknown));
    assert_eq!(board.receive(1, &update(&[], &[(SERVER + 1, vec![(0, 2)])])), Err(Refusal::Unknown));
    board.check();
}

#[test]
fn g2_origins_may_lie_anywhere_in_the_same_update() {
    let mut board = board();
    let one = first(&board, 0);
    let frame = update(
        &[
            (9, 0, vec![behind(id(5, 0), "b"), behind(id(6, 0), "d")]),
            (6, 0, vec![behind(id(9, 0), "c")]),
            (5, 0, vec![behind(one, "a"), behind(id(9, 1), "e")]),
        ],
        &[],
    );
    assert_eq!(touched(board.receive(1, &frame)), [idea(0)]);
    assert_eq!(board.text(&idea(0)), "oabcdene");
    board.check();
}

#[test]
fn g4_a_circle_is_refused() {
    let mut board = board();
    let frame = update(&[(9, 0, vec![behind(id(5, 0), "b")]), (5, 0, vec![behind(id(9, 0), "a")])], &[]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::Circle));
    let itself = update(&[(5, 0, vec![behind(id(5, 1), "ab")])], &[]);
    assert_eq!(board.receive(1, &itself), Err(Refusal::Circle));
}

#[test]
fn g4_origins_in_two_texts_are_refused() {
    let mut board = board();
    let (one, two) = (first(&board, 0), first(&board, 1));
    let item = |left, right| Forged::Item { left, right, parent: None, content: characters("x") };
    let frame = update(&[(5, 0, vec![item(Some(one), Some(two))])], &[]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::TwoTexts));
    let frame = update(&[(5, 0, vec![item(None, Some(one)), item(Some(id(5, 0)), Some(two))])], &[]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::TwoTexts));
    assert_eq!(board.text(&idea(0)), "one");
}

#[test]
fn b1_nothing_outside_a_text_can_be_written_or_deleted() {
    let mut board = board();
    let text = board.parent_of(&idea(0));
    for clock in 0..text.clock {
        let at = id(SERVER, clock);
        for forged in [inside(at, "x"), behind(at, "x")] {
            assert_eq!(
                board.receive(1, &update(&[(5, 0, vec![forged])], &[])),
                Err(Refusal::NotAText),
                "{clock}"
            );
        }
        let delete = update(&[], &[(SERVER, vec![(clock, 1)])]);
        assert_eq!(board.receive(1, &delete), Err(Refusal::DeletesNoText), "{clock}");
    }
    // The text itself is a map entry: characters go inside, not behind; and it cannot be deleted.
    let frame = update(&[(5, 0, vec![behind(text, "x")])], &[]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::NotAText));
    let frame = update(&[], &[(SERVER, vec![(text.clock, 3)])]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::DeletesNoText));
    // A character is no parent.
    let frame = update(&[(5, 0, vec![inside(first(&board, 0), "x")])], &[]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::NotAText));
    let frame = update(&[(5, 0, vec![behind(first(&board, 0), "x"), inside(id(5, 0), "y")])], &[]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::NotAText));
    board.check();
}

#[test]
fn g5_known_deletions_are_dropped_and_new_ones_touch_their_text() {
    let mut board = board();
    let one = first(&board, 0);
    let delete = |start, length| update(&[], &[(SERVER, vec![(start, length)])]);
    assert_eq!(touched(board.receive(1, &delete(one.clock, 1))), [idea(0)]);
    assert_eq!(board.receive(1, &delete(one.clock, 1)), Ok(Taken::Nothing));
    assert_eq!(touched(board.receive(1, &delete(one.clock, 3))), [idea(0)]);
    assert_eq!(board.receive(2, &delete(one.clock, 2)), Ok(Taken::Nothing));
    assert_eq!(board.text(&idea(0)), "");
    // What the server deleted is known as well.
    board.hide(1);
    let phone = Phone::new(1, 5, &board);
    assert_eq!(board.receive(1, &phone.sync_step2(&board)), Ok(Taken::Nothing));
    board.check();
}

#[test]
fn g5_an_update_that_deletes_in_two_texts_touches_both() {
    let mut board = board();
    let (one, two) = (first(&board, 0), first(&board, 1));
    let frame = update(&[], &[(SERVER, vec![(one.clock, 1), (two.clock + 1, 2)])]);
    let mut keys = touched(board.receive(1, &frame));
    keys.sort();
    assert_eq!(keys, [idea(0), idea(1)]);
    assert_eq!((board.text(&idea(0)), board.text(&idea(1))), ("ne".to_owned(), "t".to_owned()));
}

#[test]
fn g3_what_was_typed_and_deleted_offline_passes() {
    let mut board = board();
    let mut phone = Phone::new(1, 5, &board);
    phone.insert(0, 3, "abc");
    phone.delete(0, 3, 3);
    let step2 = phone.sync_step2(&board);
    assert_eq!(touched(board.receive(1, &step2)), [idea(0)]);
    assert_eq!(board.figures(&idea(0)).inserted_units, 6);
    assert_eq!(board.figures(&idea(0)).visible_units, 3);
    board.check();
}

#[test]
fn g3_a_bare_gc_touches_no_text_and_is_no_origin() {
    let mut board = board();
    let one = first(&board, 0);
    let frame = update(&[(5, 0, vec![Forged::Gc(3)])], &[(5, vec![(0, 3)])]);
    assert_eq!(touched(board.receive(1, &frame)), []);
    let frame = update(&[(5, 3, vec![behind(id(5, 1), "x")])], &[]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::TextGone));
    let mixed =
        Forged::Item { left: Some(one), right: Some(id(5, 0)), parent: None, content: characters("x") };
    assert_eq!(board.receive(1, &update(&[(5, 3, vec![mixed])], &[])), Err(Refusal::TwoTexts));
    board.check();
}

#[test]
fn g4_a_text_that_is_hidden_takes_no_characters_but_lets_tombstones_go() {
    let mut board = board();
    let mut phone = Phone::new(1, 5, &board);
    let words = phone.insert(0, 3, "!").unwrap();
    let mut other = Phone::new(2, 6, &board);
    other.insert(0, 0, "abc");
    other.delete(0, 0, 3);
    let (one, parent) = (first(&board, 0), board.parent_of(&idea(0)));
    board.hide(0);
    assert_eq!(board.index.text(&idea(0)), None);
    assert_eq!(board.receive(1, &words), Err(Refusal::TextGone));
    assert_eq!(board.receive(1, &update(&[(5, 0, vec![inside(parent, "x")])], &[])), Err(Refusal::TextGone));
    // A deletion of what is gone is known; a tombstone there becomes a bare GC and touches nothing.
    assert_eq!(board.receive(1, &update(&[], &[(SERVER, vec![(one.clock, 2)])])), Ok(Taken::Nothing));
    let step2 = other.sync_step2(&board);
    assert_eq!(touched(board.receive(2, &step2)), []);
    assert_eq!(board.given, update(&[(6, 0, vec![Forged::Gc(3)])], &[]));
    board.check();
    // Who hears of it first answers with bare GCs.
    phone.apply(&board.snapshot());
    let step2 = phone.sync_step2(&board);
    assert_eq!(touched(board.receive(1, &step2)), []);
    board.check();
}

#[test]
fn g4_a_text_that_was_replaced_or_shown_again_takes_characters_again() {
    let mut board = board();
    let mut phone = Phone::new(1, 5, &board);
    let late = phone.insert(0, 3, "!").unwrap();
    board.write(|txn| {
        let ideas = txn.get_or_insert_map("ideas");
        let Some(yrs::Out::YMap(map)) = ideas.get(txn, &idea_id(0).to_string()) else { panic!() };
        map.insert(txn, "text", TextPrelim::new("anew"));
    });
    assert_eq!(board.receive(1, &late), Err(Refusal::TextGone));
    assert_eq!(board.figures(&idea(0)).inserted_units, 4);
    let mut phone = Phone::new(1, 6, &board);
    let update = phone.insert(0, 4, "!").unwrap();
    assert_eq!(touched(board.receive(1, &update)), [idea(0)]);
    board.hide(0);
    board.write(|txn| put_idea(txn, 0, "again"));
    let mut phone = Phone::new(1, 7, &board);
    let update = phone.insert(0, 5, "!").unwrap();
    assert_eq!(touched(board.receive(1, &update)), [idea(0)]);
    assert_eq!(board.text(&idea(0)), "again!");
    board.check();
}

#[test]
fn a_reconnect_repeats_what_is_known_and_nothing_happens() {
    let mut board = board();
    let mut phone = Phone::new(1, 5, &board);
    phone.insert(0, 0, "a");
    phone.insert(1, 0, "b");
    phone.delete(1, 1, 2);
    let queue = std::mem::take(&mut phone.queue);
    for update in &queue {
        assert!(matches!(board.receive(1, update), Ok(Taken::Update { .. })));
    }
    for update in &queue {
        assert_eq!(board.receive(1, update), Ok(Taken::Nothing));
    }
    assert_eq!(phone.reconnect(&mut board), Ok(Taken::Nothing));
    // The whole document, as a phone that lost our state vector would send it, is more than people may send.
    let all = yrs::ReadTxn::encode_state_as_update_v1(
        &yrs::Transact::transact(&phone.doc),
        &yrs::StateVector::default(),
    );
    assert_eq!(board.receive(1, &all), Err(Refusal::ClientIdRange));
}

#[test]
fn g8_letters_that_act_are_refused_in_what_is_new_and_stay_where_they_were() {
    for (acts, letter) in [
        ("\0", '\0'),
        ("a\r\nb", '\r'),
        ("\u{202e}gnp.exe", '\u{202e}'),
        ("\u{9b}31m", '\u{9b}'),
        ("\u{2028}", '\u{2028}'),
    ] {
        let mut board = Board::new(&["one", "two\0", ""]);
        let mut phone = Phone::new(1, 5, &board);
        assert_eq!(
            board.receive(1, &phone.insert(0, 3, acts).unwrap()),
            Err(Refusal::Letters(letter)),
            "{acts:?}"
        );
        assert_eq!(board.text(&idea(0)), "one");
        // A text from before the rule goes on being edited, and its letter can be taken out.
        let mut other = Phone::new(2, 6, &board);
        assert_eq!(touched(board.receive(2, &other.insert(1, 3, " lines\n\tand ").unwrap())), [idea(1)]);
        assert_eq!(touched(board.receive(2, &other.delete(1, 15, 1).unwrap())), [idea(1)]);
        let text = board.text(&idea(1));
        assert!(text.starts_with("two lines\n\tand "), "{text:?}");
        board.check();
    }
}

#[test]
fn g8_the_letters_of_real_writing_pass() {
    let mut board = board();
    let mut phone = Phone::new(1, 5, &board);
    for words in [
        "می‌خواهیم",
        "\u{200e}a\u{200f}\u{61c}",
        "👨‍👩‍👧 🏴\u{e0067}\u{e007f}",
        "\u{2068}x\u{2069}",
        "a\u{301}\u{301}",
    ] {
        assert_eq!(touched(board.receive(1, &phone.insert(0, 0, words).unwrap())), [idea(0)], "{words}");
    }
    board.check();
}
