//! What one connection may cost (rule W16), against a server whose patience is short, so that the tests are.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

#[path = "fixture/config.rs"]
mod config;
#[path = "fixture/stage.rs"]
mod stage;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::clock::{Clock, Entropy, tick};
use server::config::{CostLimits, Limits};
use server::rate::Rate;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use stage::Stage;

/// More than any of these takes; what is waited for comes much sooner.
const DEADLINE: Duration = Duration::from_secs(20);

/// A server that waits half a second for a flood to end.
async fn stage_with(costs: CostLimits) -> Stage {
    let limits = Limits { flood_time: Duration::from_millis(500), costs, ..Limits::default() };
    let settings = json!({ "votes": null, "ideas_per_seat": 1_000 });
    let wish = json!({ "title": "T", "groups": ["Harbour"], "settings": settings });
    Stage::new(limits, |_| {}, (Clock::default(), Entropy::default()), &wish).await
}

/// A connection without a library.
async fn tcp(stage: &Stage) -> TcpStream {
    TcpStream::connect(stage.running.address).await.unwrap()
}

const HEAD: &[u8] =
    b"POST /api/join HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";

async fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    let read = timeout(DEADLINE, stream.read_to_string(&mut answer)).await;
    assert!(read.is_ok(), "the server ends it");
    answer
}

#[tokio::test]
async fn w16_a_body_that_stalls_is_cut_and_so_is_one_that_trickles() {
    let (pause, time) = (Duration::from_millis(200), Duration::from_millis(600));
    let stage = stage_with(CostLimits { body_pause: pause, body_time: time, ..CostLimits::default() }).await;
    let mut stalled = tcp(&stage).await;
    stalled.write_all(HEAD).await.unwrap();
    let answer = read_all(&mut stalled).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too-slow"), "{answer}");

    let (mut reads, mut writes) = tcp(&stage).await.into_split();
    writes.write_all(HEAD).await.unwrap();
    let trickle = async {
        // Each part comes in time; the whole does not.
        while writes.write_all(b" ").await.is_ok() {
            tokio::time::sleep(pause / 4).await;
        }
    };
    let mut answer = vec![0; 12];
    let read = timeout(DEADLINE, reads.read_exact(&mut answer));
    tokio::select! {
        () = trickle => panic!("it was cut without a word"),
        read = read => { read.unwrap().unwrap(); }
    }
    assert_eq!(answer, b"HTTP/1.1 408");
    stage.running.stop().await;
}

#[tokio::test]
async fn w16_ping_frames_cost_like_any_frame_and_end_with_1009() {
    let stage = stage_with(CostLimits::default()).await;
    let seat = stage.join(None).await.unwrap();
    let url = stage.socket();
    let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let (mut send, mut receive) = socket.split();
    let document = format!("consultation/{}", seat.consultation);
    let mut token = Vec::new();
    for part in [document.as_bytes(), &[2, 0], seat.token.as_bytes()] {
        if part.len() > 2 {
            token.push(u8::try_from(part.len()).unwrap());
        }
        token.extend_from_slice(part);
    }
    send.send(Message::Binary(token.into())).await.unwrap();
    let begun = tick();
    let flood = async { while send.send(Message::Ping(Vec::new().into())).await.is_ok() {} };
    let mut pongs = 0_u32;
    let listen = async {
        loop {
            match receive.next().await {
                Some(Ok(Message::Pong(_))) => pongs += 1,
                Some(Ok(Message::Close(reason))) => break reason.map(|reason| u16::from(reason.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break None,
            }
        }
    };
    let code = timeout(DEADLINE, async { tokio::join!(flood, listen).1 }).await.expect("it is closed");
    let Rate { per_second, burst } = Limits::default().seat_rate;
    let most = burst + per_second * begun.elapsed().as_secs_f64() + 2.0;
    assert!(f64::from(pongs) <= most, "{pongs} pings were answered, {most} allowed");
    assert!(code.is_none_or(|code| code == 1009), "{code:?}");
    stage.running.stop().await;
}

#[tokio::test]
async fn w16_a_seat_has_few_requests_waiting_and_its_reads_have_a_rate() {
    let reads_of_seat = Rate { per_second: 10.0, burst: 20.0 };
    let costs = CostLimits { reads_of_seat, read_wait: Duration::from_millis(200), ..CostLimits::default() };
    let stage = stage_with(costs).await;
    let (seat, other) = (stage.join(None).await.unwrap(), stage.join(None).await.unwrap());
    let read = |token: &str, after: &str| {
        let path = stage.path(&format!("/api/boards/{}{after}", seat.group));
        let request = stage.http.get(path).bearer_auth(token);
        async move { request.send().await.unwrap() }
    };
    let mut waiting = JoinSet::new();
    for _ in 0..5 {
        waiting.spawn(read(&seat.token, "?after=99999999"));
    }
    let refused =
        timeout(DEADLINE, waiting.join_next()).await.expect("the fifth is refused").unwrap().unwrap();
    assert_eq!(refused.headers()["retry-after"], "2");
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "too-fast");
    waiting.shutdown().await;
    let mut answered = 0;
    let begun = tick();
    loop {
        let answer = read(&seat.token, "").await;
        if answer.status() == 429 {
            break;
        }
        answered += 1;
        assert!(f64::from(answered) <= 20.0 + 10.0 * begun.elapsed().as_secs_f64() + 2.0);
        // Eight at once, so that a wait is not what keeps it within its rate.
        let many = futures_util::future::join_all((0..8).map(|_| read(&seat.token, ""))).await;
        let over = many.iter().any(|answer| answer.status() == 429);
        answered += u32::try_from(many.iter().filter(|answer| answer.status() == 200).count()).unwrap();
        if over {
            break;
        }
    }
    assert_eq!(read(&other.token, "").await.status(), 200, "others read as before");
    stage.running.stop().await;
}

#[tokio::test]
async fn w16_new_seats_from_one_address_have_a_rate_and_who_organizes_has_none() {
    let joins_of_prefix = Rate { per_second: 5.0, burst: 10.0 };
    let costs =
        CostLimits { joins_of_prefix, join_wait: Duration::from_millis(500), ..CostLimits::default() };
    let stage = stage_with(costs).await;
    let joins: Vec<_> = futures_util::future::join_all((0..40).map(|_| stage.join(None))).await;
    let came_in = joins.iter().filter(|joined| joined.is_ok()).count();
    assert!((10..=25).contains(&came_in), "{came_in} of 40 came in");
    assert!(joins.iter().all(|joined| joined.as_ref().err().is_none_or(|status| *status == 429)));
    let key = stage.created.join_url.rsplit('#').next().unwrap();
    for _ in 0..30 {
        let request = stage.http.post(stage.path("/api/join")).bearer_auth(&stage.created.organizer.token);
        let answer = request.json(&json!({ "key": key })).send().await.unwrap();
        assert_eq!(answer.status(), 201);
    }
    stage.running.stop().await;
}

#[tokio::test]
async fn w16_a_ballot_can_be_filled_at_once_and_not_toggled_for_ever() {
    let rows_of_seat = Rate { per_second: 0.1, burst: 10.0 };
    let stage = stage_with(CostLimits { rows_of_seat, ..CostLimits::default() }).await;
    let seat = stage.join(None).await.unwrap();
    let organizer = stage.created.organizer.token.clone();
    let command = |token: &str, body: Value| {
        let request = stage.http.post(stage.path("/api/commands")).bearer_auth(token).json(&body);
        async move { request.send().await.unwrap() }
    };
    let id = |n: u128| uuid::Uuid::from_u128(n).to_string();
    let phase = |n, phase: &str| json!({ "id": id(n), "do": "phase", "phase": phase });
    assert_eq!(command(&organizer, phase(1, "brainstorm")).await.status(), 200);
    for n in 0..40 {
        let share = json!({ "id": id(100 + n), "do": "share", "idea": id(200 + n), "group": seat.group, "lang": "en",
            "text": format!("Idea {n}"), "receipt": format!("{n:064x}") });
        assert_eq!(command(&organizer, share).await.status(), 200);
    }
    assert_eq!(command(&organizer, phase(2, "vote")).await.status(), 200);
    let approve = |n: u128, idea: u128, on: bool| json!({ "id": id(n), "do": "approve", "idea": id(200 + idea), "on": on });
    for idea in 0..40 {
        let first = command(&seat.token, approve(1_000 + idea, idea, true)).await;
        assert_eq!(first.status(), 200, "the first word on an idea costs no row of the account");
    }
    let (mut rows, mut seq) = (0_usize, 0);
    for n in 0..30 {
        let answer = command(&seat.token, approve(2_000 + n, 0, n % 2 == 1)).await;
        if answer.status() == 200 {
            // What was refused left the approval as it was, so saying it again changes nothing and writes nothing.
            let new = answer.json::<Value>().await.unwrap()["seq"].as_u64().unwrap();
            rows += usize::from(new > seq);
            seq = seq.max(new);
        } else {
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "too-fast");
        }
    }
    assert!((10..=12).contains(&rows), "{rows} of 30 were written");
    // What changes nothing is answered all the same, and somebody else votes as before.
    let same = command(&seat.token, approve(3_000, 5, true)).await;
    assert_eq!(same.status(), 200);
    assert_eq!(same.json::<Value>().await.unwrap()["seq"].as_u64(), Some(seq));
    let other = stage.join(None).await.unwrap();
    assert_eq!(command(&other.token, approve(3_001, 0, true)).await.status(), 200);
    stage.running.stop().await;
}
