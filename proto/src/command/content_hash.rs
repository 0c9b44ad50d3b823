//! The hash of what a command does: a repeated id with other content is recognised by it (rule C2).

use sha2::{Digest, Sha256};

use super::action::Action;
use super::share::ReportReason;
use crate::ids::{IdeaId, WordsHash};

impl Action {
    /// A hash of what is to be done, by which a repeated id with other content is recognised.
    #[must_use]
    pub fn content_hash(&self) -> [u8; 32] {
        // serde_json writes the fields in the order of declaration, so equal actions give equal bytes.
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(bytes).into()
    }

    /// The same of what may stand in the journal for ever (rule C25): without what people wrote, because a hash of words
    /// confirms a guess of them, and without what the journal does not say of reports and closed seats.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: one line for each command")]
    pub fn content_hash_without_words(&self) -> [u8; 32] {
        let mut action = self.clone();
        action.forget_read();
        match &mut action {
            Self::Share(share) | Self::Shelve(share) => share.text.clear(),
            Self::Edit { text, .. } | Self::Translate { text, .. } => text.clear(),
            Self::SignOff { line: Some(line), .. } | Self::Object { line: Some(line), .. } => line.clear(),
            Self::Report { why, .. } => *why = ReportReason::Other,
            Self::RemoveWriter { idea, writer } => (*idea, *writer) = (IdeaId(uuid::Uuid::nil()), 0),
            // What the journal says in clear.
            Self::SignOff { line: None, .. }
            | Self::Object { line: None, .. }
            | Self::Create(_)
            | Self::Join(_)
            | Self::Withdraw { .. }
            | Self::Approve { .. }
            | Self::Promote { .. }
            | Self::Hide { .. }
            | Self::Unhide { .. }
            | Self::Combine { .. }
            | Self::TakeApart { .. }
            | Self::Order { .. }
            | Self::Restore { .. }
            | Self::Lock { .. }
            | Self::Admit { .. }
            | Self::HideBoard { .. }
            | Self::Acknowledge { .. }
            | Self::Settle { .. }
            | Self::SettleAll { .. }
            | Self::Help { .. }
            | Self::Reveal { .. }
            | Self::Phase { .. }
            | Self::Stay { .. }
            | Self::Point { .. }
            | Self::NextPoint { .. }
            | Self::Minutes { .. }
            | Self::Clock { .. }
            | Self::Door { .. }
            | Self::MakeCards { .. }
            | Self::RevokeCard { .. }
            | Self::ReplaceCard { .. }
            | Self::Chairs { .. }
            | Self::LetIn { .. }
            | Self::CloseSeats { .. }
            | Self::RestoreSeats { .. }
            | Self::MoveSeat { .. }
            | Self::ChangeGroup { .. }
            | Self::Amend { .. }
            | Self::AddLink(_)
            | Self::RevokeLink { .. }
            | Self::HandLink { .. }
            | Self::Merge {}
            | Self::Assign { .. }
            | Self::NotDuplicate { .. }
            | Self::Pin { .. }
            | Self::Exclude { .. }
            | Self::Ranking { .. }
            | Self::Freeze { .. }
            | Self::HideNote { .. }
            | Self::Retain { .. }
            | Self::Purge { .. }
            | Self::Reword { .. }
            | Self::SettleText { .. }
            | Self::OpenPlenaryVote {}
            | Self::ClosePlenaryVote {}
            | Self::ApproveEntry { .. }
            | Self::OpenAdoption { .. }
            | Self::CloseAdoption {}
            | Self::Adopt { .. }
            | Self::AddGroupToPaper { .. }
            | Self::LetVotersIn { .. }
            | Self::HideObjection { .. } => {}
        }
        action.content_hash()
    }

    /// A hash of words that were read confirms a guess of them as well.
    fn forget_read(&mut self) {
        if let Self::Hide { read, .. }
        | Self::Unhide { read, .. }
        | Self::Settle { read, .. }
        | Self::SignOff { read, .. } = self
        {
            *read = None;
        } else if let Self::Admit { read, .. } | Self::SettleText { read, .. } = self {
            *read = WordsHash::NONE;
        } else if let Self::SettleAll { read, .. } = self {
            read.values_mut().for_each(|read| *read = WordsHash::NONE);
        }
    }
}
