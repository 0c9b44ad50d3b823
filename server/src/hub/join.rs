//! Joining: by a typed code, which takes its turn, or by a key, which does not wait.

use proto::api::consultation::{Join, JoinInfo, Joined};
use proto::ids::ConsultationId;
use proto::problem::{Code, Problem};
use tokio::time::sleep_until;

use super::Hub;
use crate::address_prefix::PrefixId;
use crate::clock::tick;
use crate::consultation::EntranceKind;
use crate::consultation::secret::{hash_token, normal_code};
use crate::live::{Arrival, ConsultationHandle, ConsultationMessage};

/// Who asks, as far as that is known before there is a seat.
#[derive(Clone, Debug)]
pub struct Client {
    /// From which place; none: it is the server's own.
    pub prefix: Option<PrefixId>,
    /// The place in the queue of typed codes that it was given.
    pub ticket: Option<String>,
    /// The token that it sent, if any: whose consultation it is does not wait at the door.
    pub token: Option<String>,
}

impl Client {
    /// Somebody from this place; without one it is the server itself.
    #[must_use]
    pub const fn at(prefix: Option<PrefixId>) -> Self {
        Self { prefix, ticket: None, token: None }
    }
}

impl Hub {
    /// Takes a seat, for somebody who comes from this place.
    ///
    /// # Errors
    /// When the code or key is not known, the door is closed, or there are too many typed tries.
    pub async fn join(&self, client: Client, join: Join) -> Result<(Joined, u64), Problem> {
        let (handle, way) = self.door(&client, join.code.as_deref(), join.key.as_deref()).await?;
        if let Some(prefix) = client.prefix
            && !self.is_host(&client, handle.id)
            && let Some(until) = self.addresses.join(prefix, handle.id, tick())?
        {
            sleep_until(until).await;
        }
        let arrival = Arrival { way, prefix: client.prefix };
        handle.ask(|reply| ConsultationMessage::Join(join, arrival, reply)).await?
    }

    /// What somebody sees before joining, by a typed code or a key of 32 hex digits.
    ///
    /// # Errors
    /// As [`Hub::join`].
    pub async fn doorstep(&self, client: &Client, code_or_key: &str) -> Result<JoinInfo, Problem> {
        let (handle, way) = if code_or_key.len() == 32 {
            self.door(client, None, Some(code_or_key)).await?
        } else {
            self.door(client, Some(code_or_key), None).await?
        };
        handle.read(move |view| view.join_info(way)).await
    }

    /// Is this the operator, or who organizes the consultation? They may let in as many as they want, as fast as they want.
    fn is_host(&self, client: &Client, consultation: ConsultationId) -> bool {
        let Some(token) = &client.token else { return false };
        if self.is_organizer_key(token) {
            return true;
        }
        let organizer = self.node.directory.organizer_of(consultation);
        let caller = self.node.directory.by_token(hash_token(token));
        caller.zip(organizer).is_some_and(|(caller, organizer)| caller.seat == organizer.seat)
    }

    /// A typed code takes its turn, right or wrong, whatever it is of; a key does not wait.
    async fn door(
        &self,
        client: &Client,
        code: Option<&str>,
        key: Option<&str>,
    ) -> Result<(ConsultationHandle, EntranceKind), Problem> {
        let unknown = || Problem::new(Code::UnknownCode);
        match (code, key) {
            (None, Some(key)) => self.node.directory.by_key(key).ok_or_else(unknown),
            (Some(code), None) => {
                if let Some(prefix) = client.prefix {
                    self.tries.take(prefix, client.ticket.as_deref()).await?;
                }
                let found = normal_code(code).and_then(|code| self.node.directory.by_code(&code));
                if let Some(prefix) = client.prefix.filter(|_| found.is_none()) {
                    self.tries.wrong(prefix);
                }
                found.ok_or_else(unknown)
            }
            _ => Err(Problem::because(Code::Malformed, "Join with either a \"code\" or a \"key\".")),
        }
    }
}
