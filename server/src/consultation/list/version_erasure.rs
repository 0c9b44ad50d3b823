//! Words that leave a version: deleted ones for good (rule C25), hidden ones for as long as they are hidden.
//!
//! Nothing of a version is settled by people, because it cannot be edited: a text that is only like deleted words is blanked as well.

use std::collections::HashSet;

use proto::ids::{IdeaId, NoteId};
use proto::plenary::{PlenaryItem, PlenaryView};

use super::stored_version::ListContext;
use crate::consultation::event::Event;
use crate::consultation::ideas::deleted_words::traces::{DeletedWords, Trace};
use crate::consultation::ideas::moderation::hiding::PERSONAL_DATA;
use crate::consultation::state::Consultation;

/// What must not be read in a version.
pub(super) struct Blank<'a> {
    /// The words of these ideas.
    pub ideas: &'a HashSet<IdeaId>,
    /// These words, wherever people wrote them.
    pub words: Option<&'a DeletedWords>,
    /// Lines on cards that say exactly this.
    pub lines: &'a HashSet<String>,
    /// Ideas of late shelves that say exactly this.
    pub late: &'a HashSet<String>,
    /// What people made of an entry, too, if all of its ideas are among them.
    pub whole_entries: bool,
}

/// Takes words out. Gives how many texts lost some.
pub(super) fn blank(view: &mut PlenaryView, context: &mut ListContext, gone: &Blank<'_>) -> u32 {
    let mut texts = 0;
    view.items.iter_mut().for_each(|item| blank_item(item, gone, &mut texts));
    let statement = &mut view.statement;
    for part in [&mut statement.opening, &mut statement.summary, &mut statement.closing] {
        strike(part, gone, &mut texts);
    }
    for group in &mut context.groups {
        group.notes.iter_mut().for_each(|note| strike_line(note, gone, gone.lines, &mut texts));
        group.notes.retain(|note| !note.is_empty());
        group.late_ideas.iter_mut().for_each(|(text, _)| strike_line(text, gone, gone.late, &mut texts));
        group.late_ideas.retain(|(text, _)| !text.is_empty());
    }
    texts
}

fn blank_item(item: &mut PlenaryItem, gone: &Blank<'_>, texts: &mut u32) {
    let facts = &mut item.facts;
    let named = !facts.sources.is_empty();
    let none_left = named && facts.sources.iter().all(|source| gone.ideas.contains(&source.idea));
    // What other ideas say is not deleted unasked (rule C25).
    if gone.ideas.contains(&facts.anchor) {
        empty(&mut facts.text, texts);
        *texts += u32::try_from(facts.translations.len()).unwrap_or(u32::MAX);
        facts.translations.clear();
    }
    for source in facts.sources.iter_mut().filter(|source| gone.ideas.contains(&source.idea)) {
        empty(&mut source.text, texts);
    }
    let made = [&mut item.wording, &mut item.note].into_iter();
    for text in made.chain(item.voted.as_mut()) {
        if none_left && gone.whole_entries {
            empty(text, texts);
        } else {
            strike(text, gone, texts);
        }
    }
    item.voted = item.voted.take().filter(|text| !text.is_empty());
}

fn empty(text: &mut String, texts: &mut u32) {
    if !text.is_empty() {
        text.clear();
        *texts += 1;
    }
}

fn strike_line(text: &mut String, gone: &Blank<'_>, lines: &HashSet<String>, texts: &mut u32) {
    if lines.contains(text) {
        empty(text, texts);
    } else {
        strike(text, gone, texts);
    }
}

fn strike(text: &mut String, gone: &Blank<'_>, texts: &mut u32) {
    match gone.words.map(|words| words.trace(text)) {
        None | Some(Trace::Nothing) => {}
        Some(Trace::All | Trace::Part { like: true, .. }) => empty(text, texts),
        Some(Trace::Part { whole, like: false }) => {
            whole.into_iter().rev().for_each(|range| text.replace_range(range, ""));
            *texts += 1;
        }
    }
}

/// What an event deletes.
#[derive(Default)]
pub(super) struct Deletion {
    ideas: HashSet<IdeaId>,
    words: Option<DeletedWords>,
    lines: HashSet<String>,
    late: HashSet<String>,
}

impl Deletion {
    pub(super) const fn blank(&self) -> Blank<'_> {
        let Self { ideas, words, lines, late } = self;
        Blank { ideas, words: words.as_ref(), lines, late, whole_entries: false }
    }
}

impl Consultation {
    /// What this event deletes; none if it deletes no words.
    pub(super) fn deletion_by(&self, event: &Event) -> Option<Deletion> {
        if let Event::NoteHidden { note, reason: Some(reason) } = event
            && reason == PERSONAL_DATA
        {
            let lines = self.line_of_note(*note).into_iter().collect();
            return Some(Deletion { lines, ..Deletion::default() });
        }
        let id = if let Event::Withdrawn { idea } = event { *idea } else { event.erased()? };
        let mut words = self.known_words(id);
        let ideas = HashSet::from([id]);
        if matches!(event, Event::Withdrawn { .. }) && self.only_on_shelf(id) {
            // As in the list (rule C25): who reads an entry could say its words on the shelf, and take them back.
            return Some(Deletion { ideas, late: words.into_iter().collect(), ..Deletion::default() });
        }
        words.extend(self.words_in_versions(id));
        let words = (!words.is_empty()).then(|| DeletedWords::new(&words));
        Some(Deletion { ideas, words, ..Deletion::default() })
    }

    fn line_of_note(&self, note: NoteId) -> Option<String> {
        self.note_lines().find(|(known, ..)| *known == note).map(|(_, line, _)| line.to_owned())
    }
}
