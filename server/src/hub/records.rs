//! Cards, followed ideas, and words of staff: what is kept so that everybody can check it.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use proto::api::consultation::BoardView;
use proto::api::ending::Exported;
use proto::api::group_card::{CardIdea, GroupCard, GroupCardView};
use proto::api::idea_outcome::{Followed, IdeaOutcome, Listed, Owned, Whereabouts};
use proto::api::ledger::Worded;
use proto::gate::{StatementPart, TextKey};
use proto::ids::{DocumentName, GroupId, IdeaId, SeatId};
use proto::letters::is_empty;
use proto::plenary::PlenaryView;
use proto::problem::{Code, Problem};
use proto::role::Role;
use tokio::sync::oneshot;

use super::batch::{Batch, Effect};
use super::mailbox::RecordsLook;
use super::task::Task;
use crate::access::{Deed, may_ever};
use crate::consultation::{Event, EventRecord, NewWords, RunFacts, Stamp};
use crate::journal::{JournalError, Record, Stream, StreamRecord};
use crate::room::StaffWrote;

impl Task {
    pub(super) fn look_at_records(&mut self, look: RecordsLook) {
        match look {
            RecordsLook::Card(seat, group, reply) => self.look_at_card(seat, group, reply),
            RecordsLook::Follow(ideas, reply) => self.follow_ideas(&ideas, reply),
            RecordsLook::Ending(seat, sha256, reply) => {
                let ending = self.consultation.permit(Deed::Purge, seat, None);
                let _ = reply.send(ending.map(|()| self.consultation.ending(&sha256)));
            }
        }
    }

    /// A card has the words of the board as they are now.
    fn look_at_card(
        &mut self,
        seat: SeatId,
        group: GroupId,
        reply: oneshot::Sender<Result<GroupCardView, Problem>>,
    ) {
        let actor = self.consultation.actor(seat);
        if !actor.is_some_and(|actor| may_ever(Deed::ReadBoard, actor, Some(group))) {
            let _ = reply.send(Err(Problem::new(Code::Forbidden)));
            return;
        }
        let Some(card) = self.consultation.group_card(group) else {
            let _ = reply.send(Err(Problem::new(Code::NotFound)));
            return;
        };
        let own = self.consultation.own_answer(seat);
        let room = self.room(DocumentName::Board(group));
        self.answers.spawn(async move {
            let board = room.read_board(None).await;
            let card = board.map(|board| GroupCardView { card: with_words(card, &board), own });
            let _ = reply.send(card.map_err(|_| Problem::new(Code::Unavailable)));
        });
    }

    /// Where ideas stand on the list is in the plenary, with the wording that people gave them.
    fn follow_ideas(&mut self, ideas: &[Owned], reply: oneshot::Sender<Result<Followed, Problem>>) {
        let fates: Vec<IdeaOutcome> = ideas.iter().map(|owned| self.consultation.followed(owned)).collect();
        let listed = self.consultation.run_facts().is_some_and(|run| lists(run, &fates));
        if !listed {
            let _ = reply.send(Ok(Followed { ideas: fates }));
            return;
        }
        let room = self.room(DocumentName::Plenary(self.consultation.id()));
        let beyond = self.beyond(&fates);
        self.answers.spawn(async move {
            let plenary = room.read_plenary().await.map_err(|_| Problem::new(Code::Unavailable));
            let _ =
                reply.send(plenary.map(|plenary| Followed { ideas: on_the_list(fates, &plenary, &beyond) }));
        });
    }

    /// Those of these ideas that their item does not name: item → idea, with the words that it was shared with.
    fn beyond(&self, fates: &[IdeaOutcome]) -> BTreeMap<IdeaId, Vec<(IdeaId, Arc<str>)>> {
        let mut beyond: BTreeMap<IdeaId, Vec<(IdeaId, Arc<str>)>> = BTreeMap::new();
        let items = self.consultation.run_facts().map(|run| &run.beyond);
        for fate in fates.iter().filter(|fate| is_shown(fate)) {
            let item = items.and_then(|items| items.get(&fate.idea));
            let idea = self.consultation.ideas().get(&fate.idea);
            if let (Some(item), Some(idea)) = (item, idea) {
                beyond.entry(*item).or_default().push((fate.idea, Arc::clone(&idea.text)));
            }
        }
        beyond
    }

    /// Somebody of the staff wrote in a text: a line of the ledger.
    pub(super) async fn worded(&mut self, wrote: StaffWrote) -> Result<(), JournalError> {
        let (what, idea, lang) = match wrote.text {
            TextKey::Idea(idea) => (Worded::Idea, Some(idea), None),
            TextKey::IdeaTranslation(idea, lang) => (Worded::Translation, Some(idea), Some(lang.into())),
            TextKey::Wording(item) => (Worded::Wording, Some(item), None),
            TextKey::Note(item) => (Worded::Note, Some(item), None),
            TextKey::ItemTranslation(item, lang) => {
                (Worded::WordingTranslation, Some(item), Some(lang.into()))
            }
            TextKey::Statement(StatementPart::Opening) => (Worded::Opening, None, None),
            TextKey::Statement(StatementPart::Summary) => (Worded::Summary, None, None),
            TextKey::Statement(StatementPart::Closing) => (Worded::Closing, None, None),
        };
        let stamp = Some(Stamp::now(wrote.by, self.clock.now()));
        let decision = EventRecord { command: None, stamp, event: Event::Worded { what, idea, lang } };
        let writes = self.consultation.apply(&decision, &NewWords::default());
        let record = Record::Decided(decision.to_bytes());
        let entries = vec![StreamRecord { stream: Stream::Consultation, record }];
        self.commit(Batch { entries, after: vec![Effect::Shown { index: 0, writes }], ..Batch::default() })
            .await
    }

    /// An export by staff is remembered, so that a purge can be reminded of what was never taken away.
    pub(super) fn exported(&mut self, seat: SeatId, exported: Exported, batch: &mut Batch) {
        let role = self.consultation.actor(seat).map(|actor| actor.role);
        let staff = matches!(role, Some(Role::Organizer | Role::Rapporteur));
        let known = self.consultation.exported().is_some_and(|known| known.sha256 == exported.sha256);
        if staff && !known {
            self.decided(None, seat, Event::Exported(exported), &NewWords::default(), batch);
        }
    }

    /// How many of each group have written is noted when the phase changes: after a restart nobody could say.
    pub(super) fn count_writers(&mut self, batch: &mut Batch) {
        if let Some(wrote) = self.consultation.writers_to_note() {
            self.stamped(None, None, Event::Counted { wrote }, &NewWords::default(), batch);
        }
    }
}

fn with_words(mut card: GroupCard, board: &BoardView) -> GroupCard {
    let words: BTreeMap<IdeaId, &str> =
        board.ideas.iter().map(|idea| (idea.id, idea.text.as_str())).collect();
    let say = |idea: &mut CardIdea| {
        if let Some(text) = words.get(&idea.id) {
            idea.text = (*text).to_owned();
        }
    };
    card.ideas.iter_mut().for_each(say);
    if let Some(disagreement) = &mut card.disagreement {
        say(&mut disagreement.idea);
    }
    card
}

/// Is one of these on the list?
fn lists(run: &RunFacts, fates: &[IdeaOutcome]) -> bool {
    let shown: HashSet<IdeaId> = fates.iter().filter(|fate| is_shown(fate)).map(|fate| fate.idea).collect();
    run.sources().any(|source| shown.contains(&source.idea))
        || shown.iter().any(|idea| run.beyond.contains_key(idea))
}

fn is_shown(fate: &IdeaOutcome) -> bool {
    fate.place == Whereabouts::Shown
}

/// Tells of each idea where it stands: also of one that was not promoted itself, but says the same as one that was.
fn on_the_list(
    mut fates: Vec<IdeaOutcome>,
    plenary: &PlenaryView,
    beyond: &BTreeMap<IdeaId, Vec<(IdeaId, Arc<str>)>>,
) -> Vec<IdeaOutcome> {
    let wanted: BTreeMap<IdeaId, usize> = fates
        .iter()
        .enumerate()
        .filter(|(_, fate)| is_shown(fate))
        .map(|(at, fate)| (fate.idea, at))
        .collect();
    let kept_off = |tags: &[String]| tags.iter().any(|tag| tag == "excluded" || tag == "orphan");
    for item in plenary.items.iter().filter(|item| !kept_off(&item.facts.tags)) {
        let named = item.facts.sources.iter().map(|source| (source.idea, source.text.as_str()));
        let others = beyond.get(&item.id).into_iter().flatten().map(|(idea, text)| (*idea, &**text));
        for (idea, text) in named.chain(others) {
            let fate = wanted.get(&idea).and_then(|at| fates.get_mut(*at));
            let Some(fate) = fate.filter(|fate| fate.listed.is_none()) else { continue };
            let worded = item.wording.trim();
            let wording = if is_empty(worded) { item.facts.text.as_str() } else { worded };
            fate.listed = Some(Listed {
                item: item.id,
                section: item.facts.section,
                status: item.facts.status,
                rank: item.facts.rank,
                reworded: wording != text.trim(),
                wording: wording.to_owned(),
            });
        }
    }
    fates
}
