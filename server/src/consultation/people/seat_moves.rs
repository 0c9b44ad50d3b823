//! A seat goes to another group: by the code that its phone shows to staff, or by itself before its group has begun.
//!
//! The seat stays the same: its ballot counts as it stands, from now on with the weight of its new group, and what it
//! shared stays where it was shared. The ledger says that somebody moved, never who.

use std::collections::BTreeMap;

use proto::api::consultation::EntryMode;
use proto::api::entry::SeatCode;
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::access::Deed;
use crate::clock::Millis;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::secret::{SEAT_CODE_LENGTH, draw, normal, pseudonym};
use crate::consultation::state::Consultation;

/// Codes that phones show for who may move their seats, until a time: in memory only.
#[derive(Debug, Default)]
pub(super) struct SeatCodes(BTreeMap<String, (SeatId, Millis)>);

impl Consultation {
    /// A code by which staff can move this seat, for some minutes; the same while it is good.
    ///
    /// # Errors
    /// When this is no participant's seat.
    pub fn seat_code(&mut self, seat: SeatId, context: Context<'_>) -> Result<SeatCode, Problem> {
        let actor = self.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        if actor.role != Role::Participant {
            return Err(Problem::because(Code::Forbidden, "Only seats of participants are moved."));
        }
        let now = context.now;
        let good = Millis::try_from(context.limits.seat_code_time.as_millis()).unwrap_or(Millis::MAX);
        let codes = &mut self.people_mut().codes.0;
        codes.retain(|_, (_, expires)| *expires > now);
        // Renewed: whoever asks again wants to read it out now.
        let known = codes.iter().find(|(_, (of, _))| *of == seat).map(|(code, _)| code.clone());
        let code = known.unwrap_or_else(|| {
            loop {
                let code = draw(context.entropy, SEAT_CODE_LENGTH);
                if !codes.contains_key(&code) {
                    break code;
                }
            }
        });
        let expires = now.saturating_add(good);
        codes.insert(code.clone(), (seat, expires));
        Ok(SeatCode { code, expires })
    }

    pub(in crate::consultation) fn decide_move_seat(
        &self,
        by: SeatId,
        code: &str,
        group: GroupId,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        // Into the own group, or out of it: which of the two is only known with the seat.
        let into = self.permit(Deed::MoveSeat, by, Some(group));
        let unknown = || Problem::because(Code::UnknownCode, "No phone shows this code, or not any more.");
        let found = normal(code, SEAT_CODE_LENGTH).and_then(|code| self.people().codes.0.get(&code));
        let Some((seat, _)) = found.filter(|(_, expires)| *expires > context.now) else {
            let own = self.actor(by).and_then(|actor| actor.group);
            into.or_else(|problem| {
                let elsewhere = problem.code == Code::Forbidden;
                if elsewhere { self.permit(Deed::MoveSeat, by, own) } else { Err(problem) }
            })?;
            return Err(unknown());
        };
        let from = self.seats().get(seat).and_then(|place| place.group());
        into.or_else(|problem| match from {
            Some(_) if problem.code == Code::Forbidden => self.permit(Deed::MoveSeat, by, from),
            _ => Err(problem),
        })?;
        Ok(Outcome::plain(Event::SeatMoved { seat: *seat, group }))
    }

    pub(in crate::consultation) fn decide_change_group(
        &self,
        seat: SeatId,
        group: GroupId,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::ChangeGroup, seat, Some(group))?;
        if self.founding().settings.entry != EntryMode::Choice {
            return Err(Problem::because(
                Code::Forbidden,
                "In this consultation people do not choose their group.",
            ));
        }
        Ok(Outcome::plain(Event::SeatMoved { seat, group }))
    }

    pub(in crate::consultation) fn move_seat(&mut self, seat: SeatId, group: GroupId) -> Vec<Write> {
        let left = self.people_mut().seats.move_to(seat, group);
        let dismiss = |old| Write::Dismiss(pseudonym(&self.keys().bindings, seat), Some(old));
        left.map(dismiss).into_iter().collect()
    }
}
