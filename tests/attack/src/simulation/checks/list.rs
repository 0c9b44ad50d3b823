//! The list: all replicas are equal, people's responses are shown, what rapporteurs wrote is kept (I4, I6).

use std::collections::BTreeMap;

use proto::ids::{DocumentName, IdeaId};

use super::World;
use crate::simulation::page::everything;

impl World {
    pub(super) fn check_list(&mut self) {
        let document = DocumentName::Plenary(self.ground.id);
        let server = self.server.as_mut().unwrap();
        let list = server.list(&self.ground);
        let kept = serde_json::to_string(&(&list, server.doubtful(&self.ground))).unwrap();
        let replica = everything(&server.rooms[&document].replica());
        for (seat, page) in self.open_pages(document) {
            assert_eq!(everything(&page.doc), replica, "the list of {seat} and of the server");
        }
        let consultation = self.live();
        let said: BTreeMap<_, _> = consultation.room().into_iter().collect();
        assert!(!consultation.room_waits(), "responses wait to be shown");
        for item in &list.items {
            let said = said.get(&item.id).map_or(0, |said| said.object);
            assert_eq!(item.responses.object, said, "the responses that the list shows of {}", item.id);
        }
        for (_, of, (name, word)) in self.recorded.iter().filter(|(_, of, _)| *of == document) {
            // A text that says hardly anything but deleted words is deleted with them (C25).
            let took_over = |item: &IdeaId| name.starts_with(&item.to_string());
            if !self.erased.is_empty() && self.reworded.iter().any(took_over) {
                continue;
            }
            let given_up = self.given_up.iter().any(|text| text.contains(word.as_str()));
            assert!(given_up || kept.contains(word.as_str()), "recorded and lost: {word} of {name} in {of}");
        }
    }
}
