//! Built-in templates: a consultation that an organizer starts from.
//!
//! What a template leaves open is asked of the organizer; what it says can be said otherwise.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proto::api::{Create, LocalText, NewPoint};
use proto::programme::Programme;

/// Titles and minutes of the points of `technology-crime`.
const TECHNOLOGY_CRIME: [(&str, u32); 5] = [
    (
        "How do criminals misuse technology where you live, how does it reach young people, and what is hard about \
         stopping it?",
        6,
    ),
    (
        "How can young people learn to see through online fraud, trafficking and hacking, and keep clear of them?",
        6,
    ),
    (
        "How can governments and youth-led organisations work together, so that technology prevents and disrupts \
         organized crime?",
        6,
    ),
    (
        "When technology is used against crime, how do human rights stay protected, and what is a responsible and \
         ethical use?",
        6,
    ),
    (
        "What can young people themselves build or promote: technology that prevents or disrupts organized crime?",
        6,
    ),
];

/// The template of this name.
#[must_use]
pub fn template(name: &str) -> Option<Create> {
    match name {
        "technology-crime" => Some(Create {
            title: Some(english(
                "Technology and organized crime: a means and a remedy. Youth consultation before COP12",
            )),
            points: TECHNOLOGY_CRIME
                .iter()
                .map(|&(title, minutes)| NewPoint::Full { title: english(title), minutes: Some(minutes) })
                .collect(),
            ..Create::default()
        }),
        _ => None,
    }
}

/// What every consultation has unless its organizer says otherwise: kinds of ideas and reasons to hide one for.
#[must_use]
pub fn standard() -> Programme {
    STANDARD.clone()
}

static STANDARD: LazyLock<Programme> =
    LazyLock::new(|| serde_json::from_str(include_str!("standard.json")).unwrap_or_default());

/// A text that other languages can stand beside.
fn english(text: &str) -> LocalText {
    LocalText::Localized(BTreeMap::from([("en".to_owned(), text.to_owned())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_consultation_has_five_points_of_six_minutes() {
        let template = template("technology-crime").unwrap();
        assert_eq!(template.points.len(), 5);
        for point in &template.points {
            assert!(matches!(point, NewPoint::Full { minutes: Some(6), .. }));
        }
        assert!(template.title.is_some());
    }

    #[test]
    fn the_standard_lists_are_there_in_six_languages() {
        let standard = standard();
        assert_eq!(standard.kinds.len(), 5);
        assert!(standard.hide_reasons.len() >= 3);
        let texts = standard.hide_reasons.iter().map(|reason| &reason.text);
        for text in texts.chain(standard.kinds.iter().map(|kind| &kind.name)) {
            assert_eq!(text.languages().collect::<Vec<_>>(), ["ar", "en", "es", "fr", "ru", "zh"]);
        }
    }

    #[test]
    fn a_name_that_nobody_gave_is_no_template() {
        assert_eq!(template("technology"), None);
    }
}
