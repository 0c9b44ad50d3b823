//! Why the gate said no: one variant per reason, in words for developers.
//!
//! A refusal carries nothing that came from outside, so it can be counted, logged and sent without a thought.

/// Why bytes from outside were not taken. They changed nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum Refusal {
    /// More bytes than a message may have.
    #[error("the message is too large")]
    TooLarge,
    /// The bytes end before what they announce.
    #[error("the message is cut off")]
    Cut,
    /// Something follows the message.
    #[error("something follows the message")]
    Trailing,
    /// A number that is too large or not in its shortest form.
    #[error("a number in the message is malformed")]
    Number,
    /// A string that is not UTF-8.
    #[error("a string in the message is not UTF-8")]
    Text,
    /// More structs, sections, ranges or entries than a message may have.
    #[error("the message has too many parts")]
    TooMany,
    /// A client id that is none of a person's where only a person may write, or that no document can have.
    #[error("a client id is out of range")]
    ClientIdRange,
    /// The same client id twice in one list.
    #[error("a client id appears twice")]
    ClientTwice,
    /// A section, range or string of length zero.
    #[error("a part of the message is empty")]
    Empty,
    /// Clocks beyond what every implementation reads alike.
    #[error("a clock is too large")]
    ClockRange,
    /// A hole in an update, announced as such.
    #[error("an update from outside may not skip clocks")]
    Skip,
    /// Content that is neither characters nor a deletion.
    #[error("only characters and deletions may be sent")]
    Content,
    /// A map entry.
    #[error("map entries are written by the server only")]
    MapKey,
    /// A root type by name.
    #[error("root types are made by the server only")]
    RootName,
    /// Delete ranges that overlap or are out of order.
    #[error("the delete set is malformed")]
    DeleteSet,
    /// New structs under a client id that belongs to somebody else.
    #[error("the client id belongs to somebody else")]
    ForeignClient,
    /// An origin or a parent, by somebody else, that this document does not have.
    #[error("the update refers to something that does not exist here")]
    Unknown,
    /// Structs that wait for each other.
    #[error("the update refers to itself in a circle")]
    Circle,
    /// An origin or a parent that is no text.
    #[error("people write only inside texts")]
    NotAText,
    /// A text that was hidden, withdrawn or replaced.
    #[error("the text is not there any more")]
    TextGone,
    /// Origins in different texts.
    #[error("the origins of a struct lie in different texts")]
    TwoTexts,
    /// Origins between which nobody can ever have typed.
    #[error("the origins of a struct were never neighbours")]
    NeverNeighbours,
    /// A deletion of something that is no text.
    #[error("only characters in texts can be deleted")]
    DeletesNoText,
    /// Half of what is sent is known here, and the border lies inside one character.
    #[error("the update cuts a character in half")]
    HalfCharacter,
    /// Letters that act instead of being read (rule B8).
    #[error("the letter U+{:04X} may not stand in a text", u32::from(*.0))]
    Letters(char),
    /// The text would become too long.
    #[error("the text would be too long")]
    TextTooLong,
    /// The text took all the characters of its life; the server replaces it.
    #[error("the text has been edited too often and must be replaced")]
    TextWornOut,
    /// More work than one frame may make.
    #[error("the update is too laborious")]
    TooLaborious,
    /// The document would have too many parts, or could become too slow to load; the server replaces its heaviest texts.
    #[error("the document is in too many parts, some of which are being replaced")]
    DocumentFragmented,
    /// A state vector of another life of this document.
    #[error("the document is of another epoch")]
    OtherEpoch,
    /// An awareness state that is neither a JSON object nor null.
    #[error("an awareness state is no JSON object")]
    NotAnObject,
}
