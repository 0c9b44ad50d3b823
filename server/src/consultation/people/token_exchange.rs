//! A seat changes phones: its token is exchanged, so that whoever knew the former one is out (rule C24).

use std::collections::{HashMap, VecDeque};

use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::consultation::event::Event;
use crate::consultation::hash::Hash32;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;

/// Former tokens of a seat whose phones are told in words that it moved; older ones are known no longer.
const FORMER_KEPT: usize = 4;

/// What is known of seats that changed phones.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    seats: HashMap<SeatId, Former>,
}

#[derive(Debug, Default)]
struct Former {
    times: u32,
    tokens: VecDeque<Hash32>,
}

impl Consultation {
    /// A seat wants the token `to` instead of `from`: its group, and the event, or none if it was exchanged before.
    ///
    /// # Errors
    /// When this is no participant's open seat, when its token was exchanged by another request, or was exchanged as often as it may be: less often while it waits at
    /// the door.
    pub fn decide_exchange(
        &self,
        seat: SeatId,
        from: Hash32,
        to: Hash32,
        (times_max, at_door_max): (u32, u32),
    ) -> Result<(GroupId, Option<Event>), Problem> {
        let place = self.seats().get(&seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        if self.is_closed(seat) {
            return Err(Problem::new(Code::SeatRemoved));
        }
        let (Role::Participant, Some(group)) = (place.role(), place.group()) else {
            let detail = "Only a participant's seat is exchanged. Staff hand their link on instead.";
            return Err(Problem::because(Code::Forbidden, detail));
        };
        if place.token() == to {
            return Ok((group, None));
        }
        if place.token() != from {
            return Err(Problem::new(Code::SeatMoved));
        }
        let most = if self.is_at_door(seat) { at_door_max } else { times_max };
        if self.people().exchanges.seats.get(&seat).is_some_and(|former| former.times >= most) {
            let detail = format!("This seat has changed phones {most} times, as often as it may now.");
            return Err(Problem::because(Code::TooManyMoves, detail));
        }
        Ok((group, Some(Event::Exchanged { seat, token: to })))
    }

    pub(in crate::consultation) fn exchange(&mut self, seat: SeatId, token: Hash32) -> Vec<Write> {
        let people = self.people_mut();
        let Some(before) = people.seats.give_token(seat, token) else { return Vec::new() };
        let former = people.exchanges.seats.entry(seat).or_default();
        former.times += 1;
        former.tokens.push_back(before);
        if former.tokens.len() > FORMER_KEPT {
            former.tokens.pop_front();
        }
        Vec::new()
    }

    /// Tokens that seats had before they were exchanged, the last few of each.
    pub fn former_tokens(&self) -> impl Iterator<Item = (SeatId, Hash32)> + '_ {
        let seats = self.people().exchanges.seats.iter();
        seats.flat_map(|(seat, former)| former.tokens.iter().map(|token| (*seat, *token)))
    }
}
