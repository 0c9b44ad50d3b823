//! How a consultation ends: how many took part, until when it is kept, and what a purge will delete.

use std::collections::BTreeMap;

use proto::api::consultation::LocalText;
use proto::api::ending::{Deleted, Ending, Exported, Participation};
use proto::ids::{GroupId, SeatId};
use proto::phase::Phase;
use proto::plenary::People;
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::access::Deed;
use crate::clock::Millis;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::hash::Hash32;
use crate::consultation::people::seats::Seat;
use crate::consultation::projection::Write;
use crate::consultation::secret::normal_code;
use crate::consultation::state::Consultation;

const DAY: Millis = 24 * 60 * 60 * 1_000;
/// A consultation that was closed by mistake is not gone the same moment.
const DAYS_MIN: u32 = 1;
/// Ten years.
const DAYS_MAX: u32 = 3_650;

/// What is known of the end.
#[derive(Debug, Default)]
pub(in crate::consultation) struct EndFacts {
    /// Since when it is closed.
    closed_at: Option<Millis>,
    /// The last day on which anybody did anything, if not the day of the founding: its first millisecond in UTC.
    active: Option<Millis>,
    /// When it is deleted, if that is announced; or how far the clock that says so is ahead. In memory only.
    soon: (Option<Millis>, Option<Millis>),
    /// The last export by staff.
    exported: Option<Exported>,
    /// How many of each group had written when the phase was last changed: numbers, because an idea names no author.
    wrote: BTreeMap<GroupId, u32>,
}

impl Consultation {
    pub(in crate::consultation) fn decide_retain(&self, seat: SeatId, days: u32) -> Result<Outcome, Problem> {
        self.permit(Deed::Retain, seat, None)?;
        if !(DAYS_MIN..=DAYS_MAX).contains(&days) {
            let detail = format!("A consultation is kept for {DAYS_MIN} to {DAYS_MAX} days.");
            return Err(Problem::because(Code::Malformed, detail));
        }
        self.may_retain(days)?;
        Ok(Outcome::plain(Event::Retained { days }))
    }

    /// Once people were told until when it is kept, it can only become shorter.
    pub(in crate::consultation) fn may_retain(&self, days: u32) -> Result<(), Problem> {
        if self.end_facts().closed_at.is_some() && days > self.founding().settings.retention_days {
            let detail = "People were told until when it is kept: it can only become shorter.";
            return Err(Problem::because(Code::WrongPhase, detail));
        }
        Ok(())
    }

    /// May this seat purge the consultation, and has it typed the title or the code? Gives the hash of its token.
    ///
    /// # Errors
    /// The reason why not.
    pub fn confirm_purge(&self, seat: SeatId, typed: &str) -> Result<Hash32, Problem> {
        self.permit(Deed::Purge, seat, None)?;
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let typed_plain = plain(typed);
        let is_title = match &self.founding().title {
            LocalText::Plain(title) => plain(title) == typed_plain,
            LocalText::Localized(titles) => titles.values().any(|title| plain(title) == typed_plain),
        };
        let is_code = normal_code(typed).is_some_and(|code| code == self.founding().code);
        let place = self.seats().get(&seat).filter(|_| is_title || is_code);
        place.map(Seat::token).ok_or_else(|| Problem::new(Code::NotConfirmed))
    }

    /// A setting like the others: who amends them at the same time sees it.
    pub(in crate::consultation) fn retain(&mut self, days: u32) -> Vec<Write> {
        self.set_retention(days);
        Vec::new()
    }

    /// The consultation or a group is in a phase since then.
    pub(in crate::consultation) fn note_end(&mut self, phase: Phase, group: Option<GroupId>, at: Millis) {
        if group.is_none() {
            let end = self.end_facts_mut();
            end.closed_at = match phase {
                Phase::Closed => end.closed_at.or(Some(at)),
                Phase::Lobby
                | Phase::Briefing
                | Phase::Brainstorm
                | Phase::Vote
                | Phase::Review
                | Phase::Plenary => None,
            };
        }
    }

    pub(in crate::consultation) fn note_export(&mut self, exported: &Exported) -> Vec<Write> {
        self.end_facts_mut().exported = Some(exported.clone());
        Vec::new()
    }

    pub(in crate::consultation) fn note_writers(&mut self, wrote: &BTreeMap<GroupId, u32>) -> Vec<Write> {
        self.end_facts_mut().wrote.clone_from(wrote);
        Vec::new()
    }

    /// When it is deleted: so many days after it was closed; while nobody has closed it, after the last day on which
    /// anybody did anything. A twin ends with its rehearsal.
    #[must_use]
    pub fn purge_at(&self) -> Option<Millis> {
        let days = u64::from(self.founding().settings.retention_days.max(DAYS_MIN)) * DAY;
        let idle = self.founding().rehearsal_of.is_none().then(|| self.active_day().saturating_add(DAY));
        self.end_facts().closed_at.or(idle).map(|at| at.saturating_add(days))
    }

    fn active_day(&self) -> Millis {
        let first = self.founding().at - self.founding().at % DAY;
        self.end_facts().active.unwrap_or(first)
    }

    /// What has to be noted because somebody did something now: at most one record a day, and none that says who or when.
    #[must_use]
    pub fn decide_active(&self, now: Millis) -> Option<Event> {
        let day = now - now % DAY;
        (day != self.active_day()).then_some(Event::Active { day })
    }

    /// Somebody did something on this day. The last word stands: a clock that was wrong is corrected.
    pub(in crate::consultation) fn note_active(&mut self, day: Millis) -> Vec<Write> {
        self.end_facts_mut().active = Some(day);
        Vec::new()
    }

    /// Takes in when everything is deleted, or how far the clock is ahead that says so. Is it news?
    pub fn tell_of_purge(&mut self, soon: Option<Millis>, ahead: Option<Millis>) -> bool {
        // A notice stays what it was; it is not said anew with each second that the clocks differ.
        let same = (soon.is_some(), ahead.is_some())
            == (self.end_facts().soon.0.is_some(), self.end_facts().soon.1.is_some());
        if !same {
            self.end_facts_mut().soon = (soon, ahead);
        }
        !same
    }

    /// When everything is deleted, if that is announced.
    #[must_use]
    pub const fn purge_soon(&self) -> Option<Millis> {
        self.end_facts().soon.0
    }

    /// The last export by staff.
    #[must_use]
    pub const fn exported(&self) -> Option<&Exported> {
        self.end_facts().exported.as_ref()
    }

    /// Notes an export by staff, so that a purge can be reminded of what was never taken away; none if it is known, or not
    /// by staff.
    #[must_use]
    pub fn decide_exported(&self, seat: SeatId, exported: Exported) -> Option<Event> {
        let role = self.actor(seat).map(|actor| actor.role);
        let staff = matches!(role, Some(Role::Organizer | Role::Editor));
        let known = self.end_facts().exported.as_ref().is_some_and(|known| known.sha256 == exported.sha256);
        (staff && !known).then_some(Event::Exported(exported))
    }

    /// Notes how many of each group have written, if the number changed: after a restart nobody could say.
    #[must_use]
    pub fn decide_counted(&self) -> Option<Event> {
        let wrote: BTreeMap<GroupId, u32> = self.wrote().into_iter().filter(|(_, n)| *n > 0).collect();
        (wrote != self.end_facts().wrote).then_some(Event::Counted { wrote })
    }

    /// How many of each group have written: at least so many, because after a restart a seat that writes again may be
    /// one that was counted before. One walk through the seats for all groups.
    #[must_use]
    pub fn wrote(&self) -> BTreeMap<GroupId, u32> {
        let mut now: BTreeMap<GroupId, u32> = BTreeMap::new();
        let wrote = self.sharers().filter_map(|seat| self.seats().get(seat));
        for group in wrote.filter(|seat| seat.role() == Role::Participant).filter_map(|seat| seat.group()) {
            *now.entry(group).or_default() += 1;
        }
        let participants = self.participants_of_all();
        let of = |group: &GroupId| {
            let known = self.end_facts().wrote.get(group).copied().unwrap_or(0);
            let most = participants.get(group).copied().unwrap_or(0);
            now.get(group).copied().unwrap_or(0).max(known).min(most)
        };
        self.groups().keys().map(|group| (*group, of(group))).collect()
    }

    /// What an organizer is told of the end. `now` is the hash of what an export would say.
    #[must_use]
    pub fn ending(&self, now: &str) -> Ending {
        let mut voters: BTreeMap<GroupId, u32> = BTreeMap::new();
        for (_, group, _) in self.ballots() {
            *voters.entry(group).or_default() += 1;
        }
        // The organizer's screen has the sums of all groups as well (C21, C28).
        let [seats, wrote, voted] =
            [&self.participants_of_all().into_iter().collect(), &self.wrote(), &voters].map(People::parts);
        let of =
            |told: &BTreeMap<GroupId, People>, id: &GroupId| told.get(id).copied().unwrap_or(People::of(0));
        let part = |(id, name): &(GroupId, String)| Participation {
            group: *id,
            name: name.clone(),
            seats: of(&seats, id),
            wrote: of(&wrote, id),
            voted: self.tallies_shown(Some(*id)).then(|| of(&voted, id)),
        };
        Ending {
            participation: self.founding().groups.iter().map(part).collect(),
            purge_at: self.purge_at(),
            clock_ahead: self.end_facts().soon.1,
            exported: self.end_facts().exported.clone(),
            exported_all: self.end_facts().exported.as_ref().is_some_and(|exported| exported.sha256 == now),
        }
    }

    /// The same for an organizer.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn ending_for(&self, seat: SeatId, now: &str) -> Result<Ending, Problem> {
        self.permit(Deed::Purge, seat, None)?;
        Ok(self.ending(now))
    }

    /// What a purge deletes, as far as the consultation knows it; the journal counts its own rows.
    #[must_use]
    pub fn to_delete(&self) -> Deleted {
        Deleted {
            ideas: self.ideas().len() as u64,
            ballots: self.ballots().count() as u64,
            seats: self.seats().len() as u64,
            ..Deleted::default()
        }
    }
}
