//! Who must hear of an event when it is durable. One page, so that a new event cannot be forgotten by anybody.

use proto::ids::IdeaId;

use super::Event;
use crate::consultation::ideas::moderation::danger::DangerEffect;
use crate::consultation::list::list_decisions::ListChange;

/// Who must hear of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Audience {
    /// Everybody: the consultation's state changed.
    pub everybody: bool,
    /// Everybody, but with the next push of who is here: a hundred answers are not a hundred pushes.
    pub soon: bool,
    /// The seat that sent the command, on all its devices: its own view (`you`) changed.
    pub asker: bool,
    /// Every connected seat gets a new `you`: its approvals may count for something else now.
    pub voters: bool,
    /// The merge: a live list would come out otherwise.
    pub merge: bool,
    /// Who curates the list: decisions about it are others.
    pub curators: bool,
    /// Moderators and organizers: their desks changed.
    pub desk: bool,
    /// Who holds receipts of ideas in the group: what became of one may be another (rule C26).
    pub authors: bool,
    /// Everybody at once, without waiting for the pause between two pushes of the state.
    pub at_once: bool,
    /// Who reads the list: responses to it changed, and it shows them with its next throttled update.
    pub responses: bool,
    /// The seat that asked is answered when the list shows it, not before (rule C4).
    pub answered_by_list: bool,
    /// The rooms of groups whose vote may have opened by this.
    pub phases: bool,
    /// A run of the list must come at once: the result of the plenary vote is in it.
    pub result: bool,
    /// Nobody who made an export: it says the same as before.
    pub spares_exports: bool,
}

impl Audience {
    /// Adds who is notified of another event.
    pub const fn merge(&mut self, other: Self) {
        self.everybody |= other.everybody;
        self.soon |= other.soon;
        self.asker |= other.asker;
        self.voters |= other.voters;
        self.merge |= other.merge;
        self.curators |= other.curators;
        self.desk |= other.desk;
        self.authors |= other.authors;
        self.at_once |= other.at_once;
        self.responses |= other.responses;
        self.answered_by_list |= other.answered_by_list;
        self.phases |= other.phases;
        self.result |= other.result;
        self.spares_exports |= other.spares_exports;
    }

    const NOBODY: Self = Self {
        everybody: false,
        soon: false,
        asker: false,
        voters: false,
        merge: false,
        curators: false,
        desk: false,
        authors: false,
        at_once: false,
        responses: false,
        answered_by_list: false,
        phases: false,
        result: false,
        spares_exports: false,
    };
}

impl Event {
    /// The ideas that this event may remove from their board or restore. The vote budgets of their supporters change with it.
    #[must_use]
    pub const fn changes_board_of(&self) -> &[IdeaId] {
        if let Self::Withdrawn { idea }
        | Self::Hidden { idea, .. }
        | Self::Unhidden { idea }
        | Self::Endangered {
            idea,
            effect: DangerEffect::Hides | DangerEffect::HidesTogether | DangerEffect::HidesByStaff,
            ..
        }
        | Self::Safeguarded { idea, .. } = self
        {
            std::slice::from_ref(idea)
        } else if let Self::SafeguardedAll { ideas, .. } = self {
            ideas.as_slice()
        } else {
            &[]
        }
    }

    /// Who must hear of this.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: one line for each event")]
    pub const fn audience(&self) -> Audience {
        let nobody = Audience::NOBODY;
        match self {
            Self::Founded(_) | Self::Reworded { .. } | Self::ObjectionHidden { .. } => nobody,
            // The plenary shows it.
            Self::TextSettled { .. } => nobody,
            Self::Exported(_) => Audience { spares_exports: true, ..nobody },
            Self::Counted { .. } | Self::Worded { .. } | Self::PassedOver { .. } => nobody,
            // People are told another day of deletion.
            Self::Active { .. } => Audience { everybody: true, ..nobody },
            Self::SignedOff { .. } | Self::NoteHidden { .. } => Audience { soon: true, ..nobody },
            Self::Retained { .. } => Audience { everybody: true, ..nobody },
            // The plenary shows it, a moment later; a place on the list is not changed by it.
            Self::Responded { .. } => {
                Audience { asker: true, responses: true, answered_by_list: true, ..nobody }
            }
            Self::LetIn { .. } => Audience { everybody: true, desk: true, ..nobody },
            Self::Chairs { .. } => Audience { desk: true, ..nobody },
            Self::SeatsClosed { .. } | Self::SeatsRestored { .. } => {
                Audience { everybody: true, voters: true, merge: true, desk: true, ..nobody }
            }
            Self::Seated { .. } => Audience { desk: true, ..nobody },
            Self::SeatMoved { .. } => Audience { everybody: true, merge: true, desk: true, ..nobody },
            Self::Reseated { .. } | Self::Exchanged { .. } | Self::CardsMade { .. } => nobody,
            Self::CardRevoked { .. } | Self::CardReplaced { .. } => nobody,
            Self::Shared { held, .. } => Audience { everybody: *held, merge: true, desk: true, ..nobody },
            Self::Announced { .. } => Audience { everybody: true, desk: true, at_once: true, ..nobody },
            Self::Pointed { .. } | Self::Planned { .. } | Self::Clocked { .. } => {
                Audience { everybody: true, desk: true, ..nobody }
            }
            // Who approved one of them is told by the task: it knows the seats.
            Self::VoteRead { .. } => nobody,
            Self::Edited { waiting, .. } => {
                Audience { everybody: *waiting, merge: true, desk: true, authors: *waiting, ..nobody }
            }
            Self::Withdrawn { .. } => {
                Audience { everybody: true, asker: true, merge: true, desk: true, authors: true, ..nobody }
            }
            Self::Approved { .. } => Audience { asker: true, merge: true, ..nobody },
            Self::Promoted { .. } => Audience { merge: true, ..nobody },
            Self::Combined { .. } | Self::TakenApart { .. } => {
                // Whose approvals mean something else by it, the task knows.
                Audience { merge: true, desk: true, ..nobody }
            }
            Self::Restored { .. } => Audience { merge: true, desk: true, ..nobody },
            Self::Ordered { .. } | Self::Locked { .. } => Audience { desk: true, ..nobody },
            Self::SeatClosed { .. } => Audience { everybody: true, desk: true, ..nobody },
            Self::Reported { .. } | Self::Endangered { effect: DangerEffect::Waits, .. } => {
                Audience { desk: true, ..nobody }
            }
            Self::Translated { .. } => Audience { merge: true, ..nobody },
            Self::Help { .. } => Audience { everybody: true, desk: true, ..nobody },
            Self::Admitted { .. }
            | Self::BoardHidden { .. }
            | Self::Endangered { .. }
            | Self::Safeguarded { .. }
            | Self::SafeguardedAll { .. }
            | Self::Hidden { .. }
            | Self::Unhidden { .. }
            | Self::Revealed { .. } => {
                Audience { everybody: true, merge: true, desk: true, authors: true, ..nobody }
            }
            Self::Moved { .. } => {
                Audience { everybody: true, merge: true, desk: true, at_once: true, phases: true, ..nobody }
            }
            Self::Amended(_) => Audience { everybody: true, desk: true, ..nobody },
            Self::FileStored { .. } => Audience { everybody: true, ..nobody },
            Self::LinkAdded { .. } | Self::LinkRevoked { .. } | Self::ContactLooked { .. } => {
                // Nobody may have opened the link that is good now.
                Audience { desk: true, ..nobody }
            }
            Self::Door { .. } => Audience { everybody: true, ..nobody },
            Self::Merged { .. } => Audience { everybody: true, responses: true, ..nobody },
            Self::PlenaryVoteOpened { .. } => {
                Audience { everybody: true, voters: true, curators: true, at_once: true, ..nobody }
            }
            Self::PlenaryVoteClosed { .. } => {
                Audience { everybody: true, curators: true, at_once: true, result: true, ..nobody }
            }
            // How many voted is told with who is here.
            Self::EntryApproved { .. } => Audience { asker: true, soon: true, ..nobody },
            Self::AdoptionOpened { .. } => {
                Audience { everybody: true, voters: true, at_once: true, ..nobody }
            }
            // The list shows what was objected meanwhile.
            Self::AdoptionClosed {} => Audience { everybody: true, responses: true, at_once: true, ..nobody },
            Self::Adopted { .. } => Audience { asker: true, spares_exports: true, ..nobody },
            Self::VersionMade { .. } => Audience { curators: true, ..nobody },
            Self::GroupAddedToPaper { .. } => Audience { everybody: true, ..nobody },
            Self::VotersLetIn { .. } => Audience { everybody: true, voters: true, ..nobody },
            Self::List(ListChange::Assigned { .. } | ListChange::NotDuplicate { .. }) => LIST,
            Self::List(ListChange::Pinned { .. } | ListChange::Excluded { .. }) => LIST,
            Self::List(ListChange::Ranking { .. } | ListChange::Frozen { .. }) => LIST,
        }
    }
}

const LIST: Audience = Audience { merge: true, curators: true, ..Audience::NOBODY };
