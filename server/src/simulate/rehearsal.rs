//! A rehearsal's phones: they play the prepared day, made short, from the door to the plenary.
//!
//! Everything goes the way of real phones, and by what was prepared: how people come in, what is held until it is shown,
//! votes per person, promoted ideas per group. What the server refuses is counted and borne, because that is what an
//! organizer wants to learn; only the end of a connection ends the rehearsal.

use std::time::Duration;

use proto::api::consultation::{Created, EntryMode, Settings};
use proto::api::rehearsal::Progress;
use proto::command::{Action, Kind, Share};
use proto::ids::{GroupId, IdeaId, PointId, WordsHash};
use proto::phase::Phase;
use proto::problem::{Code, Problem};
use tokio::sync::watch;
use tokio::time::sleep;

use super::error::PhoneError;
use super::phone::Phone;
use super::random;
use super::replica::Typing;
use crate::simulate::http::{Server, key_of};
use crate::simulate::sample_texts::{POOL, Seed};

/// Votes of each phone, if it has as many.
const VOTES: usize = 3;
/// Ideas that each group promotes, if it may.
const PROMOTED: u32 = 3;
/// How a hundred parts of the day are divided: coming in, briefing, brainstorm, vote, review, plenary.
const PARTS: [u32; 6] = [15, 5, 40, 15, 10, 15];

/// What is played.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Day {
    /// The twin, with its links.
    pub twin: Created,
    pub settings: Settings,
    /// The kinds of ideas that it knows; none: all.
    pub kinds: Vec<Kind>,
    /// The languages that it is held in; none: all that the phones speak.
    pub languages: Vec<String>,
    /// How long all of it takes, apart from what the server needs.
    pub length: Duration,
    /// How many phones come.
    pub phones: usize,
}

/// What is told while it is played.
#[derive(Clone, Debug, Default)]
pub struct RehearsalReport {
    /// How far it is.
    pub progress: Progress,
    /// The last refusal.
    pub refused: Option<Problem>,
}

/// Plays the day to its end in the plenary.
///
/// # Errors
/// When the server ends, or lets the staff links in no more.
pub async fn play(url: &str, day: &Day, told: &watch::Sender<RehearsalReport>) -> Result<(), PhoneError> {
    let server = Server::at(url);
    let (id, token) = (day.twin.id, &day.twin.organizer.token);
    let points: Vec<PointId> =
        server.consultation(id, token).await?.state.points.iter().map(|point| point.id).collect();
    let organizer = Phone::connect(server.url(), id, token).await?;
    let mut tables = Vec::new();
    for group in &day.twin.groups {
        let moderator = Phone::connect(server.url(), id, &group.moderator.token).await?;
        tables.push(Table { group: group.id, moderator, people: Vec::new(), ideas: Vec::new() });
    }
    let mut play = Play { day, server, organizer, tables, told };
    play.come_in().await?;
    play.go_to(Phase::Briefing).await?;
    sleep(play.part(1)).await;
    play.go_to(Phase::Brainstorm).await?;
    play.brainstorm(&points).await?;
    play.go_to(Phase::Vote).await?;
    play.vote().await?;
    play.go_to(Phase::Review).await?;
    play.promote().await?;
    play.plenary().await
}

struct Play<'a> {
    day: &'a Day,
    server: Server,
    organizer: Phone,
    tables: Vec<Table>,
    told: &'a watch::Sender<RehearsalReport>,
}

/// A group around its board.
struct Table {
    group: GroupId,
    moderator: Phone,
    people: Vec<Person>,
    /// Ideas with the votes that were given to them.
    ideas: Vec<(IdeaId, u32)>,
}

struct Person {
    phone: Phone,
    shared: u32,
    counter: u64,
}

impl Play<'_> {
    /// The time of one part of the day.
    fn part(&self, part: usize) -> Duration {
        self.day.length * PARTS.get(part).copied().unwrap_or(0) / 100
    }

    /// The pause after each of so many steps of a part.
    fn pause(&self, part: usize, steps: usize) -> Duration {
        self.part(part) / u32::try_from(steps.max(1)).unwrap_or(u32::MAX)
    }

    fn tell(&self, what: impl FnOnce(&mut Progress)) {
        self.told.send_modify(|told| what(&mut told.progress));
    }

    /// A refusal is noted; the end of a connection is the end.
    fn note<T>(&self, outcome: Result<T, PhoneError>) -> Result<Option<T>, PhoneError> {
        let refused = match outcome {
            Ok(done) => return Ok(Some(done)),
            Err(error) if error.is_end() => return Err(error),
            Err(PhoneError::Refused(problem)) => Some(problem),
            Err(_) => None,
        };
        self.told.send_modify(|told| {
            told.progress.refused += 1;
            told.refused = refused.or_else(|| told.refused.take());
        });
        Ok(None)
    }

    async fn go_to(&self, phase: Phase) -> Result<(), PhoneError> {
        let action = Action::Phase { phase, minutes: None, group: None, grace_seconds: None };
        if self.note(self.organizer.command(action).await)?.is_some() {
            self.tell(|progress| progress.phase = phase);
        }
        Ok(())
    }

    /// The keys that let phones in one after the other, and the group that each chooses, if people choose.
    async fn ways_in(&self) -> Result<Vec<(String, Option<GroupId>)>, PhoneError> {
        let (twin, phones) = (&self.day.twin, self.day.phones);
        let groups = twin.groups.iter().map(|group| group.id).cycle().take(phones);
        let door = key_of(&twin.join_url)
            .ok_or_else(|| PhoneError::NotAServer("its address has no key".to_owned()))?;
        Ok(match self.day.settings.entry {
            EntryMode::Choice => groups.map(|group| (door.clone(), Some(group))).collect(),
            EntryMode::Balanced => groups.map(|_| (door.clone(), None)).collect(),
            EntryMode::Links => {
                let view = self.server.consultation(twin.id, &twin.organizer.token).await?;
                let links = view.you.door.map(|door| door.groups).unwrap_or_default();
                let key =
                    |group| links.iter().find(|link| link.group == group).and_then(|link| key_of(&link.url));
                groups.filter_map(|group| Some((key(group)?, None))).collect()
            }
            EntryMode::Cards => {
                let count = u32::try_from(phones).unwrap_or(u32::MAX);
                self.note(self.organizer.command(Action::MakeCards { count, group: None }).await)?;
                let cards = self.server.cards(twin.id, &twin.organizer.token).await?.cards;
                let keys = cards.iter().filter_map(|card| key_of(card.url.as_deref()?));
                keys.map(|key| (key, None)).collect()
            }
        })
    }

    async fn come_in(&mut self) -> Result<(), PhoneError> {
        let ways = self.ways_in().await?;
        let pause = self.pause(0, ways.len());
        for (key, group) in ways {
            if let Some(joined) = self.note(self.server.enter(key, group).await)? {
                let phone = Phone::connect(self.server.url(), joined.consultation, &joined.token).await?;
                phone.open_board(joined.group).await?;
                if let Some(table) = self.tables.iter_mut().find(|table| table.group == joined.group) {
                    table.people.push(Person { phone, shared: 0, counter: 0 });
                }
                self.tell(|progress| progress.phones += 1);
            }
            sleep(pause).await;
        }
        Ok(())
    }

    /// What phones have to say to a point, in the languages and kinds of the consultation.
    fn seeds(&self, point: usize) -> Vec<Seed> {
        let speaks = |seed: &Seed| self.day.languages.iter().any(|lang| lang == seed.lang);
        let all = || POOL.iter().flatten().copied();
        let spoken: Vec<Seed> = all().filter(speaks).collect();
        let spoken = if spoken.is_empty() { all().collect() } else { spoken };
        let to_the_point: Vec<Seed> = spoken.iter().copied().filter(|seed| seed.point == point % 5).collect();
        if to_the_point.is_empty() { spoken } else { to_the_point }
    }

    async fn brainstorm(&mut self, points: &[PointId]) -> Result<(), PhoneError> {
        let pause = self.pause(2, points.len() * self.day.phones.div_ceil(2));
        for (at, point) in points.iter().enumerate() {
            let seeds = self.seeds(at);
            let mut next = at;
            for table in 0..self.tables.len() {
                for person in (0..self.people_of(table)).filter(|person| (person + at) % 2 == 0) {
                    next += 1;
                    let Some(seed) = seeds.get(next % seeds.len().max(1)) else { continue };
                    self.write(table, person, (*point, seed)).await?;
                    sleep(pause).await;
                }
            }
            self.end_of_point(*point, at + 1 == points.len()).await?;
        }
        Ok(())
    }

    fn people_of(&self, table: usize) -> usize {
        self.tables.get(table).map_or(0, |table| table.people.len())
    }

    /// Somebody shares an idea, and somebody else adds to it if it is there to be seen.
    async fn write(
        &mut self,
        table: usize,
        person: usize,
        (point, seed): (PointId, &Seed),
    ) -> Result<(), PhoneError> {
        let settings = &self.day.settings;
        let kinds = &self.day.kinds;
        let kind = if kinds.is_empty() || kinds.contains(&seed.kind) {
            Some(seed.kind)
        } else {
            kinds.first().copied()
        };
        let Some(at) = self.tables.get(table) else { return Ok(()) };
        let Some(author) = at.people.get(person).filter(|one| one.shared < settings.ideas_per_seat) else {
            return Ok(());
        };
        let (group, idea) = (at.group, random::idea_id()?);
        let share = Share {
            idea,
            group,
            point: Some(point),
            kind,
            lang: seed.lang.to_owned(),
            text: seed.text.to_owned(),
            spoken: false,
            receipt: random::receipt()?.hash(),
        };
        if self.note(author.phone.command(Action::Share(share)).await)?.is_none() {
            return Ok(());
        }
        if settings.moderation {
            let read = WordsHash::of(seed.text);
            self.note(at.moderator.command(Action::Admit { idea, read }).await)?;
        }
        let other = at.people.get((person + 1) % at.people.len().max(1));
        if let Some(other) = other.filter(|_| !settings.private_first && !settings.moderation)
            && other.phone.wording(group, idea).await.is_ok()
        {
            let typing = Typing::Append(seed.addition.to_owned());
            self.note(other.phone.type_in(group, idea, typing).await)?;
        }
        if let Some(at) = self.tables.get_mut(table) {
            at.ideas.push((idea, 0));
            if let Some(author) = at.people.get_mut(person) {
                author.shared += 1;
            }
        }
        self.tell(|progress| progress.ideas += 1);
        Ok(())
    }

    /// Moderators show what is held, and go on.
    async fn end_of_point(&self, point: PointId, last: bool) -> Result<(), PhoneError> {
        for table in &self.tables {
            let group = table.group;
            if self.day.settings.private_first {
                let action = Action::Reveal { group, point: Some(point) };
                self.note(table.moderator.command(action).await)?;
            }
            if !last {
                let action = Action::NextPoint { minutes: None, group: Some(group) };
                self.note(table.moderator.command(action).await)?;
            }
        }
        Ok(())
    }

    async fn vote(&mut self) -> Result<(), PhoneError> {
        let pause = self.pause(3, self.day.phones * VOTES);
        let most = self.day.settings.votes.map_or(VOTES, |votes| VOTES.min(votes as usize));
        for table in 0..self.tables.len() {
            for person in 0..self.people_of(table) {
                let Some(at) = self.tables.get_mut(table) else { continue };
                let count = at.ideas.len();
                let start = random::below(count)?;
                for turn in 0..most.min(count) {
                    let Some(at) = self.tables.get_mut(table) else { continue };
                    // The front of the board is read more often than its end, as everywhere.
                    let place = (start / 2 + turn) % count;
                    let (Some(person), Some((idea, _))) = (at.people.get_mut(person), at.ideas.get(place))
                    else {
                        continue;
                    };
                    person.counter += 1;
                    let action = Action::Approve { idea: *idea, on: true, counter: Some(person.counter) };
                    let answer = person.phone.command(action).await;
                    if self.note(answer)?.is_some() {
                        if let Some((_, votes)) =
                            self.tables.get_mut(table).and_then(|at| at.ideas.get_mut(place))
                        {
                            *votes += 1;
                        }
                        self.tell(|progress| progress.votes += 1);
                    }
                    sleep(pause).await;
                }
            }
        }
        Ok(())
    }

    /// Moderators send the best to the plenary, groups say that this is what they said, and the list is built.
    async fn promote(&mut self) -> Result<(), PhoneError> {
        let twin = &self.day.twin;
        let view = self.server.consultation(twin.id, &twin.organizer.token).await?;
        let most = view.state.promoted_at_most.min(PROMOTED) as usize;
        for table in &mut self.tables {
            table.ideas.sort_by_key(|(_, votes)| std::cmp::Reverse(*votes));
        }
        for table in &self.tables {
            for (idea, _) in table.ideas.iter().take(most) {
                self.note(
                    table.moderator.command(Action::Promote { idea: *idea, on: true, kind: None }).await,
                )?;
            }
            for person in &table.people {
                let action = Action::SignOff { group: table.group, agree: true, line: None, read: None };
                self.note(person.phone.command(action).await)?;
            }
        }
        self.note(self.organizer.command(Action::Merge {}).await)?;
        let twin = &self.day.twin;
        let listed = self.server.plenary(twin.id, &twin.organizer.token).await?.items.len();
        self.tell(|progress| progress.listed = u32::try_from(listed).unwrap_or(u32::MAX));
        Ok(())
    }

    /// Everybody votes on the entries of all groups, if such a vote is held.
    async fn plenary(&mut self) -> Result<(), PhoneError> {
        self.go_to(Phase::Plenary).await?;
        let twin = &self.day.twin;
        let state = self.server.consultation(twin.id, &twin.organizer.token).await?.state;
        if state.plenary_vote.is_none() {
            sleep(self.part(5)).await;
            return Ok(());
        }
        match self.organizer.command(Action::OpenPlenaryVote {}).await {
            // No group made a recommendation: there is nothing to vote on.
            Err(PhoneError::Refused(problem)) if problem.code == Code::NothingThere => {
                sleep(self.part(5)).await;
                return Ok(());
            }
            opened => self.note(opened)?,
        };
        let state = self.server.consultation(twin.id, &twin.organizer.token).await?.state;
        let paper = state.plenary_vote.map(|vote| vote.paper).unwrap_or_default();
        let pause = self.pause(5, self.day.phones);
        for (at, person) in self.tables.iter().flat_map(|table| &table.people).enumerate() {
            for entry in paper.iter().cycle().skip(at).take(VOTES.min(paper.len())) {
                let action = Action::ApproveEntry { item: entry.item, on: true, counter: Some(1) };
                self.note(person.phone.command(action).await)?;
            }
            sleep(pause).await;
        }
        self.note(self.organizer.command(Action::ClosePlenaryVote {}).await)?;
        Ok(())
    }
}
