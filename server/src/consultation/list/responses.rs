//! Support in the room: in the plenary a seat supports an item of the list, objects to it with one line, or neither.
//!
//! It stands beside the list and changes no place on it. What a seat says is kept under a pseudonym of its own, so that it
//! cannot be laid beside the seat's ballot; of several decisions on one item the one with the highest counter stands, in
//! whatever order they arrive. Lines have rows of their own, and an id by lot that tells nothing of the seat.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use proto::ids::{IdeaId, ObjectionId, SeatId};
use proto::plenary::{ObjectionLine, OwnResponse, Responses};
use proto::problem::{Code, Problem};
use serde::{Deserialize, Serialize};
use uuid::Builder;

use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::no_change::same_words;
use crate::consultation::projection::{PlenaryWrite, Write};
use crate::consultation::secret::mac;
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::text_rules::checked_line;
use crate::journal::{SeatKey, TextChange, TextRow};

/// What a seat says of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "says", rename_all = "kebab-case")]
pub enum Response {
    /// Nothing, or nothing any more.
    Nothing,
    /// That it supports it.
    Supports,
    /// That it objects; the line has a row of its own.
    Objects {
        /// The line's id.
        objection: ObjectionId,
    },
}

/// What all seats say.
#[derive(Debug, Default)]
pub struct Stands {
    /// Item → seat → its counter and what it says.
    by_item: BTreeMap<IdeaId, HashMap<SeatKey, (u64, Response)>>,
    /// Seat → the items of which it said anything.
    by_seat: HashMap<SeatKey, BTreeSet<IdeaId>>,
    /// How many objections stand by each seat.
    objections: HashMap<SeatKey, usize>,
    /// Of how many items each seat ever spoke, and says something now: who spoke is asked without reading every item.
    spoken: HashMap<SeatKey, (u32, u32)>,
    /// Lines that were not deleted.
    lines: HashMap<ObjectionId, Arc<str>>,
    /// Most lines that are shown of one item; none: all.
    lines_max: Option<usize>,
    /// Items that the plenary does not show yet as they are.
    changed: BTreeSet<IdeaId>,
    /// Did a line among them go?
    gone: bool,
}

impl Stands {
    /// Notes that a seat says this of an item instead of that.
    fn speaks(&mut self, by: SeatKey, before: Option<Response>, says: Response) {
        let (items, now) = self.spoken.entry(by).or_default();
        let says_something = |says: Response| u32::from(says != Response::Nothing);
        *items += u32::from(before.is_none());
        *now = (*now + says_something(says)).saturating_sub(before.map_or(0, says_something));
    }

    fn of(&self, by: SeatKey, item: IdeaId) -> Option<(u64, Response)> {
        self.by_item.get(&item)?.get(&by).copied()
    }

    fn holder(&self, item: IdeaId, objection: ObjectionId) -> Option<SeatKey> {
        let mut stands = self.by_item.get(&item)?.iter();
        stands.find(|(_, (_, says))| *says == Response::Objects { objection }).map(|(by, _)| *by)
    }

    fn room(&self, item: IdeaId) -> Responses {
        let mut room = Responses::default();
        for (_, says) in self.by_item.get(&item).into_iter().flat_map(HashMap::values) {
            match says {
                Response::Nothing => {}
                Response::Supports => room.support += 1,
                Response::Objects { objection } => {
                    room.object += 1;
                    let line = self.lines.get(objection);
                    room.lines
                        .extend(line.map(|text| ObjectionLine { id: *objection, text: text.to_string() }));
                }
            }
        }
        // By lot: neither who came first nor who sits where.
        room.lines.sort_unstable_by_key(|line| line.id);
        room.lines.truncate(self.lines_max.unwrap_or(usize::MAX));
        room
    }
}

impl Consultation {
    pub(in crate::consultation) fn decide_support(
        &self,
        seat: SeatId,
        item: IdeaId,
        on: bool,
        n: Option<u64>,
    ) -> Result<Outcome, Problem> {
        let says = if on { Response::Supports } else { Response::Nothing };
        let (by, n, texts) = self.stand(seat, item, says, n)?;
        let event = Event::Responded { by, item, says, n };
        Ok(Outcome { texts, ..Outcome::plain(event) })
    }

    pub(in crate::consultation) fn decide_object(
        &self,
        seat: SeatId,
        item: IdeaId,
        line: Option<&str>,
        n: Option<u64>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let line =
            line.map(|line| checked_line(line, context.limits.in_room.objection_units_max)).transpose()?;
        let objection = ObjectionId(Builder::from_random_bytes(context.entropy.bytes()).into_uuid());
        let says = line.as_ref().map_or(Response::Nothing, |_| Response::Objects { objection });
        let (by, n, mut texts) = self.stand(seat, item, says, n)?;
        let newer = self.stands.of(by, item).is_none_or(|(old, _)| n > old);
        let Some(line) = line.filter(|_| newer) else {
            return Ok(Outcome { texts, ..Outcome::plain(Event::Responded { by, item, says, n }) });
        };
        let others = self.stands.objections.get(&by).copied().unwrap_or(0);
        let again = matches!(self.stands.of(by, item), Some((_, Response::Objects { .. })));
        if !again && others >= context.limits.in_room.objections_per_seat {
            let detail =
                format!("A seat objects to at most {} items.", context.limits.in_room.objections_per_seat);
            return Err(Problem::because(Code::TooManyObjections, detail));
        }
        let words = NewWords { idea: Some(Arc::from(line.as_str())), ..NewWords::default() };
        texts.push(TextChange::Put(TextRow::Objection(objection), line));
        Ok(Outcome { event: Event::Responded { by, item, says, n }, texts, files: Vec::new(), words })
    }

    pub(in crate::consultation) fn decide_hide_objection(
        &self,
        seat: SeatId,
        item: IdeaId,
        objection: ObjectionId,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::HideObjection, seat, None)?;
        if self.stands.holder(item, objection).is_none() {
            return Err(Problem::because(Code::NotFound, "There is no such objection to this item."));
        }
        let texts = vec![TextChange::Delete(TextRow::Objection(objection))];
        Ok(Outcome { texts, ..Outcome::plain(Event::ObjectionHidden { item, objection }) })
    }

    /// Whose word it is, with which counter, and which row goes.
    fn stand(
        &self,
        seat: SeatId,
        item: IdeaId,
        says: Response,
        n: Option<u64>,
    ) -> Result<(SeatKey, u64, Vec<TextChange>), Problem> {
        self.permit(Deed::Support, seat, None)?;
        let by = self.stander(seat);
        let old = self.stands.of(by, item);
        let listed = self.run_facts.as_ref().is_some_and(|run| run.items.iter().any(|(id, _)| *id == item));
        // What is off the list by now can still be taken back.
        if !listed && (says != Response::Nothing || old.is_none()) {
            return Err(Problem::because(Code::NotFound, "There is no such item on the list."));
        }
        let n = n.unwrap_or_else(|| old.map_or(1, |(old, _)| old.saturating_add(1)));
        let goes = match old {
            Some((old, Response::Objects { objection })) if n > old => {
                vec![TextChange::Delete(TextRow::Objection(objection))]
            }
            Some(_) | None => Vec::new(),
        };
        Ok((by, n, goes))
    }

    /// The pseudonym of a seat in the room.
    pub(in crate::consultation) fn stander(&self, seat: SeatId) -> SeatKey {
        let mac = mac(&self.keys.ballots, &[b"in the room", seat.0.as_bytes()]);
        let mut short = [0; 16];
        short.copy_from_slice(&mac[..16]);
        SeatKey(short)
    }

    /// Takes in what a seat says.
    pub(in crate::consultation) fn take_response(
        &mut self,
        by: SeatKey,
        item: IdeaId,
        (n, says): (u64, Response),
        words: &NewWords,
    ) -> Vec<Write> {
        let stands = &mut self.stands;
        let old = stands.of(by, item);
        if old.is_some_and(|(old, _)| n <= old) {
            return Vec::new();
        }
        if let Some((_, Response::Objects { objection })) = old {
            stands.lines.remove(&objection);
            stands.gone = true;
            if let Some(count) = stands.objections.get_mut(&by) {
                *count = count.saturating_sub(1);
            }
        }
        if let Response::Objects { objection } = says {
            *stands.objections.entry(by).or_default() += 1;
            stands.lines.extend(words.idea.clone().map(|line| (objection, line)));
        }
        stands.speaks(by, old.map(|(_, says)| says), says);
        stands.by_item.entry(item).or_default().insert(by, (n, says));
        stands.by_seat.entry(by).or_default().insert(item);
        stands.changed.insert(item);
        Vec::new()
    }

    /// Takes in that a line was deleted: at once, whoever reads it.
    pub(in crate::consultation) fn hide_objection(
        &mut self,
        item: IdeaId,
        objection: ObjectionId,
    ) -> Vec<Write> {
        self.stands.lines.remove(&objection);
        let items = vec![(item, self.stands.room(item))];
        vec![Write::Plenary(PlenaryWrite::Responses { items, gone: true })]
    }

    /// Everything that these seats say goes, with its lines. Gives back what they said.
    pub(in crate::consultation) fn leave_room(
        &mut self,
        gone: &HashSet<SeatKey>,
    ) -> Vec<(IdeaId, SeatKey, (u64, Response))> {
        let stands = &mut self.stands;
        let mut said_before = Vec::new();
        for (item, said) in &mut stands.by_item {
            let before = said.len();
            said.retain(|by, (n, says)| {
                let leaves = gone.contains(by);
                if leaves {
                    said_before.push((*item, *by, (*n, *says)));
                }
                if let (true, Response::Objects { objection }) = (leaves, says) {
                    stands.lines.remove(objection);
                    stands.gone = true;
                }
                !leaves
            });
            if said.len() != before {
                stands.changed.insert(*item);
            }
        }
        stands.by_seat.retain(|by, _| !gone.contains(by));
        stands.objections.retain(|by, _| !gone.contains(by));
        stands.spoken.retain(|by, _| !gone.contains(by));
        said_before
    }

    /// Seats that are there again say what they said; the lines of their objections are deleted.
    pub(in crate::consultation) fn respond_again(&mut self, said: Vec<(IdeaId, SeatKey, (u64, Response))>) {
        for (item, by, (n, says)) in said {
            if matches!(says, Response::Objects { .. }) {
                *self.stands.objections.entry(by).or_default() += 1;
            }
            self.stands.speaks(by, None, says);
            self.stands.by_item.entry(item).or_default().insert(by, (n, says));
            self.stands.changed.insert(item);
        }
    }

    /// The seats that support an item or object to one, under the names that they have in the room.
    pub(in crate::consultation) fn speakers(&self) -> impl Iterator<Item = &SeatKey> {
        self.stands.spoken.iter().filter(|(_, (_, now))| *now > 0).map(|(by, _)| by)
    }

    /// The rows of the lines that these seats wrote in the room.
    pub(in crate::consultation) fn lines_of(&self, seats: &HashSet<SeatKey>) -> Vec<TextChange> {
        let said = self.stands.by_item.values().flatten().filter(|(by, _)| seats.contains(by));
        let lines = said.filter_map(|(_, (_, says))| match says {
            Response::Objects { objection } => Some(TextChange::Delete(TextRow::Objection(*objection))),
            Response::Nothing | Response::Supports => None,
        });
        lines.collect()
    }

    /// The seats that said anything in the room, under the names that they have there.
    pub(in crate::consultation) fn standers(&self) -> impl Iterator<Item = &SeatKey> {
        self.stands.spoken.iter().filter(|(_, (items, _))| *items > 0).map(|(by, _)| by)
    }

    /// The list was made anew: what comes back to it has its support again.
    pub(in crate::consultation) fn mark_all_responses(&mut self) {
        self.stands.changed.extend(self.stands.by_item.keys().copied());
    }

    /// Does the seat say this of the item already, or something newer?
    pub(in crate::consultation) fn stands_already(
        &self,
        by: SeatKey,
        item: IdeaId,
        (n, says): (u64, Response),
        line: Option<&str>,
    ) -> bool {
        match (self.stands.of(by, item), says) {
            (None, says) => says == Response::Nothing,
            (Some((old, _)), _) if n <= old => true,
            (Some((_, Response::Objects { objection })), Response::Objects { .. }) => {
                same_words(self.stands.lines.get(&objection).map(AsRef::as_ref), line)
            }
            (Some((_, old)), says) => old == says,
        }
    }

    pub(in crate::consultation) fn has_stood(&self, by: SeatKey, item: IdeaId) -> bool {
        self.stands.of(by, item).is_some()
    }

    pub(in crate::consultation) fn raise_stand(&mut self, by: SeatKey, item: IdeaId, n: u64) {
        let stand = self.stands.by_item.get_mut(&item).and_then(|stands| stands.get_mut(&by));
        if let Some((old, _)) = stand {
            *old = n.max(*old);
        }
    }

    /// Lines of objections whose words are there.
    pub(in crate::consultation) fn objection_lines(
        &self,
    ) -> impl Iterator<Item = (IdeaId, ObjectionId, &str)> {
        let said =
            self.stands.by_item.iter().flat_map(|(item, said)| said.values().map(|(_, says)| (*item, *says)));
        said.filter_map(|(item, says)| match says {
            Response::Objects { objection } => Some((item, objection, &**self.stands.lines.get(&objection)?)),
            Response::Nothing | Response::Supports => None,
        })
    }

    /// A line as its row says.
    pub(in crate::consultation) fn load_line(&mut self, objection: ObjectionId, line: String) {
        self.stands.lines.insert(objection, line.into());
    }

    /// Nothing waits to be shown: a room that is loaded shows the current responses.
    pub(in crate::consultation) fn room_is_loaded(&mut self) {
        self.stands.changed.clear();
        self.stands.gone = false;
    }

    /// At most so many lines of one item are shown.
    pub fn show_lines(&mut self, max: usize) {
        self.stands.lines_max = Some(max);
    }

    /// Does the plenary not show yet what is said in the room?
    #[must_use]
    pub fn room_waits(&self) -> bool {
        !self.stands.changed.is_empty()
    }

    /// What the plenary does not show yet.
    pub fn take_room(&mut self) -> Vec<Write> {
        let changed = std::mem::take(&mut self.stands.changed);
        let gone = std::mem::take(&mut self.stands.gone);
        let items: Vec<_> = changed.into_iter().map(|item| (item, self.stands.room(item))).collect();
        if items.is_empty() {
            Vec::new()
        } else {
            vec![Write::Plenary(PlenaryWrite::Responses { items, gone })]
        }
    }

    /// What the room says of every item that anybody said anything of.
    #[must_use]
    pub fn room(&self) -> Vec<(IdeaId, Responses)> {
        self.stands.by_item.keys().map(|item| (*item, self.stands.room(*item))).collect()
    }

    /// What a seat says in the room.
    #[must_use]
    pub fn responses_of(&self, seat: SeatId) -> BTreeMap<IdeaId, OwnResponse> {
        let by = self.stander(seat);
        let items = self.stands.by_seat.get(&by).into_iter().flatten();
        let own = items.filter_map(|item| Some((*item, self.stands.of(by, *item)?.1)));
        let told = own.filter_map(|(item, says)| match says {
            Response::Nothing => None,
            Response::Supports => Some((item, OwnResponse::Support {})),
            Response::Objects { objection } => {
                let line = self.stands.lines.get(&objection).map(ToString::to_string);
                Some((item, OwnResponse::Object { line }))
            }
        });
        told.collect()
    }

    /// The seat whose objection this is. Looked for only when a line is hidden, so that its phone hears of it.
    #[must_use]
    pub fn objector(&self, item: IdeaId, objection: ObjectionId) -> Option<SeatId> {
        let by = self.stands.holder(item, objection)?;
        self.seats().keys().copied().find(|seat| self.stander(*seat) == by)
    }
}
