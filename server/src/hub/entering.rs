//! Who comes in at a consultation's door and who loses a phone; and the door that opens by itself, on time.

use std::time::Duration;

use proto::api::consultation::{Join, Joined};
use proto::api::entry::{EntryCards, SeatCode};
use proto::ids::{DocumentName, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;
use tokio::sync::oneshot;
use tokio::time::Instant;
use uuid::Uuid;

use super::batch::{Batch, Effect};
use super::mailbox::Arrival;
use super::task::Task;
use crate::access::Deed;
use crate::consultation::secret::{hash_token, new_token, requested_seat};
use crate::consultation::{Context, EntranceKind, Event, Hash32, NewWords, SeatPlacement};
use crate::journal::{JournalError, Seq};
use crate::room::OutboxMessage;

/// The clock of the machine may be set while a door waits for its time: looked at again after this.
const DOOR_LOOK: Duration = Duration::from_secs(15);

impl Task {
    pub(super) fn join(
        &mut self,
        join: &Join,
        Arrival { way, prefix }: Arrival,
        reply: oneshot::Sender<Result<(Joined, Seq), Problem>>,
        batch: &mut Batch,
    ) {
        let id = self.consultation.id();
        let keys = *self.consultation.keys();
        let (requested, token) = match join.request {
            Some(request) => requested_seat(&keys.seats, request),
            None => (SeatId(self.entropy.uuid()), new_token(&self.entropy)),
        };
        let joined = |seat, group| {
            let board = DocumentName::Board(group).to_string();
            Joined { seat, token: token.clone(), consultation: id, group, board }
        };
        if let Some(how) = self.closed_how(requested) {
            let _ = reply.send(Err(Problem::new(how)));
            return;
        }
        if let Some((seat, group)) = self.consultation.existing_seat(way, requested, &token) {
            // Its answer was lost on the way; the seat is there.
            let index = batch.entries.len().saturating_sub(1);
            batch.after.push(Effect::Seated { index, joined: joined(seat, group), reply });
            return;
        }
        let taken = self.consultation.seats().contains_key(&requested);
        let admitted = self.consultation.admit(join, way, &self.limits, self.clock.now());
        let admitted = admitted.and_then(|admission| match admission {
            SeatPlacement::New(_) if taken => {
                Err(Problem::because(Code::Conflict, "The seat of this request has another phone by now."))
            }
            SeatPlacement::New(_) | SeatPlacement::Again(..) => Ok(admission),
        });
        let waits =
            self.consultation.founding().settings.admission == proto::api::consultation::Admission::Waves;
        let (seat, group, event) = match (admitted, way) {
            (Err(problem), _) => {
                let _ = reply.send(Err(problem));
                return;
            }
            (Ok(SeatPlacement::Again(seat, _)), _) if self.consultation.is_closed(seat) => {
                let how = self.closed_how(seat).unwrap_or(Code::SeatClosed);
                let _ = reply.send(Err(Problem::new(how)));
                return;
            }
            (Ok(SeatPlacement::Again(seat, group)), EntranceKind::Card(card)) => {
                (seat, group, Event::Reseated { seat, card, token: hash_token(&token) })
            }
            (Ok(SeatPlacement::New(group) | SeatPlacement::Again(_, group)), _) => {
                let card = if let EntranceKind::Card(card) = way { Some(card) } else { None };
                (
                    requested,
                    group,
                    Event::Seated { seat: requested, group, token: hash_token(&token), card, waits },
                )
            }
        };
        if matches!(event, Event::Seated { .. }) {
            let by_card = matches!(way, EntranceKind::Card(_));
            let (now, voices) = (self.clock.now(), &self.limits.voices);
            self.consultation.note_arrival((seat, group), (prefix, by_card), now, voices);
        }
        self.decided(None, seat, event, &NewWords::default(), batch);
        let index = batch.entries.len() - 1;
        batch.after.push(Effect::Seated { index, joined: joined(seat, group), reply });
    }

    /// Was this seat closed, and how?
    fn closed_how(&self, seat: SeatId) -> Option<Code> {
        let how =
            if self.consultation.is_closed_together(seat) { Code::ClosedTogether } else { Code::SeatClosed };
        self.consultation.is_closed(seat).then_some(how)
    }

    /// What must be forgotten when an event is durable: asked before it is taken in.
    pub(super) fn leaving(&self, event: &Event) -> Option<Effect> {
        let Event::CardReplaced { card, .. } = event else { return None };
        let (seat, token) = self.consultation.seat_of_card(*card)?;
        Some(Effect::Gone(seat, token))
    }

    /// What the directory must know when an event is durable: asked after it was taken in.
    pub(super) fn entering(&self, event: &Event) -> Option<Effect> {
        let made = if let Event::CardsMade { cards, .. } = event {
            cards.as_slice()
        } else if let Event::CardReplaced { by, .. } = event {
            std::slice::from_ref(by)
        } else {
            return None;
        };
        let entrances = made.iter().map(|card| self.consultation.entrance(EntranceKind::Card(*card)));
        Some(Effect::Entrances(entrances.collect()))
    }

    /// A phone loses its seat: its token is nobody's, and its sockets end.
    pub(super) fn revoke_token(&self, seat: SeatId, token: Hash32) {
        self.directory.forget(token);
        for subscriber in self.subscribers.values().filter(|subscriber| subscriber.seat == seat) {
            subscriber.outbox.send(OutboxMessage::Close(CloseReason::Unauthorized));
        }
    }

    pub(super) fn seat_code(&mut self, seat: SeatId) -> Result<SeatCode, Problem> {
        let context = Context { now: self.clock.now(), entropy: &self.entropy, limits: &self.limits };
        self.consultation.seat_code(seat, context)
    }

    pub(super) fn look_at_cards(&self, seat: SeatId) -> Result<EntryCards, Problem> {
        self.consultation.permit(Deed::Cards, seat, None)?;
        Ok(self.consultation.cards(&self.public_url))
    }

    /// When to look whether the door must open.
    pub(super) fn door_due(&self) -> Option<Instant> {
        let wait = self.consultation.opens_at()?.saturating_sub(self.clock.now());
        Some(Instant::now() + Duration::from_millis(wait).min(DOOR_LOOK))
    }

    /// Opens the door if its time has come. Nobody of the staff did it now: the ledger has who said when.
    pub(super) async fn open_in_time(&mut self) -> Result<(), JournalError> {
        if self.consultation.opens_at().is_none_or(|at| self.clock.now() < at) {
            return Ok(());
        }
        let mut batch = Batch::default();
        let event = Event::Door { open: true, opens_at: None, admission: None };
        self.decided(None, SeatId(Uuid::nil()), event, &NewWords::default(), &mut batch);
        self.commit(batch).await
    }
}
