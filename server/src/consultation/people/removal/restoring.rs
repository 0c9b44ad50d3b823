//! A closing of many seats that is undone: the seats are there again, with their votes (rule C29).
//!
//! What a closing takes out of ballots, cards and the room is put aside for some minutes, in memory and, as ever, in the
//! journal. Words are not: lines of cards and of objections were deleted, so an objection comes back without its line,
//! and who had written on a card is asked again. Two closings of which one was undone would tell how those seats voted by
//! which they differ; so that is refused where fewer than five of these voted (`few_votes`).

use std::collections::BTreeSet;

use proto::api::desk::ClosedTogether;
use proto::api::entry::{ClosedWhy, SeatsOnly};
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::clock::Millis;
use crate::config::VoiceLimits;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::list::kept_responses::SaidBefore;
use crate::consultation::list::sign_off::SignOffAnswer;
use crate::consultation::people::seats::Seat;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;
use crate::consultation::vote::ballot_box::VotesAside;
use crate::consultation::vote::plenary_vote::VotersAside;
use crate::journal::SeatKey;

/// Many seats that were closed together, and what was taken out with them.
#[derive(Debug)]
pub(in crate::consultation::people) struct ClosedSeats {
    seats: BTreeSet<SeatId>,
    group: Option<GroupId>,
    why: (ClosedWhy, Option<SeatsOnly>),
    /// When; 0: it cannot be undone, because it is older than that.
    at: Millis,
    /// How many seats had come when who closed them looked.
    came: u64,
    undone: bool,
    aside: Aside,
}

/// Every closing of many seats, also those that were undone, by number from 1.
#[derive(Debug, Default)]
pub(in crate::consultation::people) struct Closings(Vec<ClosedSeats>);

/// What was taken out.
#[derive(Debug, Default)]
pub(in crate::consultation::people) struct Aside {
    votes: VotesAside,
    answers: Vec<(SeatKey, SignOffAnswer)>,
    responses: SaidBefore,
    voters: VotersAside,
}

impl Aside {
    /// Votes, answers to cards, responses in the plenary, and the plenary vote.
    pub(in crate::consultation::people) const fn new(
        votes: VotesAside,
        answers: Vec<(SeatKey, SignOffAnswer)>,
        responses: SaidBefore,
        voters: VotersAside,
    ) -> Self {
        Self { votes, answers, responses, voters }
    }
}

impl ClosedSeats {
    /// Seats of a group, or of all, that were closed at this time by who knew of so many that came.
    pub(in crate::consultation::people) fn new(
        seats: &[SeatId],
        group: Option<GroupId>,
        why: (ClosedWhy, Option<SeatsOnly>),
        (at, came): (Millis, u64),
        aside: Aside,
    ) -> Self {
        Self { seats: seats.iter().copied().collect(), group, why, at, came, undone: false, aside }
    }

    fn until(&self, limits: &VoiceLimits) -> Millis {
        let time = Millis::try_from(limits.restore_time.as_millis()).unwrap_or(Millis::MAX);
        if self.at == 0 { 0 } else { self.at.saturating_add(time) }
    }
}

impl Closings {
    /// Many seats were closed together.
    pub(in crate::consultation::people) fn add(&mut self, closing: ClosedSeats) {
        self.0.push(closing);
    }

    fn get(&self, number: u32) -> Option<&ClosedSeats> {
        self.0.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Undoes a closing: gives its seats, and what was taken out with them.
    fn undo(&mut self, number: u32) -> Option<(BTreeSet<SeatId>, Aside)> {
        let closing = self.0.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)?;
        closing.undone = true;
        Some((closing.seats.clone(), std::mem::take(&mut closing.aside)))
    }
}

impl Consultation {
    /// The closings that can be undone now, of this group or of all.
    pub(in crate::consultation) fn closings_told(
        &self,
        now: Millis,
        limits: &VoiceLimits,
    ) -> Vec<(Option<GroupId>, ClosedTogether)> {
        let open =
            (1..).zip(&self.people().closings.0).filter(|(_, one)| !one.undone && now < one.until(limits));
        let told = open.map(|(closing, one)| {
            let (why, only) = one.why;
            let seats = u32::try_from(one.seats.len()).unwrap_or(u32::MAX);
            let since = self.came_since(one);
            (one.group, ClosedTogether { closing, seats, why, only, since, until: one.until(limits) })
        });
        told.collect()
    }

    /// How many seats that are not closed came since who closed others looked.
    fn came_since(&self, closing: &ClosedSeats) -> u32 {
        let here = |seat: &Seat| closing.group.is_none() || seat.group() == closing.group;
        let later = self.counted_seats().filter(|(id, seat)| {
            seat.order() >= closing.came && !seat.waits() && here(seat) && !self.is_closed(*id)
        });
        u32::try_from(later.count()).unwrap_or(u32::MAX)
    }

    pub(in crate::consultation) fn decide_restore_seats(
        &self,
        by: SeatId,
        number: u32,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let found = self.closing(number);
        let own = || self.actor(by).and_then(|actor| actor.group);
        self.permit(Deed::CloseSeats, by, found.map_or_else(own, |closing| closing.group))?;
        let unknown = || Problem::because(Code::NotFound, "There is no such closing.");
        let closing = found.ok_or_else(unknown)?;
        if closing.undone || context.now >= closing.until(&context.limits.voices) {
            let detail = "This closing was undone already, or it is too long ago to undo it.";
            return Err(Problem::because(Code::NothingThere, detail));
        }
        Ok(Outcome::plain(Event::SeatsRestored { closing: number }))
    }

    fn closing(&self, number: u32) -> Option<&ClosedSeats> {
        self.people().closings.get(number)
    }

    /// The group whose seats were closed, or all: none when there is no such closing.
    pub(in crate::consultation) fn group_of_closing(&self, number: u32) -> Option<Option<GroupId>> {
        self.closing(number).map(|closing| closing.group)
    }

    /// Is there such a closing, and was it not undone?
    #[cfg(test)]
    pub(in crate::consultation) fn stands_closed(&self, number: u32) -> bool {
        self.closing(number).is_some_and(|closing| !closing.undone)
    }

    /// The seats of a closing that are there again when it is undone: those that were not closed alone as well.
    #[must_use]
    pub fn seats_of_closing(&self, number: u32) -> Vec<SeatId> {
        let seats = self.closing(number).into_iter().flat_map(|closing| closing.seats.iter().copied());
        seats.filter(|seat| !self.was_closed_alone(*seat)).collect()
    }

    /// The seats of each closing that was undone.
    pub(in crate::consultation) fn undone_closings(&self) -> impl Iterator<Item = &BTreeSet<SeatId>> {
        self.people().closings.0.iter().filter(|closing| closing.undone).map(|closing| &closing.seats)
    }

    pub(in crate::consultation) fn restore_seats(&mut self, number: u32) -> Vec<Write> {
        let people = self.people_mut();
        let Some((seats, aside)) = people.closings.undo(number) else { return Vec::new() };
        people.removed.restore(&seats);
        self.sign_again(aside.answers);
        self.respond_again(aside.responses);
        self.return_to_plenary_vote(aside.voters);
        let mut writes = self.put_votes_back(aside.votes);
        writes.extend(self.take_room());
        writes
    }
}
