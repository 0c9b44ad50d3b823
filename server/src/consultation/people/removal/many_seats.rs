//! Many seats that are closed together, because they came in a burst, have no phone or never did anything: and their votes
//! with them.
//!
//! A seat that is closed alone keeps its votes (`one_seat`): a tally that falls would tell how one person voted. Here the
//! votes are what the seats were taken for, so they go: approvals, what was said in the room, answers to cards. Who is
//! closed is chosen by how seats came and by whether they are there, never by what they chose; fewer than five seats that
//! may have voted are not closed like this, and where fewer than five of them voted their votes stay (`few_votes`). So a
//! falling tally is a sum over at least five people whom nobody chose. What the seats shared stays, because nobody knows which ideas they are. For some minutes it can be undone (`restoring`). Seats that came with a
//! card are never among them: a card is one person.

use std::collections::{BTreeSet, HashSet};

use proto::api::entry::{ClosedWhy, SeatsOnly, SeatsToClose};
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::clock::Millis;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::people::attendance::conduct::Sight;
use crate::consultation::people::removal::few_votes::{Tally, few_of};
use crate::consultation::people::removal::restoring::{Aside, ClosedSeats};
use crate::consultation::projection::Write;
use crate::consultation::secret::pseudonym;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// Which seats a command means.
#[derive(Clone, Copy, Debug)]
pub struct SeatSelection {
    /// Of a burst or of all.
    pub which: SeatsToClose,
    /// Of these those that are so.
    pub only: Option<SeatsOnly>,
    /// Of these those that came before so many had come: what its sender saw. A flood goes on while somebody decides.
    pub came: Option<u32>,
    /// Of seats without a phone those that had none when staff were told of that under this number: phones come and go while
    /// somebody decides.
    pub left: Option<u32>,
}

impl Consultation {
    /// The seats that a command to close many means now.
    ///
    /// # Errors
    /// When this seat may not close them, there is no such burst, or it is not said which of all seats.
    pub fn seats_to_close(
        &self,
        by: SeatId,
        SeatSelection { which, only, came, left: _ }: SeatSelection,
        group: Option<GroupId>,
        sight: &Sight,
    ) -> Result<Vec<SeatId>, Problem> {
        self.permit(Deed::CloseSeats, by, group)?;
        let seats: Vec<SeatId> = match (which, only) {
            (SeatsToClose::All, None) => {
                let detail = "Say which of all seats: `silent`, `absent` or `idle`.";
                return Err(Problem::because(Code::Malformed, detail));
            }
            (SeatsToClose::All, Some(_)) => {
                self.counted_seats().filter(|(_, seat)| !seat.waits()).map(|(id, _)| id).collect()
            }
            (SeatsToClose::Burst(number), _) => {
                let burst = self.people().arrivals.burst(number);
                let detail = "There is no such burst. The server forgets bursts when it is started again.";
                let burst = burst.ok_or_else(|| Problem::because(Code::NotFound, detail))?;
                burst.seats().iter().copied().collect()
            }
        };
        let looking = self.looking(sight);
        let meant = |id: &SeatId| {
            let Some(seat) = self.seats().get(id).filter(|_| !self.is_closed(*id)) else { return false };
            let here = group.is_none() || seat.group() == group;
            let seen = came.is_none_or(|came| seat.order() < u64::from(came));
            let away = sight.absent_then.as_ref().is_none_or(|then| then.binary_search(id).is_ok());
            here && seen && away && only.is_none_or(|only| self.known_of(*id, seat, &looking).is(only))
        };
        let mut seats: Vec<SeatId> = seats.into_iter().filter(meant).collect();
        // An order that says nothing of who came when.
        seats.sort_unstable();
        Ok(seats)
    }

    /// What closing these seats together means.
    ///
    /// # Errors
    /// When there are none, more than the sender saw, or too few.
    pub fn decide_close_seats(
        &self,
        seats: Vec<SeatId>,
        (SeatSelection { which, only, came, left: _ }, at_most): (SeatSelection, u32),
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        if seats.is_empty() {
            return Err(Problem::because(Code::NothingThere, "There are no such seats."));
        }
        if usize::try_from(at_most).is_ok_and(|at_most| seats.len() > at_most) {
            let detail = format!("There are {} such seats by now. Look again and decide.", seats.len());
            return Err(Problem::because(Code::Stale, detail));
        }
        let may_have_voted = match only {
            None | Some(SeatsOnly::Absent) => true,
            Some(SeatsOnly::Silent | SeatsOnly::Idle) => false,
        };
        let least = context.limits.voices.closed_together_min;
        let all: HashSet<SeatId> = seats.iter().copied().collect();
        let counted = self.counted();
        if may_have_voted && (seats.len() < least || self.tells_on_few(&all, &counted, least)) {
            return Err(Problem::new(Code::TooFew));
        }
        let (why, only) = match (which, only) {
            (SeatsToClose::Burst(_), only) => (ClosedWhy::Burst, only),
            (SeatsToClose::All, Some(SeatsOnly::Silent)) => (ClosedWhy::Silent, None),
            (SeatsToClose::All, Some(SeatsOnly::Absent)) => (ClosedWhy::Absent, None),
            (SeatsToClose::All, Some(SeatsOnly::Idle) | None) => (ClosedWhy::Idle, None),
        };
        let kept = few_of(seats.iter(), &counted, least);
        let (ballots, stands) = self.pseudonyms(&seats);
        let mut texts = self.notes_of(&ballots, &kept);
        if !kept.contains(&Tally::Room) {
            texts.extend(self.lines_of(&stands));
        }
        let event = Event::SeatsClosed { seats, group, why, only, at: context.now, kept, came };
        Ok(Outcome { texts, ..Outcome::plain(event) })
    }

    /// The seats under the names of their ballots, and under those that they have in the room.
    fn pseudonyms(&self, seats: &[SeatId]) -> (Vec<SeatKey>, HashSet<SeatKey>) {
        let ballots = seats.iter().map(|seat| pseudonym(&self.keys().ballots, *seat)).collect();
        (ballots, seats.iter().map(|seat| self.stander(*seat)).collect())
    }

    /// Closes these seats and takes their votes out of every tally but those that are kept.
    pub(in crate::consultation) fn close_seats(
        &mut self,
        seats: &[SeatId],
        group: Option<GroupId>,
        why: (ClosedWhy, Option<SeatsOnly>),
        (at, came): (Millis, Option<u32>),
        kept: &BTreeSet<Tally>,
    ) -> Vec<Write> {
        let (ballots, stands) = self.pseudonyms(seats);
        self.people_mut().removed.remove_together(seats);
        let (votes, mut writes) = self.take_votes_out(&ballots, kept);
        let answers = self.unsign(&ballots, kept);
        let responses = if kept.contains(&Tally::Room) { Vec::new() } else { self.leave_room(&stands) };
        let voters = self.leave_plenary_vote(seats, &stands, kept.contains(&Tally::PlenaryVote));
        let came = came.map_or(self.taken(), u64::from);
        let aside = Aside::new(votes, answers, responses, voters);
        self.people_mut().closings.add(ClosedSeats::new(seats, group, why, (at, came), aside));
        writes.extend(self.take_room());
        writes
    }
}
