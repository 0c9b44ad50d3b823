//! Objections: in the plenary a seat objects to an item of the list with one line, or does not.
//!
//! Where everybody votes on the list, objections come after the close of that vote: so nobody reads them as a part of it. They stand beside the list and changes no place on it. What a seat says is kept under a pseudonym of its own, so that it
//! cannot be laid beside the seat's ballot; of several decisions on one item the one with the highest counter stands, in
//! whatever order they arrive. Lines have rows of their own, and an id by lot that tells nothing of the seat.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use proto::ids::{IdeaId, ObjectionId, SeatId};
use proto::plenary::{OwnResponse, Responses};
use proto::problem::{Code, Problem};
use uuid::Builder;

use super::kept_responses::{Response, SaidBefore};
use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::event::no_change::same_words;
use crate::consultation::projection::{PlenaryWrite, Write};
use crate::consultation::secret::mac;
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::text_rules::checked_line;
use crate::consultation::vote::plenary_vote::Stage as PlenaryVoteStage;
use crate::journal::{SeatKey, TextChange, TextRow};

impl Consultation {
    pub(in crate::consultation) fn decide_object(
        &self,
        seat: SeatId,
        item: IdeaId,
        line: Option<&str>,
        n: Option<u64>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let line =
            line.map(|line| checked_line(line, context.limits.in_room.objection_units_max)).transpose()?;
        let objection = ObjectionId(Builder::from_random_bytes(context.entropy.bytes()).into_uuid());
        let says = line.as_ref().map_or(Response::Nothing, |_| Response::Objects { objection });
        let (by, n, mut texts) = self.stand(seat, item, says, n)?;
        let kept = &self.plenary_list().responses;
        let newer = kept.of(by, item).is_none_or(|(old, _)| n > old);
        let Some(line) = line.filter(|_| newer) else {
            return Ok(Outcome { texts, ..Outcome::plain(Event::Responded { by, item, says, n }) });
        };
        let others = kept.objections_of(by);
        let again = matches!(kept.of(by, item), Some((_, Response::Objects { .. })));
        if !again && others >= context.limits.in_room.objections_per_seat {
            let detail =
                format!("A seat objects to at most {} items.", context.limits.in_room.objections_per_seat);
            return Err(Problem::because(Code::TooManyObjections, detail));
        }
        let words = NewWords { idea: Some(Arc::from(line.as_str())), ..NewWords::default() };
        texts.push(TextChange::Put(TextRow::Objection(objection), line));
        Ok(Outcome { event: Event::Responded { by, item, says, n }, texts, files: Vec::new(), words })
    }

    pub(in crate::consultation) fn decide_hide_objection(
        &self,
        seat: SeatId,
        item: IdeaId,
        objection: ObjectionId,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::HideObjection, seat, None)?;
        if self.plenary_list().responses.holder(item, objection).is_none() {
            return Err(Problem::because(Code::NotFound, "There is no such objection to this item."));
        }
        let texts = vec![TextChange::Delete(TextRow::Objection(objection))];
        Ok(Outcome { texts, ..Outcome::plain(Event::ObjectionHidden { item, objection }) })
    }

    /// Whose word it is, with which counter, and which row goes.
    fn stand(
        &self,
        seat: SeatId,
        item: IdeaId,
        says: Response,
        n: Option<u64>,
    ) -> Result<(SeatKey, u64, Vec<TextChange>), Problem> {
        self.permit(Deed::Object, seat, None)?;
        if says != Response::Nothing {
            self.is_open_to_objections()?;
        }
        let by = self.stander(seat);
        let old = self.plenary_list().responses.of(by, item);
        let listed = self.run_facts().is_some_and(|run| run.items.iter().any(|(id, _)| *id == item));
        // What is off the list by now can still be taken back.
        if !listed && (says != Response::Nothing || old.is_none()) {
            return Err(Problem::because(Code::NotFound, "There is no such item on the list."));
        }
        let n = n.unwrap_or_else(|| old.map_or(1, |(old, _)| old.saturating_add(1)));
        let goes = match old {
            Some((old, Response::Objects { objection })) if n > old => {
                vec![TextChange::Delete(TextRow::Objection(objection))]
            }
            Some(_) | None => Vec::new(),
        };
        Ok((by, n, goes))
    }

    /// Objections come after the vote of everybody: where one is held, from its close on. A list that was frozen before is not voted
    /// on any more.
    fn is_open_to_objections(&self) -> Result<(), Problem> {
        if self.adoption_is_open() {
            return Ok(());
        }
        let not_yet = "People may object when the vote of everybody is closed.";
        match self.plenary_vote_stage() {
            PlenaryVoteStage::Closed => Ok(()),
            PlenaryVoteStage::Open => Err(Problem::new(Code::PlenaryVoteOpen)),
            PlenaryVoteStage::Unopened if !self.holds_plenary_vote() || self.list().frozen => Ok(()),
            PlenaryVoteStage::Unopened => Err(Problem::because(Code::WrongPhase, not_yet)),
        }
    }

    /// The pseudonym of a seat in the room.
    pub(in crate::consultation) fn stander(&self, seat: SeatId) -> SeatKey {
        let mac = mac(&self.keys().ballots, &[b"in the room", seat.0.as_bytes()]);
        let mut short = [0; 16];
        short.copy_from_slice(&mac[..16]);
        SeatKey(short)
    }

    /// Takes in what a seat says.
    pub(in crate::consultation) fn take_response(
        &mut self,
        by: SeatKey,
        item: IdeaId,
        (n, says): (u64, Response),
        words: &NewWords,
    ) -> Vec<Write> {
        self.plenary_list_mut().responses.say(by, item, (n, says), words.idea.clone());
        Vec::new()
    }

    /// Takes in that a line was deleted: at once, whoever reads it.
    pub(in crate::consultation) fn hide_objection(
        &mut self,
        item: IdeaId,
        objection: ObjectionId,
    ) -> Vec<Write> {
        let kept = &mut self.plenary_list_mut().responses;
        kept.delete_line(objection);
        let items = vec![(item, kept.room(item))];
        vec![Write::Plenary(PlenaryWrite::Responses { items, gone: true })]
    }

    /// Everything that these seats say goes, with its lines. Gives back what they said.
    pub(in crate::consultation) fn leave_room(&mut self, gone: &HashSet<SeatKey>) -> SaidBefore {
        self.plenary_list_mut().responses.leave(gone)
    }

    /// Seats that are there again say what they said; the lines of their objections are deleted.
    pub(in crate::consultation) fn respond_again(&mut self, said: SaidBefore) {
        self.plenary_list_mut().responses.come_back(said);
    }

    /// The seats that object to an item, under the names that they have in the room.
    pub(in crate::consultation) fn speakers(&self) -> impl Iterator<Item = &SeatKey> {
        self.plenary_list().responses.speakers()
    }

    /// The rows of the lines that these seats wrote in the room.
    pub(in crate::consultation) fn lines_of(&self, seats: &HashSet<SeatKey>) -> Vec<TextChange> {
        let objections = self.plenary_list().responses.objections_by(seats);
        objections.map(|objection| TextChange::Delete(TextRow::Objection(objection))).collect()
    }

    /// The seats that said anything in the room, under the names that they have there.
    pub(in crate::consultation) fn standers(&self) -> impl Iterator<Item = &SeatKey> {
        self.plenary_list().responses.ever()
    }

    /// The list was made anew: what comes back to it has its objections again.
    pub(super) fn mark_all_responses(&mut self) {
        self.plenary_list_mut().responses.mark_all();
    }

    /// Does the seat say this of the item already, or something newer?
    pub(in crate::consultation) fn stands_already(
        &self,
        by: SeatKey,
        item: IdeaId,
        (n, says): (u64, Response),
        line: Option<&str>,
    ) -> bool {
        let kept = &self.plenary_list().responses;
        match (kept.of(by, item), says) {
            (None, says) => says == Response::Nothing,
            (Some((old, _)), _) if n <= old => true,
            (Some((_, Response::Objects { objection })), Response::Objects { .. }) => {
                same_words(kept.line(objection), line)
            }
            (Some((_, old)), says) => old == says,
        }
    }

    pub(in crate::consultation) fn has_stood(&self, by: SeatKey, item: IdeaId) -> bool {
        self.plenary_list().responses.of(by, item).is_some()
    }

    pub(in crate::consultation) fn is_newer_response(&self, by: SeatKey, item: IdeaId, n: u64) -> bool {
        self.plenary_list().responses.of(by, item).is_none_or(|(old, _)| n > old)
    }

    /// Lines of objections whose words are there.
    pub(in crate::consultation) fn objection_lines(
        &self,
    ) -> impl Iterator<Item = (IdeaId, ObjectionId, &str)> {
        self.plenary_list().responses.lines()
    }

    /// A line as its row says.
    pub(in crate::consultation) fn load_line(&mut self, objection: ObjectionId, line: String) {
        self.plenary_list_mut().responses.load_line(objection, line);
    }

    /// Nothing waits to be shown: a room that is loaded shows the current responses.
    pub(in crate::consultation) fn room_is_loaded(&mut self) {
        // While a version is adopted it shows what it showed before; all of it is shown when the adoption is closed.
        if !self.adoption_is_open() {
            self.plenary_list_mut().responses.note_shown();
        }
    }

    /// At most so many lines of one item are shown.
    pub fn show_lines(&mut self, max: usize) {
        self.plenary_list_mut().responses.show_lines(max);
    }

    /// Does the plenary not show yet what is said in the room?
    #[must_use]
    pub fn room_waits(&self) -> bool {
        self.plenary_list().responses.waits()
    }

    /// What the plenary does not show yet.
    pub fn take_room(&mut self) -> Vec<Write> {
        // Nobody sees what others object to before the adoption is closed.
        if self.adoption_is_open() {
            return Vec::new();
        }
        let (items, gone) = self.plenary_list_mut().responses.take_changed();
        if items.is_empty() {
            Vec::new()
        } else {
            vec![Write::Plenary(PlenaryWrite::Responses { items, gone })]
        }
    }

    /// What the room says of every item that anybody said anything of.
    #[must_use]
    pub fn room(&self) -> Vec<(IdeaId, Responses)> {
        if self.adoption_is_open() {
            return Vec::new();
        }
        self.plenary_list().responses.rooms()
    }

    /// What is objected to an entry, once nobody adopts anything.
    #[must_use]
    pub fn objections_to(&self, item: IdeaId) -> Option<Responses> {
        let said = self.plenary_list().responses.room(item);
        (said.object > 0 && !self.adoption_is_open()).then_some(said)
    }

    /// What a seat says in the room.
    #[must_use]
    pub fn responses_of(&self, seat: SeatId) -> BTreeMap<IdeaId, OwnResponse> {
        let by = self.stander(seat);
        let kept = &self.plenary_list().responses;
        let own = kept.items_of(by).filter_map(|item| Some((item, kept.of(by, item)?.1)));
        let told = own.filter_map(|(item, says)| match says {
            Response::Nothing => None,
            Response::Objects { objection } => {
                let line = kept.line(objection).map(str::to_owned);
                Some((item, OwnResponse::Object { line }))
            }
        });
        told.collect()
    }

    /// The seat whose objection this is. Looked for only when a line is hidden, so that its phone hears of it.
    #[must_use]
    pub fn objector(&self, item: IdeaId, objection: ObjectionId) -> Option<SeatId> {
        let by = self.plenary_list().responses.holder(item, objection)?;
        self.seats().keys().copied().find(|seat| self.stander(*seat) == by)
    }
}
