//! Who wrote in which text lately, so that a seat that is closed can be undone. In memory only, never told to anybody.
//!
//! Letters carry the id of the page that typed them; deletions carry nothing. So a text's words are kept whenever people
//! begin to write in it, with who wrote since. If only one seat did, those words are what was there before it came, its
//! deletions undone as well; if others wrote too, only its letters can be taken out without touching theirs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proto::gate::TextKey;

use crate::journal::SeatKey;

/// Stretches of writing that are remembered per text; older ones are forgotten, and with them the deletions in them.
const STRETCHES_MAX: usize = 16;

/// From when people began to write in a text until it was quiet.
#[derive(Debug)]
struct Stretch {
    /// What it said before.
    before: String,
    /// Who wrote; `None` is the server, for somebody who is not known here.
    writers: BTreeSet<Option<SeatKey>>,
    open: bool,
}

/// Who wrote in a text lately.
#[derive(Debug, Default)]
struct Recent {
    stretches: VecDeque<Stretch>,
    /// Who wrote in stretches that are forgotten: what a text said later may have their letters.
    forgotten: BTreeSet<Option<SeatKey>>,
}

/// Who wrote in which text lately.
#[derive(Debug, Default)]
pub struct Writers {
    texts: BTreeMap<TextKey, Recent>,
}

impl Writers {
    /// Somebody is about to write; `now` says what the text says before that.
    pub fn writes(&mut self, text: &TextKey, writer: Option<SeatKey>, now: impl FnOnce() -> String) {
        let Recent { stretches, forgotten } = self.texts.entry(text.clone()).or_default();
        match stretches.back_mut().filter(|last| last.open) {
            Some(last) => drop(last.writers.insert(writer)),
            None => {
                let writers = BTreeSet::from([writer]);
                stretches.push_back(Stretch { before: now(), writers, open: true });
                if stretches.len() > STRETCHES_MAX {
                    forgotten.extend(stretches.pop_front().into_iter().flat_map(|oldest| oldest.writers));
                }
            }
        }
    }

    /// A text is quiet.
    pub fn quiet(&mut self, text: &TextKey) {
        if let Some(last) = self.texts.get_mut(text).and_then(|recent| recent.stretches.back_mut()) {
            last.open = false;
        }
    }

    /// A text is gone.
    pub fn forget(&mut self, gone: impl Fn(&TextKey) -> bool) {
        self.texts.retain(|text, _| !gone(text));
    }

    /// Is this seat among those who wrote in a text lately?
    #[must_use]
    pub fn know(&self, text: &TextKey, seat: SeatKey) -> bool {
        let wrote = |recent: &Recent| recent.stretches.iter().any(|s| s.writers.contains(&Some(seat)));
        self.texts.get(text).is_some_and(wrote)
    }

    /// What a text said before this seat came, if nobody else has written in it since, and if that is still known. Forgets the
    /// seat.
    pub fn undo(&mut self, text: &TextKey, seat: SeatKey) -> Option<String> {
        let Recent { stretches, forgotten } = self.texts.get_mut(text)?;
        let first = stretches.iter().position(|stretch| stretch.writers.contains(&Some(seat)))?;
        let alone = stretches.iter().skip(first).all(|stretch| stretch.writers.len() == 1);
        let alone = alone && stretches.iter().skip(first).all(|s| s.writers.contains(&Some(seat)));
        if alone {
            let before = stretches.drain(first..).next().map(|stretch| stretch.before);
            return before.filter(|_| !forgotten.remove(&Some(seat)));
        }
        for stretch in stretches.iter_mut() {
            stretch.writers.remove(&Some(seat));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::ids::IdeaId;
    use uuid::Uuid;

    fn text() -> TextKey {
        TextKey::Idea(IdeaId(Uuid::from_u128(1)))
    }

    fn seat(n: u8) -> SeatKey {
        SeatKey([n; 16])
    }

    /// Stretches of writing: who, and what the text said before.
    fn written(stretches: &[(&[Option<u8>], &str)]) -> Writers {
        let mut writers = Writers::default();
        for (who, before) in stretches {
            for one in *who {
                writers.writes(&text(), one.map(seat), || (*before).to_owned());
            }
            writers.quiet(&text());
        }
        writers
    }

    #[test]
    fn who_wrote_alone_since_it_came_is_undone_whole() {
        let mut writers = written(&[(&[Some(1)], "a"), (&[Some(2)], "b"), (&[Some(2)], "c")]);
        assert_eq!(writers.undo(&text(), seat(2)), Some("b".to_owned()));
        assert_eq!(writers.undo(&text(), seat(2)), None, "it is forgotten");
        assert_eq!(writers.undo(&text(), seat(1)), Some("a".to_owned()), "and others are alone again");
    }

    #[test]
    fn where_others_wrote_too_nothing_is_put_back() {
        for stretches in [
            &[(&[Some(2), Some(1)][..], "a")][..],
            &[(&[Some(2)][..], "a"), (&[Some(1)][..], "b")][..],
            &[(&[Some(2)][..], "a"), (&[None][..], "b")][..],
        ] {
            assert_eq!(written(stretches).undo(&text(), seat(2)), None);
        }
    }

    #[test]
    fn who_wrote_in_a_stretch_that_is_forgotten_is_not_undone_whole() {
        let mut writers = written(&vec![(&[Some(1)][..], "has letters of the seat"); STRETCHES_MAX + 1]);
        assert_eq!(writers.undo(&text(), seat(1)), None);
    }

    #[test]
    fn old_stretches_are_forgotten() {
        let all = vec![(&[Some(1)][..], "old"); STRETCHES_MAX + 1];
        let mut all = all;
        all[0] = (&[Some(2)][..], "oldest");
        let mut writers = written(&all);
        assert_eq!(writers.undo(&text(), seat(2)), None);
        assert_eq!(writers.undo(&text(), seat(1)), Some("old".to_owned()));
    }
}
