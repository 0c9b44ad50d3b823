//! Property tests of several subjects together.

mod anonymity;
mod bounds;
pub(super) mod closing_seats;
pub(super) mod combining;
pub(super) mod danger;
pub(super) mod desks;
mod emptied;
pub(super) mod moderation;
mod review;
mod running_flood;
pub(super) mod scale;
pub(super) mod toggled;
mod translations;
mod undecided;
pub(super) mod voices;

use proto::command::{Action, Share};
use proto::ids::{GroupId, IdeaId, Receipt};

/// The command that shares an idea with words of its own.
fn share(idea: IdeaId, group: GroupId, n: u128) -> Action {
    Action::Share(Share {
        idea,
        group,
        point: None,
        kind: None,
        lang: "en".to_owned(),
        text: format!("Idea {n}"),
        receipt: Receipt::from_bytes([0; 32]).hash(),
        spoken: false,
    })
}
