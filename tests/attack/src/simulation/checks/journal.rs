//! The journal is the truth: what is loaded from it is what runs (I5); it has nothing of who wrote what (I11).

use std::collections::BTreeMap;

use proto::api::consultation::IdeaState;
use proto::ids::IdeaId;
use proto::phase::Phase;
use server::consultation::{Consultation, Event};
use server::journal::Journal;
use server::live::{CERTIFICATE, PURGED, load};

use super::World;

impl World {
    /// A consultation that is loaded from the journal is the one that runs.
    pub(super) fn check_journal(&self) {
        self.check_authors();
        let remembered = self.ground.limits.commands_remembered;
        let loaded = load(&self.ground.journal, self.ground.id, remembered).unwrap();
        let (live, now) = (self.live(), self.ground.wall);
        let phases = |one: &Consultation| -> Vec<Phase> {
            self.groups.iter().map(|group| one.phase_of(Some(*group))).collect()
        };
        assert_eq!(phases(&loaded), phases(live), "phases");
        let ballots = |one: &Consultation| {
            let mut ballots: Vec<_> = one.ballots().collect();
            ballots.sort();
            ballots
        };
        assert_eq!(ballots(&loaded), ballots(live), "ballots");
        let plenary_vote = |one: &Consultation| {
            let result = one.plenary_result().map(|mut result| {
                result.ballots.sort();
                result
            });
            (one.plenary_vote_is_open(), result)
        };
        assert_eq!(plenary_vote(&loaded), plenary_vote(live), "the plenary vote");
        let ideas = |one: &Consultation| -> BTreeMap<IdeaId, (IdeaState, Option<IdeaId>, bool, u32)> {
            let of = |id: &IdeaId| {
                let (state, into) = one.state_of(*id);
                (*id, (state, into, one.is_on_board(*id), one.tally(*id)))
            };
            one.ideas().keys().map(of).collect()
        };
        assert_eq!(ideas(&loaded), ideas(live), "ideas");
        assert_eq!(loaded.list(), live.list(), "decisions about the list");
        assert_eq!(loaded.ledger(), live.ledger(), "the ledger");
        let state = |one: &Consultation| {
            let groups = one.state(now, |_| 0).groups;
            groups.iter().map(|group| (group.name.clone(), group.late)).collect::<Vec<_>>()
        };
        assert_eq!(state(&loaded), state(live), "groups");
        let room = |one: &Consultation| one.room().into_iter().collect::<BTreeMap<_, _>>();
        let counts = |one: &Consultation| {
            let said = room(one).into_iter();
            said.map(|(item, said)| (item, said.object)).collect::<Vec<_>>()
        };
        assert_eq!(counts(&loaded), counts(live), "responses");
        for person in &self.people {
            let (loaded, live) = (loaded.is_closed(person.seat), live.is_closed(person.seat));
            assert_eq!(loaded, live, "is the seat {} closed?", person.seat);
        }
        let dangers = |one: &Consultation| -> BTreeMap<IdeaId, _> {
            one.ideas().iter().filter_map(|(id, idea)| Some((*id, idea.danger()?.state()))).collect()
        };
        assert_eq!(dangers(&loaded), dangers(live), "reports of danger");
    }

    /// No record names a participant and an idea: the journal cannot say who wrote what.
    fn check_authors(&self) {
        for record in self.records() {
            // The first record has the links of staff.
            if matches!(record.event, Event::Founded(_)) {
                continue;
            }
            let text = String::from_utf8(record.to_bytes()).unwrap();
            let names = |person: &&super::super::person::Person| text.contains(&person.seat.to_string());
            if let Some(person) = self.people.iter().filter(|person| person.is_phone()).find(names) {
                let idea = self.words.keys().find(|idea| text.contains(&idea.to_string()));
                assert!(idea.is_none(), "a record names {} and an idea: {text}", person.seat);
            }
        }
    }

    /// Everything was deleted: nothing is left but the certificate.
    pub(in super::super) fn check_purged(&self) {
        let (journal, id) = (&self.ground.journal, self.ground.id);
        assert!(self.server.as_ref().is_some_and(|server| server.purged), "nothing was deleted");
        assert!(journal.consultations().unwrap().is_empty(), "the consultation is left");
        assert!(journal.texts(id).unwrap().is_empty(), "texts are left");
        assert!(journal.keys(id).is_err(), "keys are left");
        assert_eq!(journal.server_names(CERTIFICATE).unwrap().len(), 1, "certificates");
        assert_eq!(journal.server_names(PURGED).unwrap().len(), 1, "consultations that were purged");
    }
}
