//! The shape of a board's document: its keys, once.
//!
//! Written by the server alone, except for the characters inside `ideas.*.text`, `ideas.*.entry` and `ideas.*.tr.*` (rule B1).

/// Root map: idea-id → map of one idea.
pub const IDEAS: &str = "ideas";
/// Root map of board and plenary: epoch, group, phase, lock, pages.
pub const ABOUT: &str = "about";

/// Keys of one idea.
pub mod idea {
    /// The wording, a `Y.Text`: what people write together.
    pub const TEXT: &str = "text";
    /// The group's wording of it for the plenary, a `Y.Text`: written in the review (rule C33). Absent until it was promoted.
    pub const ENTRY: &str = "entry";
    /// The discussion point's id.
    pub const POINT: &str = "point";
    /// The kind, or null.
    pub const KIND: &str = "kind";
    /// Did the server propose its kind, and nobody has confirmed it? Absent until the server proposed one.
    pub const KIND_PROPOSED: &str = "kind_proposed";
    /// BCP 47 tag, or empty.
    pub const LANG: &str = "lang";
    /// Place on the board, rising.
    pub const ORDER: &str = "order";
    /// Votes, or null while they are hidden.
    pub const TALLY: &str = "tally";
    /// `shown`, `promoted` or `combined-into`.
    pub const STATE: &str = "state";
    /// The idea that stands for this one. Absent unless it is combined.
    pub const INTO: &str = "into";
    /// May nobody change the text? Absent until it was locked for the first time.
    pub const LOCKED: &str = "locked";
    /// True when staff wrote it for somebody without a phone; absent otherwise.
    pub const SPOKEN: &str = "spoken";
    /// Language → `Y.Text`.
    pub const TRANSLATIONS: &str = "tr";
    /// Language → what is known of that translation: `of`, `machine`, `n` (rule C37). Absent until one was made.
    pub const TRANSLATION_FACTS: &str = "tr_facts";
}

/// Keys of `about`.
pub mod about {
    /// The document's epoch.
    pub const EPOCH: &str = "epoch";
    /// The group whose board it is.
    pub const GROUP: &str = "group";
    /// The group's phase.
    pub const PHASE: &str = "phase";
    /// True when texts are locked.
    pub const LOCK: &str = "lock";
    /// How many pages (client ids of people) have written here. The server counts before their letters are shown, so
    /// that whoever has letters which the server lost also has a clock of the server which it lost (rule W8).
    pub const PAGES: &str = "pages";
    /// Board: the promoted ideas in the order of the group's card. Absent until the moderator ordered them.
    pub const GROUP_CARD_ORDER: &str = "group_card_order";
    /// Plenary: number of the merge run that is shown.
    pub const RUN: &str = "run";
    /// Plenary: hash of the run's input.
    pub const SHA256: &str = "sha256";
    /// Plenary: does the list stand still? Absent until it was frozen for the first time.
    pub const FROZEN: &str = "frozen";
    /// Plenary: the number of the newest version. Absent until there is one (rule C37).
    pub const VERSION: &str = "version";
    /// Plenary: when the newest version was made, in milliseconds since 1970.
    pub const VERSION_AT: &str = "version_at";
    /// Plenary: the hash of the newest version.
    pub const VERSION_SHA256: &str = "version_sha256";
    /// Plenary: does it show something else than the newest version? Absent until there was a version.
    pub const DRAFT: &str = "draft";
    /// Plenary: what the run says about itself. Absent before the first run and while the vote is hidden.
    pub const AUDIT: &str = "audit";
    /// Plenary: texts that were taken off because they say something like deleted words, until staff settle them: `wording/ID`, `note/ID`,
    /// `tr/ID/LANGUAGE`, `statement/PART` (rule C25). Absent until there was one.
    pub const DOUBTFUL: &str = "doubtful";
    /// Plenary: where section → item ids stood once; items say their places themselves (`rank`).
    pub const ORDER: &str = "order";
}
