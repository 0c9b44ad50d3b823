//! A phone against a server that says what the test tells it to say.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use proto::api::consultation::Answer;
use proto::board::{IDEAS, idea};
use proto::command::Action;
use proto::ids::{ConsultationId, DocumentName, GroupId, IdeaId};
use proto::problem::{Code, Problem};
use proto::wire::frame::{Envelope, Message, Scope, read_hocuspocus};
use proto::wire::stateless::{ClientMessage, ServerMessage};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message as Payload;
use tokio_tungstenite::{WebSocketStream, accept_async};
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::{
    Doc, GetString, Map, MapPrelim, Out, ReadTxn, StateVector, TextPrelim, Transact, Update, WriteTxn,
};

use super::error::PhoneError;
use super::phone::Phone;
use super::replica::Typing;

const IDEA: IdeaId = IdeaId(Uuid::from_u128(7));
const GROUP: GroupId = GroupId(Uuid::from_u128(8));
const CONSULTATION: ConsultationId = ConsultationId(Uuid::from_u128(9));

/// The other end of a phone's socket.
struct Script(WebSocketStream<TcpStream>);

impl Script {
    async fn hear(&mut self) -> Bytes {
        loop {
            if let Payload::Binary(bytes) = self.0.next().await.unwrap().unwrap()
                && bytes[..] != [9]
            {
                return bytes;
            }
        }
    }

    async fn say(&mut self, frame: Bytes) {
        self.0.send(Payload::Binary(frame)).await.unwrap();
    }

    /// Lets the phone in to a document.
    async fn let_in(&mut self, document: DocumentName) -> Envelope {
        let frame = self.hear().await;
        let frame = read_hocuspocus(&frame).unwrap();
        assert_eq!(
            (frame.document(), frame.message),
            (document.to_string().as_str(), Message::Token("secret"))
        );
        let envelope = Envelope::Hocuspocus(frame.key.into());
        self.say(envelope.authenticated(Scope::ReadWrite).unwrap()).await;
        envelope
    }

    async fn command(&mut self) -> proto::command::Command {
        let frame = self.hear().await;
        let Message::Stateless(json) = read_hocuspocus(&frame).unwrap().message else { panic!("no command") };
        let ClientMessage::Command(command) = ClientMessage::from_json(json).unwrap() else {
            panic!("only commands go up here")
        };
        command
    }

    async fn tell(&mut self, envelope: &Envelope, message: &ServerMessage) {
        self.say(envelope.stateless(&serde_json::to_string(message).unwrap()).unwrap()).await;
    }
}

/// A server with one socket, played by `play`; its address.
async fn server<F: Future<Output = ()> + Send + 'static>(
    play: impl FnOnce(Script) -> F + Send + 'static,
) -> (String, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut task = JoinSet::new();
    task.spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        play(Script(accept_async(socket).await.unwrap())).await;
    });
    (url, task)
}

#[tokio::test]
async fn answers_find_their_commands_in_whatever_order_they_come() {
    let (url, mut task) = server(async |mut script: Script| {
        let envelope = script.let_in(DocumentName::Consultation(CONSULTATION)).await;
        let (first, second) = (script.command().await, script.command().await);
        let problem = Problem::new(Code::OverBudget);
        script.tell(&envelope, &ServerMessage::Problem { id: Some(second.id), problem }).await;
        let answer = Answer::done(first.id, 12);
        script.tell(&envelope, &ServerMessage::Answer(answer)).await;
        script.hear_the_end().await;
    })
    .await;
    let phone = Phone::connect(&url, CONSULTATION, "secret").await.unwrap();
    let approve = || Action::Approve { idea: IDEA, on: true, counter: None };
    let first = phone.send(approve()).await.unwrap();
    let second = phone.send(approve()).await.unwrap();
    assert_eq!(first.answer().await.unwrap().seq, 12);
    assert_eq!(second.answer().await, Err(PhoneError::Refused(Problem::new(Code::OverBudget))));
    drop(phone);
    task.join_next().await.unwrap().unwrap();
}

#[tokio::test]
async fn w3_w4_typing_reaches_the_server_and_is_done_when_it_is_recorded() {
    let (url, mut task) = server(async |mut script: Script| {
        script.let_in(DocumentName::Consultation(CONSULTATION)).await;
        let envelope = script.let_in(DocumentName::Board(GROUP)).await;
        let board = board();
        assert!(matches!(read_hocuspocus(&script.hear().await).unwrap().message, Message::SyncStep1(_)));
        script.say(envelope.sync_step1(&[0])).await;
        script.say(envelope.sync_step2(&everything(&board))).await;
        assert!(matches!(read_hocuspocus(&script.hear().await).unwrap().message, Message::SyncStep2(_)));
        script.say(envelope.sync_status().unwrap()).await;
        let typed = script.hear().await;
        let Message::Update(update) = read_hocuspocus(&typed).unwrap().message else { panic!("no update") };
        board.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
        assert_eq!(wording(&board), "Learn to code 📱!");
        script.say(envelope.sync_status().unwrap()).await;
        script.hear_the_end().await;
    })
    .await;
    let phone = Phone::connect(&url, CONSULTATION, "secret").await.unwrap();
    phone.open_board(GROUP).await.unwrap();
    phone.type_in(GROUP, IDEA, Typing::Append("!".to_owned())).await.unwrap();
    assert_eq!(phone.wording(GROUP, IDEA).await.unwrap(), "Learn to code 📱!");
    let nowhere = IdeaId(Uuid::from_u128(1));
    assert_eq!(phone.wording(GROUP, nowhere).await, Err(PhoneError::NoSuchIdea(nowhere)));
    drop(phone);
    task.join_next().await.unwrap().unwrap();
}

#[tokio::test]
async fn when_the_socket_ends_everybody_who_waits_is_told() {
    let (url, mut task) = server(async |mut script: Script| {
        script.let_in(DocumentName::Consultation(CONSULTATION)).await;
        script.command().await;
        script.0.close(None).await.unwrap();
    })
    .await;
    let phone = Phone::connect(&url, CONSULTATION, "secret").await.unwrap();
    let answer = phone.command(Action::Merge {}).await;
    assert!(matches!(answer, Err(PhoneError::Ended(_))), "{answer:?}");
    assert_eq!(phone.command(Action::Merge {}).await, answer);
    task.join_next().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_token_that_is_not_known_and_a_server_that_is_not_there_are_said_so() {
    let (url, _task) = server(async |mut script: Script| {
        script.hear().await;
        let name = DocumentName::Consultation(CONSULTATION).to_string();
        script.say(Envelope::Hocuspocus(name.as_str().into()).permission_denied("not here").unwrap()).await;
        script.hear_the_end().await;
    })
    .await;
    let denied = Phone::connect(&url, CONSULTATION, "secret").await.err();
    assert!(matches!(denied, Some(PhoneError::Denied { ref why, .. }) if why == "not here"), "{denied:?}");
    let nobody = Phone::connect("http://127.0.0.1:9", CONSULTATION, "secret").await.err();
    assert!(matches!(nobody, Some(PhoneError::Unreachable { .. })), "{nobody:?}");
}

impl Script {
    async fn hear_the_end(&mut self) {
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

fn board() -> Doc {
    let doc = Doc::with_client_id(1 << 32);
    let mut txn = doc.transact_mut();
    let ideas = txn.get_or_insert_map(IDEAS);
    let entry = ideas.insert(&mut txn, IDEA.to_string(), MapPrelim::default());
    entry.insert(&mut txn, idea::TEXT, TextPrelim::new("Learn to code 📱"));
    drop(txn);
    doc
}

fn everything(board: &Doc) -> Vec<u8> {
    board.transact().encode_state_as_update_v1(&StateVector::default())
}

fn wording(board: &Doc) -> String {
    let txn = board.transact();
    let Some(Out::YMap(entry)) = txn.get_map(IDEAS).unwrap().get(&txn, &IDEA.to_string()) else { panic!() };
    let Some(Out::YText(text)) = entry.get(&txn, idea::TEXT) else { panic!() };
    text.get_string(&txn)
}
