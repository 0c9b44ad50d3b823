//! What people decide about the list stands above every run, survives a restart, and a live list follows what happens.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

#[path = "fixture/config.rs"]
mod config;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use proto::api::consultation::{Created, Joined};
use proto::plenary::Section;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use server::clock::tick;
use server::config::Limits;
use server::lifecycle::{Running, start};
use server::merge::item_id;
use server::service_client::plain_client;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use config::config;

const PAUSE: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(20);

/// Ids that are never the same.
fn new_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into())
}

/// A consultation of two groups, seen from outside.
struct Stage {
    running: Running,
    http: Client,
    created: Created,
}

async fn serve(folder: &Path) -> Running {
    let limits = Limits { merge_pause: PAUSE, merge_pause_max: PAUSE * 10, ..Limits::default() };
    start(config(folder, limits)).await.unwrap()
}

impl Stage {
    async fn new(folder: &Path, settings: Value) -> Self {
        let running = serve(folder).await;
        let http = plain_client();
        let url = format!("{}/api/consultations", running.local_url());
        let wish = json!({ "title": "T", "groups": ["North", "South"], "settings": settings });
        let created = http.post(url).bearer_auth("key").json(&wish).send().await.unwrap().json().await;
        Self { running, http, created: created.unwrap() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/{path}", self.running.local_url())
    }

    async fn get(&self, path: &str, token: &str) -> (StatusCode, Value) {
        let answer = self.http.get(self.url(path)).bearer_auth(token).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// Sends a command; the problem's code if it was refused.
    async fn command(&self, token: &str, mut command: Value) -> Result<Value, String> {
        command["id"] = json!(new_id());
        let answer =
            self.http.post(self.url("commands")).bearer_auth(token).json(&command).send().await.unwrap();
        let (status, body) = (answer.status(), answer.json::<Value>().await.unwrap());
        if status.is_success() { Ok(body) } else { Err(body["code"].as_str().unwrap().to_owned()) }
    }

    async fn organize(&self, command: Value) {
        self.command(&self.created.organizer.token, command).await.unwrap();
    }

    async fn join(&self, group: usize) -> Joined {
        let wish = json!({ "code": self.created.code, "group": self.created.groups[group].id });
        let answer = self.http.post(self.url("join")).json(&wish).send().await.unwrap();
        answer.json().await.unwrap()
    }

    async fn share(&self, seat: &Joined, text: &str) -> String {
        let (idea, receipt) = (new_id(), [7u8; 32]);
        let share = json!({ "do": "share", "idea": idea, "group": seat.group, "text": text, "lang": "en",
            "kind": "recommendation", "receipt": hex::encode(Sha256::digest(receipt)) });
        self.command(&seat.token, share).await.unwrap();
        idea.to_string()
    }

    async fn phase(&self, phase: &str) {
        self.organize(json!({ "do": "phase", "phase": phase })).await;
    }

    async fn plenary(&self) -> Value {
        let path = format!("plenary/{}", self.created.id);
        self.get(&path, &self.created.room.token).await.1
    }

    async fn curation(&self, token: &str) -> (StatusCode, Value) {
        self.get(&format!("plenary/{}/suggestions", self.created.id), token).await
    }

    /// Reads the list until it is as it should be.
    async fn plenary_when(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let until = tick() + PATIENCE;
        loop {
            let plenary = self.plenary().await;
            if is_so(&plenary) {
                return plenary;
            }
            assert!(tick() < until, "never {what}: {plenary:#}");
        }
    }

    async fn curation_when(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let until = tick() + PATIENCE;
        loop {
            let (_, curation) = self.curation(&self.created.editor.token).await;
            if is_so(&curation) {
                return curation;
            }
            assert!(tick() < until, "never {what}: {curation:#}");
        }
    }

    /// Stops the server and starts it again on the same folder.
    async fn again(self, folder: &Path) -> Self {
        self.running.stop().await;
        Self { running: serve(folder).await, ..self }
    }
}

/// The entry that is born with this idea's words.
fn of(idea: &str) -> String {
    item_id(&idea.into(), Section::Recommendations).to_string()
}

fn ids(plenary: &Value) -> Vec<&str> {
    plenary["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

fn item<'a>(plenary: &'a Value, id: &str) -> &'a Value {
    plenary["items"].as_array().unwrap().iter().find(|item| item["id"] == of(id)).unwrap()
}

fn sources(plenary: &Value, id: &str) -> usize {
    item(plenary, id)["sources"].as_array().unwrap().len()
}

/// Two groups with one idea each that are alike, and a third that is not; all promoted, each approved by its author.
async fn three_ideas(stage: &Stage) -> ([Joined; 2], [String; 3]) {
    let seats = [stage.join(0).await, stage.join(1).await];
    stage.phase("brainstorm").await;
    let ideas = [
        stage.share(&seats[0], "Free parking downtown in the evening").await,
        stage.share(&seats[1], "Parking downtown should be free at night").await,
        stage.share(&seats[1], "Teach first aid in all secondary schools").await,
    ];
    stage.phase("vote").await;
    for (seat, idea) in [(0, 0), (1, 1), (1, 2)] {
        let approve = json!({ "do": "approve", "idea": ideas[idea], "on": true });
        stage.command(&seats[seat].token, approve).await.unwrap();
    }
    stage.phase("review").await;
    for idea in &ideas {
        stage.organize(json!({ "do": "promote", "idea": idea, "on": true })).await;
    }
    stage.phase("vote").await;
    (seats, ideas)
}

#[tokio::test]
async fn from_the_plenary_on_the_list_makes_itself_and_a_confirmed_suggestion_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path(), json!({})).await;
    let (_, [a, b, c]) = three_ideas(&stage).await;
    stage.phase("plenary").await;
    let plenary = stage.plenary_when("a list by itself", |plenary| ids(plenary).len() == 3).await;
    assert_eq!(plenary["run"], 1);

    let curation = stage.curation_when("a suggestion", |curation| curation["suggestions"] != json!([])).await;
    let pair = &curation["suggestions"][0];
    let named = [pair["a"].as_str().unwrap(), pair["b"].as_str().unwrap()];
    assert!(named.contains(&a.as_str()) && named.contains(&b.as_str()), "{pair}");
    assert_eq!(pair["shared"], json!(["downtown", "free", "parking"]));
    assert_eq!(curation["ideas"][&a]["text"], "Free parking downtown in the evening");
    assert_eq!(curation["live"], true);

    stage
        .command(&stage.created.editor.token, json!({ "do": "assign", "idea": b, "item": a }))
        .await
        .unwrap();
    let (_, curation) = stage.curation(&stage.created.editor.token).await;
    assert_eq!(curation["suggestions"], json!([]), "what was decided is not asked again");
    let plenary = stage.plenary_when("two items", |plenary| ids(plenary).len() == 2).await;
    assert_eq!((sources(&plenary, &a), sources(&plenary, &c)), (2, 1));

    stage.organize(json!({ "do": "pin", "item": c, "on": true })).await;
    stage.plenary_when("the pin", |plenary| ids(plenary)[0] == of(&c)).await;
    let stage = stage.again(folder.path()).await;
    stage.organize(json!({ "do": "merge" })).await;
    let plenary = stage.plenary().await;
    assert_eq!((ids(&plenary), sources(&plenary, &a)), (vec![of(&c).as_str(), of(&a).as_str()], 2));

    // Taken apart again, and taken back.
    stage.organize(json!({ "do": "assign", "idea": b, "item": b })).await;
    stage.organize(json!({ "do": "pin", "item": c, "on": false })).await;
    stage.plenary_when("three items", |plenary| ids(plenary).len() == 3).await;
    let (_, curation) = stage.curation(&stage.created.organizer.token).await;
    assert_eq!(curation["decisions"]["pins"], json!([]));
    assert_eq!(curation["decisions"]["assign"], json!({ &b: &b }));
    stage.running.stop().await;
}

#[tokio::test]
async fn a_dismissed_suggestion_an_excluded_item_and_another_rule() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path(), json!({})).await;
    let (_, [a, b, c]) = three_ideas(&stage).await;
    stage.phase("plenary").await;
    stage.curation_when("a suggestion", |curation| curation["suggestions"] != json!([])).await;
    stage.organize(json!({ "do": "not-duplicate", "a": a, "b": b, "on": true })).await;
    stage.organize(json!({ "do": "exclude", "item": c, "on": true })).await;
    stage.organize(json!({ "do": "ranking", "rule": "votes", "k": 1 })).await;
    let plenary = stage.plenary_when("two items", |plenary| ids(plenary).len() == 2).await;
    let listed = |plenary: &Value| {
        let items = plenary["items"].as_array().unwrap();
        items.iter().filter(|item| item["status"] == "listed").count()
    };
    let plenary = if listed(&plenary) == 1 {
        plenary
    } else {
        stage.plenary_when("one listed", |plenary| listed(plenary) == 1).await
    };
    assert!(item(&plenary, &a)["t"].is_null(), "by plain count nobody pays");
    let curation = stage.curation_when("told", |curation| curation["decisions"]["k"] == json!(1)).await;
    assert_eq!(curation["suggestions"], json!([]));
    assert_eq!(curation["ideas"][&c]["text"], "Teach first aid in all secondary schools");
    stage.organize(json!({ "do": "exclude", "item": c, "on": false })).await;
    stage.plenary_when("three items", |plenary| ids(plenary).len() == 3).await;
    stage.running.stop().await;
}

#[tokio::test]
async fn a_frozen_list_has_a_version_waits_and_says_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path(), json!({})).await;
    let (seats, [a, _, c]) = three_ideas(&stage).await;
    stage.phase("plenary").await;
    let before = stage.plenary_when("a list", |plenary| ids(plenary).len() == 3).await;
    assert!(before.get("version").is_none());
    stage.organize(json!({ "do": "freeze", "on": true })).await;
    let frozen = stage.plenary_when("frozen", |plenary| plenary["frozen"] == true).await;
    assert_eq!((&frozen["version"], &frozen["run"]), (&json!(1), &before["run"]));

    stage.organize(json!({ "do": "exclude", "item": a, "on": true })).await;
    let waiting = json!({ "new": 0, "moved": 0, "gone": 1 });
    stage.curation_when("something waits", |curation| curation["waiting"] == waiting).await;
    let organizer = &stage.created.organizer.token;
    assert_eq!(stage.command(organizer, json!({ "do": "merge" })).await, Err("list-frozen".to_owned()));
    assert_eq!(ids(&stage.plenary().await), ids(&frozen), "it stands still");

    let stage = stage.again(folder.path()).await;
    assert_eq!(stage.plenary().await["frozen"], true);
    stage.curation_when("something waits still", |curation| curation["waiting"] == waiting).await;
    stage.organize(json!({ "do": "freeze", "on": false })).await;
    let moving = stage.plenary_when("two items", |plenary| ids(plenary).len() == 2).await;
    assert!(moving.get("frozen").is_none());
    assert!(ids(&moving).contains(&of(&c).as_str()));
    stage.organize(json!({ "do": "freeze", "on": true })).await;
    assert_eq!(stage.plenary().await["version"], 2);
    drop(seats);
    stage.running.stop().await;
}

#[tokio::test]
async fn staff_decide_and_see_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path(), json!({})).await;
    let (seats, [a, b, _]) = three_ideas(&stage).await;
    let wishes = [
        json!({ "do": "assign", "idea": a, "item": b }),
        json!({ "do": "not-duplicate", "a": a, "b": b, "on": true }),
        json!({ "do": "pin", "item": a, "on": true }),
        json!({ "do": "exclude", "item": a, "on": true }),
        json!({ "do": "ranking", "k": 3 }),
        json!({ "do": "freeze", "on": true }),
    ];
    let moderator = &stage.created.groups[0].moderator.token;
    for wish in &wishes {
        for token in [&seats[0].token, moderator, &stage.created.room.token] {
            assert_eq!(stage.command(token, wish.clone()).await, Err("forbidden".to_owned()), "{wish}");
        }
    }
    for token in [&seats[0].token, &stage.created.room.token] {
        assert_eq!(stage.curation(token).await.0, StatusCode::FORBIDDEN);
    }
    assert_eq!(stage.curation(moderator).await.0, StatusCode::OK);

    let organizer = &stage.created.organizer.token;
    let gone = new_id();
    for (wish, code) in [
        (json!({ "do": "assign", "idea": gone, "item": a }), "not-found"),
        (json!({ "do": "assign", "idea": a, "item": gone }), "not-found"),
        (json!({ "do": "not-duplicate", "a": a, "b": a, "on": true }), "malformed"),
        (json!({ "do": "not-duplicate", "a": a, "b": gone, "on": true }), "not-found"),
        (json!({ "do": "pin", "item": gone, "on": true }), "not-found"),
        (json!({ "do": "exclude", "item": gone, "on": true }), "not-found"),
        (json!({ "do": "ranking", "rule": "borda" }), "malformed"),
        (json!({ "do": "freeze", "on": true }), "not-found"),
    ] {
        assert_eq!(stage.command(organizer, wish.clone()).await, Err(code.to_owned()), "{wish}");
    }
    stage.running.stop().await;
}

#[tokio::test]
async fn while_a_vote_is_secret_nothing_runs_by_itself_and_no_votes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path(), json!({})).await;
    let (seats, [a, b, c]) = three_ideas(&stage).await;
    stage.phase("review").await;
    stage.organize(json!({ "do": "promote", "idea": b, "on": false })).await;
    stage.phase("vote").await;
    stage.organize(json!({ "do": "merge" })).await;
    let before = stage.plenary().await;
    assert!(item(&before, &a)["support"].is_null());
    // An idea that was passed over has more votes than a promoted one: not told now.
    stage.command(&seats[1].token, json!({ "do": "approve", "idea": c, "on": false })).await.unwrap();
    stage.organize(json!({ "do": "merge" })).await;
    let (_, curation) = stage.curation(&stage.created.organizer.token).await;
    assert_eq!((&curation["live"], &curation["passed_over"]), (&json!(false), &json!([])));
    let run = stage.plenary().await["run"].clone();
    stage.command(&seats[0].token, json!({ "do": "approve", "idea": a, "on": false })).await.unwrap();
    stage.organize(json!({ "do": "pin", "item": c, "on": true })).await;
    stage.phase("plenary").await;
    let after = stage.plenary_when("shown with votes", |plenary| plenary["run"] != run).await;
    assert_eq!(after["run"], json!(run.as_u64().unwrap() + 1), "none came in between");
    assert_eq!(item(&after, &c)["support"]["seats"], 0);
    let passed = stage.curation_when("passed over", |curation| curation["passed_over"] != json!([])).await;
    assert_eq!(passed["passed_over"][0]["idea"], json!(b));
    assert_eq!(passed["passed_over"][0]["than"], json!(c));
    let moderators = [0, 1].map(|group: usize| &stage.created.groups[group].moderator.token);
    assert_eq!(stage.curation(moderators[0]).await.1["passed_over"], json!([]), "not of one's own group");
    assert_ne!(stage.curation(moderators[1]).await.1["passed_over"], json!([]));
    stage.running.stop().await;
}

#[tokio::test]
async fn what_people_worded_stays_when_its_ideas_go_elsewhere_and_comes_back_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path(), json!({})).await;
    let (_, [a, _, c]) = three_ideas(&stage).await;
    stage.phase("plenary").await;
    stage.plenary_when("a list", |plenary| ids(plenary).len() == 3).await;
    stage.organize(json!({ "do": "reword", "item": of(&a) })).await;
    stage.organize(json!({ "do": "assign", "idea": a, "item": c })).await;
    let is_orphan = |plenary: &Value| item(plenary, &a)["tags"] == json!(["orphan"]);
    let plenary = stage.plenary_when("an orphan", is_orphan).await;
    let orphan = item(&plenary, &a);
    assert_eq!(orphan["wording"], "Free parking downtown in the evening");
    assert_eq!((&orphan["status"], &orphan["support"]), (&json!("below"), &json!(null)));
    assert_eq!((sources(&plenary, &a), sources(&plenary, &c)), (1, 2), "it says where it came from");

    let stage = stage.again(folder.path()).await;
    assert!(is_orphan(&stage.plenary().await));
    stage.organize(json!({ "do": "assign", "idea": a })).await;
    let plenary = stage.plenary_when("an item again", |plenary| !is_orphan(plenary)).await;
    assert_eq!(item(&plenary, &a)["wording"], "Free parking downtown in the evening");
    assert_eq!((sources(&plenary, &a), sources(&plenary, &c)), (1, 1));

    // Kept off the list, it keeps its words for the day it is let in again, and nobody is shown its ideas as listed.
    stage.organize(json!({ "do": "exclude", "item": a, "on": true })).await;
    let excluded = |plenary: &Value| item(plenary, &a)["tags"] == json!(["excluded"]);
    stage.plenary_when("kept off", excluded).await;
    stage.organize(json!({ "do": "exclude", "item": a, "on": false })).await;
    let plenary = stage.plenary_when("let in", |plenary| !excluded(plenary)).await;
    assert_eq!(item(&plenary, &a)["wording"], "Free parking downtown in the evening");
    stage.running.stop().await;
}
