//! Staff links: made, revoked, handed to a substitute. The server knows tokens only as hashes, from the first moment on:
//! who makes a link chooses its token and sends the hash.

use proto::ids::{GroupId, ReceiptHash, SeatId};
use proto::prepare::LinkInfo;
use proto::prepare::NewLink;
use proto::problem::{Code, Problem};
use proto::role::Role;

use super::decide::{Context, Decided};
use super::decision::Hash32;
use super::event::{Event, StaffLink};
use super::projection::Write;
use super::seats::Seat;
use super::state::Consultation;
use crate::access::Deed;

impl Consultation {
    pub(super) fn decide_add_link(
        &self,
        seat: SeatId,
        new: &NewLink,
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        self.permit(Deed::Links, seat, None)?;
        let NewLink { seat: to, role, group, label, token } = new;
        let has_group = match role {
            Role::Moderator => true,
            Role::Organizer | Role::Rapporteur | Role::Room | Role::Safeguarding => false,
            Role::Participant => {
                return Err(Problem::because(Code::Malformed, "Participants come in through the door."));
            }
        };
        match group {
            Some(group) if has_group && self.groups.contains_key(group) => {}
            Some(_) if has_group => {
                return Err(Problem::because(Code::NotFound, "There is no such group in this consultation."));
            }
            None if !has_group => {}
            Some(_) | None => {
                return Err(Problem::because(
                    Code::Malformed,
                    "A moderator's link has a group, others have none.",
                ));
            }
        }
        if self.founding.links.len() >= context.limits.links_max + self.groups.len() {
            return Err(Problem::because(Code::TooLarge, "There are as many staff links as there may be."));
        }
        let link = self.new_link(*to, *role, *group, *token, label, context)?;
        Ok(Decided::plain(Event::LinkAdded { link: Box::new(link), instead_of: None }))
    }

    fn new_link(
        &self,
        seat: SeatId,
        role: Role,
        group: Option<GroupId>,
        token: ReceiptHash,
        label: &str,
        context: Context<'_>,
    ) -> Result<StaffLink, Problem> {
        let token = Hash32(token.0);
        if self.seats.contains_key(&seat) || self.seats.values().any(|known| known.token == token) {
            return Err(Problem::because(Code::Conflict, "There is such a seat or token already."));
        }
        if label.encode_utf16().count() > context.limits.title_units_max {
            return Err(Problem::new(Code::TextTooLong));
        }
        Ok(StaffLink { seat, role, group, token, label: label.trim().to_owned() })
    }

    pub(super) fn decide_revoke_link(&self, seat: SeatId, gone: SeatId) -> Result<Decided, Problem> {
        self.permit(Deed::Links, seat, None)?;
        let link = self.link(gone)?;
        let organizers = self.founding.links.iter().filter(|link| link.role == Role::Organizer).count();
        if link.role == Role::Organizer && organizers == 1 {
            return Err(Problem::new(Code::LastOrganizer));
        }
        Ok(Decided::plain(Event::LinkRevoked { seat: gone }))
    }

    pub(super) fn decide_hand_link(
        &self,
        seat: SeatId,
        old: SeatId,
        (to, token, label): (SeatId, ReceiptHash, &str),
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        self.permit(Deed::Links, seat, None)?;
        let StaffLink { role, group, .. } = *self.link(old)?;
        let link = self.new_link(to, role, group, token, label, context)?;
        Ok(Decided::plain(Event::LinkAdded { link: Box::new(link), instead_of: Some(old) }))
    }

    fn link(&self, seat: SeatId) -> Result<&StaffLink, Problem> {
        let link = self.founding.links.iter().find(|link| link.seat == seat);
        link.ok_or_else(|| Problem::because(Code::NotFound, "There is no such staff link."))
    }

    pub(super) fn add_link(&mut self, link: &StaffLink, instead_of: Option<SeatId>) -> Vec<Write> {
        if let Some(old) = instead_of {
            self.drop_link(old);
        }
        self.seats.insert(link.seat, Seat::staff(link));
        self.founding.links.push(link.clone());
        Vec::new()
    }

    pub(super) fn revoke_link(&mut self, seat: SeatId) -> Vec<Write> {
        self.drop_link(seat);
        Vec::new()
    }

    pub(super) fn drop_link(&mut self, seat: SeatId) {
        self.founding.links.retain(|link| link.seat != seat);
        self.seats.remove(&seat);
    }

    /// Every staff link; `here` says which are open on a device.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn links(&self, seat: SeatId, here: impl Fn(SeatId) -> bool) -> Result<Vec<LinkInfo>, Problem> {
        self.permit(Deed::Links, seat, None)?;
        let info = |link: &StaffLink| LinkInfo {
            seat: link.seat,
            role: link.role,
            group: link.group,
            label: link.label.clone(),
            here: here(link.seat),
            own: link.seat == seat,
        };
        Ok(self.founding.links.iter().map(info).collect())
    }
}
