//! Staff links: made, revoked, handed to a substitute. The server knows tokens only as hashes, from the first moment on:
//! who makes a link chooses its token and sends the hash.

use std::collections::HashSet;

use proto::api::preparation::{LinkEnded, LinkInfo, NewLink};
use proto::ids::{GroupId, ReceiptHash, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::text::letters::TextKind;

use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::{Event, StaffLink};
use crate::consultation::hash::Hash32;
use crate::consultation::ideas::texts::translations::{canonical, is_tag};
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;
use crate::consultation::text_rules::checked;

/// Links that ended are shown so that organizers see what became of them; of many, the last ones.
const ENDED_SHOWN: usize = 100;

/// Each group has a moderator's and a rapporteur's link from the beginning, beside the `links_max` of the limits.
const LINKS_PER_GROUP: usize = 2;

/// The staff links that are good, and what became of others.
#[derive(Debug, Default)]
pub(super) struct StaffLinks {
    good: Vec<StaffLink>,
    /// Those that ended, in that order.
    ended: Vec<(StaffLink, LinkEnded)>,
    /// Those that took the place of one that was handed on.
    instead: HashSet<SeatId>,
    /// Those of safeguarding contacts that were ever opened.
    looked: HashSet<SeatId>,
}

impl StaffLinks {
    /// These are good, and there were no others.
    pub(super) fn new(good: Vec<StaffLink>) -> Self {
        Self { good, ..Self::default() }
    }

    fn end(&mut self, seat: SeatId, why: LinkEnded) {
        let ended = self.good.iter().filter(|link| link.seat == seat).cloned();
        self.ended.extend(ended.map(|link| (link, why)));
        let too_many = self.ended.len().saturating_sub(ENDED_SHOWN);
        self.ended.drain(..too_many);
        self.good.retain(|link| link.seat != seat);
    }
}

/// The language of a link of this role, which only translators' links have.
fn language_of_link(role: Role, lang: Option<&str>) -> Result<Option<String>, Problem> {
    match lang {
        Some(lang) if role == Role::Translator && is_tag(lang) => Ok(Some(canonical(lang))),
        None if role != Role::Translator => Ok(None),
        Some(_) | None => Err(Problem::because(
            Code::Malformed,
            "A translator's link has a language, as a BCP 47 tag; others have none.",
        )),
    }
}

impl Consultation {
    /// The staff links that are good.
    pub(in crate::consultation) fn staff_links(&self) -> &[StaffLink] {
        &self.people().links.good
    }

    pub(in crate::consultation) fn decide_add_link(
        &self,
        seat: SeatId,
        new: &NewLink,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Links, seat, None)?;
        let NewLink { seat: to, role, group, lang, label, token } = new;
        self.check_group_of_link(*role, *group)?;
        let lang = language_of_link(*role, lang.as_deref())?;
        if self.staff_links().len() >= context.limits.links_max + LINKS_PER_GROUP * self.groups().len() {
            return Err(Problem::because(Code::TooLarge, "There are as many staff links as there may be."));
        }
        let link = self.new_link(*to, *token, label, context)?;
        let link = StaffLink { role: *role, group: *group, lang, ..link };
        Ok(Outcome::plain(Event::LinkAdded { link: Box::new(link), instead_of: None }))
    }

    /// Has a link of this role a group if it needs one, and only then?
    fn check_group_of_link(&self, role: Role, group: Option<GroupId>) -> Result<(), Problem> {
        let has_group = match role {
            Role::Moderator | Role::Rapporteur => true,
            Role::Organizer | Role::Editor | Role::Translator | Role::Projector | Role::Safeguarding => false,
            Role::Participant => {
                return Err(Problem::because(Code::Malformed, "Participants come in through the door."));
            }
        };
        match group {
            Some(group) if has_group && self.groups().contains_key(&group) => Ok(()),
            Some(_) if has_group => {
                Err(Problem::because(Code::NotFound, "There is no such group in this consultation."))
            }
            None if !has_group => Ok(()),
            Some(_) | None => Err(Problem::because(
                Code::Malformed,
                "A moderator's and a rapporteur's link has a group, others have none.",
            )),
        }
    }

    /// A link of an organizer, until another role is said.
    fn new_link(
        &self,
        seat: SeatId,
        token: ReceiptHash,
        label: &str,
        context: Context<'_>,
    ) -> Result<StaffLink, Problem> {
        let token = Hash32(token.0);
        if self.seats().contains_key(&seat) || self.seats().values().any(|known| known.token() == token) {
            return Err(Problem::because(Code::Conflict, "There is such a seat or token already."));
        }
        // Blank: none.
        let label = label.trim();
        if !label.is_empty() {
            checked(label, TextKind::Line, context.limits.title_units_max)?;
        }
        let (role, group, lang) = (Role::Organizer, None, None);
        Ok(StaffLink { seat, role, group, lang, token, label: label.to_owned() })
    }

    pub(in crate::consultation) fn decide_revoke_link(
        &self,
        seat: SeatId,
        gone: SeatId,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Links, seat, None)?;
        let link = self.link(gone)?;
        let organizers = self.staff_links().iter().filter(|link| link.role == Role::Organizer).count();
        if link.role == Role::Organizer && organizers == 1 {
            return Err(Problem::new(Code::LastOrganizer));
        }
        Ok(Outcome::plain(Event::LinkRevoked { seat: gone }))
    }

    pub(in crate::consultation) fn decide_hand_link(
        &self,
        seat: SeatId,
        old: SeatId,
        (to, token, label): (SeatId, ReceiptHash, &str),
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Links, seat, None)?;
        let StaffLink { role, group, lang, .. } = self.link(old)?.clone();
        let link = StaffLink { role, group, lang, ..self.new_link(to, token, label, context)? };
        Ok(Outcome::plain(Event::LinkAdded { link: Box::new(link), instead_of: Some(old) }))
    }

    /// The language into which this seat translates; none but for translators.
    pub(in crate::consultation) fn language_of_translator(&self, seat: SeatId) -> Option<&str> {
        self.staff_links().iter().find(|link| link.seat == seat)?.lang.as_deref()
    }

    fn link(&self, seat: SeatId) -> Result<&StaffLink, Problem> {
        let link = self.staff_links().iter().find(|link| link.seat == seat);
        link.ok_or_else(|| Problem::because(Code::NotFound, "There is no such staff link."))
    }

    pub(in crate::consultation) fn add_link(
        &mut self,
        link: &StaffLink,
        instead_of: Option<SeatId>,
    ) -> Vec<Write> {
        if let Some(old) = instead_of {
            self.end_link(old, LinkEnded::HandedOn);
            self.people_mut().links.instead.insert(link.seat);
        }
        let people = self.people_mut();
        people.seats.add_link(link);
        people.links.good.push(link.clone());
        Vec::new()
    }

    pub(in crate::consultation) fn revoke_link(&mut self, seat: SeatId) -> Vec<Write> {
        self.drop_link(seat);
        Vec::new()
    }

    fn drop_link(&mut self, seat: SeatId) {
        self.end_link(seat, LinkEnded::Revoked);
    }

    /// A group is gone, and its staff links with it.
    pub(in crate::consultation) fn drop_links_of(&mut self, group: GroupId) {
        let links = self.staff_links().iter().filter(|link| link.group == Some(group));
        for seat in links.map(|link| link.seat).collect::<Vec<_>>() {
            self.drop_link(seat);
        }
    }

    fn end_link(&mut self, seat: SeatId, why: LinkEnded) {
        let people = self.people_mut();
        people.links.end(seat, why);
        people.seats.end_link(seat);
    }

    /// A seat opens something: is it a safeguarding contact who comes for the first time (rule C17)?
    #[must_use]
    pub fn decide_contact_looked(&self, seat: SeatId) -> Option<Event> {
        self.is_new_contact(seat).then_some(Event::ContactLooked { seat })
    }

    /// Is this a safeguarding contact's link that nobody has opened before?
    pub(in crate::consultation) fn is_new_contact(&self, seat: SeatId) -> bool {
        let contact = |link: &StaffLink| link.seat == seat && link.role == Role::Safeguarding;
        !self.people().links.looked.contains(&seat) && self.staff_links().iter().any(contact)
    }

    /// Is there a safeguarding contact's link, and has nobody opened one that is good now?
    pub(in crate::consultation) fn contact_is_absent(&self) -> bool {
        let mut contacts =
            self.staff_links().iter().filter(|link| link.role == Role::Safeguarding).peekable();
        contacts.peek().is_some() && contacts.all(|link| !self.people().links.looked.contains(&link.seat))
    }

    pub(in crate::consultation) fn contact_looked(&mut self, seat: SeatId) -> Vec<Write> {
        self.people_mut().links.looked.insert(seat);
        Vec::new()
    }

    /// Every staff link, then those that ended; `here` says which are open on a device.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn links(&self, seat: SeatId, here: impl Fn(SeatId) -> bool) -> Result<Vec<LinkInfo>, Problem> {
        self.permit(Deed::Links, seat, None)?;
        let info = |(link, ended): (&StaffLink, Option<LinkEnded>)| LinkInfo {
            seat: link.seat,
            role: link.role,
            group: link.group,
            lang: link.lang.clone(),
            label: link.label.clone(),
            here: here(link.seat),
            own: link.seat == seat,
            instead: self.people().links.instead.contains(&link.seat),
            ended,
        };
        let good = self.staff_links().iter().map(|link| (link, None));
        let ended = self.people().links.ended.iter().map(|(link, why)| (link, Some(*why)));
        Ok(good.chain(ended).map(info).collect())
    }
}
