//! Why the server closes a connection: code, words, and whether trying again makes sense.
//!
//! Stock y-websocket clients stop reconnecting on 4400–4499, so causes that pass use the standard codes.

/// A reason for closing a socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CloseReason {
    /// The server stops; come back in a moment.
    Restarting,
    /// The document's room ended by a fault and is loaded again.
    TryAgain,
    /// The connection did not take what was sent to it.
    TooSlow,
    /// Nothing was said in time after the connection was opened.
    Silent,
    /// A frame, or the rate of frames, was beyond the limit.
    TooMuch,
    /// Bytes that are no message.
    NotAMessage,
    /// The ticket or token is not valid, or no longer.
    Unauthorized,
    /// A message was refused; a fresh document may be opened.
    Refused,
    /// The seat opened more connections than it may have; this was its oldest.
    Replaced,
    /// The consultation was deleted.
    Purged,
    /// A moderator closed this seat.
    SeatRemoved,
    /// The server has something to say that it cannot send. Its own fault, never the connection's.
    NotSent,
    /// Another phone has this seat now.
    SeatMoved,
}

impl CloseReason {
    /// Every reason, for tables and tests.
    pub const ALL: [Self; 13] = [
        Self::Restarting,
        Self::TryAgain,
        Self::TooSlow,
        Self::Silent,
        Self::TooMuch,
        Self::NotAMessage,
        Self::Unauthorized,
        Self::Refused,
        Self::Replaced,
        Self::Purged,
        Self::SeatRemoved,
        Self::NotSent,
        Self::SeatMoved,
    ];

    /// The WebSocket close code.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Restarting => 1012,
            Self::TryAgain | Self::TooSlow => 1013,
            Self::Silent => 4408,
            Self::TooMuch => 1009,
            Self::NotAMessage => 4400,
            Self::Unauthorized => 4401,
            Self::Refused => 4403,
            Self::Replaced => 4409,
            Self::Purged => 4410,
            Self::SeatRemoved => 4411,
            Self::NotSent => 1011,
            Self::SeatMoved => 4412,
        }
    }

    /// Does it make sense to come back with the same message?
    #[must_use]
    pub const fn retriable(self) -> bool {
        match self {
            Self::Restarting | Self::TryAgain | Self::TooSlow => true,
            Self::Silent
            | Self::TooMuch
            | Self::NotAMessage
            | Self::Unauthorized
            | Self::Refused
            | Self::Replaced
            | Self::Purged => false,
            Self::SeatRemoved | Self::SeatMoved => false,
            // What it could not send it cannot send again.
            Self::NotSent => false,
        }
    }

    /// The reason in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Restarting => "the server restarts",
            Self::TryAgain => "this document is loaded again",
            Self::TooSlow => "the connection did not take what was sent to it",
            Self::Silent => "nothing was said after the connection was opened",
            Self::TooMuch => "the message was too large, or there were too many",
            Self::NotAMessage => "these bytes are no message",
            Self::Unauthorized => "the ticket is not valid, or no longer",
            Self::Refused => "the message was refused",
            Self::Replaced => "this seat has too many connections, and this was the oldest",
            Self::Purged => "this consultation has been deleted",
            Self::SeatRemoved => "a moderator has removed this seat",
            Self::NotSent => "the server could not send this; the fault is its own",
            Self::SeatMoved => "this seat is on another phone now",
        }
    }
}
