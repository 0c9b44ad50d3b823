//! What is wrong with what an organizer prepares: the place in the file or the field, and the fault in one word.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is wrong at one place of a template file, or of a field that is amended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct FieldError {
    /// The line in the file, from 1; 0 when there is no file.
    pub line: u32,
    /// The character in the line, from 1; 0 when there is no file.
    pub column: u32,
    /// The field, for example `points[2].title.fr`; empty: the file as a whole.
    pub field: String,
    /// What is wrong.
    pub wrong: Wrong,
    /// The number that matters, if there is one: the most, the least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub limit: Option<u32>,
    /// The word that matters, if there is one: what was found, or what is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub word: Option<String>,
}

macro_rules! wrongs {
    ($($(#[$doc:meta])* $name:ident = $words:literal;)*) => {
        /// What can be wrong. The client has words for each in every language.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
        #[serde(rename_all = "kebab-case")]
        pub enum Wrong { $($(#[$doc])* $name,)* }

        impl Wrong {
            /// Every one, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What is wrong, in English.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

wrongs! {
    /// It is no JSON from here on.
    NotJson = "this is no JSON from here on";
    /// Lists and objects inside each other too often.
    TooDeep = "lists and objects stand inside each other too often";
    /// The file is of a version that this server does not know.
    Version = "this version of the file is not known here";
    /// No field has this name.
    UnknownField = "there is no such field";
    /// The same key twice in one object.
    Twice = "this stands here twice";
    /// It must be there.
    Missing = "this is missing";
    /// It must be a text.
    NotText = "this must be a text";
    /// It must be a text or a map from languages to texts.
    NotLocalText = "this must be a text, or texts by language";
    /// It must be a whole number that is not negative.
    NotNumber = "this must be a whole number, not below zero";
    /// It must be true or false.
    NotBool = "this must be true or false";
    /// It must be a list.
    NotList = "this must be a list";
    /// It must be an object.
    NotObject = "this must be an object";
    /// It is empty.
    Empty = "this is empty";
    /// The text is too long; `n`: the most.
    TooLong = "this is too long";
    /// A letter that acts or that nobody sees; `word`: which, for example `U+202E`.
    Letters = "there is a letter here that acts or that nobody sees";
    /// Too many line breaks in a row; `n`: the most.
    Breaks = "there are too many line breaks in a row";
    /// More marks on one letter than any script writes; `n`: the most.
    PiledMarks = "there are too many marks on one letter";
    /// The list is too long; `n`: the most.
    TooMany = "these are too many";
    /// The number is too large; `n`: the most.
    TooLarge = "this number is too large";
    /// The number is too small; `n`: the least.
    TooSmall = "this number is too small";
    /// `word`: what is allowed.
    NotOneOf = "this is none of the words that are allowed";
    /// No language has this tag.
    UnknownLanguage = "no language has this tag";
    /// Something else has this name or id already.
    Duplicated = "this stands here already";
    /// It must begin with http:// or https://.
    NotALink = "this must be an address that begins with http:// or https://";
    /// A material has a link or a file, not both and not none.
    LinkOrFile = "a material has either a link or a file";
    /// It must be small letters, digits and hyphens.
    NotAnId = "this must be small letters, digits and hyphens";
    /// A SHA-256 is 64 hex digits.
    NotASum = "this must be 64 hex digits";
    /// There is nothing with this id in the consultation.
    UnknownId = "there is nothing with this id here";
}
