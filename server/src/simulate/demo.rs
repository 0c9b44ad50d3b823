//! The demo: a sample consultation whose phones write, improve each other's wording and vote, so that somebody who
//! comes by sees living boards.
//!
//! A round is brainstorm, vote, plenary; then the day steps back and goes on. Everything is bounded: the pool has an
//! end, there are [`ROUNDS`] rounds, and a few letters per second in all. People who joined with their own phone can
//! do whatever they like meanwhile; a refusal is no reason to stop.

use std::collections::VecDeque;
use std::time::Duration;

use proto::api::consultation::{Create, Created, IdeaState, LocalText, Settings, Tallies};
use proto::command::{Action, Share};
use proto::ids::{GroupId, IdeaId, PointId};
use proto::phase::Phase;
use tokio::time::sleep;

use super::error::PhoneError;
use super::phone::Phone;
use super::random;
use super::replica::Typing;
use crate::simulate::http::Server;
use crate::simulate::sample_texts::{POOL, Seed};

/// How often the day goes round: about an hour.
const ROUNDS: usize = 20;
/// Phones in each group.
const PHONES_PER_GROUP: usize = 6;
/// Ideas with which each group starts.
const FIRST_IDEAS: usize = 3;
/// Between two letters, of all phones together.
const LETTER_PAUSE: Duration = Duration::from_millis(150);
/// Between two decisions: ideas, votes.
const DECISION_PAUSE: Duration = Duration::from_millis(200);
/// Letters between two new ideas.
const LETTERS_PER_IDEA: usize = 24;
/// Letters of one brainstorm: about two minutes.
const LETTERS_PER_ROUND: usize = 720;
/// How long people look at votes, and at the list.
const LOOKING: Duration = Duration::from_secs(20);
/// Ideas that each group promotes.
const PROMOTED_PER_GROUP: usize = 3;
/// Letters that somebody takes away and writes again.
const RETYPED: usize = 8;
/// Votes of each phone.
const VOTES: usize = 5;

/// A sample consultation that has been made and waits for its phones.
pub struct Demo {
    server: Server,
    /// The consultation, with its links.
    pub created: Created,
}

/// Makes the sample consultation and lets its phones think until they are done.
///
/// # Errors
/// When the server ends, or refuses the organizer key.
pub async fn run_phones(url: &str, organizer_key: &str) -> Result<(), PhoneError> {
    Demo::open(url, organizer_key).await?.run().await
}

impl Demo {
    /// Makes the sample consultation.
    ///
    /// # Errors
    /// When nobody answers, or the organizer key is wrong.
    pub async fn open(url: &str, organizer_key: &str) -> Result<Self, PhoneError> {
        let server = Server::at(url);
        let wish = Create {
            template: Some("technology-crime".to_owned()),
            groups: ["Nile", "Danube", "Mekong", "Paraná"].map(str::to_owned).to_vec(),
            settings: Some(Settings { tallies: Tallies::Live, ..Settings::default() }),
            ..Create::default()
        };
        let created = server.create(organizer_key, &wish).await?;
        Ok(Self { server, created })
    }

    /// The title in English.
    ///
    /// # Errors
    /// When the server ends.
    pub async fn title(&self) -> Result<LocalText, PhoneError> {
        let view = self.server.consultation(self.created.id, &self.created.organizer.token).await?;
        Ok(view.state.title)
    }

    /// Lets the phones think, for [`ROUNDS`] rounds.
    ///
    /// # Errors
    /// When the server ends.
    pub async fn run(self) -> Result<(), PhoneError> {
        let id = self.created.id;
        let view = self.server.consultation(id, &self.created.organizer.token).await?;
        let points: Vec<PointId> = view.state.points.iter().map(|point| point.id).collect();
        let organizer = Phone::connect(self.server.url(), id, &self.created.organizer.token).await?;
        step(&organizer, Phase::Brainstorm).await?;
        let mut tables = Vec::new();
        for (group, seeds) in self.created.groups.iter().zip(&POOL) {
            let moderator = Phone::connect(self.server.url(), id, &group.moderator.token).await?;
            tables.push(Table {
                group: group.id,
                moderator_token: group.moderator.token.clone(),
                moderator,
                people: Vec::new(),
                seeds: seeds.iter().copied().collect(),
                improvable: VecDeque::new(),
                written: Vec::new(),
                pen: None,
            });
        }
        // One phone and one idea per group at a time, so that every board lives within seconds.
        for _ in 0..PHONES_PER_GROUP {
            for table in &mut tables {
                table.seat(&self).await?;
                if table.people.len() <= FIRST_IDEAS {
                    table.share_next(&points).await?;
                }
            }
        }
        for round in 0..ROUNDS {
            if round > 0 {
                step(&organizer, Phase::Brainstorm).await?;
            }
            brainstorm(&mut tables, &points).await?;
            step(&organizer, Phase::Vote).await?;
            vote(&mut tables, &self.server).await?;
            sleep(LOOKING).await;
            step(&organizer, Phase::Review).await?;
            for table in &tables {
                table.promote_best(&self.server).await?;
            }
            sleep(LOOKING).await;
            step(&organizer, Phase::Plenary).await?;
            bear(organizer.command(Action::Merge {}).await)?;
            sleep(LOOKING).await;
        }
        Ok(())
    }
}

async fn step(organizer: &Phone, phase: Phase) -> Result<(), PhoneError> {
    bear(organizer.command(Action::Phase { phase, minutes: None, group: None, grace_seconds: None }).await)
}

/// Groups write and improve, turn by turn.
async fn brainstorm(tables: &mut [Table], points: &[PointId]) -> Result<(), PhoneError> {
    let count = tables.len().max(1);
    for letter in 0..LETTERS_PER_ROUND {
        let Some(table) = tables.get_mut(letter % count) else { return Ok(()) };
        if letter % LETTERS_PER_IDEA == LETTERS_PER_IDEA - 1 {
            let whose = random::below(count)?;
            if let Some(table) = tables.get_mut(whose) {
                table.share_next(points).await?;
            }
        } else {
            table.improve().await?;
        }
        sleep(LETTER_PAUSE).await;
    }
    for table in tables {
        table.finish_writing().await?;
    }
    Ok(())
}

/// Every phone spends its votes; in later rounds it moves one of them.
async fn vote(tables: &mut [Table], server: &Server) -> Result<(), PhoneError> {
    for person in 0..PHONES_PER_GROUP {
        for table in &mut *tables {
            let ideas = server.board(table.group, &table.moderator_token).await?.ideas;
            let ideas: Vec<IdeaId> = ideas.iter().map(|idea| idea.id).collect();
            if let Some(person) = table.people.get_mut(person) {
                person.vote(&ideas).await?;
            }
        }
    }
    Ok(())
}

/// A group around its board.
struct Table {
    group: GroupId,
    moderator_token: String,
    moderator: Phone,
    people: Vec<Person>,
    /// Ideas that nobody has had yet.
    seeds: VecDeque<Seed>,
    /// Ideas that somebody will improve, with what is added.
    improvable: VecDeque<(IdeaId, &'static str)>,
    /// Ideas that somebody has improved.
    written: Vec<IdeaId>,
    pen: Option<Pen>,
}

/// Somebody who is typing into an idea.
struct Pen {
    person: usize,
    idea: IdeaId,
    strokes: VecDeque<Typing>,
}

struct Person {
    phone: Phone,
    approved: VecDeque<IdeaId>,
    counter: u64,
}

impl Table {
    async fn seat(&mut self, demo: &Demo) -> Result<(), PhoneError> {
        let joined = demo.server.join(&demo.created, self.group).await?;
        let phone = Phone::connect(demo.server.url(), joined.consultation, &joined.token).await?;
        phone.open_board(self.group).await?;
        self.people.push(Person { phone, approved: VecDeque::new(), counter: 0 });
        Ok(())
    }

    /// Somebody shares the next idea of the pool, if there is one.
    async fn share_next(&mut self, points: &[PointId]) -> Result<(), PhoneError> {
        let Some(seed) = self.seeds.pop_front() else { return Ok(()) };
        let author = random::below(self.people.len())?;
        let Some(author) = self.people.get(author) else { return Ok(()) };
        let idea = random::idea_id()?;
        let share = Share {
            idea,
            group: self.group,
            point: points.get(seed.point).copied(),
            kind: Some(seed.kind),
            lang: seed.lang.to_owned(),
            text: seed.text.to_owned(),
            receipt: random::receipt()?.hash(),
            spoken: false,
        };
        bear(author.phone.command(Action::Share(share)).await)?;
        self.improvable.push_back((idea, seed.addition));
        Ok(())
    }

    /// One stroke, by whoever has the pen; when nobody has, somebody takes it up.
    async fn improve(&mut self) -> Result<(), PhoneError> {
        if self.pen.is_none() {
            self.pen = self.take_pen().await?;
        }
        let Some(pen) = &mut self.pen else { return Ok(()) };
        match (pen.strokes.pop_front(), self.people.get(pen.person)) {
            (Some(stroke), Some(person)) => {
                let typed = person.phone.type_in(self.group, pen.idea, stroke).await;
                if typed.is_err() {
                    // Locked or gone meanwhile: what was not taken is dropped, and the board opened afresh.
                    bear(typed)?;
                    bear(person.phone.open_board(self.group).await)?;
                    self.pen = None;
                }
            }
            _ => self.pen = None,
        }
        Ok(())
    }

    /// Somebody adds to a new idea, or else thinks again about the end of an old one.
    async fn take_pen(&mut self) -> Result<Option<Pen>, PhoneError> {
        let writer = random::below(self.people.len())?;
        let Some(person) = self.people.get(writer) else { return Ok(None) };
        if let Some((idea, addition)) = self.improvable.pop_front() {
            let strokes = addition.chars().map(|letter| Typing::Append(letter.to_string())).collect();
            self.written.push(idea);
            return Ok(Some(Pen { person: writer, idea, strokes }));
        }
        let Some(&idea) = self.written.get(random::below(self.written.len())?) else { return Ok(None) };
        let words = person.phone.wording(self.group, idea).await;
        Ok(words.ok().map(|words| Pen { person: writer, idea, strokes: retyped(&words) }))
    }

    /// What was begun is put down at once: the vote locks the texts.
    async fn finish_writing(&mut self) -> Result<(), PhoneError> {
        while self.pen.is_some() {
            self.improve().await?;
        }
        Ok(())
    }

    async fn promote_best(&self, server: &Server) -> Result<(), PhoneError> {
        let mut ideas = server.board(self.group, &self.moderator_token).await?.ideas;
        ideas.sort_by_key(|idea| std::cmp::Reverse(idea.tally.unwrap_or(0)));
        let (best, rest) = ideas.split_at(ideas.len().min(PROMOTED_PER_GROUP));
        for idea in rest.iter().filter(|idea| idea.state == IdeaState::Promoted) {
            bear(self.moderator.command(Action::Promote { idea: idea.id, on: false, kind: None }).await)?;
        }
        for idea in best.iter().filter(|idea| idea.state == IdeaState::Shown) {
            bear(self.moderator.command(Action::Promote { idea: idea.id, on: true, kind: None }).await)?;
        }
        Ok(())
    }
}

impl Person {
    async fn vote(&mut self, ideas: &[IdeaId]) -> Result<(), PhoneError> {
        if self.approved.len() >= VOTES
            && let Some(idea) = self.approved.pop_front()
        {
            self.approve(idea, false).await?;
        }
        let start = random::below(ideas.len())?;
        // The front of the board is read more often than its end, as everywhere.
        let order = ideas.iter().chain(ideas).skip(start / 2).copied();
        let wanted: Vec<IdeaId> = order.filter(|idea| !self.approved.contains(idea)).collect();
        for idea in wanted {
            if self.approved.len() >= VOTES {
                break;
            }
            if !self.approved.contains(&idea) {
                self.approve(idea, true).await?;
                self.approved.push_back(idea);
            }
        }
        Ok(())
    }

    async fn approve(&mut self, idea: IdeaId, on: bool) -> Result<(), PhoneError> {
        self.counter += 1;
        bear(self.phone.command(Action::Approve { idea, on, counter: Some(self.counter) }).await)?;
        sleep(DECISION_PAUSE).await;
        Ok(())
    }
}

/// The last letters of a text, taken away and written again.
fn retyped(words: &str) -> VecDeque<Typing> {
    let letters: Vec<char> = words.chars().rev().take(RETYPED).take_while(|letter| *letter != ' ').collect();
    let away = letters.iter().map(|letter| Typing::Backspace(u32::from(*letter > '\u{ffff}') + 1));
    let again = letters.iter().rev().map(|letter| Typing::Append(letter.to_string()));
    away.chain(again).collect()
}

/// A refusal is borne: somebody else moved the phase or took the idea away. The end of a connection is not.
fn bear<T>(outcome: Result<T, PhoneError>) -> Result<(), PhoneError> {
    match outcome {
        Err(error) if error.is_end() => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_text_is_taken_away_and_written_again() {
        let strokes = retyped("learn it 📱");
        assert_eq!(strokes, [Typing::Backspace(2), Typing::Append("📱".to_owned())]);
        assert_eq!(retyped("a b c").len(), 2);
        assert_eq!(retyped("").len(), 0);
        assert_eq!(retyped("abcdefghijkl").len(), 2 * RETYPED);
    }
}
