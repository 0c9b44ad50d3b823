//! The ledger: what staff did, with role and minute, for everybody to read. No names, no tokens, no words.
//!
//! It is a projection of the journal like everything else: [`Consultation::stamp`] says what is written down when
//! it is decided, `write_down` reads it back at load.

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::ledger::{LedgerEntry, LedgerLine};
use proto::role::Role;

use super::event::{Decision, Event, Stamp};
use super::state::Consultation;
use crate::clock::Millis;

/// The ledger knows minutes, nothing finer.
const MINUTE: Millis = 60_000;

impl Consultation {
    /// The ledger, oldest first.
    #[must_use]
    pub fn ledger(&self) -> &[LedgerEntry] {
        &self.ledger
    }

    /// The stamp of something that a seat decides now: only what the ledger tells, and only of staff.
    #[must_use]
    pub fn stamp(&self, seat: SeatId, event: &Event, now: Millis) -> Option<Stamp> {
        let by = self.actor(seat)?.role;
        let staff = match by {
            Role::Organizer | Role::Moderator | Role::Rapporteur | Role::Safeguarding => true,
            Role::Participant | Role::Room => false,
        };
        (staff && self.line(event).is_some()).then_some(Stamp { at: now - now % MINUTE, by })
    }

    /// Writes down what was decided, before it takes effect.
    pub(super) fn write_down(&mut self, decision: &Decision) {
        let Some(Stamp { at, by }) = decision.stamp else { return };
        if let Some((group, line)) = self.line(&decision.event) {
            self.ledger.push(LedgerEntry { at, by, group, line });
        }
    }

    /// What the ledger says of an event, and the group that it concerns.
    fn line(&self, event: &Event) -> Option<(Option<GroupId>, LedgerLine)> {
        let group_of = |idea: &IdeaId| self.ideas.get(idea).map(|idea| idea.group);
        Some(match event {
            Event::Promoted { idea, on } => (group_of(idea), LedgerLine::Promoted { idea: *idea, on: *on }),
            Event::Hidden { idea, reason, .. } => {
                (group_of(idea), LedgerLine::Hidden { idea: *idea, reason: reason.clone() })
            }
            Event::Unhidden { idea } => (group_of(idea), LedgerLine::Unhidden { idea: *idea }),
            Event::Revealed { group, ideas } => {
                let ideas = u32::try_from(ideas.len()).unwrap_or(u32::MAX);
                (Some(*group), LedgerLine::Revealed { ideas })
            }
            Event::Admitted { idea, .. } => (group_of(idea), LedgerLine::Admitted { idea: *idea }),
            Event::Moved { phase, group, .. } => (*group, LedgerLine::Moved { phase: *phase }),
            Event::Door { open, opens_at } => (None, LedgerLine::Door { open: *open, opens_at: *opens_at }),
            Event::CardsMade { cards, group } => {
                (*group, LedgerLine::CardsMade { cards: u32::try_from(cards.len()).unwrap_or(u32::MAX) })
            }
            Event::CardRevoked { .. } => (None, LedgerLine::CardRevoked {}),
            Event::CardReplaced { .. } => (None, LedgerLine::CardReplaced {}),
            Event::SeatMoved { group, .. } => (Some(*group), LedgerLine::SeatMoved {}),
            Event::Merged { run, .. } => (None, LedgerLine::Merged { run: *run }),
            Event::ObjectionHidden { item, .. } => (None, LedgerLine::ObjectionHidden { item: *item }),
            Event::Founded(_)
            | Event::Seated { .. }
            | Event::Reseated { .. }
            | Event::Shared { .. }
            | Event::Edited { .. }
            | Event::Withdrawn { .. }
            | Event::Approved { .. }
            | Event::Stood { .. }
            | Event::List(_)
            | Event::Closing { .. }
            | Event::Pointed { .. }
            | Event::Planned { .. }
            | Event::Clocked { .. }
            | Event::Worded { .. }
            | Event::Reworded { .. } => return None,
        })
    }
}
