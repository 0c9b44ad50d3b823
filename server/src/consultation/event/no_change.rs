//! Which decisions change nothing: they are answered, and neither journaled nor pushed to anybody (rule W16).
//!
//! One exhaustive match, so that a new event cannot be forgotten. Where it is in doubt an event counts as a change: a
//! clock that is started again, words that stand in a room. A newer counter of the sender's own is a change as well: it
//! decides between this command and older ones that are still under way, also after a restart ([`Consultation::is_newer`]).

use super::Event;
use crate::clock::Millis;
use crate::consultation::day::phases::Span;
use crate::consultation::decide::Outcome;
use crate::consultation::state::Consultation;
use crate::consultation::vote::plenary_vote::Stage;

impl Consultation {
    /// Is everything so already that this would make so?
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: one line for each event")]
    pub fn changes_nothing(&self, decided: &Outcome, now: Millis) -> bool {
        let idea = |id| self.ideas().get(id);
        match &decided.event {
            Event::Founded(_) | Event::Seated { .. } | Event::Reseated { .. } | Event::Exchanged { .. } => {
                false
            }
            Event::CardsMade { .. } | Event::CardReplaced { .. } | Event::LetIn { .. } => false,
            Event::Shared { .. } | Event::Admitted { .. } | Event::Withdrawn { .. } => false,
            // Who reports something that was reported says one more time that it should be looked at.
            Event::Reported { .. } | Event::Endangered { .. } => false,
            // The words as they are now stand in the room, not here.
            Event::Translated { .. } | Event::Restored { .. } | Event::Reworded { .. } => false,
            Event::Chairs { count, group } => self.heads(*group) == *count,
            Event::SafeguardedAll { ideas, .. } => ideas.is_empty(),
            Event::SeatClosed { .. } | Event::VoteRead { .. } | Event::Merged { .. } => false,
            Event::Worded { .. } => false,
            // Each gives its field a new version, which who amends it at the same time must hear of.
            Event::Amended(_) | Event::FileStored { .. } => false,
            Event::LinkAdded { .. } | Event::LinkRevoked { .. } | Event::SeatsClosed { .. } => false,
            Event::SeatsRestored { .. } => false,
            Event::ContactLooked { seat } => !self.is_new_contact(*seat),
            Event::PassedOver { .. } | Event::Exported(_) | Event::Counted { .. } => false,
            Event::Active { .. } | Event::ObjectionHidden { .. } | Event::TextSettled { .. } => false,
            Event::SeatMoved { seat, group } => {
                self.seats().get(seat).is_some_and(|place| place.group() == Some(*group))
            }
            Event::CardRevoked { card } => self.is_void(*card),
            Event::Edited { idea: id, .. } => idea(id)
                .is_some_and(|idea| !idea.is_shown() && decided.words.idea.as_deref() == Some(idea.text())),
            Event::Approved { by, idea, on, n } => self.is_said_already(*by, *idea, *n, *on),
            Event::Promoted { idea, on, kind, proposed } => {
                self.is_promoted_already(*idea, *on, (*kind, *proposed))
            }
            Event::Hidden { idea: id, reason, erased } => idea(id)
                .and_then(|idea| idea.hidden())
                .is_some_and(|hidden| !erased && !hidden.erased && hidden.reason == *reason),
            Event::Unhidden { idea: id } => idea(id).is_some_and(|idea| idea.hidden().is_none()),
            Event::BoardHidden { group, on } => self.is_board_hidden(*group) == Some(*on),
            Event::Safeguarded { idea: id, state } => idea(id)
                .and_then(|idea| idea.danger())
                .is_some_and(|danger| danger.state() == *state && danger.again() == 0),
            Event::Help { group, at } => self.help_of(*group) == *at,
            Event::Revealed { ideas, .. } => ideas.is_empty(),
            Event::Combined { idea, into } => idea == into || self.is_combined_already(*idea, *into),
            Event::TakenApart { idea } => self.entry_of(*idea).len() == 1 && !self.is_linked(*idea),
            Event::Ordered { group, ideas } => self.is_ordered_already(*group, ideas),
            Event::Locked { idea, on } => self.is_locked(*idea) == *on,
            Event::Moved { .. } => self.is_there_already(&decided.event),
            Event::Announced { group, change } => self.announced(*group) == change.as_ref(),
            Event::Pointed { groups } => groups.iter().all(|(id, point, span)| {
                self.point_of(*id)
                    .is_some_and(|(old, clock)| old == *point && is_open(clock) && is_open(*span))
            }),
            Event::Planned { groups } => groups
                .iter()
                .all(|(id, minutes, ends)| ends.is_none() && self.own_minutes(*id) == Some(minutes)),
            Event::Clocked { of, ends } => ends.iter().all(|(group, ends)| {
                let old = self.clock_of(*of, *group).and_then(|span| span.ends_at);
                // A clock that has run out does not run out again.
                old.is_some_and(|old| old == *ends || (old <= now && *ends <= now))
            }),
            Event::Door { open, opens_at, admission } => {
                let settings = &self.founding().settings;
                let as_before = admission.is_none_or(|admission| admission == settings.admission);
                settings.door_open == *open && self.opens_at() == *opens_at && as_before
            }
            Event::PlenaryVoteOpened { .. } => self.plenary_vote_is_open(),
            Event::PlenaryVoteClosed { .. } => self.plenary_vote_stage() == Stage::Closed,
            Event::EntryApproved { by, item, on, n } => self.is_entry_approved_already(*by, *item, *n, *on),
            Event::GroupAddedToPaper { entries, .. } => entries.is_empty(),
            Event::VotersLetIn { seats } => seats.is_empty(),
            Event::List(change) => self.is_listed_already(change),
            Event::VersionMade { .. } => false,
            Event::AdoptionOpened { version } => self.is_adopted_version(*version),
            Event::AdoptionClosed {} => !self.adoption_is_open(),
            Event::Adopted { by, on, n } => self.is_adopted_already(*by, *n, *on),
            Event::SignedOff { by, group, agreed, note } => {
                self.is_signed_already(*by, *group, (*agreed, *note))
            }
            Event::NoteHidden { note, reason } => self.is_note_hidden_already(*note, reason.as_ref()),
            Event::Retained { days } => self.founding().settings.retention_days == *days,
            Event::Responded { by, item, says, n } => {
                self.stands_already(*by, *item, (*n, *says), decided.words.idea.as_deref())
            }
        }
    }

    /// Has this a newer counter than what its seat said before of the same? What is older and arrives later then changes nothing.
    #[must_use]
    pub fn is_newer(&self, event: &Event) -> bool {
        if let Event::Approved { by, idea, n, .. } = event {
            !self.is_older(*by, *idea, *n)
        } else if let Event::EntryApproved { by, item, n, .. } = event {
            self.is_newer_on_entry(*by, *item, *n)
        } else if let Event::Adopted { by, n, .. } = event {
            self.is_newer_adoption(*by, *n)
        } else if let Event::Responded { by, item, n, .. } = event {
            self.is_newer_response(*by, *item, *n)
        } else {
            false
        }
    }

    /// Does this only say something else of what its seat spoke of before? Of those there can be any number, of first
    /// words on an idea or item only as many as there are.
    #[must_use]
    pub fn says_again(&self, event: &Event) -> bool {
        if let Event::Approved { by, idea, .. } = event {
            self.has_voted_on(*by, *idea)
        } else if let Event::EntryApproved { by, item, .. } = event {
            self.has_voted_on_entry(*by, *item)
        } else if let Event::Adopted { by, .. } = event {
            self.has_adopted(*by)
        } else if let Event::Responded { by, item, .. } = event {
            self.has_stood(*by, *item)
        } else {
            // A share counts against the ideas of its seat; everything else can be repeated.
            !matches!(event, Event::Shared { .. } | Event::Reported { .. } | Event::Endangered { .. })
        }
    }

    /// Everybody whom this concerns is in that phase, without a clock before or after, and nothing else is announced.
    fn is_there_already(&self, event: &Event) -> bool {
        let Event::Moved { phase, group, ends_at, lot, .. } = event else { return false };
        if ends_at.is_some() || lot.is_some() || self.phase_of(*group) != *phase {
            return false;
        }
        match group {
            Some(group) => {
                self.announced(Some(*group)).is_none()
                    && self.own_phase(*group).is_some_and(|(_, clock)| is_open(clock))
            }
            None => {
                let apart = self.groups().keys().any(|group| self.own_phase(*group).is_some());
                !apart && is_open(self.phase_clock(None)) && self.announcements().next().is_none()
            }
        }
    }
}

/// Has it no clock?
const fn is_open(span: Span) -> bool {
    span.ends_at.is_none()
}

/// Are these words those that stand already?
pub(in crate::consultation) fn same_words(old: Option<&str>, words: Option<&str>) -> bool {
    words.is_some() && old == words
}
