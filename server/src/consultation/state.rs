//! The state of a consultation, and how each event changes it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proto::api::curation::ListDecisions;
use proto::api::ledger::LedgerEntry;
use proto::api::preparation::Field;
use proto::ids::{ConsultationId, GroupId, IdeaId};

use super::event::{Event, Founding};
use super::projection::{PlenaryWrite, RunFacts, Write};
use crate::consultation::answered_commands::AnsweredCommands;
use crate::consultation::day::Course;
use crate::consultation::day::phases::Span;
use crate::consultation::end::retention::EndFacts;
use crate::consultation::event_record::{CommandKey, EventRecord, Hash32};
use crate::consultation::ideas::Contributions;
use crate::consultation::list::doubtful_texts::doubtful_name;
use crate::consultation::list::responses::Stands;
use crate::consultation::list::sign_off::Signing;
use crate::consultation::people::Roster;
use crate::consultation::vote::Votes;
use crate::consultation::vote::rewordings::VotedWords;
use crate::journal::{Keys, Seq, TextRow};

/// A consultation as its journal says.
#[derive(Debug)]
pub struct Consultation {
    pub(super) id: ConsultationId,
    pub(super) keys: Keys,
    pub(super) founding: Founding,
    /// Its groups by id, with their names.
    pub(super) groups: BTreeMap<GroupId, String>,
    course: Course,
    people: Roster,
    contributions: Contributions,
    votes: Votes,
    pub(super) done: AnsweredCommands,
    pub(super) lot: Option<Hash32>,
    pub(super) run: u32,
    pub(super) run_facts: Option<Arc<RunFacts>>,
    pub(super) list: ListDecisions,
    pub(super) stands: Stands,
    pub(super) ledger: Vec<LedgerEntry>,
    /// Ideas of which the ledger says that they were passed over.
    pub(super) passed_over: BTreeSet<IdeaId>,
    pub(super) signing: Signing,
    pub(super) end: EndFacts,
    /// How often something prepared was amended, and once for the founding.
    pub(super) prepared: u32,
    /// When each field was amended last; the others at the founding.
    pub(super) versions: BTreeMap<Field, u32>,
}

impl Consultation {
    /// A consultation that begins with this.
    #[must_use]
    pub fn new(id: ConsultationId, keys: Keys, mut founding: Founding) -> Self {
        let contributions = Contributions::new(founding.groups.iter().map(|(id, _)| *id));
        let people = Roster::new(std::mem::take(&mut founding.links));
        Self {
            id,
            keys,
            groups: founding.groups.iter().cloned().collect(),
            course: Course::new(founding.at),
            founding,
            people,
            contributions,
            votes: Votes::default(),
            done: AnsweredCommands::default(),
            lot: None,
            run: 0,
            run_facts: None,
            list: ListDecisions::default(),
            stands: Stands::default(),
            ledger: Vec::new(),
            passed_over: BTreeSet::new(),
            signing: Signing::default(),
            end: EndFacts::default(),
            prepared: 1,
            versions: BTreeMap::new(),
        }
    }

    /// Takes in what its journal says: the records of its stream in order, then its texts. `None` when the first
    /// record is not its founding.
    #[must_use]
    pub fn load(
        id: ConsultationId,
        keys: Keys,
        decisions: Vec<(Seq, EventRecord)>,
        texts: Vec<(TextRow, String)>,
        remembered: usize,
    ) -> Option<Self> {
        let mut decisions = decisions.into_iter();
        let (_, EventRecord { event: Event::Founded(founding), .. }) = decisions.next()? else { return None };
        let mut consultation = Self::new(id, keys, founding);
        for (seq, decision) in decisions {
            if matches!(decision.event, Event::Shared { spoken: false, .. }) {
                consultation.note_share_before();
            }
            if let Some(asked) = decision.command {
                consultation.done.remember(asked, seq, remembered);
            }
            consultation.apply(&decision, &NewWords::default());
        }
        consultation.note_start_of_boards();
        consultation.note_start_of_seats();
        for (key, text) in texts {
            match key {
                TextRow::Idea(_)
                | TextRow::Translations(_)
                | TextRow::Wordings(_)
                | TextRow::Following(_) => consultation.load_words(key, text),
                TextRow::Note(note) => consultation.load_note(note, text),
                TextRow::Objection(id) => consultation.load_line(id, text),
                // The plenary keeps them, and reads them itself.
                TextRow::Doubtful => {}
                TextRow::Run => consultation.run_facts = serde_json::from_str(&text).ok().map(Arc::new),
                TextRow::VotedWords => consultation.load_voted_words(&text),
            }
        }
        consultation.room_is_loaded();
        Some(consultation)
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ConsultationId {
        self.id
    }

    /// Its keys.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What it began with, as it was amended since; who has its staff links is not in it.
    #[must_use]
    pub const fn founding(&self) -> &Founding {
        &self.founding
    }

    /// What people contributed. Only the folder `ideas` knows what is in it.
    pub(super) const fn contributions(&self) -> &Contributions {
        &self.contributions
    }

    /// What people contributed, to be changed by the folder `ideas`.
    pub(super) const fn contributions_mut(&mut self) -> &mut Contributions {
        &mut self.contributions
    }

    /// Its people. Only the folder `people` knows what is in it.
    pub(super) const fn people(&self) -> &Roster {
        &self.people
    }

    /// Its people, to be changed by the folder `people`.
    pub(super) const fn people_mut(&mut self) -> &mut Roster {
        &mut self.people
    }

    /// Its votes. Only the folder `vote` knows what is in them.
    pub(super) const fn votes(&self) -> &Votes {
        &self.votes
    }

    /// Its votes, to be changed by the folder `vote`.
    pub(super) const fn votes_mut(&mut self) -> &mut Votes {
        &mut self.votes
    }

    /// The course of the day. Only the folder `day` knows what is in it.
    pub(super) const fn course(&self) -> &Course {
        &self.course
    }

    /// The course of the day, to be changed by the folder `day`.
    pub(super) const fn course_mut(&mut self) -> &mut Course {
        &mut self.course
    }

    /// Its groups, with their names.
    #[must_use]
    pub const fn groups(&self) -> &BTreeMap<GroupId, String> {
        &self.groups
    }

    /// The lot for ties, once it is drawn.
    #[must_use]
    pub const fn lot(&self) -> Option<Hash32> {
        self.lot
    }

    /// The last merge run's number.
    #[must_use]
    pub const fn run(&self) -> u32 {
        self.run
    }

    /// The last merge run.
    #[must_use]
    pub const fn run_facts(&self) -> Option<&Arc<RunFacts>> {
        self.run_facts.as_ref()
    }

    /// What became of a command id.
    #[must_use]
    pub const fn done(&self) -> &AnsweredCommands {
        &self.done
    }

    /// Remembers a command that is about to be durable.
    pub fn remember(&mut self, asked: CommandKey, seq: Seq, max: usize) {
        self.done.remember(asked, seq, max);
    }

    /// Remembers a command that changed nothing.
    pub fn remember_unchanged(&mut self, asked: CommandKey, seq: Seq, max: usize) {
        self.done.remember_unchanged(asked, seq, max);
    }

    /// Takes in what was decided and says what the rooms must show of it.
    pub fn apply(&mut self, decision: &EventRecord, words: &NewWords) -> Vec<Write> {
        self.append_to_ledger(decision);
        self.apply_event(&decision.event, words)
    }

    #[expect(clippy::too_many_lines, reason = "a table: one line for each event")]
    fn apply_event(&mut self, event: &Event, words: &NewWords) -> Vec<Write> {
        match event {
            Event::Founded(_) => Vec::new(),
            Event::Seated { seat, group, token, card, waits } => {
                self.take_seat(*seat, *group, *token, (*card, *waits))
            }
            Event::LetIn { seats, .. } => self.let_people_in(seats),
            Event::Chairs { count, group } => self.count_chairs(*count, *group),
            Event::SeatsClosed { seats, group, why, only, at, kept, came } => {
                self.close_seats(seats, *group, (*why, *only), (*at, *came), kept)
            }
            Event::SeatsRestored { closing } => self.restore_seats(*closing),
            Event::Reseated { seat, card, token } => self.take_over(*seat, *card, *token),
            Event::Exchanged { seat, token } => self.exchange(*seat, *token),
            Event::SeatMoved { seat, group } => self.move_seat(*seat, *group),
            Event::CardsMade { cards, group } => self.make_cards(cards, *group),
            Event::CardRevoked { card } => self.revoke_card(*card),
            Event::CardReplaced { card, by } => self.replace_card(*card, *by),
            Event::Shared { idea, group, .. } => self.share(event, *idea, *group, words),
            Event::Admitted { idea, order } => self.let_in(*idea, *order),
            Event::Edited { idea, waiting } => self.edit_by_author(*idea, *waiting, words),
            Event::Withdrawn { idea } => self.withdraw(*idea),
            Event::Approved { by, idea, on, n } => self.approve(*by, *idea, *n, *on),
            Event::Promoted { idea, on } => self.promote(*idea, *on),
            Event::Hidden { idea, reason, erased } => self.hide(*idea, reason, *erased),
            Event::Unhidden { idea } => self.unhide(*idea),
            Event::BoardHidden { group, on } => self.hide_board(*group, *on),
            Event::Reported { idea } => self.note_report(*idea),
            Event::Endangered { idea, at, effect, listed } => self.endanger(*idea, *at, (*effect, *listed)),
            Event::Safeguarded { idea, state } => self.safeguard(*idea, *state),
            Event::SafeguardedAll { ideas, state } => {
                ideas.iter().flat_map(|idea| self.safeguard(*idea, *state)).collect()
            }
            Event::Translated { idea, lang } => self.translate(*idea, lang, words),
            Event::Help { group, at } => self.call_help(*group, *at),
            Event::Revealed { group, ideas } => self.reveal(*group, ideas),
            Event::Combined { idea, into } => self.combine(*idea, *into),
            Event::TakenApart { idea } => self.take_apart(*idea),
            Event::Ordered { group, ideas } => self.order(*group, ideas),
            Event::Restored { idea } => self.restore(*idea, words),
            Event::Locked { idea, on } => self.lock(*idea, *on),
            Event::SeatClosed { seat, group } => self.close_seat(*seat, *group),
            Event::Moved { phase, group, started_at, ends_at, lot } => {
                self.lot = self.lot.or(*lot);
                self.note_end(*phase, *group, *started_at);
                self.enter(*phase, *group, Span { started_at: *started_at, ends_at: *ends_at })
            }
            Event::Announced { group, change } => self.close(*group, change.clone()),
            Event::Pointed { groups } => self.go_to_points(groups),
            Event::Planned { groups } => self.plan_points(groups),
            Event::Clocked { of, ends } => self.set_clocks(*of, ends),
            Event::VoteRead { group, opening, changed } => {
                self.take_voted_words(*group, *opening, changed, words)
            }
            Event::Door { open, opens_at, admission } => self.set_door(*open, *opens_at, *admission),
            Event::Amended(change) => self.amend(change),
            Event::FileStored { material, content } => self.store_file(*material, content),
            Event::LinkAdded { link, instead_of } => self.add_link(link, *instead_of),
            Event::LinkRevoked { seat } => self.revoke_link(*seat),
            Event::ContactLooked { seat } => self.contact_looked(*seat),
            Event::Merged { run, lot, .. } => {
                self.run = *run;
                self.lot = self.lot.or(*lot);
                let Some(facts) = &words.run else { return Vec::new() };
                self.run_facts = Some(Arc::clone(facts));
                self.mark_all_responses();
                vec![Write::Plenary(PlenaryWrite::Run(Arc::clone(facts)))]
            }
            Event::PassedOver { idea, .. } => self.pass_over(*idea),
            Event::List(change) => self.change_list(change),
            Event::SignedOff { by, group, agreed, note } => {
                self.sign_off(*by, *group, (*agreed, *note), words)
            }
            Event::NoteHidden { note, reason } => self.hide_note(*note, reason.as_ref()),
            Event::Retained { days } => self.retain(*days),
            Event::Exported(exported) => self.note_export(exported),
            Event::Counted { wrote } => self.note_writers(wrote),
            Event::Active { day } => self.note_active(*day),
            Event::Worded { .. } => Vec::new(),
            Event::Responded { by, item, says, n } => self.take_response(*by, *item, (*n, *says), words),
            Event::ObjectionHidden { item, objection } => self.hide_objection(*item, *objection),
            Event::TextSettled { what, idea, lang, kept } => {
                let text = doubtful_name(*what, *idea, lang.as_deref());
                text.map(|text| Write::Plenary(PlenaryWrite::Settle(text, *kept))).into_iter().collect()
            }
            Event::Reworded { item } => vec![Write::Plenary(PlenaryWrite::Reword(*item))],
        }
    }
}

/// Words that come with an event: they are not in it, because they have rows of their own.
#[derive(Clone, Debug, Default)]
pub struct NewWords {
    /// Of an idea that is shared or edited, or of an objection.
    pub idea: Option<Arc<str>>,
    /// Of a minority note.
    pub line: Option<Arc<str>>,
    /// Of a merge run.
    pub run: Option<Arc<RunFacts>>,
    /// Fingerprints of all words that were voted on.
    pub voted_words: Option<Arc<VotedWords>>,
}
