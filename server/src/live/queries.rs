//! Queries: what can be read of a running consultation, between two turns, when everything before is durable.
//!
//! A query is a closure over the [`View`], so a new read needs no message of its own:
//! `caller.read(|view, seat| view.consultation().late_shelf(seat, group)).await`.

use proto::api::consultation::{ConsultationView, JoinInfo};
use proto::api::curation::Curation;
use proto::api::desk::{Alerts, Desk, DeskList, DeskPage};
use proto::api::entry::EntryCards;
use proto::api::group_card::{GroupCard, OwnAnswer};
use proto::api::ledger::LedgerEntry;
use proto::api::preparation::{Checklist, LinkInfo};
use proto::api::wordings::WordingsPage;
use proto::ids::{DocumentName, GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::wire::frame::Scope;

use super::state::{Env, Live, Report};
use crate::access::{Actor, Deed, may_ever};
use crate::consultation::secret::pseudonym;
use crate::consultation::{Consultation, EntranceKind, StoredVersion};
use crate::journal::SeatKey;
use crate::room::RoomHandle;

/// A running consultation, to be read.
pub struct View<'a> {
    live: &'a mut Live,
    env: &'a Env<'a>,
}

/// A document that a seat may read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its room; none for the consultation's own document, which is empty.
    pub room: Option<RoomHandle>,
    /// Who it is, for the authorization.
    pub actor: Actor,
    /// Who it is, for the bindings of client ids.
    pub seat: SeatKey,
    /// May it ever write here?
    pub scope: Scope,
    /// The name that staff are shown under in the plenary.
    pub name: &'static str,
}

impl<'a> View<'a> {
    /// What a running consultation tells in these surroundings.
    #[must_use]
    pub const fn new(live: &'a mut Live, env: &'a Env<'a>) -> Self {
        Self { live, env }
    }

    /// What was decided.
    #[must_use]
    pub const fn consultation(&self) -> &Consultation {
        self.live.consultation()
    }

    /// The consultation as a seat sees it.
    ///
    /// # Errors
    /// `unauthorized` when the seat is gone.
    pub fn of_seat(&mut self, seat: SeatId) -> Result<ConsultationView, Problem> {
        let you = self.live.you(seat, self.env).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        Ok(ConsultationView { protocol: proto::PROTOCOL, state: (*self.live.state(self.env)).clone(), you })
    }

    /// What somebody sees before joining.
    #[must_use]
    pub fn join_info(&self, way: EntranceKind) -> JoinInfo {
        let info = self.consultation().doorstep(way, self.env.now);
        JoinInfo { texts_to_service: self.env.asks_service(), ..info }
    }

    /// All entry cards of the consultation, each with its code and its state.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn entry_cards(&self, seat: SeatId) -> Result<EntryCards, Problem> {
        self.consultation().permit(Deed::Cards, seat, None)?;
        Ok(self.consultation().cards(self.env.public_url))
    }

    /// What staff see beside the list.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn curation(&self, seat: SeatId) -> Result<Curation, Problem> {
        self.live.curation(seat)
    }

    /// What a moderator or an organizer is told beside the boards.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn desk(&mut self, seat: SeatId) -> Result<Desk, Problem> {
        self.live.desk(seat, self.env)
    }

    /// A list of a group's desk, from a place on.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn desk_page(&self, seat: SeatId, page: (GroupId, DeskList, usize)) -> Result<DeskPage, Problem> {
        self.live.desk_page(seat, page, self.env)
    }

    /// Earlier words of the ideas of a group, a page of them.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn wordings_page(&self, seat: SeatId, group: GroupId, from: usize) -> Result<WordingsPage, Problem> {
        self.consultation().wordings_page(seat, group, from, &self.env.limits.desks)
    }

    /// What the safeguarding contact alone is told, from a place on.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn alerts(&self, seat: SeatId, from: usize) -> Result<Alerts, Problem> {
        self.live.alerts(seat, from, self.env)
    }

    /// What an export says beside the list.
    #[must_use]
    pub fn report(&mut self) -> Report {
        self.live.report(self.env)
    }

    /// What an export of a version says, its list, and how many texts of it are left out; none if there is no such version.
    #[must_use]
    pub fn report_of_version(&self, number: u32) -> Option<(StoredVersion, u32, Report)> {
        self.live.report_of_version(number)
    }

    /// A page of what staff did, oldest first, after so many lines.
    #[must_use]
    pub fn ledger(&self, after: usize) -> Vec<LedgerEntry> {
        let page = self.env.limits.records.ledger_page;
        self.consultation().ledger().iter().skip(after).take(page).cloned().collect()
    }

    /// What is missing before the day.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn checklist(&self, seat: SeatId) -> Result<Checklist, Problem> {
        let opened = |seat| self.live.was_here(seat);
        self.consultation().checklist(seat, self.env.public_url, opened)
    }

    /// The staff links.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn staff_links(&self, seat: SeatId) -> Result<Vec<LinkInfo>, Problem> {
        self.consultation().links(seat, |seat| self.live.is_here(seat))
    }

    /// A group's card with the words its ideas were shared with, and what this seat itself answered to it.
    ///
    /// # Errors
    /// When the seat may not read the board, or there is no such group.
    pub fn group_card(
        &self,
        seat: SeatId,
        group: GroupId,
    ) -> Result<(GroupCard, Option<OwnAnswer>), Problem> {
        let actor = self.consultation().actor(seat);
        if !actor.is_some_and(|actor| may_ever(Deed::ReadBoard, actor, Some(group))) {
            return Err(Problem::new(Code::Forbidden));
        }
        let mut card = self.consultation().group_card(group).ok_or_else(|| Problem::new(Code::NotFound))?;
        self.consultation().show_undecided(seat, &mut card);
        Ok((card, self.consultation().own_answer(seat)))
    }

    /// What a seat may do in a document; its room is not opened by this.
    ///
    /// # Errors
    /// When the seat is gone or may not read the document, or there is no such document.
    pub fn place_in(&self, seat: SeatId, document: DocumentName) -> Result<Opened, Problem> {
        let consultation = self.consultation();
        let actor = consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        let id = consultation.id();
        let opened = |scope| {
            let seat = pseudonym(&consultation.keys().bindings, seat);
            Opened { room: None, actor, seat, scope, name: name_of(actor.role) }
        };
        let (read, write, group) = match document {
            DocumentName::Board(group) if consultation.groups().contains_key(&group) => {
                (Deed::ReadBoard, Deed::EditBoard, Some(group))
            }
            DocumentName::Plenary(of) if of == id => (Deed::ReadPlenary, Deed::EditPlenary, None),
            DocumentName::Consultation(of) if of == id => return Ok(opened(Scope::ReadOnly)),
            DocumentName::Board(_) | DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                return Err(Problem::new(Code::NotFound));
            }
        };
        if !may_ever(read, actor, group) {
            return Err(Problem::new(Code::Forbidden));
        }
        let writes = may_ever(write, actor, group);
        Ok(opened(if writes { Scope::ReadWrite } else { Scope::ReadOnly }))
    }
}

/// What staff are called in the plenary's presence; participants do not write there.
const fn name_of(role: Role) -> &'static str {
    match role {
        Role::Organizer => "Organizer",
        Role::Moderator => "Moderator",
        Role::Rapporteur => "Rapporteur",
        Role::Editor => "Editor",
        Role::Translator => "Translator",
        Role::Participant => "Participant",
        Role::Projector => "Room",
        Role::Safeguarding => "Safeguarding",
    }
}
