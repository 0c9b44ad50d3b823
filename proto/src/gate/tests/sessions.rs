//! Honest sessions: several phones write together, online and offline, while the server hides, shows and replaces
//! ideas. Everything passes, everybody ends with the same document, and a phone is refused only when its words are for
//! a text that is not there any more.

use proptest::prelude::*;
use yrs::{Map, MapRef, Out, Text, TextPrelim, TransactionMut, WriteTxn};

use super::super::Refusal;
use super::board::{Board, Taken, idea_id, put_idea, texts};
use super::cases;
use super::phone::Phone;

const PHONES: usize = 3;
const IDEAS: usize = 3;

#[derive(Clone, Debug)]
enum Deed {
    Insert(u32, String),
    Delete(u32, u32),
    /// Typed and deleted in one go: only tombstones are sent.
    Regret(u32, String),
    /// At any unit, inside a character too.
    InsertAnywhere(u32, String),
}

#[derive(Clone, Debug)]
enum Event {
    Write {
        phone: usize,
        idea: usize,
        deed: Deed,
    },
    /// What it wrote, update by update, as they were made.
    Send(usize),
    /// The same, but the first of them was never sent.
    SendWithoutFirst(usize),
    /// What it wrote, a second time.
    Repeat(usize),
    Hear(usize),
    Reconnect(usize),
    Tally(usize),
    Hide(usize),
    Show(usize),
    Replace(usize),
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-c ]{1,6}",
        1 => Just("😀".to_owned()),
        1 => Just("👨‍👩‍👧 x".to_owned()),
        1 => Just("مرحبا".to_owned()),
        1 => Just("שלום\u{200f}é".to_owned()),
        1 => Just("a\u{fffd}b".to_owned()),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0u32..30, words()).prop_map(|(at, words)| Deed::Insert(at, words)),
        3 => (0u32..30, 1u32..8).prop_map(|(at, length)| Deed::Delete(at, length)),
        1 => (0u32..30, words()).prop_map(|(at, words)| Deed::Regret(at, words)),
        1 => (0u32..30, words()).prop_map(|(at, words)| Deed::InsertAnywhere(at, words)),
    ]
}

fn writing() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (0..PHONES, 0..IDEAS, deed()).prop_map(|(phone, idea, deed)| Event::Write { phone, idea, deed }),
        3 => (0..PHONES).prop_map(Event::Send),
        1 => (0..PHONES).prop_map(Event::SendWithoutFirst),
        1 => (0..PHONES).prop_map(Event::Repeat),
        3 => (0..PHONES).prop_map(Event::Hear),
        1 => (0..PHONES).prop_map(Event::Reconnect),
        1 => (0..IDEAS).prop_map(Event::Tally),
    ]
}

fn anything() -> impl Strategy<Value = Event> {
    prop_oneof![
        16 => writing(),
        1 => (0..IDEAS).prop_map(Event::Hide),
        1 => (0..IDEAS).prop_map(Event::Show),
        1 => (0..IDEAS).prop_map(Event::Replace),
    ]
}

struct Session {
    board: Board,
    phones: Vec<Phone>,
    /// Every frame that was let through, and whose.
    sent: Vec<(u32, Vec<u8>)>,
    next_client: u64,
    restarts: usize,
}

impl Session {
    fn new() -> Self {
        let board = Board::new(&["one", "", "drei 😀"]);
        let phones = (0..PHONES).map(|at| Phone::new(at as u32, 5 + at as u64, &board)).collect();
        Self { board, phones, sent: Vec::new(), next_client: 100, restarts: 0 }
    }

    fn tell(&mut self, but: Option<usize>, update: &[u8]) {
        for (at, phone) in self.phones.iter_mut().enumerate() {
            if Some(at) != but {
                phone.inbox.push(update.to_vec());
            }
        }
    }

    /// A frame of a phone; what came of it.
    fn send(&mut self, at: usize, frame: &[u8]) -> Result<Taken, Refusal> {
        let taken = self.board.receive(self.phones[at].seat, frame);
        self.settle(at, frame, taken)
    }

    fn settle(&mut self, at: usize, frame: &[u8], taken: Result<Taken, Refusal>) -> Result<Taken, Refusal> {
        match &taken {
            Ok(Taken::Update { fan_out, .. }) => {
                self.tell(None, &fan_out.clone());
                self.sent.push((self.phones[at].seat, frame.to_vec()));
            }
            Ok(Taken::Nothing | Taken::Gap) => {}
            // Our phone keeps the words and opens a fresh document under a new client id.
            Err(_) => {
                self.next_client += 1;
                self.restarts += 1;
                self.phones[at] = Phone::new(self.phones[at].seat, self.next_client, &self.board);
            }
        }
        taken
    }

    fn reconnect(&mut self, at: usize) -> Result<Taken, Refusal> {
        let step2 = self.phones[at].sync_step2(&self.board);
        let taken = self.phones[at].reconnect(&mut self.board);
        let taken = self.settle(at, &step2, taken);
        assert_ne!(taken, Ok(Taken::Gap), "a step 2 is complete");
        taken
    }

    fn send_all(&mut self, at: usize, frames: Vec<Vec<u8>>) -> Result<(), Refusal> {
        for frame in frames {
            if self.send(at, &frame)? == Taken::Gap {
                self.reconnect(at)?;
            }
        }
        Ok(())
    }

    fn server(&mut self, idea: usize, write: impl FnOnce(&mut TransactionMut<'_>, MapRef, Option<MapRef>)) {
        let update = self.board.write(|txn| {
            let ideas = txn.get_or_insert_map("ideas");
            let map = match ideas.get(txn, &idea_id(idea).to_string()) {
                Some(Out::YMap(map)) => Some(map),
                Some(_) | None => None,
            };
            write(txn, ideas, map);
        });
        self.tell(None, &update);
    }

    fn take(&mut self, event: Event) -> Result<(), Refusal> {
        match event {
            Event::Write { phone, idea, deed } => write(&mut self.phones[phone], idea, deed),
            Event::Send(at) => {
                let queue = std::mem::take(&mut self.phones[at].queue);
                self.send_all(at, queue)?;
            }
            Event::SendWithoutFirst(at) => {
                let queue = std::mem::take(&mut self.phones[at].queue);
                self.send_all(at, queue.into_iter().skip(1).collect())?;
            }
            Event::Repeat(at) => {
                let seat = self.phones[at].seat;
                let sent = self.sent.iter().filter(|(whose, _)| *whose == seat);
                for (seat, frame) in sent.cloned().collect::<Vec<_>>() {
                    assert_eq!(self.board.receive(seat, &frame), Ok(Taken::Nothing), "said twice");
                }
            }
            Event::Hear(at) => self.phones[at].hear(),
            Event::Reconnect(at) => {
                self.reconnect(at)?;
            }
            Event::Tally(idea) => self.server(idea, |txn, _, map| {
                if let Some(map) = map {
                    map.insert(txn, "tally", 3);
                }
            }),
            Event::Hide(idea) => self.server(idea, |txn, ideas, _| {
                ideas.remove(txn, &idea_id(idea).to_string());
            }),
            Event::Show(idea) => self.server(idea, |txn, _, map| {
                if map.is_none() {
                    put_idea(txn, idea, "again");
                }
            }),
            Event::Replace(idea) => self.server(idea, |txn, _, map| {
                if let Some(map) = map {
                    map.insert(txn, "text", TextPrelim::new("anew 😀"));
                }
            }),
        }
        Ok(())
    }

    fn end(mut self) -> usize {
        for at in 0..PHONES {
            let refused = self.reconnect(at).err();
            assert!(matches!(refused, None | Some(Refusal::TextGone)), "{refused:?}");
        }
        for phone in &mut self.phones {
            phone.hear();
            assert_eq!(texts(&phone.doc), texts(&self.board.doc));
        }
        self.board.check();
        self.restarts
    }
}

fn write(phone: &mut Phone, idea: usize, deed: Deed) {
    match deed {
        Deed::Insert(at, words) => drop(phone.insert(idea, at, &words)),
        Deed::Delete(at, length) => drop(phone.delete(idea, at, length)),
        Deed::Regret(at, words) => drop(phone.edit(idea, |txn, text| {
            let at = at.min(text.len(txn));
            text.insert(txn, at, &words);
            text.remove_range(txn, at, words.encode_utf16().count() as u32);
        })),
        Deed::InsertAnywhere(at, words) => drop(phone.edit(idea, |txn, text| {
            let at = at.min(text.len(txn));
            text.insert(txn, at, &words);
        })),
    }
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn everything_that_honest_phones_write_passes_and_arrives(
        events in prop::collection::vec(writing(), 1..80),
    ) {
        let mut session = Session::new();
        for event in events {
            let taken = session.take(event.clone());
            prop_assert_eq!(taken, Ok(()), "{:?}", event);
        }
        prop_assert_eq!(session.end(), 0);
    }

    #[test]
    fn only_words_for_a_text_that_is_gone_are_refused(
        events in prop::collection::vec(anything(), 1..80),
    ) {
        let mut session = Session::new();
        for event in events {
            let taken = session.take(event.clone());
            prop_assert!(matches!(taken, Ok(()) | Err(Refusal::TextGone)), "{:?} {:?}", taken, event);
        }
        session.end();
    }
}
