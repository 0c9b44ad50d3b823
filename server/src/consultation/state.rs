//! The state of a consultation, and how each event changes it.

use std::sync::Arc;

use proto::api::translations::Translation;
use proto::ids::ConsultationId;
use proto::phase::Phase;

use super::event::{Event, Founding};
use super::projection::{PlenaryWrite, RunFacts, Write};
use crate::consultation::answered_commands::AnsweredCommands;
use crate::consultation::day::Course;
use crate::consultation::day::phases::Span;
use crate::consultation::end::retention::EndFacts;
use crate::consultation::event::record::{CommandKey, EventRecord};
use crate::consultation::ideas::Contributions;
use crate::consultation::list::PlenaryList;
use crate::consultation::list::deleted_words::doubtful_texts::doubtful_name;
use crate::consultation::list::stored_version::StoredVersion;
use crate::consultation::people::Roster;
use crate::consultation::prepare::prepared::Prepared;
use crate::consultation::view::ledger::Ledger;
use crate::consultation::vote::Votes;
use crate::consultation::vote::rewordings::VotedWords;
use crate::journal::{Keys, Seq, TextRow};

/// A consultation as its journal says.
///
/// Each field is a part that one folder owns: its type is known there alone, so it is changed there alone. A rule that concerns
/// several parts is a method of the consultation that asks each of them.
#[derive(Debug)]
pub struct Consultation {
    id: ConsultationId,
    keys: Keys,
    prepared: Prepared,
    course: Course,
    people: Roster,
    contributions: Contributions,
    votes: Votes,
    list: PlenaryList,
    end: EndFacts,
    ledger: Ledger,
    answered: AnsweredCommands,
}

impl Consultation {
    /// A consultation that begins with this.
    #[must_use]
    pub fn new(id: ConsultationId, keys: Keys, mut founding: Founding) -> Self {
        Self {
            id,
            keys,
            course: Course::new(founding.at),
            people: Roster::new(std::mem::take(&mut founding.links)),
            contributions: Contributions::new(founding.groups.iter().map(|(id, _)| *id)),
            prepared: Prepared::new(founding),
            votes: Votes::default(),
            list: PlenaryList::default(),
            end: EndFacts::default(),
            ledger: Ledger::default(),
            answered: AnsweredCommands::default(),
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
                consultation.answered.remember(asked, seq, remembered);
            }
            consultation.apply(&decision, &NewWords::default());
        }
        consultation.note_start_of_boards();
        consultation.note_start_of_seats();
        for (key, text) in texts {
            match key {
                TextRow::Idea(_)
                | TextRow::Entry(_)
                | TextRow::Translations(_)
                | TextRow::Wordings(_)
                | TextRow::Following(_) => consultation.load_words(key, text),
                TextRow::Note(note) => consultation.load_note(note, text),
                TextRow::Objection(id) => consultation.load_line(id, text),
                // The plenary keeps them, and reads them itself.
                TextRow::Doubtful => {}
                TextRow::Run => consultation.load_run(&text),
                TextRow::Version(number) => consultation.load_version(number, &text),
                TextRow::VotedWords => consultation.load_voted_words(&text),
            }
        }
        consultation.room_is_loaded();
        Some(consultation)
    }

    /// The id by which journal, rooms and addresses name it.
    #[must_use]
    pub const fn id(&self) -> ConsultationId {
        self.id
    }

    /// The keys that make pseudonyms of seats; a purge destroys them.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What is prepared, to be asked and changed by the folder `prepare`.
    pub(super) const fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    pub(super) const fn prepared_mut(&mut self) -> &mut Prepared {
        &mut self.prepared
    }

    /// The course of the day, to be asked and changed by the folder `day`.
    pub(super) const fn course(&self) -> &Course {
        &self.course
    }

    pub(super) const fn course_mut(&mut self) -> &mut Course {
        &mut self.course
    }

    /// Who has a place here, to be asked and changed by the folder `people`.
    pub(super) const fn people(&self) -> &Roster {
        &self.people
    }

    pub(super) const fn people_mut(&mut self) -> &mut Roster {
        &mut self.people
    }

    /// What people contributed, to be asked and changed by the folder `ideas`.
    pub(super) const fn contributions(&self) -> &Contributions {
        &self.contributions
    }

    pub(super) const fn contributions_mut(&mut self) -> &mut Contributions {
        &mut self.contributions
    }

    /// The votes, to be asked and changed by the folder `vote`.
    pub(super) const fn votes(&self) -> &Votes {
        &self.votes
    }

    pub(super) const fn votes_mut(&mut self) -> &mut Votes {
        &mut self.votes
    }

    /// The list, to be asked and changed by the folder `list`.
    pub(super) const fn plenary_list(&self) -> &PlenaryList {
        &self.list
    }

    pub(super) const fn plenary_list_mut(&mut self) -> &mut PlenaryList {
        &mut self.list
    }

    /// What is known of the end, to be asked and changed by the folder `end`.
    pub(super) const fn end_facts(&self) -> &EndFacts {
        &self.end
    }

    pub(super) const fn end_facts_mut(&mut self) -> &mut EndFacts {
        &mut self.end
    }

    /// What is told in the ledger, to be asked and changed by the folder `view`.
    pub(super) const fn told(&self) -> &Ledger {
        &self.ledger
    }

    pub(super) const fn told_mut(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// What became of a command id.
    #[must_use]
    pub const fn done(&self) -> &AnsweredCommands {
        &self.answered
    }

    /// Remembers a command that is about to be durable.
    pub fn remember(&mut self, asked: CommandKey, seq: Seq, max: usize) {
        self.answered.remember(asked, seq, max);
    }

    /// Remembers a command that changed nothing.
    pub fn remember_unchanged(&mut self, asked: CommandKey, seq: Seq, max: usize) {
        self.answered.remember_unchanged(asked, seq, max);
    }

    /// Takes in what was decided and says what the rooms must show of it.
    pub fn apply(&mut self, decision: &EventRecord, words: &NewWords) -> Vec<Write> {
        self.append_to_ledger(decision);
        self.count_answer(&decision.event);
        let mut writes = self.apply_event(&decision.event, words);
        if !matches!(decision.event, Event::VersionMade { .. }) {
            writes.extend(self.take_versions(&words.versions));
        }
        writes
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
            Event::Promoted { idea, on, kind, proposed } => self.promote(*idea, *on, (*kind, *proposed)),
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
                self.draw_lot(*lot);
                self.note_end(*phase, *group, *started_at);
                if *phase == Phase::Plenary && group.is_none() && self.phase() != Phase::Plenary {
                    self.gather_electorate();
                }
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
            Event::Merged { run, lot } => self.take_run(*run, *lot, words.run.as_ref()),
            Event::PassedOver { idea, .. } => self.pass_over(*idea),
            Event::PlenaryVoteOpened { paper, absent, without_entry } => {
                self.open_plenary_vote(paper, absent, *without_entry)
            }
            Event::PlenaryVoteClosed { lot } => self.close_plenary_vote(*lot),
            Event::EntryApproved { by, item, on, n } => self.approve_entry(*by, *item, *n, *on),
            Event::GroupAddedToPaper { group, entries } => self.add_group_to_paper(*group, entries),
            Event::VotersLetIn { seats } => self.let_voters_in(seats),
            Event::List(change) => self.change_list(change),
            Event::AdoptionOpened { version } => self.open_adoption(*version),
            Event::AdoptionClosed {} => self.close_adoption(),
            Event::Adopted { by, on, n } => self.adopt(*by, *n, *on),
            Event::VersionMade { number } => self.take_version(*number, &words.versions),
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
    /// Of an idea in another language.
    pub translation: Option<Arc<Translation>>,
    /// Of a minority note.
    pub line: Option<Arc<str>>,
    /// Of a merge run.
    pub run: Option<Arc<RunFacts>>,
    /// Versions that are new, or that lost words.
    pub versions: Vec<Arc<StoredVersion>>,
    /// Fingerprints of all words that were voted on.
    pub voted_words: Option<Arc<VotedWords>>,
}
