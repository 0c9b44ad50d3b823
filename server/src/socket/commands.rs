//! Commands of a connection: handed over in the order in which they came, answered whenever they are done.

use std::sync::Arc;

use proto::api::consultation::Answer;
use proto::command::Action;
use proto::ids::CommandId;
use proto::problem::{Code, Problem};
use proto::wire::frame::Envelope;
use proto::wire::stateless::{ClientMessage, ServerMessage};
use tokio::task::JoinSet;

use super::documents::OpenDocument;
use crate::address_prefix::PrefixId;
use crate::hub::{Client, Hub, Sender};
use crate::room::Outbox;

/// The commands of one connection that are not answered yet. Those that are left when it ends are carried out all the same.
pub(super) struct Commands {
    hub: Arc<Hub>,
    prefix: PrefixId,
    outbox: Outbox,
    waiting: JoinSet<()>,
}

impl Commands {
    /// None yet; answers go to this queue.
    pub fn new(hub: Arc<Hub>, prefix: PrefixId, outbox: Outbox) -> Self {
        Self { hub, prefix, outbox, waiting: JoinSet::new() }
    }

    /// Takes a stateless message of the consultation's own document.
    pub async fn take(&mut self, document: &OpenDocument, json: &str) {
        let (envelope, outbox) = (document.envelope().clone(), self.outbox.clone());
        let command = match ClientMessage::from_json(json) {
            Ok(ClientMessage::Command(command)) => command,
            Ok(ClientMessage::Unsent(count)) => return document.unsent(count).await,
            Err(error) => {
                let problem = Problem::because(Code::Malformed, error.to_string());
                return answer(&envelope, &outbox, id_of(json), Err(problem));
            }
        };
        let id = command.id;
        // Handed over here, so that commands are decided in the order in which they came; awaited elsewhere.
        let makes = matches!(command.action, Action::Create(_));
        let sender = if makes { document.sender() } else { Sender::Seat(document.caller().clone()) };
        let answering = self.hub.begin_command(&sender, Client::at(Some(self.prefix)), command).await;
        self.waiting.spawn(async move {
            answer(&envelope, &outbox, Some(id), answering.await);
        });
    }

    /// Waits for the next command that is answered; `None` when none waits.
    pub async fn next(&mut self) -> Option<()> {
        self.waiting.join_next().await.map(drop)
    }
}

fn answer(envelope: &Envelope, outbox: &Outbox, id: Option<CommandId>, answer: Result<Answer, Problem>) {
    let message = match answer {
        Ok(answer) => ServerMessage::Answer(answer),
        Err(problem) => ServerMessage::Problem { id, problem },
    };
    let json = serde_json::to_string(&message).unwrap_or_default();
    if let Some(frame) = envelope.stateless(&json) {
        outbox.frame(frame);
    }
}

/// The id of a command that could not be read otherwise, so that its sender knows which one.
fn id_of(json: &str) -> Option<CommandId> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    value.get("id")?.as_str()?.parse().ok()
}
