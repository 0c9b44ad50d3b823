//! What a command of somebody may make the server do, in rows of its seat's account (rule W16): one row is about a
//! millisecond, or two KiB that stay in the journal.
//!
//! One exhaustive match, so that a new command cannot be forgotten; `docs/costs.md` says the same of each in words. First
//! words on an idea cost nothing here (`consultation::event::no_change`): there are only as many as ideas. A phase change for everybody
//! in the largest consultation costs no more than `rows_of_a_command_max`, because a day must go on.

use proto::command::Action;
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::plenary::ItemFacts;
use proto::problem::Problem;
use proto::role::Role;

use super::row_accounts::rate_of;
use crate::consultation::Event;
use crate::live::state::batch::Batch;
use crate::live::state::{Env, Live};

/// How much of what a command touches.
#[derive(Clone, Copy, Default)]
struct Touched {
    /// Ideas that are written to a document or read from it; entries of the list.
    ideas: usize,
    /// Seats that are looked at one by one.
    seats: usize,
    /// Bytes that the command itself brings.
    bytes: usize,
}

impl Touched {
    fn ideas(ideas: usize) -> Self {
        Self { ideas, ..Self::default() }
    }

    fn seats(seats: usize) -> Self {
        Self { seats, ..Self::default() }
    }

    fn bytes(bytes: usize) -> Self {
        Self { bytes, ..Self::default() }
    }
}

impl Live {
    /// Has this seat rows left for this command? They are taken if so.
    pub(in crate::live::state) fn may_do(
        &mut self,
        seat: SeatId,
        action: &Action,
        env: &Env<'_>,
    ) -> Result<(), Problem> {
        let costs = &env.limits.costs;
        let is_staff = self.consultation.actor(seat).is_some_and(|actor| actor.role != Role::Participant);
        let rows = if matches!(action, Action::ChangeGroup { .. }) {
            costs.rows_of_a_change_of_group
        } else {
            self.rows_of(action, env)
        };
        self.rows.take(seat, rate_of(is_staff, costs), rows, env.tick)
    }

    /// Has this seat rows left to change phones? They are taken if so.
    pub(in crate::live::state) fn may_exchange(
        &mut self,
        seat: SeatId,
        env: &Env<'_>,
    ) -> Result<(), Problem> {
        let rate = rate_of(false, &env.limits.costs);
        self.rows.take(seat, rate, env.limits.links.rows_of_an_exchange, env.tick)
    }

    /// Has this seat rows left for what it decides, and has the document room for the words?
    pub(in crate::live::state) fn is_within_bounds(
        &mut self,
        seat: SeatId,
        action: &Action,
        event: &Event,
        batch: &mut Batch,
        env: &Env<'_>,
    ) -> Result<(), Problem> {
        self.consultation.may_answer(event, &env.limits.answers)?;
        if self.consultation.says_again(event) {
            self.may_do(seat, action, env)?;
        }
        self.words_fit(action, batch, env)
    }

    /// What a command costs, in rows.
    fn rows_of(&self, action: &Action, env: &Env<'_>) -> f64 {
        let bounds = &env.limits.bounds;
        let Touched { ideas, seats, bytes } = self.touched(action);
        let rows =
            1 + ideas / bounds.ideas_of_a_row + seats / bounds.seats_of_a_row + bytes / bounds.bytes_of_a_row;
        rows.min(bounds.rows_of_a_command_max) as f64
    }

    fn touched(&self, action: &Action) -> Touched {
        let consultation = &self.consultation;
        match action {
            // Decided before there is a seat, or at the end of everything.
            Action::Create(_) | Action::Join(_) | Action::Purge { .. } => Touched::default(),
            // One text, of a bounded length.
            Action::Share(_) | Action::Shelve(_) | Action::Edit { .. } => Touched::default(),
            // All translations of the idea are one row of the journal, and the list is another one if an entry has its words.
            Action::Translate { idea, text, .. } => Touched::bytes(text.len() + self.translated(*idea)),
            Action::Restore { .. }
            | Action::Reword { .. }
            | Action::SettleText { .. }
            | Action::Lock { .. } => Touched::default(),
            Action::Admit { .. } | Action::Report { .. } | Action::Acknowledge { .. } => Touched::default(),
            // An idea with those that it is one with; a vote looks at as many, and is not charged for it because of their bound.
            Action::Approve { .. } => Touched::default(),
            Action::Combine { idea, into } => Touched::ideas(self.entry(*idea) + self.entry(*into)),
            Action::TakeApart { idea } => Touched::ideas(self.entry(*idea)),
            Action::Promote { idea, .. } => Touched::ideas(self.entry(*idea)),
            // The list is written again without it, or with it by the next run.
            // It must not fail for a reason of cost when somebody needs it, so it counts for a quarter.
            Action::Hide { idea, .. } | Action::Settle { idea, .. } => {
                Touched::ideas(self.entry(*idea) + self.listed(*idea) / 4)
            }
            // One's own idea, and once.
            Action::Withdraw { .. } => Touched::default(),
            Action::Unhide { idea, .. } => Touched::ideas(self.entry(*idea)),
            Action::Order { ideas, .. } => Touched::ideas(ideas.len()),
            // A whole board.
            Action::HideBoard { group, .. } | Action::SettleAll { group, .. } => {
                Touched::ideas(self.ideas_in(Some(*group)) + self.entries())
            }
            Action::Reveal { group, .. } => Touched::ideas(self.ideas_in(Some(*group))),
            // The boards of those who move; one that opens its vote is read.
            Action::Phase { group, .. } | Action::Stay { group } => Touched {
                ideas: self.ideas_in(*group) / 4 + self.groups_in(*group),
                ..Touched::seats(consultation.seats().len())
            },
            Action::Point { group, .. }
            | Action::NextPoint { group, .. }
            | Action::Clock { group, .. }
            | Action::Chairs { group, .. } => Touched::ideas(self.groups_in(*group)),
            Action::Minutes { minutes, group } => {
                Touched { bytes: minutes.len() * 4 * self.groups_in(*group), ..Touched::default() }
            }
            Action::Help { .. } | Action::Door { .. } | Action::Retain { .. } => Touched::default(),
            Action::MakeCards { count, .. } => Touched::seats(usize::try_from(*count).unwrap_or(usize::MAX)),
            Action::RevokeCard { .. } | Action::ReplaceCard { .. } => Touched::default(),
            Action::LetIn { .. } | Action::ChangeGroup { .. } | Action::MoveSeat { .. } => {
                Touched::seats(consultation.seats().len())
            }
            // Whose seat it is is found by trying all.
            Action::RemoveWriter { .. } | Action::HideObjection { .. } => {
                Touched::seats(4 * consultation.seats().len())
            }
            // What is known of each seat is looked at, and tallies are counted anew.
            Action::CloseSeats { .. } | Action::RestoreSeats { .. } => {
                Touched { ideas: self.ideas_in(None), ..Touched::seats(4 * consultation.seats().len()) }
            }
            Action::Amend { value, .. } => Touched::bytes(value.to_string().len()),
            Action::AddLink(_) | Action::RevokeLink { .. } | Action::HandLink { .. } => {
                Touched::seats(consultation.seats().len())
            }
            // Every board is read, in a run that others wait for.
            Action::Merge {} => Touched::ideas(self.ideas_in(None)),
            Action::Pin { .. } => Touched::bytes(consultation.list().pins.len() * 40),
            // Each is told to everybody who curates, with all that was decided before.
            Action::Assign { .. } | Action::NotDuplicate { .. } | Action::Exclude { .. } => {
                let list = consultation.list();
                Touched::ideas(list.assign.len() + list.not_duplicate.len() + list.exclude.len())
            }
            Action::Ranking { .. } | Action::Freeze { .. } => Touched::default(),
            Action::SignOff { .. } | Action::HideNote { .. } => Touched::default(),
            // As many as have a place on the paper; a vote on them is not charged for, like one on ideas.
            Action::Adopt { .. } | Action::ApproveEntry { .. } | Action::Object { .. } => Touched::default(),
            // A run that others wait for, and every seat is told.
            Action::OpenPlenaryVote {} | Action::AddGroupToPaper { .. } => {
                Touched { ideas: self.ideas_in(None), ..Touched::seats(consultation.seats().len()) }
            }
            Action::OpenAdoption { .. }
            | Action::CloseAdoption {}
            | Action::ClosePlenaryVote {}
            | Action::LetVotersIn { .. } => Touched::seats(consultation.seats().len()),
        }
    }

    fn entry(&self, idea: IdeaId) -> usize {
        self.consultation.entry_of(idea).len()
    }

    /// Bytes of the rows that have translations of an idea.
    fn translated(&self, id: IdeaId) -> usize {
        let idea = self.consultation.ideas().get(&id);
        let texts = idea.into_iter().flat_map(|idea| idea.translations().values());
        texts.map(|translation| translation.text.len()).sum::<usize>() + self.list_of(id)
    }

    /// Bytes of the list, if the words of this idea are those of an entry.
    fn list_of(&self, idea: IdeaId) -> usize {
        /// What an entry says beside words.
        const FACTS: usize = 500;
        let Some(run) = self.consultation.run_facts() else { return 0 };
        if !run.items.iter().any(|(_, item)| item.anchor == idea) {
            return 0;
        }
        let of = |item: &ItemFacts| {
            let sources: usize = item.sources.iter().map(|source| source.text.len()).sum();
            FACTS + item.text.len() + sources
        };
        run.items.iter().map(|(_, item)| of(item)).sum()
    }

    fn ideas_in(&self, group: Option<GroupId>) -> usize {
        match group {
            Some(group) => self.consultation.count_of(group),
            None => self.consultation.ideas().len(),
        }
    }

    fn groups_in(&self, group: Option<GroupId>) -> usize {
        if group.is_some() { 1 } else { self.consultation.groups().len() }
    }

    /// Entries of the list.
    fn entries(&self) -> usize {
        self.consultation.run_facts().map_or(0, |run| run.items.len())
    }

    /// Entries that are written again when this idea leaves the list; none if it is not on it.
    fn listed(&self, idea: IdeaId) -> usize {
        let listed = self.consultation.run_facts().is_some_and(|run| run.mentions(idea));
        if listed { self.entries() } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    /// The names of all commands, as the wire has them.
    fn commands() -> Vec<String> {
        let bindings = include_str!("../../../../../proto/bindings/proto.ts");
        let names = bindings.split("\"do\": \"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn w16_the_page_of_costs_names_every_command_once() {
        let page = include_str!("../../../../../docs/costs.md");
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        let first = rows.filter_map(|line| line.split('|').nth(1));
        let mut named: Vec<String> =
            first.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
        named.sort_unstable();
        assert!(named.len() > 50, "{}", named.len());
        assert_eq!(named, commands());
    }
}
