//! A phone that only listens keeps its seat at the table; one that has vanished does not.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

#[path = "fixture/config.rs"]
mod config;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use proto::api::consultation::Created;
use serde_json::{Value, json};
use server::clock::tick;
use server::config::{CostLimits, Limits};
use server::lifecycle::{Running, start};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;

use config::config;

const KEEP_ALIVE: Duration = Duration::from_millis(200);
const GONE_AFTER: Duration = Duration::from_millis(600);

async fn lively_server(folder: &std::path::Path) -> (Running, Created) {
    // What makes it lively is pushed each time, not as thinned as people are shown it.
    let costs = CostLimits { push_pause: KEEP_ALIVE / 4, ..CostLimits::default() };
    let limits = Limits { keep_alive: KEEP_ALIVE, gone_after: GONE_AFTER, costs, ..Limits::default() };
    let running = start(config(folder, limits)).await.unwrap();
    let url = format!("{}/api/consultations", running.local_url());
    let request =
        server::service_client::plain_client().post(url).bearer_auth("key").json(&json!({ "title": "T" }));
    let created = request.send().await.unwrap().json().await.unwrap();
    (running, created)
}

/// Opens the consultation's document as the projector: it never says anything else.
async fn listen(
    running: &Running,
    created: &Created,
) -> tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>> {
    let url = format!("{}/sync", running.local_url().replace("http", "ws"));
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let name = format!("consultation/{}", created.id);
    let mut token = Vec::new();
    for part in [name.as_bytes(), &[2, 0], created.room.token.as_bytes()] {
        if part.len() > 2 {
            token.push(u8::try_from(part.len()).unwrap());
        }
        token.extend_from_slice(part);
    }
    socket.send(Message::Binary(token.into())).await.unwrap();
    socket
}

/// Something to hear, more often than the server gives signs of life by itself.
async fn stir(running: &Running, created: &Created, until: Instant) {
    let client = server::service_client::plain_client();
    let mut open = true;
    while tick() < until {
        open = !open;
        let command = json!({ "id": uuid_of(open, until), "do": "door", "open": open });
        let request = client.post(format!("{}/api/commands", running.local_url()));
        let answer: Value = request
            .bearer_auth(&created.organizer.token)
            .json(&command)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(answer["ok"].as_bool().unwrap_or(false) || answer["code"] == "conflict", "{answer}");
        tokio::time::sleep(KEEP_ALIVE / 4).await;
    }
}

fn uuid_of(open: bool, until: Instant) -> String {
    let left = until.saturating_duration_since(tick()).as_nanos();
    uuid::Uuid::from_u128(left << 1 | u128::from(open)).to_string()
}

#[tokio::test]
async fn w10_who_only_listens_on_a_lively_board_is_not_taken_for_gone() {
    let folder = tempfile::tempdir().unwrap();
    let (running, created) = lively_server(folder.path()).await;
    let mut socket = listen(&running, &created).await;
    let until = tick() + GONE_AFTER * 5;
    let mut heard = 0;
    let hears = async {
        while let Ok(message) = timeout(until.saturating_duration_since(tick()), socket.next()).await {
            match message {
                Some(Ok(Message::Close(reason))) => panic!("closed: {reason:?}"),
                Some(Ok(_)) => heard += 1,
                Some(Err(error)) => panic!("{error}"),
                None => panic!("the connection ended"),
            }
        }
    };
    tokio::join!(hears, stir(&running, &created, until));
    assert!(heard > 20, "it heard {heard} messages");
    running.stop().await;
}

#[tokio::test]
async fn w10_who_has_vanished_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let (running, created) = lively_server(folder.path()).await;
    let mut socket = listen(&running, &created).await;
    // Nothing of it is read, so no ping is answered, until the server should have let go of it long ago.
    tokio::time::sleep(GONE_AFTER * 4).await;
    let ends = async { while let Some(Ok(_)) = socket.next().await {} };
    assert!(timeout(GONE_AFTER * 4, ends).await.is_ok(), "the server ended the connection");
    running.stop().await;
}
