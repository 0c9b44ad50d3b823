//! What a moderator does that needs rooms or connections: whose seat writes here, which seats have no phone, and what texts say
//! when nobody types in them.

use std::collections::{BTreeSet, HashSet};

use proto::api::entry::SeatsOnly;
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::consultation::{Event, Outcome, SeatSelection, Sight};
use crate::journal::SeatKey;
use crate::live::state::batch::Batch;
use crate::live::state::job::RemoveRequest;
use crate::live::state::{Env, Live};
use crate::room::IdleText;

impl Live {
    /// The room has answered: it becomes an event, or a refusal.
    pub(in crate::live::state) fn writer_found(
        &mut self,
        request: RemoveRequest,
        found: Result<SeatKey, Problem>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let RemoveRequest { seat, group, asked, reply } = request;
        if let Some(known) = self.consultation.done().get(asked.id) {
            // It was sent twice, and the other one is done.
            return self.repeated(asked, known, reply, batch);
        }
        match found.and_then(|writer| self.consultation.decide_remove(group, writer)) {
            Ok(event) => self.decided(Some((asked, reply)), seat, event, batch, env),
            Err(problem) => batch.refuse(reply, problem),
        }
    }

    /// Decides what becomes of lines that say words which this event is about to delete.
    pub(in crate::live::state) fn lines_follow(
        &mut self,
        seat: SeatId,
        event: &Event,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        for line in self.consultation.lines_like(event, &env.limits.repeats) {
            self.decided_with(None, seat, line, batch, env);
        }
    }

    /// Which participants' seats are there, and which were since the server started.
    pub(in crate::live::state) fn sight(&self, env: &Env<'_>) -> Sight {
        let seats = self.consultation.seats().iter().filter(|(_, seat)| seat.role() == Role::Participant);
        let mut present: HashSet<SeatId> = env.seat_limits.connected(seats.map(|(id, _)| *id));
        present.extend(self.connections.all().map(|(_, seat)| seat));
        Sight { present, seen: self.connections.opened().clone(), ..Sight::default() }
    }

    /// The same, as staff are told it now: under a number by which a command names it.
    pub(in crate::live::state) fn told_sight(&mut self, env: &Env<'_>) -> Sight {
        let sight = self.sight(env);
        let seats = self.consultation.seats().iter().filter(|(_, seat)| seat.role() == Role::Participant);
        let absent = seats.map(|(id, _)| *id).filter(|id| !sight.present.contains(id)).collect();
        Sight { number: self.seen_absent.told(absent), ..sight }
    }

    /// What it means to close many seats now.
    pub(in crate::live::state) fn close_seats(
        &self,
        seat: SeatId,
        (meant, at_most): (SeatSelection, u32),
        group: Option<GroupId>,
        env: &Env<'_>,
    ) -> Result<Outcome, Problem> {
        let absent_then = match (meant.only, meant.left) {
            (Some(SeatsOnly::Absent | SeatsOnly::Idle), Some(number)) => {
                let detail = "Too much has changed since you looked. Look again and decide.";
                let seen = self.seen_absent.at(number);
                Some(seen.ok_or_else(|| Problem::because(Code::Stale, detail))?.to_vec())
            }
            (Some(SeatsOnly::Absent | SeatsOnly::Idle), None) | (Some(SeatsOnly::Silent) | None, _) => None,
        };
        let sight = Sight { absent_then, ..self.sight(env) };
        let seats = self.consultation.seats_to_close(seat, meant, group, &sight)?;
        self.consultation.decide_close_seats(seats, (meant, at_most), group, env.decision())
    }

    /// Ideas of a board lost all their words, or say something again: approvals of them count no more, or again.
    pub(in crate::live::state) fn note_empty(
        &mut self,
        group: GroupId,
        ideas: BTreeSet<IdeaId>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let changed = self.consultation.note_empty(group, ideas);
        if changed.is_empty() {
            return;
        }
        changed.iter().for_each(|idea| self.note_words(*idea, env));
        batch.told().you.extend(self.consultation.supporters(&changed));
        self.desk_changed(env);
    }

    /// Keeps what a text says in which nobody types.
    pub(in crate::live::state) fn keep_wording(
        &mut self,
        IdleText { idea, text }: IdleText,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        batch.change_texts(self.consultation.keep_wording(idea, &text, env.now, env.limits.wordings_max));
        self.note_fullness(env);
    }
}
