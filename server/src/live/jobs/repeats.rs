//! Looks on boards for words that were deleted (rule C25). The words are gone when it returns.

use std::collections::BTreeMap;

use proto::api::consultation::IdeaView;
use proto::ids::{GroupId, IdeaId};
use tokio::task::yield_now;

use crate::consultation::ErasedWords;
use crate::live::state::job::{RepeatSearch, RepeatsFound};
use crate::room::RoomHandle;

/// Ideas that are looked at before others have their turn on this thread.
const IDEAS_AT_ONCE: usize = 200;

/// Reads the boards one after the other.
pub async fn find(search: RepeatSearch, mut boards: BTreeMap<GroupId, RoomHandle>) -> RepeatsFound {
    let RepeatSearch { erased, words, boards: order, bytes_max } = search;
    let (mut found, mut left) = (RepeatsFound::default(), bytes_max);
    for group in order {
        let Some(room) = boards.remove(&group) else { continue };
        let Ok(board) = room.read_board(None).await else {
            found.cut = true;
            continue;
        };
        for ideas in board.ideas.chunks(IDEAS_AT_ONCE) {
            look(ideas, (erased, &words), &mut left, &mut found);
            if found.cut {
                return found;
            }
            yield_now().await;
        }
    }
    found
}

/// Looks at some ideas, as far as bytes are left for it.
fn look(
    ideas: &[IdeaView],
    (erased, words): (IdeaId, &ErasedWords),
    left: &mut usize,
    found: &mut RepeatsFound,
) {
    for idea in ideas.iter().filter(|idea| idea.id != erased) {
        let bytes = texts(idea).map(str::len).sum::<usize>();
        if bytes > *left {
            found.cut = true;
            return;
        }
        *left -= bytes;
        if texts(idea).any(|text| words.repeated_in(text)) {
            found.ideas.push(idea.id);
        }
    }
}

fn texts(idea: &IdeaView) -> impl Iterator<Item = &str> {
    std::iter::once(idea.text.as_str())
        .chain(idea.entry.as_deref())
        .chain(idea.tr.values().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::config::RepeatLimits;

    fn idea(n: u128, text: &str, translated: &str) -> IdeaView {
        let id = Uuid::from_u128(n).to_string();
        let idea = json!({
            "id": id, "text": text, "point": Uuid::from_u128(9), "kind": null, "lang": "en", "order": n,
            "tally": null, "state": "shown", "tr": { "fr": translated }
        });
        serde_json::from_value(idea).unwrap()
    }

    #[test]
    fn c25_what_was_typed_on_a_board_is_found_within_a_bound_of_bytes() {
        let words = ErasedWords::new(&["079 555 99 88".to_owned()], &RepeatLimits::default());
        let ideas = [
            idea(1, "Call 0795559988", ""),
            idea(2, "The erased one: 079 555 99 88", ""),
            idea(3, "More buses", ""),
            idea(4, "A library", "Appelle le 079.555.99.88"),
        ];
        let search = |bytes: usize| {
            let (mut left, mut found) = (bytes, RepeatsFound::default());
            look(&ideas, (ideas[1].id, &words), &mut left, &mut found);
            (found.ideas, found.cut)
        };
        assert_eq!(search(1_000), (vec![ideas[0].id, ideas[3].id], false));
        assert_eq!(search(30), (vec![ideas[0].id], true), "the bound is checked before the work");
        assert_eq!(search(0), (Vec::new(), true));
    }
}
