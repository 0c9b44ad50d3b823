//! Many seats that are closed together, because they came in a burst or were never in the room: and their votes with them.
//!
//! A seat that is closed alone keeps its votes (`removal`): a tally that falls would tell how one person voted. Here the
//! votes are what the seats were taken for, so they go: approvals, what was said in the room, answers to cards. Who is
//! closed is chosen by how seats came, never by what they did, and a burst of fewer than five seats is not closed like this; so
//! a falling tally is a sum over people whom nobody chose. What the seats shared stays, because nobody knows which ideas
//! they are.

use std::collections::{BTreeSet, HashSet};

use proto::doors::{ClosedWhy, SeatsToClose};
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use super::decide::{Context, Decided};
use super::event::Event;
use super::projection::{BoardWrite, Write};
use super::secret::pseudonym;
use super::state::Consultation;
use crate::access::Deed;
use crate::journal::SeatKey;

impl Consultation {
    /// The seats that a command to close many means now.
    ///
    /// # Errors
    /// When this seat may not close them, or there is no such burst.
    pub fn seats_to_close(
        &self,
        by: SeatId,
        which: SeatsToClose,
        group: Option<GroupId>,
        present: &HashSet<SeatId>,
    ) -> Result<Vec<SeatId>, Problem> {
        self.permit(Deed::CloseSeats, by, group)?;
        let mut seats: Vec<SeatId> = match which {
            SeatsToClose::Idle => self.idle(present),
            SeatsToClose::Burst(number) => {
                let burst = self.arrivals.burst(number);
                let detail = "There is no such burst. The server forgets bursts when it is started again.";
                let burst = burst.ok_or_else(|| Problem::because(Code::NotFound, detail))?;
                burst.seats.iter().copied().collect()
            }
        };
        let here =
            |seat: &SeatId| self.seats.get(seat).is_some_and(|place| group.is_none() || place.group == group);
        seats.retain(|seat| !self.is_closed(*seat) && here(seat));
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
        (which, at_most): (SeatsToClose, u32),
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        if seats.is_empty() {
            return Err(Problem::because(Code::NothingThere, "There are no such seats."));
        }
        if usize::try_from(at_most).is_ok_and(|at_most| seats.len() > at_most) {
            let detail = format!("There are {} such seats by now. Look again and decide.", seats.len());
            return Err(Problem::because(Code::Stale, detail));
        }
        let why = match which {
            SeatsToClose::Burst(_) if seats.len() < context.limits.voices.closed_together_min => {
                return Err(Problem::new(Code::TooFew));
            }
            SeatsToClose::Burst(_) => ClosedWhy::Burst,
            SeatsToClose::Idle => ClosedWhy::Idle,
        };
        let (ballots, stands) = self.pseudonyms(&seats);
        let texts = self.notes_of(&ballots).into_iter().chain(self.lines_of(&stands)).collect();
        Ok(Decided { texts, ..Decided::plain(Event::SeatsClosed { seats, group, why }) })
    }

    /// The seats under the names of their ballots, and under those that they have in the room.
    fn pseudonyms(&self, seats: &[SeatId]) -> (Vec<SeatKey>, HashSet<SeatKey>) {
        let ballots = seats.iter().map(|seat| pseudonym(&self.keys.ballots, *seat)).collect();
        (ballots, seats.iter().map(|seat| self.stander(*seat)).collect())
    }

    /// Closes these seats and takes their votes out of every tally.
    pub(super) fn close_seats(&mut self, seats: &[SeatId]) -> Vec<Write> {
        let (ballots, stands) = self.pseudonyms(seats);
        self.closed_together.extend(seats.iter().copied());
        let mut fell: BTreeSet<IdeaId> = BTreeSet::new();
        for ballot in ballots.iter().filter_map(|by| self.ballots.remove(by)) {
            for (idea, _) in ballot.into_iter().filter(|(_, approval)| approval.on) {
                let tally = self.tallies.entry(idea).or_default();
                *tally = tally.saturating_sub(1);
                fell.insert(idea);
            }
        }
        self.unsign(&ballots);
        self.leave_room(&stands);
        // Who approved several ideas of one entry is one vote of it: entries are counted anew.
        let roots: BTreeSet<IdeaId> = fell.iter().map(|idea| self.root_of(*idea)).collect();
        self.recount(&roots);
        fell.extend(roots);
        let shown = |idea: IdeaId| {
            let group = self.ideas.get(&idea)?.group;
            let tally = Some(self.shown_tally(idea, group)?);
            Some(Write::Board(group, BoardWrite::Tally(idea, tally)))
        };
        let tallies = fell.into_iter().filter(|idea| self.is_on_board(*idea)).filter_map(shown);
        let mut writes: Vec<Write> = tallies.collect();
        writes.extend(self.take_room());
        writes
    }
}
