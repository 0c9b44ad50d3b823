//! Commands of seats: recognised when they are repeated, bounded, decided, and answered when they are durable.

pub(super) mod cost;
pub(super) mod document_sizes;
pub(super) mod row_accounts;
pub(super) mod seat_order;
pub(super) mod seat_removal;
pub(super) mod seen_absent;
pub(super) mod words_read;

use proto::api::consultation::Answer;
use proto::api::ending::{Certificate, PurgedBy};
use proto::command::{Action, Command};
use proto::ids::{CertificateId, ClientId, CommandId, SeatId};
use proto::problem::{Code, Problem};

use super::batch::{Batch, PENDING};
use super::deletion::purge_key::PurgeKey;
use super::effect::{Purge, PurgeAsked};
use super::input::Upload;
use super::job::{Job, RemoveRequest, RoomWords};
use super::reply::ReplyId;
use super::{Env, Live};
use crate::access::Deed;
use crate::clock::day;
use crate::consultation::{CommandKey, Event, SeatSelection};
use crate::journal::Seq;
use crate::seeded_defects;

impl Live {
    pub(super) fn command(
        &mut self,
        seat: SeatId,
        command: Command,
        reply: ReplyId,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let asked = CommandKey::of(&command);
        if let Some((known, seq)) = self.consultation.done().get(command.id) {
            self.repeated(asked, (known, seq), reply, batch);
            return;
        }
        if self.consultation.is_shared(&command.action) {
            batch.answer(asked, reply);
            return;
        }
        if self.seat_order.waits(seat) {
            let most = env.limits.commands_behind_max;
            if let Err(reply) = self.seat_order.wait(seat, command, reply, most) {
                batch.refuse(reply, Problem::new(Code::TooFast));
            }
            return;
        }
        if self.answered_later(seat, &command.action, (asked, reply), batch, env)
            || self.waits_for_run(seat, &command, reply, batch, env)
        {
            return;
        }
        if !self.asks_room(seat, &command, reply, batch, env) {
            self.decide_command(seat, &command, (reply, None), batch, env);
        }
    }

    /// Decides a command about whose words nothing has to be asked any more; `read` is what a room said of them.
    pub(super) fn decide_command(
        &mut self,
        seat: SeatId,
        command: &Command,
        (reply, read): (ReplyId, Option<&RoomWords>),
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let asked = CommandKey::of(command);
        if let Action::Share(share) = &command.action {
            seeded_defects::panic_by(&share.text, "PANIC BEFORE DECIDING");
        }
        // Who has a phone is known here.
        let decided = if let Action::CloseSeats { which, only, at_most, came, left, group } = command.action {
            self.close_seats(seat, (SeatSelection { which, only, came, left }, at_most), group, env)
        } else {
            self.consultation.decide(seat, &command.action, env.decision())
        };
        let decided = match decided {
            Ok(decided) => decided,
            Err(problem) => return batch.refuse(reply, problem),
        };
        let counts = command.action.counter().is_some() && self.consultation.is_newer(&decided.event);
        if self.consultation.changes_nothing(&decided, env.now) && !counts {
            batch.unchanged(asked, decided.event.audience().answered_by_list, reply);
            return;
        }
        if let Err(problem) = self.is_within_bounds(seat, &command.action, &decided.event, batch, env) {
            return batch.refuse(reply, problem);
        }
        let decided = match read {
            Some(RoomWords::List(list)) => self.with_version(decided, list, env),
            Some(RoomWords::Board(_) | RoomWords::Doubtful(_)) | None => Ok(decided),
        };
        let decided = match decided {
            Ok(decided) => decided,
            Err(problem) => return batch.refuse(reply, problem),
        };
        let now = read.and_then(|words| words.of_erased(&command.action));
        self.note_in_memory(seat, &command.action, &decided.event, env);
        self.lines_follow(seat, &decided.event, batch, env);
        self.search_boards(&decided.event, now, batch, env);
        self.decided_with(Some((asked, reply)), seat, decided, batch, env);
    }

    /// Commands that need more than this turn: a run, a room's answer, or the end of everything.
    fn answered_later(
        &mut self,
        seat: SeatId,
        action: &Action,
        (asked, reply): (CommandKey, ReplyId),
        batch: &mut Batch,
        env: &Env<'_>,
    ) -> bool {
        if let Action::Purge { confirm } = action
            && let Ok(token) = self.consultation.confirm_purge(seat, confirm)
        {
            // Of several in one turn the first is answered here; the others are when the consultation is gone.
            let key = PurgeKey::of(token, asked.id, action);
            batch.told().purge.get_or_insert((asked, reply, key));
            return true;
        }
        if matches!(action, Action::Merge {})
            && let Ok(()) = self.consultation.permit(Deed::Merge, seat, None)
        {
            match self.may_do(seat, action, env) {
                Ok(()) => self.begin_merge(seat, asked, reply, batch),
                Err(problem) => batch.refuse(reply, problem),
            }
            return true;
        }
        if let Action::RemoveWriter { idea, writer } = action
            && let Ok(group) = self.consultation.permit_remove(seat, *idea)
        {
            match self.may_do(seat, action, env) {
                Ok(()) => {
                    let request = RemoveRequest { seat, group, asked, reply };
                    let writer = ClientId(*writer);
                    batch.told().jobs.push(Job::FindWriter { request, idea: *idea, writer });
                }
                Err(problem) => batch.refuse(reply, problem),
            }
            return true;
        }
        false
    }

    /// What is known of a command in memory only, because the journal names no author and no reporter.
    fn note_in_memory(&mut self, seat: SeatId, action: &Action, event: &Event, env: &Env<'_>) {
        if matches!(action, Action::Share(_) | Action::Shelve(_)) {
            self.consultation.count_share(seat);
        }
        self.consultation.note_waiting(event, env.now);
        if let Action::Report { idea, why } = action {
            self.consultation.count_report(seat, *idea, *why);
        }
    }

    /// The same id again: the same answer, or a conflict (rule C2).
    pub(super) fn repeated(
        &mut self,
        asked: CommandKey,
        (known, seq): (CommandKey, Seq),
        reply: ReplyId,
        batch: &mut Batch,
    ) {
        if !known.says_as(&asked) {
            let detail = "This command id was used for another command.";
            batch.refuse(reply, Problem::because(Code::Conflict, detail));
        } else if seq == PENDING {
            // Its first sending is in this very turn; it is answered when that is durable.
            batch.answer_again(asked, reply);
        } else {
            batch.repeated(asked, seq, reply);
        }
    }

    /// Keeps a file: decided like a command whose id is its own, so that it is answered when it is durable.
    pub(super) fn store(&mut self, upload: Upload, reply: ReplyId, batch: &mut Batch, env: &Env<'_>) {
        let Upload { seat, material, content, bytes } = upload;
        match self.consultation.decide_file(seat, material, content, bytes, env.decision()) {
            Err(problem) => batch.refuse(reply, problem),
            Ok(decided) => {
                let command = Command { id: CommandId(env.entropy.uuid()), action: Action::Merge {} };
                self.decided_with(Some((CommandKey::of(&command), reply)), seat, decided, batch, env);
            }
        }
    }

    /// Must everything be deleted now, because somebody said so or because the time is over?
    pub(super) fn purge_now(
        &self,
        asked: Option<(CommandKey, ReplyId, PurgeKey)>,
        env: &Env<'_>,
    ) -> Option<Purge> {
        let by = match asked {
            Some(_) => PurgedBy::Organizer,
            None if self.retention.is_due() => PurgedBy::Retention,
            None => return None,
        };
        Some(Purge {
            certificate: Certificate {
                id: CertificateId(env.entropy.uuid()),
                day: day(env.now),
                by,
                deleted: self.consultation.to_delete(),
                exported: self.consultation.exported().cloned(),
            },
            is_twin: self.consultation.rehearsal_of().is_some(),
            // The record after the last one is never written.
            asked: asked.map(|(asked, reply, key)| {
                let answer = Answer::done(asked.id, self.last + 1);
                PurgeAsked { reply, answer, key }
            }),
        })
    }
}
