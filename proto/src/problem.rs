//! Why something was refused, in a form that a phone can say in its reader's language.
//!
//! Over HTTP this is the body of a problem answer (RFC 9457, `application/problem+json`); on the socket it travels in
//! a stateless message. `code` is what the client translates; `detail` is English for people who read logs and APIs.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::field_error::FieldError;
use crate::ids::CertificateId;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $title:literal;)*) => {
        /// What went wrong. Each has words in every language of the client.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, TS)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// A short English sentence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    /// The request or command could not be read.
    Malformed = 400, "This could not be read.";
    /// No token, or one that this server does not know.
    Unauthorized = 401, "This link or seat is not known here.";
    /// The role may not do this.
    Forbidden = 403, "Your role may not do this.";
    /// The phase does not allow this now.
    WrongPhase = 409, "This is not open in the present phase.";
    /// The organizer wants all groups in the same phase.
    GroupsStay = 403, "All groups stay together here. Only the organizer can move a group by itself.";
    /// A rehearsal is running already: of this consultation, or as many as this server has phones for.
    Rehearsing = 409, "A rehearsal is running already.";
    /// There is no clock to make shorter, no later point, no announced change.
    NothingThere = 409, "There is nothing to do this to any more.";
    /// No consultation has this code.
    UnknownCode = 404, "No consultation has this code.";
    /// The door is closed.
    DoorClosed = 403, "The door of this consultation is closed.";
    /// This consultation lets people in by a card or link of their own.
    CardNeeded = 403, "Here people come in with a card: scan or type the one that you were given.";
    /// Somebody came in with this card.
    CardUsed = 409, "This card has been used already. Ask the team for another one.";
    /// The card was revoked or replaced.
    CardVoid = 410, "This card does not count any more. Ask the team for another one.";
    /// Too many codes are being tried on this server.
    TooManyTries = 429, "Too many codes are being tried. Wait a moment and try again, or scan the QR code.";
    /// No such consultation, group, idea, item or document.
    NotFound = 404, "There is nothing here.";
    /// Somebody else changed the same thing meanwhile.
    Stale = 409, "Somebody else changed this meanwhile. Look at it and decide again.";
    /// The last organizer's link.
    LastOrganizer = 409, "This is the last organizer's link. Add another one first.";
    /// People have worked on it already.
    InUse = 409, "People have worked with this already.";
    /// Something in a template file, or in a field that is amended, is wrong; `errors` says what and where.
    Template = 422, "Something in the template is wrong.";
    /// The file is no PDF.
    NotAPdf = 415, "Only PDF files can be uploaded.";
    /// An id that exists with other content.
    Conflict = 409, "This id is taken by something else.";
    /// The vote budget is spent.
    OverBudget = 409, "All votes are used. Take one back first.";
    /// Too many ideas from this seat.
    TooManyIdeas = 409, "This seat has shared as many ideas as it may.";
    /// The board has no room for more ideas or words.
    BoardFull = 409, "This board is full.";
    /// The whole consultation has no room for more ideas.
    ConsultationFull = 409, "This consultation is full.";
    /// The list has no room for more entries or words.
    ListFull = 409, "The list is full.";
    /// Too many objections from this seat.
    TooManyObjections = 409, "This seat objects to as many entries as it may. Take one objection back first.";
    /// Too many promoted ideas in this group.
    TooManyPromoted = 409, "This group has promoted as many ideas as it may.";
    /// So many ideas are combined into one that no more can be.
    EntryFull = 409, "So many ideas are combined into this one that no more can be.";
    /// As many items of the list come first as may.
    TooManyPins = 409, "As many entries come first as may. Let one of them go first.";
    /// As many versions are kept as may be, or they are as large.
    TooManyVersions = 409, "As many versions are kept as may be.";
    /// The list is frozen.
    ListFrozen = 409, "The list is frozen. Let it move again first.";
    /// The plenary vote is open, and its entries stay as they are.
    PlenaryVoteOpen = 409, "The vote of everybody is open: its entries stay as they are until it is closed.";
    /// The plenary vote is not open.
    PlenaryVoteNotOpen = 409, "The vote of everybody is not open.";
    /// No adoption is open.
    AdoptionNotOpen = 409, "No version of the list is being adopted.";
    /// The seat came after the plenary had begun.
    LateVoter = 403, "You came after the plenary had begun. The organizer can let you vote.";
    /// The group has not closed its own vote.
    GroupWorking = 409, "This group has not closed its own vote yet.";
    /// An idea cannot go into an item of another section.
    OtherSection = 409, "These belong to different sections of the list.";
    /// Somebody answered that two of these ideas are different.
    AnsweredDifferent = 409, "Somebody answered that two of these ideas are different. Take that answer back first.";
    /// The idea is hidden.
    IdeaHidden = 409, "This idea is hidden.";
    /// What was typed to confirm is not the title or code.
    NotConfirmed = 409, "Type the title or the code of the consultation to confirm.";
    /// The consultation was deleted.
    Purged = 410, "This consultation has been deleted.";
    /// A group's card has as many lines as it may.
    TooManyNotes = 409, "This card has as many lines as it may.";
    /// The text is locked.
    TextLocked = 409, "The moderator has locked this text.";
    /// The seat was closed by a moderator.
    SeatRemoved = 403, "A moderator has closed this seat.";
    /// The seat was closed together with others.
    ClosedTogether = 403, "This seat was closed together with others. If you are here, come in again.";
    /// Too few seats to close them together.
    TooFew = 409, "These are too few seats to close them together: it could be seen how one of them voted.";
    /// A seat that was taken from phone to phone as often as it may be.
    TooManyMoves = 409, "This seat has changed phones as often as it may. Use the phone that has it now.";
    /// The seat waits at the door.
    AtTheDoor = 403, "You are at the door. The moderator lets you in.";
    /// The idea does not wait to be let on the board.
    NotWaiting = 409, "This idea does not wait to be let on the board.";
    /// Too many reports from this seat.
    TooManyReports = 409, "This seat has reported as often as it may.";
    /// The idea is in as many languages as it may be.
    TooManyLanguages = 409, "This idea is in as many languages as it may be.";
    /// The text is too long.
    TextTooLong = 413, "The text is too long.";
    /// The text is empty.
    TextEmpty = 422, "The text is empty.";
    /// Nobody votes on an idea without words, or promotes it (rule B8).
    IdeaEmpty = 409, "This idea has no words now.";
    /// A letter that acts or hides, too many line breaks in a row, too many marks on one letter (rule B8).
    Letters = 422, "There are letters in this text that may not stand in it.";
    /// The message is too large.
    TooLarge = 413, "The message is too large.";
    /// The request took too long to arrive.
    TooSlow = 408, "This took too long to arrive. Try again.";
    /// The seat changed its votes or answers as often as it may.
    TooManyChanges = 409, "You changed your answers as often as you may. Your last answers stay.";
    /// Too many messages.
    TooFast = 429, "Too many messages. Wait a moment.";
    /// The receipt does not belong to the idea.
    WrongReceipt = 403, "This receipt does not belong to the idea.";
    /// Bytes that no honest client sends.
    NotAnEdit = 400, "These bytes are not an edit of a text that you may edit.";
    /// The document is of another epoch: start afresh.
    OtherEpoch = 409, "This document was started afresh. Open it again.";
    /// The request names a host that is not this server.
    Misdirected = 421, "This server does not answer to this name.";
    /// The seat's token was exchanged: another phone has the seat.
    SeatMoved = 410, "This seat is on another phone now.";
    /// Something on the server failed; it is worth trying again.
    Unavailable = 503, "The server could not do this now. Try again.";
}

/// A refusal with its reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// A short English sentence, the same for every problem with this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What the client translates.
    pub code: Code,
    /// What was wrong this time, in English.
    pub detail: String,
    /// Of a template: everything that is wrong in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<FieldError>>")]
    pub errors: Vec<FieldError>,
    /// Of `too-many-tries`: the place in the queue. Whoever comes back with it within 15 seconds has it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ticket: Option<String>,
    /// Of `too-fast`: in how many seconds the same is taken, where it is not a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub wait: Option<u16>,
    /// Of `purged`, for an organizer of what was deleted: where the certificate is (C12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub certificate: Option<Box<CertificateId>>,
}

impl Problem {
    /// A problem whose detail says no more than its code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self::because(code, code.title())
    }

    /// A problem with a detail of its own.
    #[must_use]
    pub fn because(code: Code, detail: impl Into<String>) -> Self {
        Self {
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: detail.into(),
            errors: Vec::new(),
            ticket: None,
            wait: None,
            certificate: None,
        }
    }

    /// Too fast, and when the same is taken: in whole seconds, rounded up.
    #[must_use]
    pub fn too_fast_for(wait: Duration) -> Self {
        let seconds = u16::try_from(wait.as_secs()).unwrap_or(u16::MAX).saturating_add(1);
        let detail = format!("That was a lot in a short time. The same is taken in {seconds} seconds.");
        Self { wait: Some(seconds), ..Self::because(Code::TooFast, detail) }
    }

    /// The same, with a place in a queue.
    #[must_use]
    pub fn with_ticket(self, ticket: &str) -> Self {
        Self { ticket: Some(ticket.to_owned()), ..self }
    }
}
