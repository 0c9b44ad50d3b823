//! Rule G7 at worst-case texts: what one frame and one load cost, in counted steps. No random bytes: each frame here is
//! chosen to make the most work that the limits allow.

use super::super::meter::{SCANNED, STRUCT, WAIT};
use super::super::reader::Id;
use super::super::{GateLimits, Refusal, StateVector, TextIndex, WorkLimits};
use super::board::{Board, SERVER, Taken, idea};
use super::forge::{Forged, ForgedContent, characters, id, update};
use super::rules::first;

/// The most that is paid at once, and so may be spent beyond the budget: one cut, or the runs of one piece.
const AT_ONCE: u64 = 2_000;

const fn dead(left: Id, right: Option<Id>) -> Forged {
    Forged::Item { left: Some(left), right, parent: None, content: ForgedContent::Deleted(1) }
}

/// Limits under which a text may have as many runs as it may have units: what finding 1 had.
fn long_texts() -> GateLimits {
    let work = WorkLimits { text_parts_max: u64::MAX, ..WorkLimits::default() };
    GateLimits { work, ..GateLimits::default() }
}

/// Sends a frame; whatever comes of it, its budget holds.
fn send(board: &mut Board, frame: &[u8]) -> Result<Taken, Refusal> {
    let budget = board.limits.for_sync_step2(board.index.delete_ranges()).work.frame_steps_max;
    let came = board.receive(1, frame);
    let spent = board.index.steps_spent();
    assert!(spent <= budget + AT_ONCE, "{spent} steps of {budget}");
    assert!(spent <= budget || came == Err(Refusal::TooLaborious), "{came:?} after {spent} steps");
    came
}

/// What the limits allow a load to cost: of this document, and of any.
fn load_bound(board: &Board) -> u64 {
    let (work, limits) = (board.index.work(), board.limits.work);
    assert!(work.parts <= limits.document_parts_max, "{} parts", work.parts);
    assert!(work.load_steps <= limits.load_steps_max, "{} comparisons", work.load_steps);
    let servers = board.index.state().filter(|(client, _)| client.is_server());
    let others: u64 = servers.map(|(_, next)| u64::from(next)).sum();
    work.steps_of_a_load(others + board.index.collected_parts())
}

/// Loads the board anew; gives the steps.
fn load(board: &Board) -> u64 {
    let mut index = TextIndex::default();
    index.learn(&board.snapshot()).unwrap();
    let (steps, bound) = (index.steps_spent(), load_bound(board));
    assert!(steps <= bound, "a load of {steps} steps, bound {bound}");
    steps
}

/// Runs of one unit by two clients in turn, behind each other. Frames as large as the old bound let through.
fn interleave(board: &mut Board, number: usize, clients: [u64; 2], runs: usize) -> usize {
    let mut end = first(board, number);
    let (mut clock, mut there, mut frames) = ([0u32; 2], 1usize, 0);
    while there <= runs {
        let mut structs = [Vec::new(), Vec::new()];
        let width = (1..=2_000).rev().find(|width| width * (there + width) <= 1_450_000).unwrap();
        for at in 0..width.min(runs + 1 - there) {
            let who = (there + at + 1) % 2;
            structs[who].push(dead(end, None));
            end = id(clients[who], clock[who]);
            clock[who] += 1;
        }
        let starts = [0, 1].map(|at| clock[at] - structs[at].len() as u32);
        there += structs[0].len() + structs[1].len();
        let [one, two] = structs;
        let sections = [(clients[0], starts[0], one), (clients[1], starts[1], two)];
        let sections: Vec<_> = sections.into_iter().filter(|section| !section.2.is_empty()).collect();
        assert!(
            matches!(send(board, &update(&sections, &[])), Ok(Taken::Update { .. })),
            "after {there} runs"
        );
        frames += 1;
    }
    frames
}

#[test]
fn g7_finding_1_is_refused_within_its_budget_and_the_board_loads_at_once() {
    let mut board = Board::new(&["x"]);
    board.limits = long_texts();
    let frames = interleave(&mut board, 0, [1_001, 2_000_001], 17_800);
    assert!((100..=130).contains(&frames), "{frames} frames");
    let before = load(&board);
    // Each of these passed 17,800 runs for each of its structs, and looked through as many for each run that it passed.
    for structs in [60, 250, 2_000] {
        let siblings = vec![dead(first(&board, 0), None); structs];
        let frame = update(&[(4_000_000_000, 0, siblings)], &[]);
        assert_eq!(send(&mut board, &frame), Err(Refusal::TooLaborious));
    }
    // Who types at its end is not hindered, and the board loads as fast as before.
    let end = board.index.branch(board.index.texts[&idea(0)]).unwrap().sequence.units().last().unwrap();
    assert!(send(&mut board, &update(&[(4_000_000_000, 0, vec![dead(end, None)])], &[])).is_ok());
    assert!(load(&board) <= before + STRUCT + 4 * WAIT + SCANNED, "{before}");
    board.check();
}

#[test]
fn g7_a_text_of_too_many_parts_is_worn_and_then_takes_no_more() {
    let mut board = Board::new(&["x"]);
    interleave(&mut board, 0, [1_001, 2_000_001], 7_300);
    let fragmented = |board: &Board| board.limits.is_fragmented(board.index.work_of(&idea(0)).unwrap());
    assert!(!fragmented(&board));
    let end = |board: &Board| {
        board.index.branch(board.index.texts[&idea(0)]).unwrap().sequence.units().last().unwrap()
    };
    let more = update(&[(7, 0, in_turn(end(&board), 7, 0, 800))], &[]);
    assert!(send(&mut board, &more).is_ok());
    assert!(fragmented(&board));
    let more = update(&[(8, 0, in_turn(end(&board), 8, 0, 800))], &[]);
    assert_eq!(send(&mut board, &more), Err(Refusal::TextWornOut));
}

#[test]
fn g7_a_document_of_too_many_parts_names_its_heaviest_text_and_takes_no_more() {
    let words = vec!["x"; 50];
    let mut board = Board::new(&words);
    board.limits.work.document_parts_max = 10_000;
    for number in 0..40 {
        interleave(&mut board, number, [1_000 + number as u64, 9_000 - number as u64], 200 + 2 * number);
    }
    assert!(board.limits.is_heavy(board.index.work()));
    assert_eq!(board.index.heaviest(&board.limits, 2), [idea(39), idea(38)]);
    let more = update(&[(7, 0, in_turn(first(&board, 49), 7, 0, 1_000))], &[]);
    assert_eq!(send(&mut board, &more), Err(Refusal::DocumentFragmented));
    load(&board);
    // Once the heaviest are replaced there is room again.
    for number in 30..40 {
        board.hide(number);
    }
    assert!(send(&mut board, &more).is_ok());
    assert!(board.index.collected_parts() >= 10 * 260);
    load(&board);
}

/// Letters and deletions in turn behind each other: none is joined with the one before.
fn in_turn(mut end: Id, client: u64, clock: u32, count: u32) -> Vec<Forged> {
    let structs = (0..count).map(|at| {
        let content = if at % 2 == 0 { characters("z") } else { ForgedContent::Deleted(1) };
        let item = Forged::Item { left: Some(end), right: None, parent: None, content };
        end = id(client, clock + at);
        item
    });
    structs.collect()
}

/// How the next sibling of an attack is written: its client id, and its right origin.
type Sibling = fn(step: u64, last: Option<Id>) -> (u64, Option<Id>);

#[test]
fn g7_conflicts_that_come_cheaply_are_bounded_at_every_load() {
    let attacks: [(&str, Sibling); 5] = [
        ("ids fall", |step, _| (9_000_000 - step, None)),
        ("ids rise", |step, _| (1_000 + step, None)),
        ("ids fall and rise", |step, _| (if step % 2 == 0 { 9_000_000 - step } else { 1_000 + step }, None)),
        ("each before the last one", |step, last| (9_000_000 - step, last)),
        ("every other before the last one", |step, last| {
            (5_000 + step % 64 * 7 + step, last.filter(|_| step % 2 == 0))
        }),
    ];
    for (name, sibling) in attacks {
        let mut board = Board::new(&["x", "y"]);
        board.limits = long_texts();
        let origin = first(&board, 0);
        let (mut last, mut taken, mut refused) = (None, 0, None);
        for step in 0..130 {
            let (client, right) = sibling(step, last);
            // Each with descendants, over which a later sibling has to go.
            let mut structs = vec![dead(origin, right); 12];
            structs.extend((0..12).map(|at| dead(id(client, at), right)));
            match send(&mut board, &update(&[(client, 0, structs)], &[])) {
                Ok(_) => taken += 1,
                Err(refusal) => refused = Some(refusal),
            }
            last = Some(id(client, 11)).filter(|_| refused.is_none());
            if refused.is_some() {
                break;
            }
        }
        assert!(taken > 10, "{name}: {taken} frames, {refused:?}");
        load(&board);
    }
}

#[test]
fn g7_sections_that_wait_for_each_other_in_the_worst_order_stay_within_the_budget() {
    // Each struct hangs on one of the next section: to take it, 63 others must be taken first.
    for reverse in [false, true] {
        let mut board = Board::new(&["x"]);
        let mut end = first(&board, 0);
        let mut sections: Vec<(u64, u32, Vec<Forged>)> =
            (0..64).map(|at| (100 + at, 0, Vec::new())).collect();
        for unit in 0..2_048usize {
            let at = if reverse { 63 - unit % 64 } else { unit % 64 };
            sections[at].2.push(dead(end, None));
            end = id(100 + at as u64, unit as u32 / 64);
        }
        sections.reverse();
        assert!(send(&mut board, &update(&sections, &[])).is_ok());
        let spent = board.index.steps_spent();
        assert!(spent <= 2_048 * (STRUCT + 3 * WAIT), "{spent}");
        load(&board);
    }
}

#[test]
fn g7_a_frame_at_its_caps_of_structs_between_strangers_stays_within_the_budget() {
    let mut board = Board::new(&["x"]);
    interleave(&mut board, 0, [1_001, 2_000_001], 3_000);
    // Between any two neighbours one more: lookups, no scan.
    let between = |client| {
        let structs = (0..1_400).map(|at| dead(id(1_001, at), Some(id(2_000_001, at))));
        update(&[(client, 0, structs.collect())], &[])
    };
    let came = send(&mut board, &between(7));
    assert!(came.is_ok(), "{came:?}");
    // Then the same once more beside those, by somebody who does not know them: cheap now, dear at a load.
    assert_eq!(send(&mut board, &between(3_000_000)), Err(Refusal::DocumentFragmented));
    load(&board);
}

#[test]
fn g7_ranges_over_fragmented_letters_pay_for_what_yrs_moves() {
    let words = vec!["x"; 20];
    let mut board = Board::new(&words);
    // Letters and deletions in turn, 30,000 of one id: to delete the letters joins all of it, one by one.
    let mut clock = 0;
    for number in 0..20 {
        let frame = update(&[(7, clock, in_turn(first(&board, number), 7, clock, 1_500))], &[]);
        assert!(send(&mut board, &frame).is_ok());
        clock += 1_500;
    }
    // One range of six bytes.
    assert_eq!(send(&mut board, &update(&[], &[(7, vec![(0, 30_000)])])), Err(Refusal::TooLaborious));
    assert!(send(&mut board, &update(&[], &[(7, vec![(0, 60)])])).is_ok());
    let every_other = (100..4_000).step_by(2).map(|clock| (clock, 1)).collect();
    assert_eq!(send(&mut board, &update(&[], &[(7, every_other)])), Err(Refusal::TooLaborious));
    // What is known costs two searches each, however much of it a step 2 repeats.
    let known: Vec<(u32, u32)> = (61..30_000).step_by(2).map(|clock| (clock, 1)).collect();
    assert_eq!(send(&mut board, &update(&[], &[(7, known)])), Ok(Taken::Nothing));
    load(&board);
}

#[test]
fn g7_a_page_with_too_many_blocks_is_refused_and_goes_on_under_a_new_id() {
    let mut board = Board::new(&["x"]);
    board.limits.work.client_blocks_max = 1_000;
    let one = first(&board, 0);
    assert!(send(&mut board, &update(&[(7, 0, in_turn(one, 7, 0, 900))], &[])).is_ok());
    let more = board.receive(1, &update(&[(7, 900, in_turn(id(7, 899), 7, 900, 200))], &[]));
    assert_eq!(more, Err(Refusal::TooLaborious));
    // The same under another id is taken.
    assert!(board.receive(1, &update(&[(5, 0, in_turn(id(7, 899), 5, 0, 200))], &[])).is_ok());
}

#[test]
fn g7_as_many_clocks_as_a_phone_may_name_are_checked() {
    let board = Board::new(&["x"]);
    let mut bytes = vec![0x80, 0x20];
    for client in 0..4_096u64 {
        super::super::reader::put_number(&mut bytes, client);
        bytes.push(0);
    }
    let state = StateVector::read(&bytes, &board.limits).unwrap();
    assert_eq!(state.entries().len(), 4_096);
    assert_eq!(board.index.check_state_vector(&state, crate::ids::ClientId(SERVER), &Anybody), Ok(()));
}

struct Anybody;

impl super::super::Bindings for Anybody {
    fn may_use(&self, _: crate::ids::ClientId) -> bool {
        true
    }
}
