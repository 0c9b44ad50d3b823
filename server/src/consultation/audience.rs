//! Who must hear of an event when it is durable. One page, so that a new event cannot be forgotten by anybody.

use proto::ids::{IdeaId, SeatId};

use super::event::Event;
use crate::consultation::ideas::reports::DangerEffect;
use crate::consultation::list::list_decisions::ListChange;

/// Who must hear of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Audience {
    /// Everybody: the consultation's state is another.
    pub everybody: bool,
    /// Everybody, but with the next push of who is here: a hundred answers are not a hundred pushes.
    pub soon: bool,
    /// The seat that asked, on all its devices: what concerns it alone is another.
    pub asker: bool,
    /// Everybody for themselves: what their approvals mean is another.
    pub voters: bool,
    /// The merge: a live list would come out otherwise.
    pub merge: bool,
    /// Who curates the list: decisions about it are others.
    pub curators: bool,
    /// Moderators and organizers at their desks: what waits for them is another.
    pub desk: bool,
    /// Who holds receipts of ideas in the group: what became of one may be another (rule C26).
    pub authors: bool,
}

impl Audience {
    const NOBODY: Self = Self {
        everybody: false,
        soon: false,
        asker: false,
        voters: false,
        merge: false,
        curators: false,
        desk: false,
        authors: false,
    };
}

impl Event {
    /// A seat that must hear of this although somebody else asked for it.
    #[must_use]
    pub const fn concerns(&self) -> Option<SeatId> {
        if let Self::SeatMoved { seat, .. } = self { Some(*seat) } else { None }
    }

    /// The ideas that this may take off their board, each alone, or bring back: the budget of who approves them is another.
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
    pub const fn audience(&self) -> Audience {
        let nobody = Audience::NOBODY;
        match self {
            Self::Founded(_) | Self::Reworded { .. } | Self::ObjectionHidden { .. } => nobody,
            // The plenary shows it.
            Self::TextSettled { .. } => nobody,
            Self::Exported(_) | Self::Counted { .. } | Self::Worded { .. } => nobody,
            // People are told another day of deletion.
            Self::Active { .. } => Audience { everybody: true, ..nobody },
            Self::SignedOff { .. } | Self::NoteHidden { .. } => Audience { soon: true, ..nobody },
            Self::Retained { .. } => Audience { everybody: true, ..nobody },
            // The plenary shows it, a moment later; a place on the list is not changed by it.
            Self::Responded { .. } => Audience { asker: true, ..nobody },
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
            Self::Announced { .. } | Self::Pointed { .. } | Self::Planned { .. } | Self::Clocked { .. } => {
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
            Self::Moved { .. } => Audience { everybody: true, merge: true, desk: true, ..nobody },
            Self::Amended(_) => Audience { everybody: true, desk: true, ..nobody },
            Self::FileStored { .. } => Audience { everybody: true, ..nobody },
            Self::LinkAdded { .. } | Self::LinkRevoked { .. } | Self::PassedOver { .. } => nobody,
            Self::Door { .. } | Self::Merged { .. } => Audience { everybody: true, ..nobody },
            Self::List(ListChange::Assigned { .. } | ListChange::NotDuplicate { .. }) => LIST,
            Self::List(ListChange::Pinned { .. } | ListChange::Excluded { .. }) => LIST,
            Self::List(ListChange::Ranking { .. } | ListChange::Frozen { .. }) => LIST,
        }
    }
}

const LIST: Audience = Audience { merge: true, curators: true, ..Audience::NOBODY };
