//! A sequence on one board: honest phones, a liar and the server, with everything that must hold after each batch.

use std::collections::BTreeMap;
use std::time::Duration;

use proto::api::consultation::IdeaState;
use proto::ids::IdeaId;
use server::consultation::BoardWrite;

use crate::Chance;
use crate::liar::Liar;
use crate::phone::{Phone, honest_client, words};
use crate::room::{LiveRoom, texts};

/// Ideas on the board at the beginning.
const TEXTS: [&str; 3] = ["one 😀", "two", ""];

/// Honest phones, one seat each.
const PHONES: usize = 3;

/// Steps between two looks at the snapshot.
const STEPS_PER_CHECK: usize = 24;

/// Refusals that an honest phone may meet: its idea is gone, or is as long as it may be.
const HONEST_REFUSALS: [&str; 2] = ["not-found", "text-too-long"];

/// What came of a siege.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Frames of the liar, and those of them that were acknowledged.
    pub hostile: (usize, usize),
    /// Edits of honest phones, and refusals that they met.
    pub honest: (usize, usize),
    /// Updates that were fanned out.
    pub fanned_out: usize,
    /// Looks at the snapshot.
    pub checks: usize,
    /// What the room took longest for: one batch.
    pub longest: Duration,
}

/// A board under siege.
pub struct Siege<'a> {
    chance: Chance<'a>,
    /// The board under siege.
    pub room: LiveRoom,
    phones: Vec<Phone>,
    liar: Liar,
    /// Somebody who only listens.
    mirror: Phone,
    next_client: u64,
    figures: Figures,
    /// Updates that were fanned out and not taken by [`Siege::fanned_out`] yet.
    heard: Vec<Vec<u8>>,
}

impl<'a> Siege<'a> {
    /// A board with some ideas and three phones.
    #[must_use]
    pub fn new(chance: Chance<'a>) -> Self {
        let mut room = LiveRoom::new(&TEXTS);
        let honest = (1..).zip(0..).take(PHONES);
        let phones =
            honest.map(|(seat, number)| Phone::open(&mut room, seat, honest_client(number))).collect();
        let mirror = Phone::open(&mut room, 100, 100);
        let liar = Liar::open(&mut room, 200);
        let (figures, heard) = (Figures::default(), Vec::new());
        let mut siege =
            Self { chance, room, phones, liar, mirror, next_client: PHONES as u64, figures, heard };
        siege.settle();
        // From now on their ids are theirs.
        for phone in &mut siege.phones {
            phone.hear();
            phone.edit(&mut Chance::of_bytes(&[]));
        }
        siege.settle();
        siege
    }

    /// So many steps, or until the bytes are used up; then everybody hears everything.
    pub fn run(&mut self, steps: usize) -> Figures {
        for step in 1..=steps {
            if self.chance.is_over() {
                break;
            }
            self.step();
            if step % STEPS_PER_CHECK == 0 {
                self.settle();
                self.check();
            }
        }
        self.settle();
        self.check();
        self.figures()
    }

    /// What came of it so far.
    #[must_use]
    pub const fn figures(&self) -> Figures {
        let hostile = (self.liar.sent, self.liar.taken);
        Figures { hostile, longest: self.room.longest, ..self.figures }
    }

    /// The updates that were fanned out since the last time, in order.
    pub fn fanned_out(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.heard)
    }

    fn step(&mut self) {
        match self.chance.below(100) {
            0..=39 => self.edit(),
            40..=43 => {
                let at = self.chance.below(PHONES);
                self.phones[at].reconnect(&mut self.room);
            }
            44..=89 => {
                self.liar.attack(&mut self.room, &self.mirror.doc, &mut self.chance);
                self.flush();
            }
            90..=96 => self.write(),
            _ => {
                let at = self.chance.below(PHONES);
                self.phones[at].hear();
            }
        }
        if self.chance.percent(70) {
            self.flush();
        }
    }

    fn edit(&mut self) {
        let phone = &mut self.phones[self.chance.below(PHONES)];
        if self.chance.percent(60) {
            phone.hear();
        }
        phone.edit(&mut self.chance);
        self.figures.honest.0 += 1;
        if self.chance.percent(75) {
            phone.send(&mut self.room, &mut self.chance);
        }
    }

    /// Something that only the server writes. An idea that is taken off makes room for a new one.
    fn write(&mut self) {
        let ids: Vec<IdeaId> = self.room.board().ideas.iter().map(|idea| idea.id).collect();
        if ids.is_empty() {
            return self.room.put_idea("again ");
        }
        let id = *self.chance.pick(&ids);
        match self.chance.below(8) {
            0..=2 => self.room.write(BoardWrite::SetText(id, (*self.chance.pick(&TEXTS)).into())),
            3..=4 => self.room.write(BoardWrite::Tally(id, Some(self.chance.below(9) as u32))),
            5 => self.room.write(BoardWrite::State(id, IdeaState::Promoted)),
            6 => {
                self.room.write(BoardWrite::Hide(id));
                self.room.put_idea("new ");
            }
            _ => {
                self.room.write(BoardWrite::Remove(id));
                self.room.put_idea("new ");
            }
        }
    }

    /// Takes the batch; everybody is told. Says whether somebody answered.
    fn flush(&mut self) -> bool {
        self.room.flush();
        self.liar.listen(&mut self.room);
        let mut answered = false;
        for phone in &mut self.phones {
            answered |= phone.listen(&mut self.room).0;
            let Some((code, detail)) = phone.refused.take() else { continue };
            assert!(HONEST_REFUSALS.contains(&code.as_str()), "an honest phone was refused: {detail}");
            self.figures.honest.1 += 1;
            // As a phone does: a fresh document with a new client id.
            self.room.leave(&phone.connection);
            let seat = u8::try_from(self.next_client % 50 + 1).unwrap();
            *phone = Phone::open(&mut self.room, seat, honest_client(self.next_client));
            self.next_client += 1;
            answered = true;
        }
        let (asked, updates) = self.mirror.listen(&mut self.room);
        self.mirror.hear();
        self.figures.fanned_out += updates.len();
        if let Some(update) = updates.last() {
            self.liar.overhear(update);
        }
        self.heard.extend(updates);
        answered | asked
    }

    /// Until nobody has anything to say: everybody sends, hears, and has been acknowledged.
    ///
    /// # Panics
    /// When that is not so, or when somebody sees other words than the server.
    pub fn settle(&mut self) {
        for phone in &mut self.phones {
            phone.settle(&mut self.room);
        }
        for round in 0.. {
            assert!(round < 50, "they never come to rest");
            if !self.flush() {
                break;
            }
        }
        let board = self.room.board();
        let live: BTreeMap<String, &str> = texts(&board);
        let mirror = words(&self.mirror.doc);
        let seen: BTreeMap<String, &str> =
            mirror.iter().map(|(id, text)| (id.clone(), text.as_str())).collect();
        assert_eq!(live, seen, "the server, and who only listens");
        for phone in &mut self.phones {
            phone.hear();
            phone.is_recorded();
            assert_eq!(words(&phone.doc), mirror, "a phone, and who only listens");
        }
    }

    fn check(&mut self) {
        self.figures.checks += 1;
        self.room.check();
    }
}
