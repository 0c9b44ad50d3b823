//! Boards: all replicas are equal, nothing that was recorded is lost, nothing late took effect (I2, I4, I5).

use std::collections::BTreeMap;

use proto::ids::{DocumentName, GroupId, IdeaId};

use server::consultation::{Event, EventRecord};

use super::World;
use crate::phone::words;
use crate::simulation::page::Page;

impl World {
    pub(super) fn check_boards(&mut self) {
        let mut shown = BTreeMap::new();
        for group in self.groups.clone() {
            shown.extend(self.check_board(group));
        }
        for (at, document, (name, word)) in &self.recorded {
            let Ok(idea) = name.parse::<IdeaId>() else { continue };
            // What a removed writer typed was undone.
            if self.is_shut(*at) || !matches!(document, DocumentName::Board(_)) {
                continue;
            }
            if let Some(text) = shown.get(&idea) {
                assert!(text.contains(word.as_str()), "recorded and lost: {word} of {idea}");
            }
        }
        let live = self.live();
        for idea in live.ideas().keys().filter(|idea| live.is_on_board(**idea)) {
            assert!(
                shown.contains_key(idea),
                "{idea} is on its board for the consultation, and not in its room"
            );
        }
        for idea in shown.keys() {
            assert!(
                live.is_on_board(*idea),
                "{idea} is in its room, and not on its board for the consultation"
            );
        }
    }

    /// One board: gives the words of its ideas.
    fn check_board(&mut self, group: GroupId) -> BTreeMap<IdeaId, String> {
        let document = DocumentName::Board(group);
        let server = self.server.as_mut().unwrap();
        let board = server.board(group, &self.ground);
        let mut texts: Vec<_> =
            board.ideas.iter().map(|idea| (idea.id.to_string(), idea.text.clone())).collect();
        texts.sort();
        let replica = words(&server.rooms[&document].replica());
        assert_eq!(replica, texts, "the board of {group} from a snapshot, and live");
        for (seat, page) in self.open_pages(document) {
            assert_eq!(words(&page.doc), texts, "the page of {seat} and its board");
        }
        // What a removed writer typed is undone, also while it is voted on.
        let is_undone = |record: &EventRecord| matches!(record.event, Event::SeatClosed { .. });
        let voted = self.voted.get(&group).filter(|_| !self.records().iter().any(is_undone));
        for (idea, text) in board.ideas.iter().map(|idea| (idea.id, &idea.text)) {
            let before = voted.and_then(|voted| voted.get(&idea));
            assert!(before.is_none_or(|before| before == text), "{idea} changed while it is voted on");
        }
        board.ideas.into_iter().map(|idea| (idea.id, idea.text)).collect()
    }

    /// The pages of a document that are in step with its room.
    pub(super) fn open_pages(
        &self,
        document: DocumentName,
    ) -> impl Iterator<Item = (proto::ids::SeatId, &Page)> {
        let pages = self.people.iter().flat_map(|person| person.pages.iter().map(|page| (person.seat, page)));
        pages.filter(move |(_, page)| page.document == document && page.is_open())
    }
}
