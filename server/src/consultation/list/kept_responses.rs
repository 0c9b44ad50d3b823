//! What seats say of items of the list: who, of what, with which counter, and the lines of objections.
//!
//! It alone writes what is said and what is counted from it, so that the figures that the plenary shows are always sums of what
//! is said. It knows pseudonyms and items, and neither seats nor the list.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use proto::ids::{IdeaId, ObjectionId};
use proto::plenary::{ObjectionLine, Responses};
use serde::{Deserialize, Serialize};

use crate::journal::SeatKey;

/// What a seat says of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "says", rename_all = "kebab-case")]
pub enum Response {
    /// Nothing, or nothing any more. In older journals seats also *support* an item; that counts for nothing since everybody votes.
    #[serde(alias = "supports")]
    Nothing,
    /// That it objects; the line has a row of its own.
    Objects {
        /// The line's id.
        objection: ObjectionId,
    },
}

/// What all seats say.
#[derive(Debug, Default)]
pub(super) struct KeptResponses {
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

/// What seats that left the room had said: item, seat, and with its counter what it said of it.
pub(in crate::consultation) type SaidBefore = Vec<(IdeaId, SeatKey, (u64, Response))>;

impl KeptResponses {
    /// What a seat says of an item, with its counter.
    pub(super) fn of(&self, by: SeatKey, item: IdeaId) -> Option<(u64, Response)> {
        self.by_item.get(&item)?.get(&by).copied()
    }

    /// The items of which a seat said anything.
    pub(super) fn items_of(&self, by: SeatKey) -> impl Iterator<Item = IdeaId> {
        self.by_seat.get(&by).into_iter().flatten().copied()
    }

    /// How many objections stand by a seat.
    pub(super) fn objections_of(&self, by: SeatKey) -> usize {
        self.objections.get(&by).copied().unwrap_or(0)
    }

    /// The seat whose objection this is.
    pub(super) fn holder(&self, item: IdeaId, objection: ObjectionId) -> Option<SeatKey> {
        let mut stands = self.by_item.get(&item)?.iter();
        stands.find(|(_, (_, says))| *says == Response::Objects { objection }).map(|(by, _)| *by)
    }

    /// The line of an objection, if it was not deleted.
    pub(super) fn line(&self, objection: ObjectionId) -> Option<&str> {
        self.lines.get(&objection).map(AsRef::as_ref)
    }

    /// Lines of objections whose words are there, with their items.
    pub(super) fn lines(&self) -> impl Iterator<Item = (IdeaId, ObjectionId, &str)> {
        let said = self.by_item.iter().flat_map(|(item, said)| said.values().map(|(_, says)| (*item, *says)));
        said.filter_map(|(item, says)| match says {
            Response::Objects { objection } => Some((item, objection, self.line(objection)?)),
            Response::Nothing => None,
        })
    }

    /// The objections that stand by these seats.
    pub(super) fn objections_by(&self, seats: &HashSet<SeatKey>) -> impl Iterator<Item = ObjectionId> {
        let said = self.by_item.values().flatten().filter(|(by, _)| seats.contains(by));
        said.filter_map(|(_, (_, says))| match says {
            Response::Objects { objection } => Some(*objection),
            Response::Nothing => None,
        })
    }

    /// The seats that object to an item now.
    pub(super) fn speakers(&self) -> impl Iterator<Item = &SeatKey> {
        self.spoken.iter().filter(|(_, (_, now))| *now > 0).map(|(by, _)| by)
    }

    /// The seats that ever said anything.
    pub(super) fn ever(&self) -> impl Iterator<Item = &SeatKey> {
        self.spoken.iter().filter(|(_, (items, _))| *items > 0).map(|(by, _)| by)
    }

    /// What the room says of an item.
    pub(super) fn room(&self, item: IdeaId) -> Responses {
        let mut room = Responses::default();
        for (_, says) in self.by_item.get(&item).into_iter().flat_map(HashMap::values) {
            match says {
                Response::Nothing => {}
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

    /// What the room says of every item that anybody said anything of.
    pub(super) fn rooms(&self) -> Vec<(IdeaId, Responses)> {
        self.by_item.keys().map(|item| (*item, self.room(*item))).collect()
    }

    /// Takes in what a seat says. What is older than what it said before changes nothing.
    pub(super) fn say(
        &mut self,
        by: SeatKey,
        item: IdeaId,
        (n, says): (u64, Response),
        line: Option<Arc<str>>,
    ) {
        let old = self.of(by, item);
        if old.is_some_and(|(old, _)| n <= old) {
            return;
        }
        if let Some((_, Response::Objects { objection })) = old {
            self.lines.remove(&objection);
            self.gone = true;
            if let Some(count) = self.objections.get_mut(&by) {
                *count = count.saturating_sub(1);
            }
        }
        if let Response::Objects { objection } = says {
            *self.objections.entry(by).or_default() += 1;
            self.lines.extend(line.map(|line| (objection, line)));
        }
        self.count_word(by, old.map(|(_, says)| says), says);
        self.by_item.entry(item).or_default().insert(by, (n, says));
        self.by_seat.entry(by).or_default().insert(item);
        self.changed.insert(item);
    }

    /// Counts that a seat says this of an item instead of that.
    fn count_word(&mut self, by: SeatKey, before: Option<Response>, says: Response) {
        let (items, now) = self.spoken.entry(by).or_default();
        let says_something = |says: Response| u32::from(says != Response::Nothing);
        *items += u32::from(before.is_none());
        *now = (*now + says_something(says)).saturating_sub(before.map_or(0, says_something));
    }

    /// Deletes a line.
    pub(super) fn delete_line(&mut self, objection: ObjectionId) {
        self.lines.remove(&objection);
    }

    /// Everything that these seats say goes, with its lines. Gives back what they said.
    pub(super) fn leave(&mut self, gone: &HashSet<SeatKey>) -> SaidBefore {
        let mut said_before = Vec::new();
        for (item, said) in &mut self.by_item {
            let before = said.len();
            said.retain(|by, (n, says)| {
                let leaves = gone.contains(by);
                if leaves {
                    said_before.push((*item, *by, (*n, *says)));
                }
                if let (true, Response::Objects { objection }) = (leaves, says) {
                    self.lines.remove(objection);
                    self.gone = true;
                }
                !leaves
            });
            if said.len() != before {
                self.changed.insert(*item);
            }
        }
        self.by_seat.retain(|by, _| !gone.contains(by));
        self.objections.retain(|by, _| !gone.contains(by));
        self.spoken.retain(|by, _| !gone.contains(by));
        said_before
    }

    /// Seats that are there again say what they said; the lines of their objections are deleted.
    pub(super) fn come_back(&mut self, said: SaidBefore) {
        for (item, by, (n, says)) in said {
            if matches!(says, Response::Objects { .. }) {
                *self.objections.entry(by).or_default() += 1;
            }
            self.count_word(by, None, says);
            self.by_item.entry(item).or_default().insert(by, (n, says));
            self.by_seat.entry(by).or_default().insert(item);
            self.changed.insert(item);
        }
    }

    /// A line as its row says.
    pub(super) fn load_line(&mut self, objection: ObjectionId, line: String) {
        self.lines.insert(objection, line.into());
    }

    /// At most so many lines of one item are shown.
    pub(super) const fn show_lines(&mut self, max: usize) {
        self.lines_max = Some(max);
    }

    /// The plenary must show every item anew.
    pub(super) fn mark_all(&mut self) {
        self.changed.extend(self.by_item.keys().copied());
    }

    /// The plenary shows what is said.
    pub(super) fn note_shown(&mut self) {
        self.changed.clear();
        self.gone = false;
    }

    /// Does the plenary not show yet what is said?
    pub(super) fn waits(&self) -> bool {
        !self.changed.is_empty()
    }

    /// What the plenary does not show yet, and whether a line among it went. From now on it shows it.
    pub(super) fn take_changed(&mut self) -> (Vec<(IdeaId, Responses)>, bool) {
        let changed = std::mem::take(&mut self.changed);
        let items = changed.into_iter().map(|item| (item, self.room(item))).collect();
        (items, std::mem::take(&mut self.gone))
    }
}
