//! What a command would mean: an event, or the reason why not. Changes nothing.

use std::sync::Arc;

use proto::api::desk::AlertState;
use proto::command::Action;
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use super::event::Event;
use super::state::{Consultation, NewWords};
use crate::access::{Deed, Situation, authorize};
use crate::clock::{Entropy, Millis};
use crate::config::Limits;
use crate::journal::{FileChange, TextChange, TextRow};

/// What a decision may depend on beside the state.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Context<'a> {
    pub now: Millis,
    /// Randomness.
    pub entropy: &'a Entropy,
    /// Every bound.
    pub limits: &'a Limits,
}

/// What a command means.
#[derive(Debug)]
pub struct Outcome {
    /// What is so from now on.
    pub event: Event,
    /// Changes to the rows of texts that belong to it.
    pub texts: Vec<TextChange>,
    /// Changes to the rows of uploaded files that belong to it.
    pub files: Vec<FileChange>,
    /// Words that belong to it.
    pub words: NewWords,
}

impl Outcome {
    pub(super) fn plain(event: Event) -> Self {
        Self { event, texts: Vec::new(), files: Vec::new(), words: NewWords::default() }
    }

    pub(super) fn with_text(event: Event, idea: IdeaId, text: &str) -> Self {
        let words = NewWords { idea: Some(Arc::from(text)), ..NewWords::default() };
        let texts = vec![TextChange::Put(TextRow::Idea(idea), text.to_owned())];
        Self { event, texts, files: Vec::new(), words }
    }
}

impl Consultation {
    /// Decides a command of a seat.
    ///
    /// `create` and `join` are decided before there is a seat, `merge` needs the words of all rooms, and `purge` ends
    /// everything; they come here only to be authorized or refused.
    ///
    /// # Errors
    /// The reason why not; nothing has changed.
    #[expect(clippy::too_many_lines, reason = "a table: one line for each command")]
    pub fn decide(&self, seat: SeatId, action: &Action, context: Context<'_>) -> Result<Outcome, Problem> {
        match action {
            Action::Create(_) | Action::Join(_) => {
                Err(Problem::because(Code::Malformed, "Create and join are not commands of a seat."))
            }
            Action::Share(share) => self.decide_share(seat, share, context),
            Action::Edit { idea, receipt, text } => self.decide_edit(seat, *idea, receipt, text, context),
            Action::Withdraw { idea, receipt } => self.decide_withdraw(seat, *idea, receipt),
            Action::Approve { idea, on, counter: n } => self.decide_approve(seat, *idea, *on, *n),
            Action::Promote { idea, on, kind } => self.decide_promote(seat, *idea, (*on, *kind)),
            Action::Hide { idea, reason, erase, read } => {
                self.decide_hide(seat, *idea, (reason, *erase), *read)
            }
            Action::Unhide { idea, read } => self.decide_unhide(seat, *idea, *read),
            Action::Combine { idea, into } => self.decide_combine(seat, *idea, *into, context),
            Action::TakeApart { idea } => self.decide_take_apart(seat, *idea),
            Action::Order { group, ideas } => self.decide_order(seat, *group, ideas),
            Action::Restore { idea, wording } => self.decide_restore(seat, *idea, *wording),
            Action::Lock { idea, on } => self.decide_lock(seat, *idea, *on),
            Action::RemoveWriter { idea, .. } => {
                // Who that is stands in the board's room; it comes here only to be authorized or refused.
                self.permit_remove(seat, *idea)?;
                Err(Problem::new(Code::Unavailable))
            }
            Action::Shelve(share) => self.decide_shelve(seat, share, context),
            Action::Admit { idea, read } => self.decide_admit(seat, *idea, *read),
            Action::Reveal { group, point } => self.decide_reveal(seat, *group, *point, context),
            Action::Phase { phase, minutes, group, grace_seconds } => {
                self.decide_phase(seat, (*phase, *minutes), *group, *grace_seconds, context)
            }
            Action::HideBoard { group, on } => self.decide_hide_board(seat, *group, *on),
            Action::Report { idea, why } => self.decide_report(seat, *idea, *why, context),
            Action::Acknowledge { idea } => {
                self.decide_safeguard(seat, *idea, AlertState::Acknowledged, None)
            }
            Action::Settle { idea, show: true, read } => {
                self.decide_safeguard(seat, *idea, AlertState::Shown, *read)
            }
            Action::Settle { idea, show: false, read: _ } => {
                self.decide_safeguard(seat, *idea, AlertState::Kept, None)
            }
            Action::SettleAll { group, show, read } => {
                let state = if *show { AlertState::Shown } else { AlertState::Kept };
                self.decide_safeguard_all(seat, *group, state, read)
            }
            Action::Translate { idea, lang, text, read, over } => {
                self.decide_translate(seat, *idea, (lang, text), (*read, *over), context)
            }
            Action::Help { group, on } => self.decide_help(seat, *group, *on, context),
            Action::Door { open, opens_at, admission } => {
                self.decide_door(seat, *open, (*opens_at, *admission), context)
            }
            Action::MakeCards { count, group } => self.decide_make_cards(seat, *count, *group, context),
            Action::RevokeCard { card } => self.decide_revoke_card(seat, *card),
            Action::ReplaceCard { card } => self.decide_replace_card(seat, *card, context),
            Action::Chairs { count, group } => self.decide_chairs(seat, *count, *group, context),
            Action::LetIn { count, group } => self.decide_let_in(seat, *count, *group),
            Action::CloseSeats { group, .. } => {
                // Who has a phone is known to the task; it comes here only to be authorized or refused.
                self.permit(Deed::CloseSeats, seat, *group)?;
                Err(Problem::new(Code::Unavailable))
            }
            Action::RestoreSeats { closing } => self.decide_restore_seats(seat, *closing, context),
            Action::MoveSeat { code, group } => self.decide_move_seat(seat, code, *group, context),
            Action::ChangeGroup { group } => self.decide_change_group(seat, *group),
            Action::Stay { group } => self.decide_stay(seat, *group),
            Action::Point { point, minutes, group } => {
                self.decide_point(seat, Some(*point), *minutes, *group, context)
            }
            Action::NextPoint { minutes, group } => self.decide_point(seat, None, *minutes, *group, context),
            Action::Minutes { minutes, group } => self.decide_minutes(seat, minutes, *group, context),
            Action::Clock { minutes, of, group } => self.decide_clock(seat, *minutes, *of, *group, context),
            Action::Amend { field, base, value } => self.decide_amend(seat, *field, *base, value, context),
            Action::AddLink(new) => self.decide_add_link(seat, new, context),
            Action::RevokeLink { seat: gone } => self.decide_revoke_link(seat, *gone),
            Action::HandLink { seat: old, to, token, label } => {
                self.decide_hand_link(seat, *old, (*to, *token, label), context)
            }
            Action::Assign { idea, item } => {
                self.decide_list(Deed::Assign, seat, || self.assigned(*idea, *item))
            }
            Action::NotDuplicate { a, b, on } => self.decide_not_duplicate(seat, (*a, *b), *on, context),
            Action::Pin { item, on, place } => {
                self.decide_list(Deed::Arrange, seat, || self.pinned(*item, *on, *place, context))
            }
            Action::Exclude { item, on } => {
                self.decide_list(Deed::Arrange, seat, || self.excluded(*item, *on))
            }
            Action::Ranking { k, rule, weights } => {
                self.decide_list(Deed::Arrange, seat, || Ok(self.ranking(k.as_ref(), *rule, *weights)))
            }
            Action::OpenPlenaryVote {} => self.decide_open_plenary_vote(seat, context),
            Action::ClosePlenaryVote {} => self.decide_close_plenary_vote(seat, context),
            Action::ApproveEntry { item, on, counter: n } => self.decide_approve_entry(seat, *item, *on, *n),
            Action::OpenAdoption { version } => self.decide_open_adoption(seat, *version),
            Action::CloseAdoption {} => self.decide_close_adoption(seat),
            Action::Adopt { on, counter: n } => self.decide_adopt(seat, *on, *n),
            Action::AddGroupToPaper { group } => self.decide_add_group_to_paper(seat, *group),
            Action::LetVotersIn { count } => self.decide_let_voters_in(seat, *count),
            Action::Freeze { on } => self.decide_list(Deed::Freeze, seat, || self.frozen(*on)),
            Action::SignOff { group, agree, line, read: _ } => {
                self.decide_sign_off(seat, *group, (*agree, line.as_deref()), context)
            }
            Action::HideNote { note, reason } => self.decide_hide_note(seat, *note, reason.as_ref()),
            Action::Retain { days } => self.decide_retain(seat, *days),
            // The task carries it out: after it there is nothing that could be decided about.
            Action::Purge { confirm } => {
                self.confirm_purge(seat, confirm)?;
                Err(Problem::new(Code::Unavailable))
            }
            Action::Merge {} => {
                self.permit(Deed::Merge, seat, None)?;
                Err(Problem::new(Code::Unavailable))
            }
            Action::Reword { item } => self.decide_reword(seat, *item),
            Action::SettleText { text, keep, read: _ } => self.decide_settle_text(seat, text, *keep),
            Action::Object { item, line, counter: n } => {
                self.decide_object(seat, *item, line.as_deref(), *n, context)
            }
            Action::HideObjection { item, objection } => self.decide_hide_objection(seat, *item, *objection),
        }
    }

    /// May this seat do this for this group now?
    ///
    /// # Errors
    /// The reason why not.
    pub fn permit(&self, deed: Deed, seat: SeatId, group: Option<GroupId>) -> Result<(), Problem> {
        let actor = self.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        if group.is_some_and(|group| !self.groups().contains_key(&group)) {
            return Err(Problem::because(Code::NotFound, "There is no such group in this consultation."));
        }
        let place = Situation { group, phase: self.phase_of(group) };
        authorize(deed, actor, place, ()).map(|permitted| permitted.into_inner())
    }
}
