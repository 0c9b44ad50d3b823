//! What staff at a desk are told of a group: numbers, and the first of what waits for them; the rest by pages.
//!
//! An organizer's desk has numbers of every group and no words. A moderator's desk has the ideas that wait and the hidden
//! ones of the own group, as many as one message may hold (rule C27).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::api::desk::{Desk, DeskIdea, DeskList, DeskPage, GroupDesk, HiddenIdea};
use proto::ids::{GroupId, IdeaId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::access::{Actor, Deed, may_ever};
use crate::config::DeskLimits;
use crate::consultation::ideas::idea::{Hidden, Idea};
use crate::consultation::ideas::moderation::danger::HELD_IN_GROUP;
use crate::consultation::people::attendance::head_counts::Attendances;
use crate::consultation::state::Consultation;

/// What of a group's ideas concerns its desk.
#[derive(Debug, Default)]
struct Pile<'a> {
    waiting: Vec<(IdeaId, &'a Idea)>,
    hidden: Vec<(IdeaId, &'a Idea)>,
    reported: Vec<(IdeaId, u32)>,
}

impl Consultation {
    /// The desk of somebody; `None` when there is none for this role.
    #[must_use]
    pub fn desk(
        &self,
        actor: Actor,
        attendance: &Attendances,
        limits: &DeskLimits,
        sending: impl Fn(GroupId) -> u32,
    ) -> Option<Desk> {
        let at_desk = |group| may_ever(Deed::SeeDesk, actor, Some(group));
        let groups: Vec<GroupId> =
            self.founding().groups.iter().map(|(id, _)| *id).filter(|group| at_desk(*group)).collect();
        if groups.is_empty() {
            return None;
        }
        let organizes = actor.role == Role::Organizer;
        let mut piles = self.piles(&groups.iter().copied().collect());
        let desks = groups.into_iter().map(|group| {
            let pile = piles.remove(&group).unwrap_or_default();
            let not_written = attendance.silent.get(&group).copied().unwrap_or_default();
            let mut desk = self.desk_of(group, attendance, &pile, not_written);
            desk.sending = sending(group);
            if !organizes {
                self.add_words(&mut desk, pile, limits);
            }
            desk
        });
        let groups = desks.collect();
        let contact_absent = organizes && self.contact_is_absent();
        Some(Desk { groups, all: organizes.then(|| attendance.all.clone()), contact_absent })
    }

    /// A page of a list of a group's desk.
    ///
    /// # Errors
    /// When this is not somebody's desk.
    pub fn desk_page(
        &self,
        actor: Actor,
        group: GroupId,
        list: DeskList,
        from: usize,
        limits: &DeskLimits,
    ) -> Result<DeskPage, Problem> {
        if !self.groups().contains_key(&group) {
            return Err(Problem::new(Code::NotFound));
        }
        if !may_ever(Deed::SeeDesk, actor, Some(group)) {
            return Err(Problem::new(Code::Forbidden));
        }
        let Pile { waiting, hidden, .. } =
            self.piles(&BTreeSet::from([group])).remove(&group).unwrap_or_default();
        Ok(match list {
            DeskList::Waiting => {
                let all = count(waiting.len());
                DeskPage { all, waiting: self.waiting_page(waiting, from, limits), hidden: Vec::new() }
            }
            DeskList::Hidden => {
                let all = count(hidden.len());
                DeskPage { all, waiting: Vec::new(), hidden: self.hidden_page(hidden, from, limits) }
            }
        })
    }

    fn desk_of(
        &self,
        group: GroupId,
        attendance: &Attendances,
        pile: &Pile<'_>,
        not_written: u32,
    ) -> GroupDesk {
        let (repeats, repeats_cut) = (self.repeats_in(group).count(), self.repeats_cut());
        let since = |(id, _): &(IdeaId, &Idea)| self.waits_since(*id);
        GroupDesk {
            group,
            seats: attendance.groups.get(&group).map_or(0, |here| here.seats),
            attendance: attendance.groups.get(&group).cloned().unwrap_or_default(),
            not_written,
            sending: 0,
            at_most: not_written > 0 && self.forgotten_boards().any(|board| board == group),
            help: self.help_of(group),
            moderators: attendance.moderators.get(&group).copied().unwrap_or_default(),
            waiting: Vec::new(),
            waiting_all: count(pile.waiting.len()),
            waiting_since: pile.waiting.iter().map(since).min(),
            reported: BTreeMap::new(),
            room_left: self.room_left(group),
            hidden: Vec::new(),
            hidden_all: count(pile.hidden.len()),
            repeats: Vec::new(),
            repeats_all: count(repeats),
            repeats_cut,
            report_unread: self.contact_is_absent() && self.report_waits(group),
        }
    }

    fn add_words(&self, desk: &mut GroupDesk, mut pile: Pile<'_>, limits: &DeskLimits) {
        pile.reported.sort_unstable_by_key(|(id, reports)| (std::cmp::Reverse(*reports), *id));
        pile.reported.truncate(limits.reported_max);
        desk.reported = pile.reported.into_iter().collect();
        desk.waiting = self.waiting_page(pile.waiting, 0, limits);
        desk.hidden = self.hidden_page(pile.hidden, 0, limits);
        let repeats = in_order(self.repeats_in(desk.group).collect()).into_iter();
        desk.repeats = limits.page(repeats.map(|(id, idea)| desk_idea(id, idea)), |idea| idea.text.len());
    }

    fn waiting_page(&self, ideas: Vec<(IdeaId, &Idea)>, from: usize, limits: &DeskLimits) -> Vec<DeskIdea> {
        let told = in_order(ideas).into_iter().skip(from).map(|(id, idea)| desk_idea(id, idea));
        limits.page(told, |idea| idea.text.len())
    }

    fn hidden_page(&self, ideas: Vec<(IdeaId, &Idea)>, from: usize, limits: &DeskLimits) -> Vec<HiddenIdea> {
        let told = in_order(ideas).into_iter().skip(from).map(|(id, idea)| hidden_idea(id, idea));
        limits.page(told, |hidden| hidden.idea.text.len())
    }

    /// What of the ideas of these groups concerns their desks, in no order.
    fn piles(&self, groups: &BTreeSet<GroupId>) -> HashMap<GroupId, Pile<'_>> {
        let mut piles: HashMap<GroupId, Pile<'_>> = HashMap::new();
        for (id, idea) in groups.iter().flat_map(|group| self.ideas_of(*group)) {
            if !idea.is_waiting() && !idea.is_taken_off() && idea.reports() == 0 {
                continue;
            }
            let pile = piles.entry(idea.group()).or_default();
            if idea.is_taken_off() {
                pile.hidden.push((id, idea));
            } else if idea.is_waiting() {
                pile.waiting.push((id, idea));
            }
            if idea.reports() > 0 {
                pile.reported.push((id, idea.reports()));
            }
        }
        piles
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// By their place on the board.
fn in_order(mut ideas: Vec<(IdeaId, &Idea)>) -> Vec<(IdeaId, &Idea)> {
    ideas.sort_unstable_by_key(|(id, idea)| (idea.order(), *id));
    ideas
}

fn hidden_idea(id: IdeaId, idea: &Idea) -> HiddenIdea {
    let told = desk_idea(id, idea);
    match idea.hidden() {
        Some(Hidden { reason, erased }) if !idea.is_held_in_group() => {
            HiddenIdea { idea: told, reason: reason.clone(), erased: *erased }
        }
        // Its words are for the safeguarding contact.
        Some(_) | None => HiddenIdea {
            idea: DeskIdea { text: String::new(), ..told },
            reason: HELD_IN_GROUP.to_owned(),
            erased: false,
        },
    }
}

pub(in crate::consultation) fn desk_idea(id: IdeaId, idea: &Idea) -> DeskIdea {
    let (text, lang) = (idea.text().to_owned(), idea.lang().to_owned());
    DeskIdea {
        id,
        text,
        lang,
        point: idea.point(),
        kind: idea.kind(),
        held: idea.is_held(),
        changed: idea.is_waiting_again(),
    }
}
