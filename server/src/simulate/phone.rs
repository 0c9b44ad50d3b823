//! One person's phone: commands with their answers, and typing on a board, over one socket.
//!
//! A handle to a task that owns the socket; dropped, it hangs up. Commands of one phone leave in their order;
//! [`Phone::send`] does not wait for the answer, so that many can be under way.

use proto::api::consultation::Answer;
use proto::command::Action;
use proto::ids::{ConsultationId, DocumentName, GroupId, IdeaId};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::connection::{self, Connection, PhoneReply, PhoneRequest};
use super::error::{ANSWER_TIME, PhoneError};
use super::random;
use super::replica::Typing;

/// Wishes that wait for the socket; more wait with their sender.
const WISHES_WAITING: usize = 64;
/// An answer that is under way.
#[must_use = "an answer may be a refusal"]
pub struct Pending<T>(oneshot::Receiver<Result<T, PhoneError>>);

impl<T> Pending<T> {
    /// Waits for it.
    ///
    /// # Errors
    /// The server's refusal; or the connection ended or stayed silent.
    pub async fn answer(self) -> Result<T, PhoneError> {
        match timeout(ANSWER_TIME, self.0).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(PhoneError::Ended("before the answer came".to_owned())),
            Err(_) => Err(PhoneError::NoAnswer),
        }
    }
}

/// A phone with an open socket.
pub struct Phone {
    wishes: mpsc::Sender<PhoneRequest>,
    _socket: JoinSet<()>,
}

impl Phone {
    /// Connects to `url` (`http://…`) and opens the consultation's document.
    ///
    /// # Errors
    /// When nobody answers, or the token is not accepted.
    pub async fn connect(url: &str, consultation: ConsultationId, token: &str) -> Result<Self, PhoneError> {
        let (wishes, waiting) = mpsc::channel(WISHES_WAITING);
        let socket = connection::dial(url).await?;
        let mut connection = Connection::new(socket, consultation, token);
        let mut task = JoinSet::new();
        task.spawn(async move { connection.run(waiting).await });
        let phone = Self { wishes, _socket: task };
        phone.open(DocumentName::Consultation(consultation)).await?;
        Ok(phone)
    }

    /// Opens a group's board and waits until all of it is here.
    ///
    /// # Errors
    /// When the server does not allow it.
    pub async fn open_board(&self, group: GroupId) -> Result<(), PhoneError> {
        self.open(DocumentName::Board(group)).await
    }

    async fn open(&self, document: DocumentName) -> Result<(), PhoneError> {
        let client_id = random::client_id()?;
        self.wish(|reply| PhoneRequest::Open { document, client_id, reply }).await?.answer().await
    }

    /// Sends a command; the answer is awaited later.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn send(&self, action: Action) -> Result<Pending<Answer>, PhoneError> {
        let id = random::command_id()?;
        self.wish(|reply| PhoneRequest::Command { id, action: Box::new(action), reply }).await
    }

    /// Sends a command and waits for its answer.
    ///
    /// # Errors
    /// The server's refusal; or the connection ended.
    pub async fn command(&self, action: Action) -> Result<Answer, PhoneError> {
        self.send(action).await?.answer().await
    }

    /// Types into an idea on an open board and waits until it is recorded.
    ///
    /// # Errors
    /// When the idea is not there, or the server refused the edit.
    pub async fn type_in(&self, group: GroupId, idea: IdeaId, typing: Typing) -> Result<(), PhoneError> {
        let document = DocumentName::Board(group);
        self.wish(|reply| PhoneRequest::Type { document, idea, typing, reply }).await?.answer().await
    }

    /// The wording of an idea as this phone shows it.
    ///
    /// # Errors
    /// When the idea is not there.
    pub async fn wording(&self, group: GroupId, idea: IdeaId) -> Result<String, PhoneError> {
        let document = DocumentName::Board(group);
        self.wish(|reply| PhoneRequest::Read { document, idea, reply }).await?.answer().await
    }

    async fn wish<T>(
        &self,
        wish: impl FnOnce(PhoneReply<T>) -> PhoneRequest,
    ) -> Result<Pending<T>, PhoneError> {
        let (reply, answer) = oneshot::channel();
        match self.wishes.send(wish(reply)).await {
            Ok(()) => Ok(Pending(answer)),
            Err(_) => Err(PhoneError::Ended("it was closed before".to_owned())),
        }
    }
}
