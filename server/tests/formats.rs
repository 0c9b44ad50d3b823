//! Data of earlier formats is loaded. `format-2` was made by a server of commit 3792b7b, with a page size that keeps it small:
//! three ideas, one of them edited and one taken back, a vote, a line on a card, a list with a wording.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

#[path = "fixture/config.rs"]
mod config;

use std::path::Path;

use serde_json::{Value, json};
use server::clock::{Clock, Entropy};
use server::config::Limits;
use server::lifecycle::{Running, start_by};
use server::service_client::plain_client;

use config::config;

/// A minute after the data was made.
const THEN: u64 = 1_796_009_820_000;
const WORDS: &str = "Call Maria on 079 555 01 23";
/// What the data of format 2 says of the share of these words.
const HASH_OF_WORDS: &str = "6a6afeaf220ebb11e29d15a00410a69eb6b589acf681c4fdef8b029145095607";

async fn serve(folder: &Path) -> Running {
    start_by(
        config(folder, Limits::default()),
        Clock::Manual(std::sync::Arc::new(THEN.into())),
        Entropy::default(),
    )
    .await
    .unwrap()
}

fn holds(folder: &Path, needle: &str) -> bool {
    let mut files =
        std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.any(|bytes| bytes.windows(needle.len()).any(|window| window == needle.as_bytes()))
}

#[tokio::test]
async fn c25_data_of_format_2_is_loaded_and_loses_its_hashes_of_words() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format-2");
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(kept.join("plenum.db"), folder.path().join("plenum.db")).unwrap();
    assert!(holds(folder.path(), HASH_OF_WORDS), "the search finds what is there");
    let who: Value = serde_json::from_slice(&std::fs::read(kept.join("who.json")).unwrap()).unwrap();
    let (seat, group) = (who["seat"].as_str().unwrap(), who["group"].as_str().unwrap());
    // Twice: as it was, and as this version wrote it.
    for _ in 0..2 {
        let running = serve(folder.path()).await;
        assert!(!holds(folder.path(), HASH_OF_WORDS));
        let http = plain_client();
        let board = format!("{}/api/boards/{group}", running.local_url());
        let board: Value = http.get(board).bearer_auth(seat).send().await.unwrap().json().await.unwrap();
        let texts: Vec<&str> =
            board["ideas"].as_array().unwrap().iter().map(|idea| idea["text"].as_str().unwrap()).collect();
        assert_eq!(texts, [WORDS, "Bridges must be safe for everybody who cycles"]);
        // What was asked then is recognised by its id.
        let again = json!({
            "do": "withdraw", "id": "00000000-0000-4000-8000-000000000006", "idea": "00000000-0000-4000-9000-000000000003",
            "receipt": format!("{:064x}", 3)
        });
        let commands = format!("{}/api/commands", running.local_url());
        let answer = http.post(commands).bearer_auth(seat).json(&again).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["seq"], json!(10), "{answer}");
        running.stop().await;
    }
}
