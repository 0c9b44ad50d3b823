//! The six languages in which an export can be read, and how each of them counts.

use serde::{Deserialize, Serialize};

/// A language of the United Nations.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Language {
    /// Arabic, written from right to left.
    Ar,
    #[default]
    En,
    Es,
    Fr,
    Ru,
    Zh,
}

/// The form that a number asks for (CLDR).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Language {
    /// All of them, by tag.
    pub const ALL: [Self; 6] = [Self::Ar, Self::En, Self::Es, Self::Fr, Self::Ru, Self::Zh];

    /// Its BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::Ru => "ru",
            Self::Zh => "zh",
        }
    }

    /// The language of a tag, whatever its region: `fr-CA` is French.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let base = tag.trim().split(['-', '_']).next().unwrap_or("");
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(base))
    }

    /// The first language that an `Accept-Language` header asks for and that is one of `from`.
    #[must_use]
    pub fn accepted(header: &str, from: &[Self]) -> Option<Self> {
        let mut wishes: Vec<(u16, Self)> = header
            .split(',')
            .filter_map(|wish| {
                let (tag, rest) = wish.split_once(';').unwrap_or((wish, ""));
                let language = Self::of_tag(tag).filter(|language| from.contains(language))?;
                Some((quality(rest)?, language))
            })
            .collect();
        // A stable sort: of equals the first.
        wishes.sort_by_key(|&(quality, _)| std::cmp::Reverse(quality));
        wishes.first().map(|&(_, language)| language)
    }

    /// Is it written from right to left?
    #[must_use]
    pub const fn is_right_to_left(self) -> bool {
        match self {
            Self::Ar => true,
            Self::En | Self::Es | Self::Fr | Self::Ru | Self::Zh => false,
        }
    }

    /// What stands between two sentences.
    pub(super) const fn gap(self) -> &'static str {
        match self {
            Self::Zh => "",
            Self::Ar | Self::En | Self::Es | Self::Fr | Self::Ru => " ",
        }
    }

    /// The form for a whole number.
    pub(super) const fn form(self, n: u32) -> Form {
        let (ten, hundred) = (n % 10, n % 100);
        match self {
            Self::Zh => Form::Other,
            Self::En if n == 1 => Form::One,
            Self::En => Form::Other,
            Self::Fr if n <= 1 => Form::One,
            Self::Es if n == 1 => Form::One,
            Self::Fr | Self::Es if n != 0 && n.is_multiple_of(1_000_000) => Form::Many,
            Self::Fr | Self::Es => Form::Other,
            Self::Ru if ten == 1 && hundred != 11 => Form::One,
            Self::Ru if ten >= 2 && ten <= 4 && !(hundred >= 12 && hundred <= 14) => Form::Few,
            Self::Ru => Form::Many,
            Self::Ar => match (n, hundred) {
                (0, _) => Form::Zero,
                (1, _) => Form::One,
                (2, _) => Form::Two,
                (_, 3..=10) => Form::Few,
                (_, 11..=99) => Form::Many,
                _ => Form::Other,
            },
        }
    }
}

/// `q=0.8` in thousandths; `None` for what is not wanted at all.
fn quality(parameters: &str) -> Option<u16> {
    let Some(value) = parameters.trim().strip_prefix("q=") else { return Some(1000) };
    let share = value.trim().parse::<f32>().ok().filter(|share| *share > 0.0 && *share <= 1.0)?;
    Some((share * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ask_for_their_form() {
        let forms = |language: Language, numbers: &[u32]| -> Vec<Form> {
            numbers.iter().map(|&n| language.form(n)).collect()
        };
        use Form::{Few, Many, One, Other, Two, Zero};
        assert_eq!(forms(Language::En, &[0, 1, 2, 1_000_000]), [Other, One, Other, Other]);
        assert_eq!(forms(Language::Fr, &[0, 1, 2, 1_000_000]), [One, One, Other, Many]);
        assert_eq!(forms(Language::Es, &[0, 1, 2, 1_000_000]), [Other, One, Other, Many]);
        assert_eq!(
            forms(Language::Ru, &[1, 3, 5, 11, 13, 21, 22, 111]),
            [One, Few, Many, Many, Many, One, Few, Many]
        );
        assert_eq!(
            forms(Language::Ar, &[0, 1, 2, 3, 10, 11, 99, 100, 103]),
            [Zero, One, Two, Few, Few, Many, Many, Other, Few]
        );
        assert_eq!(forms(Language::Zh, &[0, 1]), [Other, Other]);
    }

    #[test]
    fn what_a_browser_asks_for_is_found_among_what_there_is() {
        let all = &Language::ALL;
        assert_eq!(Language::accepted("de, fr-CA;q=0.8, ar;q=0.9", all), Some(Language::Ar));
        assert_eq!(Language::accepted("ru;q=0, zh-Hans-CN", all), Some(Language::Zh));
        assert_eq!(Language::accepted("ru, en;q=0.1", &[Language::En]), Some(Language::En));
        for nothing in ["", "*", "de", "en;q=x", ";;;,,,", "\u{202e}"] {
            assert_eq!(Language::accepted(nothing, all), None, "{nothing}");
        }
    }
}
