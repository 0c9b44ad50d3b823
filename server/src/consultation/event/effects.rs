//! What must follow when an applied event is durable: writes to rooms, changes of the node's directory, who is notified.
//!
//! One exhaustive match (`around`), beside the page of audiences (`audience`), so that a new event cannot be forgotten. Effects
//! are data: the live consultation carries them out, and a simulation reads them.

use std::collections::{BTreeSet, HashSet};

use proto::api::consultation::Fullness;
use proto::ids::{ConsultationId, GroupId, IdeaId, SeatId};

use super::audience::Audience;
use super::record::EventRecord;
use super::{Event, StaffLink};
use crate::config::RepeatLimits;
use crate::consultation::hash::Hash32;
use crate::consultation::people::entry::door::{Entrance, EntranceKind};
use crate::consultation::prepare::field_change::FieldChange;
use crate::consultation::projection::Write;
use crate::consultation::state::{Consultation, NewWords};

/// What follows from one applied event.
#[derive(Debug, Default)]
pub struct Effects {
    /// What rooms must show.
    pub writes: Vec<Write>,
    /// Who is notified.
    pub audience: Audience,
    /// Seats whose own view changed, besides the seat that asked.
    pub you: HashSet<SeatId>,
    /// Groups in which the outcome of an idea changed (rule C26).
    pub outcomes: BTreeSet<GroupId>,
    /// Ideas that left their board or came back: nothing that is remembered of them outside may be told any more.
    pub gone: HashSet<IdeaId>,
    /// What the directory must know.
    pub directory: Vec<DirectoryChange>,
    /// Did a board or the list become full, or nearly, or is it no longer?
    pub fullness_changed: bool,
}

/// A change of who is found by which token, code, key or group.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum DirectoryChange {
    /// There are more ways in.
    Entrances(Vec<Entrance>),
    /// A seat has this token.
    SeatTaken {
        seat: SeatId,
        /// The SHA-256 of its token.
        token: Hash32,
        /// Does it wait at the door?
        waits: bool,
    },
    /// A seat's phone lost it: its token opens nothing, and its connections end.
    SeatLost(SeatId, Hash32),
    /// A seat has another token than this one; the connections of the former phone end.
    TokenExchanged(SeatId, Hash32),
    /// Seats were closed: their tokens are known and open nothing, and their connections end.
    SeatsClosed {
        seats: HashSet<SeatId>,
        /// Together with others?
        together: bool,
    },
    /// Closed seats are open again.
    SeatsRestored(Vec<SeatId>),
    /// Seats that waited at the door are let in.
    LetIn(Vec<SeatId>),
    /// Staff links, groups or their ways in changed.
    Listing(Box<Listing>),
}

/// How a consultation is found, but for its participants.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Listing {
    pub id: ConsultationId,
    pub groups: Vec<GroupId>,
    /// Its ways in.
    pub entrances: Vec<Entrance>,
    /// Its staff links.
    pub links: Vec<StaffLink>,
    /// Staff links that ended, with their tokens: their connections end.
    pub ended: Vec<(SeatId, Hash32)>,
}

/// What is compared after an event was applied with what was so before.
struct Before {
    links: Option<Vec<StaffLink>>,
    fullness: Option<Fullness>,
}

impl Consultation {
    /// Applies an event that was decided now, and says all that follows from it.
    pub fn enact(&mut self, record: &EventRecord, words: &NewWords, repeats: &RepeatLimits) -> Effects {
        let event = &record.event;
        let (mut effects, before) = self.around(event);
        if let Event::Hidden { idea, erased: true, .. } = event {
            self.find_repeats(*idea, repeats);
        }
        effects.writes = self.apply(record, words);
        effects.fullness_changed = before.fullness != self.fullness_around(event);
        if let Some(links) = before.links {
            let listing = self.listing(&links);
            // The addresses of doors change with groups and with the public address.
            effects.you.extend(listing.links.iter().map(|link| link.seat));
            effects.directory.push(DirectoryChange::Listing(Box::new(listing)));
        }
        effects
    }

    /// What is known before the event is applied: the seats and ideas that it concerns, as they are found by it.
    #[expect(clippy::too_many_lines, reason = "a table: one line for each event")]
    fn around(&self, event: &Event) -> (Effects, Before) {
        let mut effects = Effects {
            audience: event.audience(),
            outcomes: self.groups_with_new_fates(event),
            gone: event.changes_board_of().iter().copied().collect(),
            ..Effects::default()
        };
        let mut before = Before { links: None, fullness: self.fullness_around(event) };
        let mut concerned: BTreeSet<IdeaId> = event.changes_board_of().iter().copied().collect();
        match event {
            Event::Seated { seat, token, waits, .. } => effects.directory.push(DirectoryChange::SeatTaken {
                seat: *seat,
                token: *token,
                waits: *waits,
            }),
            Event::Reseated { seat, token, .. } => effects.directory.push(DirectoryChange::SeatTaken {
                seat: *seat,
                token: *token,
                waits: self.is_at_door(*seat),
            }),
            Event::Exchanged { seat, token } => {
                if let Some(place) = self.seats().get(seat) {
                    effects.directory.push(DirectoryChange::TokenExchanged(*seat, place.token()));
                }
                let waits = self.is_at_door(*seat);
                effects.directory.push(DirectoryChange::SeatTaken { seat: *seat, token: *token, waits });
            }
            Event::CardsMade { cards, .. } => {
                let entrances = cards.iter().map(|card| self.entrance(EntranceKind::Card(*card))).collect();
                effects.directory.push(DirectoryChange::Entrances(entrances));
            }
            Event::CardReplaced { card, by } => {
                let lost = self.seat_of_card(*card);
                effects.directory.extend(lost.map(|(seat, token)| DirectoryChange::SeatLost(seat, token)));
                effects
                    .directory
                    .push(DirectoryChange::Entrances(vec![self.entrance(EntranceKind::Card(*by))]));
            }
            Event::SeatClosed { seat, .. } => {
                let together = self.is_closed_together(*seat);
                effects
                    .directory
                    .push(DirectoryChange::SeatsClosed { seats: HashSet::from([*seat]), together });
            }
            Event::SeatsClosed { seats, .. } => {
                let seats = seats.iter().copied().collect();
                effects.directory.push(DirectoryChange::SeatsClosed { seats, together: true });
            }
            Event::SeatsRestored { closing } => {
                effects.directory.push(DirectoryChange::SeatsRestored(self.seats_of_closing(*closing)));
            }
            Event::LetIn { seats, .. } => effects.directory.push(DirectoryChange::LetIn(seats.clone())),
            Event::LinkAdded { .. } | Event::LinkRevoked { .. } => {
                before.links = Some(self.staff_links().to_vec())
            }
            Event::Amended(change) => {
                let lists = matches!(**change, FieldChange::Groups(_) | FieldChange::PublicUrl(_));
                before.links = lists.then(|| self.staff_links().to_vec());
            }
            Event::SeatMoved { seat, .. } => drop(effects.you.insert(*seat)),
            Event::Combined { .. } | Event::TakenApart { .. } => concerned.extend(self.regrouped(event)),
            Event::VoteRead { changed, .. } => concerned.extend(changed),
            Event::ObjectionHidden { item, objection } => {
                effects.you.extend(self.objector(*item, *objection))
            }
            Event::BoardHidden { group, on: true } => {
                effects.gone.extend(self.ideas_of(*group).map(|(id, _)| id));
            }
            // Nobody is found by these in another way, and whom they concern their audience says.
            Event::Founded(_)
            | Event::CardRevoked { .. }
            | Event::Chairs { .. }
            | Event::Shared { .. }
            | Event::Edited { .. }
            | Event::Withdrawn { .. }
            | Event::Admitted { .. }
            | Event::Approved { .. }
            | Event::Promoted { .. }
            | Event::Hidden { .. }
            | Event::Unhidden { .. }
            | Event::BoardHidden { on: false, .. }
            | Event::Reported { .. }
            | Event::Endangered { .. }
            | Event::Safeguarded { .. }
            | Event::SafeguardedAll { .. }
            | Event::Translated { .. }
            | Event::Help { .. }
            | Event::Revealed { .. }
            | Event::Ordered { .. }
            | Event::Restored { .. }
            | Event::Locked { .. }
            | Event::Moved { .. }
            | Event::Announced { .. }
            | Event::Pointed { .. }
            | Event::Planned { .. }
            | Event::Clocked { .. }
            | Event::Door { .. }
            | Event::FileStored { .. }
            | Event::Merged { .. }
            | Event::PassedOver { .. }
            | Event::List(_)
            | Event::VersionMade { .. }
            | Event::AdoptionOpened { .. }
            | Event::AdoptionClosed {}
            | Event::Adopted { .. }
            | Event::PlenaryVoteOpened { .. }
            | Event::PlenaryVoteClosed { .. }
            | Event::EntryApproved { .. }
            | Event::GroupAddedToPaper { .. }
            | Event::VotersLetIn { .. }
            | Event::SignedOff { .. }
            | Event::NoteHidden { .. }
            | Event::Retained { .. }
            | Event::Exported(_)
            | Event::ContactLooked { .. }
            | Event::Counted { .. }
            | Event::Active { .. }
            | Event::Worded { .. }
            | Event::Responded { .. }
            | Event::TextSettled { .. }
            | Event::Reworded { .. } => {}
        }
        if !concerned.is_empty() {
            effects.you.extend(self.supporters(&concerned));
        }
        (effects, before)
    }

    /// How full that is to which this event adds something, or of which it takes something.
    fn fullness_around(&self, event: &Event) -> Option<Fullness> {
        if let Event::Shared { group, .. } = event {
            self.fullness(*group)
        } else if let Event::Promoted { .. } = event {
            self.list_fullness()
        } else {
            None
        }
    }

    fn listing(&self, before: &[StaffLink]) -> Listing {
        let links = self.staff_links().to_vec();
        let ended = before.iter().filter(|link| !links.iter().any(|still| still.seat == link.seat));
        Listing {
            id: self.id(),
            groups: self.groups().keys().copied().collect(),
            entrances: self.entrances(),
            ended: ended.map(|link| (link.seat, link.token)).collect(),
            links,
        }
    }
}
