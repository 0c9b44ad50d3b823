//! The door: open, closed, or closed until a time; and which of its ways in — code, key, a group's link, a card — lead where.
//!
//! What a card or a group's link says is drawn from the consultation's key for seats, so the journal has none of it, and
//! it ends with that key at the purge.

use std::collections::BTreeMap;

use proto::api::consultation::{Admission, EntryMode, Join};
use proto::api::entry::GroupDoor;
use proto::ids::{CardId, GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::access::{Actor, Deed, may_ever};
use crate::clock::Millis;
use crate::config::Limits;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::hash::Hash32;
use crate::consultation::projection::Write;
use crate::consultation::secret::{card_code, hash_token, join_url, key_of};
use crate::consultation::state::Consultation;

/// The longest that a door may wait for its time.
const OPENS_WITHIN: Millis = 366 * 24 * 3_600_000;

/// What is known of the door beside the settings.
#[derive(Debug, Default)]
pub(in crate::consultation::people) struct DoorTime {
    /// When a closed door opens.
    opens_at: Option<Millis>,
}

/// By which way somebody comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntranceKind {
    /// The consultation's own code or key.
    Plain,
    /// A group's link or printed card.
    Group(GroupId),
    /// A card of the closed roll.
    Card(CardId),
}

/// What a way is opened with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entrance {
    /// To type.
    pub code: String,
    /// In the QR code.
    pub key: String,
    /// Where it leads.
    pub way: EntranceKind,
}

/// Where somebody who comes in is put.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SeatPlacement {
    /// A new seat.
    New(GroupId),
    /// A seat that its card was made for, because another phone or card was lost.
    Again(SeatId, GroupId),
}

impl Consultation {
    pub(in crate::consultation) fn decide_door(
        &self,
        seat: SeatId,
        open: bool,
        (opens_at, admission): (Option<Millis>, Option<Admission>),
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Door, seat, None)?;
        if open && opens_at.is_some() {
            return Err(Problem::because(Code::Malformed, "An open door has no time at which it opens."));
        }
        if opens_at.is_some_and(|at| at > context.now + OPENS_WITHIN) {
            return Err(Problem::because(Code::Malformed, "A door opens within a year."));
        }
        // A time that is over is now.
        let now_open = open || opens_at.is_some_and(|at| at <= context.now);
        let opens_at = opens_at.filter(|_| !now_open);
        Ok(Outcome::plain(Event::Door { open: now_open, opens_at, admission }))
    }

    pub(in crate::consultation) fn set_door(
        &mut self,
        open: bool,
        opens_at: Option<Millis>,
        admission: Option<Admission>,
    ) -> Vec<Write> {
        self.set_entry(open, admission);
        self.people_mut().door.opens_at = opens_at;
        Vec::new()
    }

    /// When the closed door opens by itself.
    #[must_use]
    pub const fn opens_at(&self) -> Option<Millis> {
        self.people().door.opens_at
    }

    /// Opens a door whose time has come. Nobody of the staff does it now: the ledger has who said when.
    #[must_use]
    pub fn decide_opening(&self, now: Millis) -> Option<Event> {
        let due = self.opens_at().is_some_and(|at| at <= now);
        due.then_some(Event::Door { open: true, opens_at: None, admission: None })
    }

    /// Every way in but the cards, with what opens it.
    #[must_use]
    pub fn entrances(&self) -> Vec<Entrance> {
        let plain = Entrance {
            code: self.founding().code.clone(),
            key: self.founding().key.clone(),
            way: EntranceKind::Plain,
        };
        let groups = self.founding().groups.iter().map(|(id, _)| self.entrance(EntranceKind::Group(*id)));
        let cards = self.card_ids().map(|card| self.entrance(EntranceKind::Card(card)));
        [plain].into_iter().chain(groups).chain(cards).collect()
    }

    /// What opens one way.
    #[must_use]
    pub fn entrance(&self, way: EntranceKind) -> Entrance {
        let (kind, id) = match way {
            EntranceKind::Plain => {
                let (code, key) = (self.founding().code.clone(), self.founding().key.clone());
                return Entrance { code, key, way };
            }
            EntranceKind::Group(id) => ("group", id.0),
            EntranceKind::Card(id) => ("card", id.0),
        };
        let key = &self.keys().seats;
        Entrance { code: card_code(key, kind, id), key: key_of(key, kind, id), way }
    }

    /// The doors of the groups that somebody hands cards out for.
    pub(in crate::consultation) fn group_doors(&self, actor: Actor, public_url: &str) -> Vec<GroupDoor> {
        if self.founding().settings.entry != EntryMode::Links {
            return Vec::new();
        }
        let groups = self.founding().groups.iter().map(|(id, _)| *id);
        let own = groups.filter(|group| may_ever(Deed::SeeDesk, actor, Some(*group)));
        let door = |group| {
            let entrance = self.entrance(EntranceKind::Group(group));
            GroupDoor { group, code: entrance.code, url: join_url(public_url, &entrance.key) }
        };
        own.map(door).collect()
    }

    /// Why this way lets nobody in, whatever the door.
    #[must_use]
    pub fn refusal(&self, way: EntranceKind) -> Option<Code> {
        let entry = self.founding().settings.entry;
        match way {
            EntranceKind::Card(id) => self.refusal_of_card(id),
            EntranceKind::Group(_) => (entry == EntryMode::Cards).then_some(Code::CardNeeded),
            EntranceKind::Plain => {
                matches!(entry, EntryMode::Links | EntryMode::Cards).then_some(Code::CardNeeded)
            }
        }
    }

    /// The groups that somebody who comes this way may choose from.
    #[must_use]
    pub fn choice(&self, way: EntranceKind) -> Vec<GroupId> {
        let all = || self.founding().groups.iter().map(|(id, _)| *id);
        match (way, self.founding().settings.entry) {
            (_, EntryMode::Balanced) => Vec::new(),
            (EntranceKind::Group(group), _) => vec![group],
            (EntranceKind::Card(id), _) => self.group_of_card(id).into_iter().collect(),
            (EntranceKind::Plain, EntryMode::Choice) => all().collect(),
            (EntranceKind::Plain, EntryMode::Links | EntryMode::Cards) => Vec::new(),
        }
    }

    /// Where somebody who comes in this way is put.
    ///
    /// # Errors
    /// When the door is closed, every seat is taken, the way is shut, or the group is not theirs to choose.
    pub fn admit(
        &self,
        join: &Join,
        way: EntranceKind,
        limits: &Limits,
        now: Millis,
    ) -> Result<SeatPlacement, Problem> {
        if let Some(code) = self.refusal(way) {
            return Err(Problem::new(code));
        }
        if !self.founding().settings.door_open && self.opens_at().is_none_or(|at| now < at) {
            return Err(Problem::new(Code::DoorClosed));
        }
        if join.group.is_some_and(|group| !self.groups().contains_key(&group)) {
            return Err(Problem::because(Code::NotFound, "There is no such group in this consultation."));
        }
        let choice = self.choice(way);
        if let Some(group) = join.group
            && !choice.contains(&group)
        {
            let detail = "The group is not yours to choose here: join without \"group\".";
            return Err(Problem::because(Code::Forbidden, detail));
        }
        if let Some((seat, group)) = self.seat_to_take_over(way) {
            return Ok(SeatPlacement::Again(seat, group));
        }
        if self.seats().len() >= limits.seats_max {
            return Err(Problem::because(Code::DoorClosed, "Every seat of this consultation is taken."));
        }
        let only = (choice.len() == 1).then(|| choice[0]);
        join.group
            .or(only)
            .or_else(|| self.smallest())
            .map(SeatPlacement::New)
            .ok_or_else(|| Problem::new(Code::NotFound))
    }

    /// The smallest group by seats; of several the first in order.
    fn smallest(&self) -> Option<GroupId> {
        let mut seats: BTreeMap<GroupId, u32> = BTreeMap::new();
        for seat in self.seats().values().filter(|seat| seat.role() == Role::Participant) {
            if let Some(group) = seat.group() {
                *seats.entry(group).or_default() += 1;
            }
        }
        let groups = self.founding().groups.iter().map(|(id, _)| *id);
        groups.min_by_key(|group| seats.get(group).copied().unwrap_or(0))
    }

    /// The seat that a phone took earlier with this very request, and its group: its answer was lost on the way.
    #[must_use]
    pub fn existing_seat(
        &self,
        way: EntranceKind,
        requested: SeatId,
        token: &str,
    ) -> Option<(SeatId, GroupId)> {
        let hash = hash_token(token);
        let by_card = match way {
            EntranceKind::Card(id) => self.seat_by_card(id),
            EntranceKind::Plain | EntranceKind::Group(_) => None,
        };
        let of = |seat: SeatId| {
            let place = self.seats().get(&seat).filter(|place| place.token() == hash)?;
            Some((seat, place.group()?))
        };
        of(by_card.unwrap_or(requested))
    }
}

/// The token of nobody: no text has this hash.
pub(in crate::consultation) const NOBODY: Hash32 = Hash32([0; 32]);
