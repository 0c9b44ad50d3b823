//! Who only looks is told what is so when everything before is durable.

use proto::api::consultation::{ConsultationView, JoinInfo};

use super::mailbox::Look;
use super::task::Task;

impl Task {
    /// Answers a look.
    pub(super) fn look(&mut self, look: Look) {
        match look {
            Look::View(seat, reply) => {
                let you = self.consultation.you(seat, &self.public_url);
                let view = you.map(|you| ConsultationView { state: (*self.state()).clone(), you });
                let _ = reply.send(view);
            }
            Look::JoinInfo(way, reply) => {
                let texts_to_service = self.embedder.is_some();
                let door = self.consultation.doorstep(way, self.clock.now());
                let _ = reply.send(JoinInfo { texts_to_service, ..door });
            }
            Look::SeatCode(seat, reply) => {
                let _ = reply.send(self.seat_code(seat));
            }
            Look::Cards(seat, reply) => {
                let _ = reply.send(self.look_at_cards(seat));
            }
            Look::Open(seat, document, reply) => {
                self.opened.insert(seat);
                let _ = reply.send(self.open(seat, document));
            }
            Look::Subscribe(subscriber) => self.subscribe(subscriber),
            Look::Unsubscribe(id) => {
                if self.subscribers.remove(&id).is_some() {
                    self.presence_changed();
                    self.desk_changed();
                }
            }
            Look::Sending(id, n) => self.hear_sending(id, n),
            Look::Late(seat, group, reply) => {
                let _ = reply.send(self.consultation.late_shelf(seat, group));
            }
            Look::Curation(seat, reply) => {
                let _ = reply.send(self.look_at_curation(seat));
            }
            Look::Desk(seat, reply) => {
                let _ = reply.send(self.look_at_desk(seat));
            }
            Look::DeskPage(seat, which, reply) => {
                let _ = reply.send(self.look_at_desk_page(seat, which));
            }
            Look::Wordings(seat, group, idea, reply) => {
                let _ = reply.send(self.consultation.wordings(seat, group, idea));
            }
            Look::Alerts(seat, reply) => {
                let _ = reply.send(self.look_at_alerts(seat));
            }
            Look::Ledger(after, reply) => {
                let ledger = self.consultation.ledger();
                let lines = ledger.iter().skip(after).take(self.limits.records.ledger_page);
                let _ = reply.send(lines.cloned().collect());
            }
            Look::Prepare(look) => self.look_at_preparation(look),
            Look::Programme(reply) => {
                let _ = reply.send(self.consultation.programme_view());
            }
            Look::Records(look) => self.look_at_records(look),
            Look::Report(reply) => {
                let _ = reply.send(self.report());
            }
        }
    }
}
