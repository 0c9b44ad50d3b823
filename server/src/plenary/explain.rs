//! How the list was made, in words that can be read aloud.

use crate::merge::{Rule, Weights};

/// The rule in plain words.
#[must_use]
pub fn rule_in_words(rule: Rule, weights: Weights) -> String {
    let rule = match rule {
        Rule::Phragmen => {
            "Every phone fills with points at a steady speed. When the supporters of an idea together hold one coin, \
             they buy it the next place and start again from empty. So one crowd cannot buy every place."
        }
        Rule::EqualShares => {
            "Every phone gets the same purse. The supporters of an idea buy it a place by sharing its price as \
             equally as their purses allow; the idea that costs its supporters least comes next. Places that are \
             left over are filled by supporters whose phones fill with points at a steady speed."
        }
        Rule::Votes => "The ideas with the most supporters come first.",
    };
    let weights = match weights {
        Weights::Sqrt => {
            "Phones in small groups fill faster, at most three times, so that four people are heard beside forty."
        }
        Weights::Person => "Every phone counts the same.",
        Weights::Group => "Every group counts the same, however many people it has.",
    };
    format!("{rule} {weights}")
}
