//! A recorded consultation played through real sockets: one seat per participant, ideas, votes, promotion, merge.
//!
//! At full speed the phones don't wait for each other's answers: each sends what its person did, in order, and the
//! answers are awaited together. With a speed, the gaps between timestamps shrink by it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use proto::api::consultation::{Answer, Create, Created, LocalText, Settings, Tallies};
use proto::command::{Action, Share};
use proto::ids::{GroupId, IdeaId};
use proto::phase::Phase;
use proto::plenary::PlenaryView;
use proto::problem::Code;
use proto::text::lengths;
use proto::text::letters::typed;
use tokio::time::{Instant, sleep_until};

use super::error::PhoneError;
use super::phone::{Pending, Phone};
pub use super::polis::RecordingError;
use super::polis::{Comment, PolisApproval, Recording};
use super::random;
use super::report;
use crate::clock::tick;
use crate::simulate::http::Server;

/// UTF-16 units of an idea; what is longer is cut, with a notice.
const IDEA_UNITS_MAX: usize = lengths::IDEA_UNITS_MAX as usize;
/// Phones that come in at the same time.
const ARRIVALS_AT_ONCE: usize = 16;
/// Ideas that each group promotes.
const PROMOTED_PER_GROUP: usize = 3;

/// What to replay, where, and how fast.
#[derive(Clone, Debug)]
pub struct ReplayOptions {
    /// Folder with `comments.csv`, `votes.csv` and `breakouts.json`.
    pub folder: PathBuf,
    /// How the pauses of the recording are shortened.
    pub speed: Speed,
    /// The server, `http://…`.
    pub url: String,
    /// The server's organizer key.
    pub organizer_key: String,
}

/// How fast a replay is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Speed {
    /// Without any pause: the next thing as soon as the one before is answered.
    Max,
    /// So many times faster than it happened.
    Times(f64),
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<f64>() {
            _ if text == "max" => Ok(Self::Max),
            Ok(times) if times.is_finite() && times > 0.0 => Ok(Self::Times(times)),
            _ => Err(format!("the speed \"{text}\" is neither a number above 0 nor \"max\"")),
        }
    }
}

/// What came of a replay.
#[derive(Clone, PartialEq, Debug)]
pub struct ReplaySummary {
    /// The consultation that was made for it.
    pub created: Created,
    /// Ideas that the server recorded.
    pub ideas: usize,
    /// Approvals that the server recorded.
    pub approvals: usize,
    /// The merged list.
    pub plenary: PlenaryView,
}

/// Why a replay ended early; each is one line.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The recording cannot be read.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The organizer key is not this server's.
    #[error("this is not the organizer key of {0}; give it with --organizer-key")]
    WrongKey(String),
    /// A comment is at home in a group without people.
    #[error("the group {0} has comments but nobody is in it")]
    EmptyGroup(String),
    /// A phone could not do something.
    #[error("{doing}: {error}")]
    Phone {
        /// What was being done.
        doing: &'static str,
        /// Why it could not.
        error: Box<PhoneError>,
    },
    /// The report cannot be written.
    #[error("the report cannot be written: {0}")]
    Out(#[from] std::io::Error),
}

/// What was being done when a phone failed.
trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, ReplayError>;
}

impl<T> Doing<T> for Result<T, PhoneError> {
    fn doing(self, doing: &'static str) -> Result<T, ReplayError> {
        self.map_err(|error| ReplayError::Phone { doing, error: Box::new(error) })
    }
}

/// Plays a recording against a running server and prints what came of it.
///
/// # Errors
/// When the recording, the server or the key is not what it should be.
pub async fn replay(options: ReplayOptions, out: &mut impl Write) -> Result<ReplaySummary, ReplayError> {
    let recording = Recording::read(&options.folder)?;
    let server = Server::at(&options.url);
    let created = create(&server, &options, &recording).await?;
    writeln!(out, "Organizer: {}", created.organizer.url)?;
    writeln!(out, "Projector: {}", created.room.url)?;
    let stage = Stage::set(&server, created, &recording).await?;

    stage.phase(Phase::Brainstorm).await?;
    let mut clock = Pace::new(options.speed);
    let ideas = stage.share_all(&recording.comments, &mut clock, out).await?;
    stage.phase(Phase::Vote).await?;
    clock = Pace::new(options.speed);
    let approvals = stage.approve_all(&recording.approvals, &ideas, &mut clock).await?;
    writeln!(out, "{} ideas, {approvals} approvals", ideas.len())?;

    stage.phase(Phase::Review).await?;
    stage.promote_best(&server).await?;
    stage.phase(Phase::Plenary).await?;
    stage.organizer.command(Action::Merge {}).await.doing("merging")?;
    let token = &stage.created.organizer.token;
    let plenary = server.plenary(stage.created.id, token).await.doing("reading the list")?;
    let names = stage.created.groups.iter().map(|group| (group.id, group.name.clone())).collect();
    write!(out, "{}", report::list(&plenary, &names))?;
    Ok(ReplaySummary { ideas: ideas.len(), approvals, plenary, created: stage.created })
}

async fn create(
    server: &Server,
    options: &ReplayOptions,
    recording: &Recording,
) -> Result<Created, ReplayError> {
    let settings = Settings {
        votes: None,
        tallies: Tallies::Live,
        ideas_per_seat: u32::try_from(recording.comments.len().max(1)).unwrap_or(u32::MAX),
        ..Settings::default()
    };
    let wish = Create {
        title: Some(LocalText::Plain(recording.title.clone())),
        groups: recording.groups.clone(),
        settings: Some(settings),
        ..Create::default()
    };
    match server.create(&options.organizer_key, &wish).await {
        Err(PhoneError::Refused(problem)) if problem.code == Code::Unauthorized => {
            Err(ReplayError::WrongKey(server.url().to_owned()))
        }
        created => created.doing("making the consultation"),
    }
}

/// Everybody who takes part, connected.
struct Stage {
    created: Created,
    organizer: Phone,
    /// Participant → phone.
    phones: BTreeMap<String, Phone>,
    /// Group name → id, and the participants in it.
    groups: BTreeMap<String, (GroupId, Vec<String>)>,
}

impl Stage {
    async fn set(server: &Server, created: Created, recording: &Recording) -> Result<Self, ReplayError> {
        let mut groups: BTreeMap<String, (GroupId, Vec<String>)> = recording
            .groups
            .iter()
            .zip(&created.groups)
            .map(|(name, group)| (name.clone(), (group.id, Vec::new())))
            .collect();
        let mut arrivals = Vec::new();
        for (participant, group) in &recording.participants {
            if let Some((id, members)) = groups.get_mut(group) {
                members.push(participant.clone());
                arrivals.push((participant.clone(), *id));
            }
        }
        let organizer = Phone::connect(server.url(), created.id, &created.organizer.token);
        let organizer = organizer.await.doing("connecting the organizer")?;
        let created_ = &created;
        let phones: BTreeMap<String, Phone> = stream::iter(arrivals)
            .map(|(participant, group)| async move {
                let joined = server.join(created_, group).await?;
                let phone = Phone::connect(server.url(), joined.consultation, &joined.token).await?;
                Ok::<_, PhoneError>((participant, phone))
            })
            .buffer_unordered(ARRIVALS_AT_ONCE)
            .try_collect()
            .await
            .doing("joining")?;
        Ok(Self { created, organizer, phones, groups })
    }

    async fn phase(&self, phase: Phase) -> Result<(), ReplayError> {
        let action = Action::Phase { phase, minutes: None, group: None, grace_seconds: None };
        self.organizer.command(action).await.doing("changing the phase")?;
        Ok(())
    }

    /// Shares all comments; comment → idea.
    async fn share_all(
        &self,
        comments: &[Comment],
        clock: &mut Pace,
        out: &mut impl Write,
    ) -> Result<BTreeMap<String, IdeaId>, ReplayError> {
        let mut ideas = BTreeMap::new();
        let mut pending = Vec::with_capacity(comments.len());
        for comment in comments {
            clock.wait_for(comment.at).await;
            let body = typed(&comment.body);
            let text = shortened(&body, IDEA_UNITS_MAX);
            if text.len() < body.len() {
                writeln!(out, "comment {} is longer than {IDEA_UNITS_MAX} units and was cut", comment.id)?;
            }
            let (group, phone) = self.phone_of(comment)?;
            let idea = random::idea_id().doing("sharing")?;
            let receipt = random::receipt().doing("sharing")?.hash();
            let share = Share {
                idea,
                group,
                point: None,
                kind: None,
                lang: String::new(),
                text: text.to_owned(),
                receipt,
                spoken: false,
            };
            pending.push(phone.send(Action::Share(share)).await.doing("sharing")?);
            ideas.insert(comment.id.clone(), idea);
        }
        all_recorded(pending, "sharing").await?;
        Ok(ideas)
    }

    /// The author's phone; an author who is in no group or in another one speaks through somebody at home there.
    fn phone_of(&self, comment: &Comment) -> Result<(GroupId, &Phone), ReplayError> {
        let nobody = || ReplayError::EmptyGroup(comment.group.clone());
        let (group, members) = self.groups.get(&comment.group).ok_or_else(nobody)?;
        let at_home = members.contains(&comment.author).then_some(&comment.author);
        let speaker = at_home.or(members.first()).ok_or_else(nobody)?;
        Ok((*group, self.phones.get(speaker).ok_or_else(nobody)?))
    }

    async fn approve_all(
        &self,
        approvals: &[PolisApproval],
        ideas: &BTreeMap<String, IdeaId>,
        clock: &mut Pace,
    ) -> Result<usize, ReplayError> {
        let mut pending = Vec::with_capacity(approvals.len());
        let mut counters: BTreeMap<&str, u64> = BTreeMap::new();
        for approval in approvals {
            clock.wait_for(approval.at).await;
            let (Some(phone), Some(&idea)) = (self.phones.get(&approval.voter), ideas.get(&approval.comment))
            else {
                continue;
            };
            let counter = counters.entry(&approval.voter).or_default();
            *counter += 1;
            let action = Action::Approve { idea, on: true, counter: Some(*counter) };
            pending.push(phone.send(action).await.doing("approving")?);
        }
        all_recorded(pending, "approving").await
    }

    /// Each group's moderator promotes its best by tally; ties as they stand on the board.
    async fn promote_best(&self, server: &Server) -> Result<(), ReplayError> {
        let view = server.consultation(self.created.id, &self.created.organizer.token).await;
        let most = view.doing("asking how many go to the plenary")?.state.promoted_at_most as usize;
        for group in &self.created.groups {
            let token = &group.moderator.token;
            let mut ideas = server.board(group.id, token).await.doing("reading a board")?.ideas;
            ideas.sort_by_key(|idea| std::cmp::Reverse(idea.tally.unwrap_or(0)));
            let moderator = Phone::connect(server.url(), self.created.id, token);
            let moderator = moderator.await.doing("connecting a moderator")?;
            for idea in ideas.iter().take(PROMOTED_PER_GROUP.min(most)) {
                let action = Action::Promote { idea: idea.id, on: true, kind: None };
                moderator.command(action).await.doing("promoting")?;
            }
        }
        Ok(())
    }
}

async fn all_recorded(pending: Vec<Pending<Answer>>, doing: &'static str) -> Result<usize, ReplayError> {
    let mut recorded = 0;
    for answer in pending {
        answer.answer().await.doing(doing)?;
        recorded += 1;
    }
    Ok(recorded)
}

/// The beginning of a text, at most so many UTF-16 units, whole letters.
fn shortened(text: &str, units_max: usize) -> &str {
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        units += letter.len_utf16();
        if units > units_max {
            return &text[..at];
        }
    }
    text
}

/// The time of the recording, run through faster.
struct Pace {
    speed: Speed,
    started: Option<(u64, Instant)>,
}

impl Pace {
    const fn new(speed: Speed) -> Self {
        Self { speed, started: None }
    }

    /// Waits until the recording is at this time, counted from the first time asked for.
    async fn wait_for(&mut self, at: u64) {
        match self.speed {
            Speed::Max => {}
            Speed::Times(times) => {
                let (first, started) = *self.started.get_or_insert_with(|| (at, tick()));
                let seconds = at.saturating_sub(first) as f64 / 1000.0 / times;
                // A gap that no clock can count is as good as none.
                let gap = Duration::try_from_secs_f64(seconds).unwrap_or_default();
                sleep_until(started + gap).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_number_above_nothing_or_max() {
        assert_eq!("max".parse(), Ok(Speed::Max));
        assert_eq!("2.5".parse(), Ok(Speed::Times(2.5)));
        for wrong in ["", "0", "-1", "inf", "NaN", "fast"] {
            assert!(wrong.parse::<Speed>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_whole_letter() {
        assert_eq!(shortened("ab📱c", 3), "ab");
        assert_eq!(shortened("ab📱c", 4), "ab📱");
        assert_eq!(shortened("ab", 2), "ab");
    }
}
