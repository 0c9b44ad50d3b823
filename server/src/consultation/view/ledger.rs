//! The ledger: what staff did, with role and minute, for everybody to read. No names, no tokens, no words.
//!
//! It is a projection of the journal like everything else: [`Consultation::stamp`] says what is written down when
//! it is decided, `append_to_ledger` reads it back at load.

use std::collections::BTreeSet;

use proto::api::ledger::{LedgerEntry, LedgerLine};
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::phase::Phase;
use proto::role::Role;

use crate::clock::Millis;
use crate::consultation::event::Event;
use crate::consultation::event::record::{EventRecord, Stamp};
use crate::consultation::ideas::moderation::danger::DangerEffect;
use crate::consultation::list::list_decisions::ListChange;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;

/// What was written down.
#[derive(Debug, Default)]
pub(in crate::consultation) struct Ledger {
    entries: Vec<LedgerEntry>,
    /// Ideas of which it says that they were passed over.
    passed_over: BTreeSet<IdeaId>,
}

impl Consultation {
    /// The ledger, oldest first.
    #[must_use]
    pub fn ledger(&self) -> &[LedgerEntry] {
        &self.told().entries
    }

    /// The stamp of something that a seat decides now: only what the ledger tells, and only of staff.
    #[must_use]
    pub fn stamp(&self, seat: SeatId, event: &Event, now: Millis) -> Option<Stamp> {
        // Who reports a danger and who decides about it must not be told apart, in the journal as well: one role stands there
        // for both, and the ledger says none.
        let by = if endangers(event) { Role::Organizer } else { self.actor(seat)?.role };
        let staff = match by {
            Role::Organizer
            | Role::Moderator
            | Role::Rapporteur
            | Role::Editor
            | Role::Translator
            | Role::Safeguarding => true,
            Role::Participant | Role::Projector => false,
        };
        let told = self.line(event).is_some() || matches!(event, Event::SafeguardedAll { .. });
        (staff && told).then(|| Stamp::now(by, now))
    }

    /// Does the ledger say already that this idea was passed over?
    #[must_use]
    pub fn is_passed_over(&self, idea: IdeaId) -> bool {
        self.told().passed_over.contains(&idea)
    }

    pub(in crate::consultation) fn pass_over(&mut self, idea: IdeaId) -> Vec<Write> {
        self.told_mut().passed_over.insert(idea);
        Vec::new()
    }

    /// Writes down what was decided, before it takes effect.
    pub(in crate::consultation) fn append_to_ledger(&mut self, decision: &EventRecord) {
        let Some(Stamp { at, by }) = decision.stamp else { return };
        let by = (!endangers(&decision.event)).then_some(by);
        if let Event::SafeguardedAll { ideas, state } = &decision.event {
            for idea in ideas {
                let one = Event::Safeguarded { idea: *idea, state: *state };
                let line = self.line(&one);
                let entry = line.map(|(group, line)| LedgerEntry { at, by, group, line });
                self.told_mut().entries.extend(entry);
            }
        } else if let Some((group, line)) = self.line(&decision.event) {
            self.told_mut().entries.push(LedgerEntry { at, by, group, line });
        }
    }

    /// What the ledger says of an event, and the group that it concerns.
    #[expect(clippy::too_many_lines, reason = "a table: one line for each event")]
    fn line(&self, event: &Event) -> Option<(Option<GroupId>, LedgerLine)> {
        let group_of = |idea: &IdeaId| self.ideas().get(idea).map(|idea| idea.group());
        Some(match event {
            Event::Promoted { idea, on, .. } => {
                (group_of(idea), LedgerLine::Promoted { idea: *idea, on: *on })
            }
            Event::Hidden { idea, reason, .. } => {
                (group_of(idea), LedgerLine::Hidden { idea: *idea, reason: reason.clone() })
            }
            Event::BoardHidden { group, on } => (Some(*group), LedgerLine::BoardHidden { on: *on }),
            Event::Endangered { idea, effect, .. }
                if *effect != DangerEffect::Waits && self.is_first_danger_report(*idea) =>
            {
                (group_of(idea), LedgerLine::HeldInGroup { idea: *idea, on: true })
            }
            Event::Safeguarded { idea, state } => (
                group_of(idea),
                LedgerLine::HeldInGroup { idea: *idea, on: self.changes_sight(*idea, *state)? },
            ),
            Event::Unhidden { idea } => (group_of(idea), LedgerLine::Unhidden { idea: *idea }),
            Event::Combined { idea, into } => {
                (group_of(idea), LedgerLine::Combined { idea: *idea, into: *into })
            }
            Event::TakenApart { idea } => (group_of(idea), LedgerLine::TookApart { idea: *idea }),
            Event::Ordered { group, ideas } => {
                let ideas = u32::try_from(ideas.len()).unwrap_or(u32::MAX);
                (Some(*group), LedgerLine::Ordered { ideas })
            }
            Event::Restored { idea } => (group_of(idea), LedgerLine::Restored { idea: *idea }),
            Event::Locked { idea, on } => (group_of(idea), LedgerLine::Locked { idea: *idea, on: *on }),
            Event::SeatsClosed { seats, group, why, only, .. } => {
                (*group, LedgerLine::SeatsClosed { seats: count(seats), why: *why, only: *only })
            }
            Event::SeatsRestored { closing } => {
                let seats = count(&self.seats_of_closing(*closing));
                (self.group_of_closing(*closing)?, LedgerLine::SeatsRestored { seats })
            }
            Event::LetIn { seats, group } => (*group, LedgerLine::LetIn { seats: count(seats) }),
            Event::SeatClosed { group, .. } => (Some(*group), LedgerLine::SeatRemoved {}),
            Event::Revealed { group, ideas } => {
                let ideas = u32::try_from(ideas.len()).unwrap_or(u32::MAX);
                (Some(*group), LedgerLine::Revealed { ideas })
            }
            Event::Admitted { idea, .. } => (group_of(idea), LedgerLine::Admitted { idea: *idea }),
            Event::Moved { phase, group, .. } => (*group, LedgerLine::Moved { phase: *phase }),
            Event::Door { open, opens_at, admission } => {
                (None, LedgerLine::Door { open: *open, opens_at: *opens_at, admission: *admission })
            }
            Event::CardsMade { cards, group } => {
                (*group, LedgerLine::CardsMade { cards: u32::try_from(cards.len()).unwrap_or(u32::MAX) })
            }
            Event::CardRevoked { .. } => (None, LedgerLine::CardRevoked {}),
            Event::CardReplaced { .. } => (None, LedgerLine::CardReplaced {}),
            Event::SeatMoved { group, .. } => (Some(*group), LedgerLine::SeatMoved {}),
            // Before the start nothing is said about it: whoever comes in sees what was prepared, not how.
            Event::Amended(change) if self.phase() > Phase::Briefing => {
                (None, LedgerLine::Amended { field: change.field() })
            }
            Event::PassedOver { idea, than } => {
                (group_of(idea), LedgerLine::PassedOver { idea: *idea, than: *than })
            }
            Event::Merged { run, .. } => (None, LedgerLine::Merged { run: *run }),
            Event::Worded { what, idea, lang } => {
                let group = idea.as_ref().and_then(group_of).filter(|_| what.is_on_a_board());
                (group, LedgerLine::Worded { what: *what, idea: *idea, lang: lang.clone() })
            }
            Event::NoteHidden { note, reason } => {
                let note = *note;
                let line = match reason.clone() {
                    Some(reason) => LedgerLine::NoteHidden { note, reason },
                    None => LedgerLine::NoteShown { note },
                };
                (self.group_of_note(note), line)
            }
            Event::ObjectionHidden { item, .. } => (None, LedgerLine::ObjectionHidden { item: *item }),
            Event::Retained { days } => (None, LedgerLine::Retained { days: *days }),
            Event::PlenaryVoteOpened { paper, .. } => {
                let entries = u32::try_from(paper.len()).unwrap_or(u32::MAX);
                (None, LedgerLine::PlenaryVoteOpened { entries })
            }
            Event::PlenaryVoteClosed { lot } => {
                let ((voters, voted), lot) = (self.plenary_turnout(), hex::encode(lot.0));
                (None, LedgerLine::PlenaryVoteClosed { voters, voted, lot })
            }
            Event::GroupAddedToPaper { group, entries } => {
                let entries = u32::try_from(entries.len()).unwrap_or(u32::MAX);
                (Some(*group), LedgerLine::GroupAddedToPaper { entries })
            }
            Event::VotersLetIn { seats } => (None, LedgerLine::VotersLetIn { seats: count(seats) }),
            Event::List(change) => (None, list_line(change)),
            Event::AdoptionOpened { version } => (None, LedgerLine::AdoptionOpened { version: *version }),
            Event::AdoptionClosed {} => {
                let (version, voters) = self.adoption_turnout();
                (None, LedgerLine::AdoptionClosed { version, adopted: self.adopted_of(voters), voters })
            }
            Event::VersionMade { number } => (None, LedgerLine::VersionMade { version: *number }),
            Event::TextSettled { what, idea, lang, kept } => {
                (None, LedgerLine::TextSettled { what: *what, idea: *idea, lang: lang.clone(), kept: *kept })
            }
            Event::Reworded { item } => (None, LedgerLine::Reworded { item: *item }),
            // What participants do; what the server counts by itself; and an export, which changes nothing.
            Event::Founded(_)
            | Event::SignedOff { .. }
            | Event::Exported(_)
            | Event::Counted { .. }
            | Event::Active { .. }
            | Event::Amended(_)
            | Event::FileStored { .. }
            | Event::LinkAdded { .. }
            | Event::LinkRevoked { .. }
            | Event::ContactLooked { .. }
            | Event::Seated { .. }
            | Event::Chairs { .. }
            | Event::Reseated { .. }
            | Event::Exchanged { .. }
            | Event::Shared { .. }
            | Event::Edited { .. }
            | Event::Withdrawn { .. }
            | Event::Approved { .. }
            | Event::EntryApproved { .. }
            | Event::Adopted { .. }
            | Event::Responded { .. }
            | Event::Announced { .. }
            | Event::Pointed { .. }
            | Event::Planned { .. }
            | Event::Clocked { .. }
            | Event::VoteRead { .. }
            | Event::Reported { .. }
            | Event::Endangered { .. }
            | Event::SafeguardedAll { .. }
            | Event::Translated { .. }
            | Event::Help { .. } => return None,
        })
    }
}

fn count(seats: &[SeatId]) -> u32 {
    u32::try_from(seats.len()).unwrap_or(u32::MAX)
}

/// Does it come from the group, or from the safeguarding contact?
const fn endangers(event: &Event) -> bool {
    matches!(event, Event::Endangered { .. } | Event::Safeguarded { .. } | Event::SafeguardedAll { .. })
}

fn list_line(change: &ListChange) -> LedgerLine {
    match change {
        ListChange::Assigned { idea, item } => LedgerLine::Assigned { idea: *idea, item: *item },
        ListChange::NotDuplicate { a, b, on } => LedgerLine::NotDuplicate { a: *a, b: *b, on: *on },
        ListChange::Pinned { pins } => LedgerLine::Pinned { items: pins.clone() },
        ListChange::Excluded { item, on } => LedgerLine::Excluded { item: *item, on: *on },
        ListChange::Ranking { rule, weights, .. } => LedgerLine::Ranking { rule: *rule, weights: *weights },
        ListChange::Frozen { on, version } => LedgerLine::Frozen { on: *on, version: *version },
    }
}
