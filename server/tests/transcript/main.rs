//! One conversation of a phone with a real server, byte by byte: `proto/transcript.md` is what this test hears and says.
//!
//! `PLENUM_WRITE=1 cargo test -p plenum-server --test transcript` writes the page; without it every byte is compared. Time stands
//! still, and ids are drawn from a counter, so that each run says the same. `tests/harness/golden.test.mjs` reads the page with
//! lib0 alone.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

#[path = "../fixture/config.rs"]
mod config;
mod page;
mod phone;
#[path = "../fixture/stage.rs"]
mod stage;

use std::sync::Arc;

use bytes::Bytes;
use proto::ids::Receipt;
use serde_json::{Value, json};
use server::clock::{Clock, Entropy};
use server::config::Limits;
use uuid::Uuid;

use page::Transcript;
use phone::{PING, Phone, text};
use stage::Stage;

/// The time of day at which everything happens, in milliseconds since 1970.
const NOW: u64 = 1_800_000_000_000;
/// The Yjs client ids of the two phones of the transcript.
const PHONE: u64 = 1_001;
const NEIGHBOUR: u64 = 2_002;

/// The idea that the neighbour shares, and the one that the phone does.
const FIRST: Uuid = Uuid::from_u128(0x1dea_0000_0000_4000_8000_0000_0000_0001);
const SECOND: Uuid = Uuid::from_u128(0x1dea_0000_0000_4000_8000_0000_0000_0002);

async fn begin() -> Stage {
    let time = (Clock::Manual(Arc::new(NOW.into())), Entropy::Counter(Arc::default()));
    let wish = json!({ "title": "Water for all", "groups": ["Harbour"] });
    let address = "https://plenum.example".to_owned();
    Stage::new(Limits::default(), |config| config.public_url = Some(address), time, &wish).await
}

async fn command(stage: &Stage, token: &str, command: &Value) {
    let request = stage.http.post(stage.path("/api/commands")).json(command);
    let answer = request.bearer_auth(token).send().await.unwrap();
    assert!(answer.status().is_success(), "{command}: {}", answer.text().await.unwrap());
}

async fn enters(stage: &Stage, phase: &str, id: u128) {
    let enter = json!({ "id": Uuid::from_u128(id).to_string(), "do": "phase", "phase": phase });
    command(stage, &stage.created.organizer.token, &enter).await;
}

/// A command that shares an idea; its receipt is 32 times this byte.
fn share(stage: &Stage, id: Uuid, words: &str, receipt: u8) -> Value {
    json!({
        "id": Uuid::from_u128(0xc0de_0000_0000_4000_8000_0000_0000_0000 + u128::from(receipt)).to_string(), "do": "share", "idea": id.to_string(),
        "group": stage.created.groups[0].id, "lang": "en", "text": words, "receipt": Receipt::from_bytes([receipt; 32]).hash(),
    })
}

/// Opens the board without writing any of it down.
async fn neighbour(stage: &Stage) -> Phone {
    let mut phone = Phone::connect(stage, NEIGHBOUR).await;
    command(stage, &phone.token, &share(stage, FIRST, "Clean water near every school", 1)).await;
    let board = phone.board.clone();
    phone.say(phone.opens(&board)).await;
    phone.hear(&board, "authenticated").await;
    phone.say(phone.step1()).await;
    let step1 = phone.hear(&board, "step 1").await;
    let step2 = phone.hear(&board, "step 2").await;
    phone.takes(&step2);
    phone.say(phone.step2(&step1)).await;
    phone.hear(&board, "sync status").await;
    phone
}

async fn opens_the_consultation(page: &mut Transcript, phone: &mut Phone) {
    let consultation = phone.consultation.clone();
    page.says(
        phone,
        phone.opens(&consultation),
        "The phone opens the consultation's own document with its token (W2, W3).",
    )
    .await;
    page.hears(
        phone,
        &consultation,
        "authenticated",
        "The server knows the seat; this document is empty, so its scope is `readonly` (W3).",
    )
    .await;
    page.hears(phone, &consultation, "stateless welcome", "The server says which protocol it speaks (W18).")
        .await;
    page.hears(
        phone,
        &consultation,
        "stateless state",
        "The server sends the consultation as everybody sees it (W11).",
    )
    .await;
    page.hears(
        phone,
        &consultation,
        "stateless you",
        "The server sends what concerns this seat alone (W11).",
    )
    .await;
}

async fn opens_the_board(page: &mut Transcript, phone: &mut Phone) {
    let board = phone.board.clone();
    page.says(phone, phone.opens(&board), "The phone opens its group's board with the same token (W3).")
        .await;
    page.hears(
        phone,
        &board,
        "authenticated",
        "The server accepts the token again; on this board the seat may write (W3).",
    )
    .await;
    page.says(
        phone,
        phone.step1(),
        "The phone sends its step 1, the state vector of an empty document (W3).",
    )
    .await;
    let step1 = page
        .hears(
            phone,
            &board,
            "step 1",
            "The server sends its own step 1 first: the board's state vector (W3).",
        )
        .await;
    let step2 = page
        .hears(
            phone,
            &board,
            "step 2",
            "The server sends the board's first state, which is small enough for one part (W15).",
        )
        .await;
    phone.takes(&step2);
    page.says(
        phone,
        phone.step2(&step1),
        "The phone answers the server's step 1: it has nothing that the server lacks.",
    )
    .await;
    page.hears(phone, &board, "sync status", "The server acknowledges the step 2 like every update (W4).")
        .await;
}

async fn writes(page: &mut Transcript, phone: &mut Phone, neighbour: &mut Phone) {
    let board = phone.board.clone();
    page.says(
        phone,
        phone.types(FIRST, "!"),
        "The phone puts a letter at the end of the neighbour's idea (B1).",
    )
    .await;
    let pages = page
        .hears(
            phone,
            &board,
            "update",
            "Before anybody sees letters of a new page, the server counts the page in `about.pages` (W8).",
        )
        .await;
    phone.takes(&pages);
    neighbour.hear(&board, "update").await;
    page.hears(phone, &board, "sync status", "The server acknowledges the letter: it is durable (W4).").await;
    let letter = neighbour.hear(&board, "update").await;
    neighbour.takes(&letter);
    page.says(phone, phone.edits(FIRST), "The phone says that it edits this idea (W9).").await;
    neighbour.hear(&board, "awareness").await;
    neighbour.say(neighbour.edits(FIRST)).await;
    page.hears(
        phone,
        &board,
        "awareness",
        "The server relays that the neighbour edits it too, under an id that the server gives (W9).",
    )
    .await;
    neighbour.say(neighbour.types(FIRST, "?")).await;
    let pages = page
        .hears(
            phone,
            &board,
            "update",
            "The server counts the neighbour's page, which writes for the first time (W8).",
        )
        .await;
    phone.takes(&pages);
    let letter = page
        .hears(
            phone,
            &board,
            "update",
            "The server sends a letter of the neighbour, which is durable already (W4).",
        )
        .await;
    phone.takes(&letter);
    page.says(phone, Bytes::from_static(PING), "The phone asks whether the server is still there (W10).")
        .await;
    page.hears(phone, "", "pong", "The server answers that it is (W10).").await;
}

async fn decides(page: &mut Transcript, phone: &mut Phone, stage: &Stage) {
    let (consultation, board) = (phone.consultation.clone(), phone.board.clone());
    let mut command = share(stage, SECOND, "Teach pupils to test it", 2);
    command["type"] = json!("command");
    page.says(phone, phone.commands(&command), "The phone sends a command: it shares an idea (C1).").await;
    let idea = page
        .hears(
            phone,
            &board,
            "update",
            "The server puts the idea on the board, for everybody who has it open (B2).",
        )
        .await;
    phone.takes(&idea);
    page.hears(
        phone,
        &consultation,
        "stateless answer",
        "The server answers: the command is durable and visible (C4).",
    )
    .await;
    enters(stage, "vote", 2).await;
    page.hears(
        phone,
        &board,
        "update",
        "The organizer moved the group to *vote*: the server locks the board (B6).",
    )
    .await;
    page.hears(
        phone,
        &consultation,
        "stateless state",
        "The server pushes the state, because something in it changed (W11).",
    )
    .await;
}

#[tokio::test]
async fn w1_w2_w3_w4_w9_w10_w11_w18_the_transcript_is_what_a_phone_and_the_server_say() {
    let stage = begin().await;
    enters(&stage, "brainstorm", 1).await;
    let mut neighbour = neighbour(&stage).await;
    let mut phone = Phone::connect(&stage, PHONE).await;
    let board = phone.board.clone();
    let mut page = Transcript::new();

    opens_the_consultation(&mut page, &mut phone).await;
    opens_the_board(&mut page, &mut phone).await;
    writes(&mut page, &mut phone, &mut neighbour).await;

    decides(&mut page, &mut phone, &stage).await;

    let close = [text(&board), vec![7], text("")].concat();
    page.says(
        &mut phone,
        close.into(),
        "The phone closes the board; the socket and the other document stay open (W1).",
    )
    .await;
    assert_eq!(phone.waiting(), [""; 0], "nothing that the server said is left out");
    drop(neighbour);
    let ((), end) = tokio::join!(stage.running.stop(), phone.hear_the_end());
    page.line(
        "server",
        &end,
        "The server stops: it closes the socket with code 1012 (the first two bytes) and its words; phones come back (W10).",
    );
    assert_eq!(phone.waiting(), [""; 0], "nothing came after the last line");
    page.holds();
}
