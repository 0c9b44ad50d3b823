//! Which two characters may be origins of one struct (rule 4), on a board with the idea "one": a phone can have typed
//! between them.

use bytes::Bytes;

use super::super::reader::Id;
use super::super::{Bindings, GateLimits, Refusal, Resolved, TextEdit};
use super::board::{Board, SERVER, Taken, idea};
use super::forge::{Forged, ForgedContent, characters, id, update};
use super::phone::Phone;
use super::rules::{board, first};
use crate::ids::ClientId;

struct Anybody;

impl Bindings for Anybody {
    fn may_use(&self, client: ClientId) -> bool {
        !client.is_server()
    }
}

/// The three characters of "one".
fn one(board: &Board) -> [Id; 3] {
    let o = first(board, 0);
    [o, id(SERVER, o.clock + 1), id(SERVER, o.clock + 2)]
}

fn between(left: Option<Id>, right: Option<Id>) -> Forged {
    Forged::Item { left, right, parent: None, content: characters("x") }
}

#[test]
fn g4_origins_that_were_never_neighbours_are_refused() {
    let mut board = board();
    let [o, n, e] = one(&board);
    for (left, right) in [
        // Behind one another the wrong way round, or the same one twice.
        (Some(n), Some(o)),
        (Some(e), Some(o)),
        (Some(n), Some(n)),
        // Whoever has the right one has what stands before it.
        (Some(o), Some(e)),
        (None, Some(n)),
        (None, Some(e)),
    ] {
        let frame = update(&[(5, 0, vec![between(left, right)])], &[]);
        assert_eq!(board.receive(1, &frame), Err(Refusal::NeverNeighbours), "{left:?} {right:?}");
        let dead = Forged::Item { left, right, parent: None, content: ForgedContent::Deleted(2) };
        let frame = update(&[(5, 0, vec![dead])], &[]);
        assert_eq!(board.receive(1, &frame), Err(Refusal::NeverNeighbours), "{left:?} {right:?}");
    }
    assert_eq!(board.text(&idea(0)), "one");
    board.check();
}

#[test]
fn g4_whoever_has_the_left_one_has_what_stood_behind_it_when_it_was_typed() {
    let mut board = board();
    let [o, n, _] = one(&board);
    // "x" is typed between o and n.
    board.receive(1, &update(&[(5, 0, vec![between(Some(o), Some(n))])], &[])).unwrap();
    let x = id(5, 0);
    let beyond = update(&[(6, 0, vec![between(Some(x), None)])], &[]);
    assert_eq!(board.receive(1, &beyond), Err(Refusal::NeverNeighbours));
    let before = update(&[(6, 0, vec![between(Some(x), Some(n))])], &[]);
    assert!(board.receive(1, &before).is_ok());
    board.check();
}

#[test]
fn g4_origins_between_which_somebody_may_have_typed_pass() {
    for passes in [
        // Typed into "o", before the rest was there; behind and before all of it.
        |[o, _, _]: [Id; 3]| (Some(o), None),
        |[o, n, _]: [Id; 3]| (Some(o), Some(n)),
        |[_, _, e]: [Id; 3]| (Some(e), None),
        |[o, _, _]: [Id; 3]| (None, Some(o)),
    ] {
        let mut board = board();
        // Somebody else typed at each of these places meanwhile.
        let mut phone = Phone::new(2, 9, &board);
        for at in [0, 2, 4, 6] {
            phone.insert(0, at, "y");
        }
        for frame in std::mem::take(&mut phone.queue) {
            board.receive(2, &frame).unwrap();
        }
        let (left, right) = passes(one(&board));
        let frame = update(&[(5, 0, vec![between(left, right)])], &[]);
        assert!(matches!(board.receive(1, &frame), Ok(Taken::Update { .. })), "{left:?} {right:?}");
        board.check();
    }
}

#[test]
fn g4_an_edit_that_was_resolved_and_not_admitted_leaves_no_trace() {
    let mut board = board();
    let [o, n, _] = one(&board);
    let sections = [
        (7, 0, vec![between(Some(o), Some(n)), between(Some(id(7, 0)), Some(n))]),
        (6, 0, vec![between(Some(id(7, 1)), Some(n))]),
    ];
    let frame = Bytes::from(update(&sections, &[]));
    let limits = GateLimits::default();
    let edit = TextEdit::read(frame, &limits).unwrap();
    // As when the phase does not allow it.
    assert!(matches!(board.index.resolve(&edit, &Anybody, &limits), Ok(Resolved::Edit(_))));
    // What it wrote is not there.
    let behind = update(&[(5, 0, vec![between(Some(id(7, 0)), Some(n))])], &[]);
    assert_eq!(board.receive(2, &behind), Ok(Taken::Gap));
    let mut phone = Phone::new(2, 5, &board);
    let typed = phone.insert(0, 1, "y").unwrap();
    board.receive(2, &typed).unwrap();
    board.check();
    // Nor when the server writes next.
    assert!(matches!(board.index.resolve(&edit, &Anybody, &limits), Ok(Resolved::Edit(_))));
    board.hide(1);
    board.check();
}

#[test]
fn g4_a_refused_struct_takes_those_before_it_with_it() {
    let mut board = board();
    let [o, n, e] = one(&board);
    let frame = update(&[(5, 0, vec![between(Some(o), Some(n)), between(Some(o), Some(e))])], &[]);
    assert_eq!(board.receive(1, &frame), Err(Refusal::NeverNeighbours));
    board.check();
}
