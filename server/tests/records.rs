//! How a consultation is signed off, followed, ended and deleted, from outside, with a clock that the test moves.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

#[path = "fixture/config.rs"]
mod config;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use proto::api::consultation::{Created, Joined};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use server::clock::{Clock, Entropy, tick};
use server::config::{Limits, PurgeAnswerLimits, RecordLimits};
use server::lifecycle::{Running, start_by};
use server::service_client::plain_client;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use config::config;

const PAUSE: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(30);
const DAY: u64 = 24 * 60 * 60 * 1_000;
const TITLE: &str = "Water for all";

/// Ids that are never the same.
fn new_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(0xABCD_0000_0000_0000 | u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

struct Stage {
    running: Running,
    http: Client,
    created: Created,
    now: Arc<AtomicU64>,
}

async fn serve(folder: &Path, now: &Arc<AtomicU64>) -> Running {
    serve_with(folder, now, PurgeAnswerLimits::default()).await
}

async fn serve_with(folder: &Path, now: &Arc<AtomicU64>, purge_answers: PurgeAnswerLimits) -> Running {
    let limits = Limits {
        purge_answers,
        records: RecordLimits { purge_check: PAUSE, purge_notice: Duration::ZERO, ..RecordLimits::default() },
        merge_pause: PAUSE,
        ..Limits::default()
    };
    start_by(config(folder, limits), Clock::Manual(Arc::clone(now)), Entropy::default()).await.unwrap()
}

impl Stage {
    async fn new(folder: &Path) -> Self {
        let now = Arc::new(AtomicU64::new(1_800_000_000_000));
        let running = serve(folder, &now).await;
        let http = plain_client();
        let wish = json!({
            "title": TITLE, "groups": ["North", "South"], "settings": { "retention_days": 10, "tallies": "live" }
        });
        let url = format!("{}/api/consultations", running.local_url());
        let created = http.post(url).bearer_auth("key").json(&wish).send().await.unwrap().json().await;
        Self { running, http, created: created.unwrap(), now }
    }

    async fn restart(self, folder: &Path) -> Self {
        let Self { running, http, created, now } = self;
        running.stop().await;
        let running = serve(folder, &now).await;
        Self { running, http, created, now }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/{path}", self.running.local_url())
    }

    async fn get(&self, path: &str, token: &str) -> (StatusCode, Value) {
        let response = self.http.get(self.url(path)).bearer_auth(token).send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let response = self.http.post(self.url(path)).json(body).send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }

    /// Carries out a command; gives its answer, or the code of the problem.
    async fn command(&self, token: &str, mut action: Value) -> Result<Value, String> {
        action["id"] = json!(new_id().to_string());
        let request = self.http.post(self.url("commands")).bearer_auth(token).json(&action);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        if answer["ok"] == json!(true) {
            Ok(answer)
        } else {
            Err(answer["code"].as_str().unwrap().to_owned())
        }
    }

    /// Sends a command as it is; gives the status with the answer.
    async fn send(&self, token: &str, command: &Value) -> (StatusCode, Value) {
        let request = self.http.post(self.url("commands")).bearer_auth(token).json(command);
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }

    async fn done(&self, token: &str, action: Value) -> Value {
        self.command(token, action).await.unwrap()
    }

    fn organizer(&self) -> &str {
        &self.created.organizer.token
    }

    async fn phase(&self, phase: &str) {
        self.done(self.organizer(), json!({ "do": "phase", "phase": phase })).await;
    }

    async fn seat(&self, group: usize) -> Joined {
        let join = json!({ "code": self.created.code, "group": self.created.groups[group].id });
        let (status, joined) = self.post("join", &join).await;
        assert_eq!(status, StatusCode::CREATED, "{joined}");
        serde_json::from_value(joined).unwrap()
    }

    /// Shares an idea; gives its id and receipt.
    async fn share(&self, seat: &Joined, text: &str) -> (String, String) {
        let (idea, receipt) = (new_id().to_string(), [u8::try_from(text.len()).unwrap(); 32]);
        let share = json!({
            "do": "share", "idea": idea, "group": seat.group, "lang": "en", "text": text,
            "receipt": hex::encode(Sha256::digest(receipt))
        });
        self.done(&seat.token, share).await;
        (idea, hex::encode(receipt))
    }

    async fn follow(&self, ideas: &[(&str, &str)]) -> Value {
        let ideas: Vec<Value> =
            ideas.iter().map(|(idea, receipt)| json!({ "idea": idea, "receipt": receipt })).collect();
        let body = json!({ "consultation": self.created.id, "ideas": ideas });
        let (status, followed) = self.post("follow", &body).await;
        assert_eq!(status, StatusCode::OK, "{followed}");
        followed["ideas"].clone()
    }

    async fn card(&self, token: &str) -> Value {
        let group = self.created.groups[0].id;
        self.get(&format!("consultations/{}/group-cards/{group}", self.created.id), token).await.1
    }

    async fn ending(&self) -> Value {
        self.get(&format!("consultations/{}/ending", self.created.id), self.organizer()).await.1
    }

    async fn status(&self) -> StatusCode {
        self.get(&format!("consultations/{}", self.created.id), self.organizer()).await.0
    }

    async fn gone(&self) {
        let end = tick() + PATIENCE;
        while self.status().await != StatusCode::GONE {
            assert!(tick() < end, "it was not deleted in time");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

#[tokio::test]
async fn c10_a_group_signs_its_card_off_and_lines_travel_without_names() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(folder.path()).await;
    stage.phase("brainstorm").await;
    let (ann, bob, elsewhere) = (stage.seat(0).await, stage.seat(0).await, stage.seat(1).await);
    let (wells, _) = stage.share(&ann, "Dig wells").await;
    stage.phase("review").await;
    stage
        .done(&stage.created.groups[0].moderator.token, json!({ "do": "promote", "idea": wells, "on": true }))
        .await;
    let group = stage.created.groups[0].id;
    let sign = |token: String, mut what: Value| {
        what["do"] = json!("sign-off");
        what["group"] = json!(group);
        let stage = &stage;
        async move { stage.command(&token, what).await }
    };
    sign(ann.token.clone(), json!({ "agree": true })).await.unwrap();
    sign(bob.token.clone(), json!({ "line": "  Wells run\ndry " })).await.unwrap();
    for (token, what, code) in [
        (&elsewhere.token, json!({ "agree": true }), "forbidden"),
        (&ann.token, json!({ "line": " " }), "text-empty"),
        (&ann.token, json!({ "line": "x".repeat(281) }), "text-too-long"),
    ] {
        assert_eq!(sign(token.clone(), what).await.unwrap_err(), code);
    }
    let card = stage.card(&bob.token).await;
    assert_eq!(card["ideas"][0]["text"], "Dig wells");
    assert_eq!(card["seconds"], 600, "fifteen minutes for one group, and nobody listens longer than ten");
    assert_eq!(card["signed"]["agreed"], 1);
    assert_eq!(card["signed"]["notes"][0]["line"], "Wells run dry");
    assert_eq!(card["own"], json!({ "agree": false, "line": "Wells run dry" }));
    assert_eq!(stage.card(&elsewhere.token).await["code"], "forbidden");
    let note = card["signed"]["notes"][0]["id"].as_str().unwrap().to_owned();
    let moderator = stage.created.groups[0].moderator.token.clone();
    let hide = json!({ "do": "hide-note", "note": note, "reason": "no such reason" });
    assert_eq!(stage.command(&moderator, hide).await.unwrap_err(), "not-found");
    stage.done(&moderator, json!({ "do": "hide-note", "note": note, "reason": "off-topic" })).await;
    stage = stage.restart(folder.path()).await;
    let hidden = stage.card(&ann.token).await["signed"]["notes"][0].clone();
    assert_eq!(hidden, json!({ "id": note, "hidden": "off-topic" }));
    stage.done(&moderator, json!({ "do": "hide-note", "note": note })).await;
    stage.done(&bob.token, json!({ "do": "sign-off", "group": group, "agree": true })).await;
    let card = stage.card(&ann.token).await;
    assert_eq!(card["signed"], json!({ "agreed": 2, "notes": [] }), "the last answer of a seat stands");
    let did = stage.get(&format!("consultations/{}/ledger?after=2", stage.created.id), &ann.token).await.1;
    let did: Vec<&str> = did.as_array().unwrap().iter().map(|line| line["did"].as_str().unwrap()).collect();
    assert_eq!(did, ["promoted", "note-hidden", "note-shown"], "after the two phases");
    stage.running.stop().await;
}

#[tokio::test]
async fn an_idea_is_followed_by_its_receipt_and_by_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path()).await;
    stage.phase("brainstorm").await;
    let ann = stage.seat(0).await;
    let (wells, receipt) = stage.share(&ann, "Dig wells").await;
    let (taps, taps_receipt) = stage.share(&ann, "Mend all the taps").await;
    let never = new_id().to_string();
    let fates = stage.follow(&[(&wells, &receipt), (&never, &receipt)]).await;
    assert_eq!(fates[0], json!({ "idea": wells, "place": "shown", "promoted": false }));
    assert_eq!(fates[1], json!({ "idea": never, "place": "unknown", "promoted": false }));
    // By another idea's receipt; a request names each idea once.
    let fates = stage.follow(&[(&wells, &taps_receipt)]).await;
    assert_eq!(fates[0], json!({ "idea": wells, "place": "unknown", "promoted": false }));
    stage.phase("review").await;
    stage.done(stage.organizer(), json!({ "do": "promote", "idea": wells, "on": true })).await;
    stage.phase("plenary").await;
    stage.done(stage.organizer(), json!({ "do": "merge" })).await;
    stage.done(&ann.token, json!({ "do": "withdraw", "idea": taps, "receipt": taps_receipt })).await;
    stage.phase("closed").await;
    let fates = stage.follow(&[(&wells, &receipt), (&taps, &taps_receipt)]).await;
    assert_eq!(fates[0]["listed"]["number"], 1);
    assert_eq!(fates[0]["listed"]["reworded"], false);
    assert_eq!(fates[0]["listed"]["wording"], "Dig wells");
    assert_eq!(fates[1]["place"], "unknown", "taken back is as if it never was");
    let many: Vec<Value> = (0..201).map(|_| json!({ "idea": never, "receipt": receipt })).collect();
    let (status, _) = stage.post("follow", &json!({ "consultation": stage.created.id, "ideas": many })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    stage.running.stop().await;
}

#[tokio::test]
async fn a_closed_consultation_is_deleted_when_its_time_is_over_through_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(folder.path()).await;
    stage.phase("brainstorm").await;
    for n in 0..6 {
        let seat = stage.seat(0).await;
        if n < 5 {
            stage.share(&seat, &"Dig wells ".repeat(n + 1)).await;
        }
    }
    stage.phase("closed").await;
    assert_eq!(
        stage.command(stage.organizer(), json!({ "do": "retain", "days": 11 })).await.unwrap_err(),
        "wrong-phase"
    );
    stage.done(stage.organizer(), json!({ "do": "retain", "days": 3 })).await;
    stage = stage.restart(folder.path()).await;
    let ending = stage.ending().await;
    assert_eq!(ending["purge_at"], json!(1_800_000_000_000_u64 + 3 * DAY));
    let north = &ending["participation"][0];
    assert_eq!((&north["seats"], &north["wrote"]), (&json!(6), &json!(5)), "noted before the restart");
    assert_eq!(ending["participation"][1]["seats"], 0);
    stage.now.fetch_add(3 * DAY - 1, Ordering::Relaxed);
    tokio::time::sleep(PAUSE * 4).await;
    assert_eq!(stage.status().await, StatusCode::OK, "not a moment too early");
    stage.now.fetch_add(1, Ordering::Relaxed);
    stage.gone().await;
    let (status, body) =
        stage.post("follow", &json!({ "consultation": stage.created.id, "ideas": [] })).await;
    assert_eq!((status, &body["code"]), (StatusCode::GONE, &json!("purged")));
    stage = stage.restart(folder.path()).await;
    assert_eq!(stage.status().await, StatusCode::GONE, "and it is remembered that it was");
    stage.running.stop().await;
}

#[tokio::test]
async fn c12_what_nobody_closes_is_deleted_when_nobody_has_done_anything_for_so_long() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path()).await;
    stage.phase("closed").await;
    stage.phase("plenary").await;
    // The days count from the end of the day on which anybody did anything.
    let founded = 1_800_000_000_000_u64 - 1_800_000_000_000_u64 % DAY;
    assert_eq!(stage.ending().await["purge_at"], json!(founded + 11 * DAY));
    stage.now.fetch_add(5 * DAY, Ordering::Relaxed);
    stage.seat(0).await;
    assert_eq!(stage.ending().await["purge_at"], json!(founded + 16 * DAY));
    let mut stage = stage.restart(folder.path()).await;
    assert_eq!(
        stage.ending().await["purge_at"],
        json!(founded + 16 * DAY),
        "a start is nothing that anybody did"
    );
    stage.now.store(founded + 16 * DAY - 1, Ordering::Relaxed);
    stage = stage.restart(folder.path()).await;
    assert_eq!(stage.status().await, StatusCode::OK, "not a moment too early");
    stage.now.store(founded + 16 * DAY, Ordering::Relaxed);
    stage.gone().await;
    stage.running.stop().await;
}

#[tokio::test]
async fn a_purge_wants_the_title_and_leaves_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(folder.path()).await;
    stage.phase("brainstorm").await;
    let ann = stage.seat(0).await;
    let (wells, _) = stage.share(&ann, "Dig wells").await;
    stage.phase("vote").await;
    stage.done(&ann.token, json!({ "do": "approve", "idea": wells, "on": true })).await;
    assert_eq!(stage.ending().await["exported_all"], false, "nothing was exported yet");
    let export = |token: String| {
        let request = stage.http.get(stage.url(&format!("plenary/{}/export.csv", stage.created.id)));
        async move { request.bearer_auth(token).send().await.unwrap().status() }
    };
    assert_eq!(export(ann.token.clone()).await, StatusCode::OK);
    assert_eq!(stage.ending().await["exported_all"], false, "a participant's copy is not the organizer's");
    assert_eq!(export(stage.created.organizer.token.clone()).await, StatusCode::OK);
    let ending = stage.ending().await;
    assert_eq!(
        (&ending["exported_all"], &ending["participation"][0]["seats"]),
        (&json!(true), &json!("some"))
    );
    let purge = |confirm: &str| json!({ "do": "purge", "confirm": confirm });
    assert_eq!(stage.command(&ann.token, purge(TITLE)).await.unwrap_err(), "forbidden");
    assert_eq!(stage.command(stage.organizer(), purge("Water")).await.unwrap_err(), "not-confirmed");
    let answer = stage.done(stage.organizer(), purge(" water  FOR all ")).await;
    let certificate = &answer["certificate"];
    let deleted = &certificate["deleted"];
    assert_eq!((&deleted["ideas"], &deleted["ballots"], &deleted["keys"]), (&json!(1), &json!(1), &json!(3)));
    assert_eq!(certificate["exported"]["sha256"], ending["exported"]["sha256"]);
    assert_eq!((&certificate["by"], &certificate["day"]), (&json!("organizer"), &json!("2027-01-15")));
    stage.gone().await;
    let path = format!("certificates/{}", certificate["id"].as_str().unwrap());
    // What is deleted is said as long as the server runs; after a start nothing is left that knows the token.
    for told in [StatusCode::GONE, StatusCode::UNAUTHORIZED] {
        let (status, kept) = stage.get(&path, "nobody").await;
        assert_eq!((status, &kept), (StatusCode::OK, certificate));
        let me = stage.get(&format!("boards/{}", ann.group), &ann.token).await.0;
        assert_eq!(me, told);
        stage = stage.restart(folder.path()).await;
    }
    stage.running.stop().await;
}

/// What the database keeps of a consultation that was purged. The server has ended.
fn kept_of_purged(folder: &Path, stage: &Created) -> Vec<u8> {
    let database = rusqlite::Connection::open(folder.join("plenum.db")).unwrap();
    let name = format!("purged/{}", stage.id);
    database.query_row("SELECT value FROM server WHERE name = ?1", [name], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn c12_a_deletion_is_answered_again_for_a_day_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(folder.path()).await;
    let organizer = stage.organizer().to_owned();
    let purge = json!({ "id": new_id().to_string(), "do": "purge", "confirm": TITLE });
    let first = stage.send(&organizer, &purge).await;
    assert_eq!(first.0, StatusCode::OK, "{first:?}");
    assert!(first.1["certificate"]["id"].is_string());
    for _ in 0..2 {
        assert_eq!(stage.send(&organizer, &purge).await, first);
        let other = json!({ "id": new_id().to_string(), "do": "purge", "confirm": TITLE });
        assert_eq!(stage.send(&organizer, &other).await.0, StatusCode::GONE, "another command");
        let mut said = purge.clone();
        said["confirm"] = json!("Something else");
        assert_eq!(stage.send(&organizer, &said).await.0, StatusCode::GONE, "other content");
        assert_eq!(stage.send("nobody", &purge).await.0, StatusCode::UNAUTHORIZED, "another token");
        stage = stage.restart(folder.path()).await;
    }
    stage.now.fetch_add(DAY - 1, Ordering::Relaxed);
    assert_eq!(stage.send(&organizer, &purge).await, first);
    stage.now.fetch_add(1, Ordering::Relaxed);
    assert_eq!(stage.send(&organizer, &purge).await.0, StatusCode::UNAUTHORIZED, "after a day");
    stage = stage.restart(folder.path()).await;
    stage.running.stop().await;
    assert_eq!(kept_of_purged(folder.path(), &stage.created), b"", "the next start forgets it");
}

#[tokio::test]
async fn c12_a_server_that_runs_on_forgets_the_answer_when_its_time_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let Stage { running, http, created, now } = Stage::new(folder.path()).await;
    running.stop().await;
    let running =
        serve_with(folder.path(), &now, PurgeAnswerLimits { time: PAUSE, max: 10, tokens_max: 10 }).await;
    let stage = Stage { running, http, created, now };
    let purge = json!({ "id": new_id().to_string(), "do": "purge", "confirm": TITLE });
    assert_eq!(stage.send(stage.organizer(), &purge).await.0, StatusCode::OK);
    // The time of day stands still: only the server's own timer forgets it.
    let deadline = tick() + PATIENCE;
    while stage.send(stage.organizer(), &purge).await.0 != StatusCode::UNAUTHORIZED {
        assert!(tick() < deadline, "it is forgotten");
        tokio::task::yield_now().await;
    }
    stage.running.stop().await;
    assert_eq!(kept_of_purged(folder.path(), &stage.created), b"");
}
