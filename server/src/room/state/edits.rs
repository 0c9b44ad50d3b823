//! From what a connection said to what is applied: the gate beside the document, authorization, bindings of client ids.
//!
//! What passes waits in the turn, and all that waits is applied at once. What is refused ends the document on its
//! connection (rule W5). The path goes on in `state` (durable, then told).

use std::collections::BTreeMap;

use proto::gate::{
    AwarenessUpdate, Bindings, GateLimits, Refusal, Resolved, ResolvedEdit, TextEdit, TextKey,
};
use proto::ids::{ClientId, DocumentName, GroupId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};
use proto::role::Role;

use super::super::document::DocumentError;
use super::super::presence::{PresenceReport, relayed};
use super::super::{RoomInput, StaffWrote, SubscriptionId};
use super::undo::idea_of;
use super::{Delivery, RoomState, RoomTurn};
use crate::access::{Actor, Deed, Permitted, Situation, authorize, may_ever};
use crate::journal::{Record, SeatKey};

/// May the asking seat write under an id (rule W7)?
struct Asker<'a> {
    bindings: &'a BTreeMap<ClientId, SeatKey>,
    seat: SeatKey,
}

impl Bindings for Asker<'_> {
    fn may_use(&self, client: ClientId) -> bool {
        !client.is_server() && self.bindings.get(&client).is_none_or(|seat| *seat == self.seat)
    }
}

impl RoomState {
    pub(super) fn said(&mut self, id: SubscriptionId, said: RoomInput, turn: &mut RoomTurn) {
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        match said {
            RoomInput::Update(edit) => {
                let limits = self.limits.gate;
                self.take_edit(id, &edit, &limits, turn);
            }
            RoomInput::Step2(edit) => {
                subscriber.asked = false;
                let owed = std::mem::take(&mut subscriber.owed);
                // It repeats the whole delete set of the board.
                let limits = self.limits.gate.for_sync_step2(self.document.index.delete_ranges());
                self.take_edit(id, &edit, &limits, turn);
                if self.subscribers.get(id).is_some_and(|subscriber| subscriber.owed > 0) {
                    // The answer to "what am I missing?" misses something itself: no honest client.
                    let problem =
                        Problem::because(Code::NotAnEdit, "A step 2 does not continue what is known.");
                    turn.refuse(id, problem);
                    return;
                }
                turn.after.extend((0..owed).map(|_| Delivery::Acknowledge(id)));
            }
            RoomInput::Step1(theirs) => {
                let asker = Asker { bindings: &self.bindings, seat: subscriber.of.seat };
                match self.document.index.check_state_vector(&theirs, self.document.server, &asker) {
                    Ok(()) => turn.answer(id, theirs),
                    Err(refusal) => turn.refuse(id, problem_of(refusal)),
                }
            }
            RoomInput::Awareness(update) => self.take_awareness(id, &update, turn),
            RoomInput::QueryAwareness => turn.after.push(Delivery::AllPresence(id)),
            RoomInput::Refused(refusal) => turn.refuse(id, problem_of(refusal)),
        }
    }

    fn take_edit(&mut self, id: SubscriptionId, edit: &TextEdit, limits: &GateLimits, turn: &mut RoomTurn) {
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        let asker = Asker { bindings: &self.bindings, seat: subscriber.of.seat };
        match self.document.index.resolve(edit, &asker, limits) {
            Err(refusal) => turn.refuse(id, problem_of(refusal)),
            Ok(Resolved::Nothing) if subscriber.owed > 0 => subscriber.owed += 1,
            Ok(Resolved::Nothing) => turn.after.push(Delivery::Acknowledge(id)),
            Ok(Resolved::Gap) => {
                subscriber.owed += 1;
                if !subscriber.asked {
                    subscriber.asked = true;
                    turn.after.push(Delivery::Ask(id));
                }
            }
            Ok(Resolved::Edit(edit)) => {
                let (actor, seat) = (subscriber.of.actor, subscriber.of.seat);
                let late = crate::seeded_defects::is("late-edits");
                let phase = if late { Phase::Brainstorm } else { self.phase };
                let permitted = permit(self.document.name, actor, phase, edit)
                    .and_then(|edit| self.unlocked(edit))
                    .and_then(|edit| self.fits(edit))
                    .and_then(|edit| self.bind(seat, edit, turn));
                match permitted {
                    Ok(edit) => self.admit(id, edit, turn),
                    Err(problem) => turn.refuse(id, problem),
                }
            }
        }
    }

    /// Has the document room for what this edit adds (rule B7)? What makes it shorter always passes.
    fn fits(&self, edit: Permitted<ResolvedEdit>) -> Result<Permitted<ResolvedEdit>, Problem> {
        let (most, code) = match self.document.name {
            DocumentName::Board(_) => (self.limits.room.board_units_max, Code::BoardFull),
            DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                (self.limits.room.list_units_max, Code::ListFull)
            }
        };
        let more = edit.get().grows_by();
        let full = more > 0 && self.document.index.visible_units().saturating_add(more) > most;
        if full { Err(Problem::new(code)) } else { Ok(edit) }
    }

    /// Are the texts of this edit open?
    fn unlocked(&self, edit: Permitted<ResolvedEdit>) -> Result<Permitted<ResolvedEdit>, Problem> {
        let locked = |text: &TextKey| idea_of(text).is_some_and(|idea| self.locked.contains(&idea));
        if edit.get().touches().iter().any(locked) {
            return Err(Problem::new(Code::TextLocked));
        }
        let fixed = |text: &TextKey| match text {
            TextKey::Wording(item) | TextKey::ItemTranslation(item, _) => self.fixed.contains(item),
            TextKey::Idea(_)
            | TextKey::Entry(_)
            | TextKey::IdeaTranslation(..)
            | TextKey::Note(_)
            | TextKey::Statement(_) => false,
        };
        if edit.get().touches().iter().any(fixed) {
            Err(Problem::new(Code::PlenaryVoteOpen))
        } else {
            Ok(edit)
        }
    }

    /// Binds the client ids that were never seen to the seat that uses them.
    fn bind(
        &mut self,
        seat: SeatKey,
        edit: Permitted<ResolvedEdit>,
        turn: &mut RoomTurn,
    ) -> Result<Permitted<ResolvedEdit>, Problem> {
        let clients: Vec<ClientId> = edit.get().clients().to_vec();
        for client in clients {
            self.bind_client(seat, client, turn)?;
        }
        Ok(edit)
    }

    fn bind_client(&mut self, seat: SeatKey, client: ClientId, turn: &mut RoomTurn) -> Result<(), Problem> {
        if self.bindings.contains_key(&client) {
            return Ok(());
        }
        let used = self.ids_used.entry(seat).or_default();
        if *used >= self.limits.client_ids_per_seat {
            return Err(Problem::because(Code::TooFast, "This seat has used as many client ids as it may."));
        }
        *used += 1;
        self.bindings.insert(client, seat);
        turn.records.push(Record::Bound { client, seat });
        Ok(())
    }

    fn admit(&mut self, id: SubscriptionId, edit: Permitted<ResolvedEdit>, turn: &mut RoomTurn) {
        let edit = edit.into_inner();
        turn.steps = turn.steps.saturating_add(edit.steps());
        turn.edits.push(edit.bytes().to_vec());
        turn.authors.insert(id);
        turn.new_page |= edit.clients().iter().any(|client| !self.document.index.has_written(*client));
        let by = self.subscribers.get(id).map(|subscriber| subscriber.of.actor.role);
        if let Some(by) = by.filter(|role| *role != Role::Participant) {
            let wrote = edit.touches().iter().map(|text| StaffWrote { by, text: text.clone() });
            turn.staff_wrote.extend(wrote);
        }
        let writer = self.subscribers.get(id).map(|subscriber| subscriber.of.seat);
        turn.typists.extend(writer);
        let document = &self.document;
        for text in edit.touches() {
            // Whoever wrote in it before in this batch has opened the stretch already: the document says what was before.
            self.writers.writes(text, writer, || document.text_of(text).unwrap_or_default());
            turn.wrote.extend(idea_of(text));
        }
        turn.touched.extend(edit.touches().iter().cloned());
        // If yrs does not take it, the room ends and the index with it.
        self.document.index.admit(edit);
        match self.subscribers.get_mut(id) {
            Some(subscriber) if subscriber.owed > 0 => subscriber.owed += 1,
            _ => turn.after.push(Delivery::Acknowledge(id)),
        }
    }

    pub(super) fn apply_edits(&mut self, turn: &mut RoomTurn) -> Result<(), DocumentError> {
        if turn.edits.is_empty() {
            return Ok(());
        }
        if std::mem::take(&mut turn.new_page) {
            turn.show(self.document.count_pages()?, None);
        }
        let edits: Vec<Vec<u8>> = std::mem::take(&mut turn.edits);
        let authors = std::mem::take(&mut turn.authors);
        let edits: Vec<&[u8]> = edits.iter().map(Vec::as_slice).collect();
        let update = self.document.apply(&edits)?;
        let only = if authors.len() == 1 { authors.into_iter().next() } else { None };
        turn.show(update, only);
        self.note_edit_of_version(turn)
    }

    /// Texts near the end of their lives, or in very many parts, are replaced by new ones with the same words (rules B5, G7).
    pub(super) fn renew_worn_texts(&mut self, turn: &mut RoomTurn) -> Result<(), DocumentError> {
        let limits = self.limits.gate;
        for key in std::mem::take(&mut turn.touched) {
            let index = &self.document.index;
            let worn = index.text(&key).is_some_and(|figures| limits.is_worn(&key, figures));
            if worn || index.work_of(&key).is_some_and(|work| limits.is_fragmented(work)) {
                turn.show(self.document.renew_text(&key)?, None);
            }
        }
        if limits.is_heavy(self.document.index.work()) {
            for key in self.document.index.heaviest(&limits, limits.work.renewals_per_turn) {
                turn.show(self.document.renew_text(&key)?, None);
                if !limits.is_heavy(self.document.index.work()) {
                    break;
                }
            }
        }
        if self.document.index.collected_parts() >= limits.work.collected_parts_max {
            self.document.load_again()?;
        }
        Ok(())
    }

    fn take_awareness(&mut self, id: SubscriptionId, update: &AwarenessUpdate, turn: &mut RoomTurn) {
        let Some(subscriber) = self.subscribers.get(id) else { return };
        let (seat, name, actor) = (subscriber.of.seat, subscriber.of.name, subscriber.of.actor);
        // Who may never write here has nothing to say about it; who may not now does not edit.
        let (deeds, group) = editing(self.document.name);
        if !deeds.iter().any(|deed| may_ever(*deed, actor, group)) {
            return;
        }
        let here = Situation { group, phase: self.phase };
        let edits_now = deeds.iter().any(|deed| authorize(*deed, actor, here, ()).is_ok());
        for entry in update.entries() {
            // Stock clients also report others whom they no longer hear; only their own word counts.
            let asker = Asker { bindings: &self.bindings, seat };
            if !asker.may_use(entry.client) || self.bind_client(seat, entry.client, turn).is_err() {
                continue;
            }
            let said = match &entry.state {
                None => Some(PresenceReport::Gone),
                Some(state) => relayed(self.document.name, name, if edits_now { state } else { "{}" }),
            };
            if let Some(said) = said {
                self.presence.update(id, entry.client, entry.clock, said);
            }
        }
    }
}

/// What edits of a document are to the authorization.
const fn editing(name: DocumentName) -> (&'static [Deed], Option<GroupId>) {
    match name {
        DocumentName::Board(group) => (&[Deed::EditBoard, Deed::WordEntry], Some(group)),
        DocumentName::Plenary(_) | DocumentName::Consultation(_) => (&[Deed::EditPlenary], None),
    }
}

/// What it is to write in this text.
const fn writing_in(text: &TextKey) -> Deed {
    match text {
        TextKey::Idea(_) | TextKey::IdeaTranslation(..) => Deed::EditBoard,
        TextKey::Entry(_) => Deed::WordEntry,
        TextKey::Wording(_) | TextKey::Note(_) | TextKey::ItemTranslation(..) | TextKey::Statement(_) => {
            Deed::EditPlenary
        }
    }
}

/// Permits an edit if its seat may write now in every text that it touches.
fn permit(
    name: DocumentName,
    actor: Actor,
    phase: Phase,
    edit: ResolvedEdit,
) -> Result<Permitted<ResolvedEdit>, Problem> {
    let (group, usual) = match name {
        DocumentName::Board(group) => (Some(group), Deed::EditBoard),
        DocumentName::Plenary(_) | DocumentName::Consultation(_) => (None, Deed::EditPlenary),
    };
    let here = Situation { group, phase };
    for text in edit.touches() {
        authorize(writing_in(text), actor, here, ())?;
    }
    // An edit that touches no text is one of the document all the same.
    authorize(edit.touches().first().map_or(usual, writing_in), actor, here, edit)
}

fn problem_of(refusal: Refusal) -> Problem {
    let code = if refusal == Refusal::OtherEpoch {
        Code::OtherEpoch
    } else if refusal == Refusal::DocumentFragmented {
        Code::TooFast
    } else if matches!(refusal, Refusal::TextTooLong | Refusal::TextWornOut) {
        Code::TextTooLong
    } else if refusal == Refusal::TooLarge {
        Code::TooLarge
    } else if matches!(refusal, Refusal::Letters(_)) {
        Code::Letters
    } else if refusal == Refusal::TextGone {
        Code::NotFound
    } else {
        // Bytes that no honest client sends, or more work than one frame may make.
        Code::NotAnEdit
    };
    Problem::because(code, refusal.to_string())
}
