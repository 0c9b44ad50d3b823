//! What the journal says of people: staff by their role and minute, authors and voters not at all (rule I11).

use proto::api::consultation::Admission;
use proto::command::Action;
use proto::ids::SeatId;
use proto::phase::Phase;

use crate::consultation::EventRecord;
use crate::consultation::tests::share;
use crate::consultation::tests::voices::{Hall, idea};

/// The record of a decision as the journal gets it, made by the consultation itself.
fn stored(hall: &Hall, who: SeatId, action: &Action) -> String {
    let outcome = hall.consultation.decide(who, action, hall.context()).unwrap();
    let stamp = hall.consultation.stamp(who, &outcome.event, hall.now);
    let record = EventRecord { command: None, stamp, event: outcome.event };
    String::from_utf8(record.to_bytes()).unwrap()
}

#[test]
fn i11_no_record_says_who_shared_or_approved_and_staff_are_a_role() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let author = people[0].to_string();
    let group = hall.group;
    let record = stored(&hall, people[0], &share(idea(50), group, 50));
    assert!(record.contains("\"shared\"") && !record.contains(&author), "{record}");
    hall.share(people[0], 50);
    let hides = Action::Hide { idea: idea(50), reason: "off-topic".to_owned(), erase: false, read: None };
    let record = stored(&hall, hall.moderator, &hides);
    assert!(record.contains("moderator") && !record.contains(&hall.moderator.to_string()), "{record}");
    let phase = Action::Phase { phase: Phase::Vote, group: None, minutes: None, grace_seconds: None };
    hall.act(hall.organizer, &phase).unwrap();
    let approves = Action::Approve { idea: idea(50), on: true, counter: None };
    let record = stored(&hall, people[1], &approves);
    assert!(record.contains("\"approved\"") && !record.contains(&people[1].to_string()), "{record}");
}
