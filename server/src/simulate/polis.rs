//! A recorded consultation: the files of a Polis export, and how its people are split into groups.
//!
//! `comments.csv` (timestamp, datetime, comment-id, author-id, agrees, disagrees, moderated, comment-body), `votes.csv`
//! (timestamp, datetime, comment-id, voter-id, vote; 1 agrees), `breakouts.json` (participant → group, comment → home
//! group). The texts are other people's and are taken as they are, whatever `moderated` says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::StringRecord;
use serde::Deserialize;

/// What is wrong with a recording.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RecordingError {
    /// Not all of the files are there.
    #[error(
        "{folder} is no recording: {missing} is missing (it needs comments.csv, votes.csv and breakouts.json)"
    )]
    Incomplete {
        /// The folder in which the recording was searched.
        folder: String,
        /// The first file that is not there.
        missing: &'static str,
    },
    /// A file cannot be read.
    #[error("{path}: {why}", path = path.display())]
    File {
        /// The file that cannot be read.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// A line that is not what it should be.
    #[error("{path}, line {line}: {why}", path = path.display())]
    Line {
        /// The file that cannot be read.
        path: PathBuf,
        /// Which line, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
}

/// A comment, which becomes an idea.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Comment {
    /// Milliseconds since 1970.
    pub at: u64,
    pub id: String,
    pub author: String,
    /// Its home group.
    pub group: String,
    pub body: String,
}

/// A vote that agrees, by a member of the comment's home group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PolisApproval {
    pub at: u64,
    pub voter: String,
    pub comment: String,
}

/// Everything that is replayed, each list in time order.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Recording {
    pub title: String,
    pub groups: Vec<String>,
    /// Participant → home group.
    pub participants: BTreeMap<String, String>,
    pub comments: Vec<Comment>,
    pub approvals: Vec<PolisApproval>,
}

#[derive(Deserialize)]
struct Breakouts {
    conversation: String,
    groups: Vec<String>,
    participant_group: BTreeMap<String, String>,
    comment_home_group: BTreeMap<String, String>,
}

/// What a recording is made of.
const FILES: [&str; 3] = ["comments.csv", "votes.csv", "breakouts.json"];

impl Recording {
    /// Reads a folder.
    pub fn read(folder: &Path) -> Result<Self, RecordingError> {
        let missing = FILES.into_iter().find(|file| !folder.join(file).is_file());
        if let Some(missing) = missing {
            return Err(RecordingError::Incomplete { folder: folder.display().to_string(), missing });
        }
        let breakouts = breakouts(&folder.join("breakouts.json"))?;
        let comments = comments(&folder.join("comments.csv"), &breakouts)?;
        let approvals = approvals(&folder.join("votes.csv"), &breakouts)?;
        Ok(Self {
            title: breakouts.conversation,
            groups: breakouts.groups,
            participants: breakouts.participant_group,
            comments,
            approvals,
        })
    }
}

fn breakouts(path: &Path) -> Result<Breakouts, RecordingError> {
    let text = std::fs::read_to_string(path).map_err(|error| file(path, &error))?;
    let breakouts: Breakouts =
        serde_json::from_str(&text).map_err(|error| line(path, error.line() as u64, format!("{error}")))?;
    let homes = breakouts.participant_group.values().chain(breakouts.comment_home_group.values());
    for group in homes {
        if !breakouts.groups.contains(group) {
            return Err(line(path, 1, format!("\"{group}\" is not one of the groups")));
        }
    }
    Ok(breakouts)
}

fn comments(path: &Path, breakouts: &Breakouts) -> Result<Vec<Comment>, RecordingError> {
    let mut comments = Vec::new();
    for row in Table::open(path)?.rows(["timestamp", "comment-id", "author-id", "comment-body"])? {
        let (at_line, [at, id, author, body]) = row?;
        let at = number(path, at_line, "timestamp", &at)?;
        let Some(group) = breakouts.comment_home_group.get(&id).cloned() else {
            return Err(line(path, at_line, format!("comment {id} has no home group in breakouts.json")));
        };
        comments.push(Comment { at, id, author, group, body });
    }
    comments.sort_by_key(|comment| comment.at);
    Ok(comments)
}

/// The last vote of a voter on a comment counts, where it agrees and the voter is at home in the comment's group.
fn approvals(path: &Path, breakouts: &Breakouts) -> Result<Vec<PolisApproval>, RecordingError> {
    let mut last: BTreeMap<(String, String), (u64, i64)> = BTreeMap::new();
    for row in Table::open(path)?.rows(["timestamp", "comment-id", "voter-id", "vote"])? {
        let (at_line, [at, comment, voter, vote]) = row?;
        let at: u64 = number(path, at_line, "timestamp", &at)?;
        let vote: i64 = number(path, at_line, "vote", &vote)?;
        let Some(group) = breakouts.comment_home_group.get(&comment) else {
            return Err(line(
                path,
                at_line,
                format!("comment {comment} has no home group in breakouts.json"),
            ));
        };
        if breakouts.participant_group.get(&voter) == Some(group) {
            let counted = last.entry((voter, comment)).or_insert((at, vote));
            if at >= counted.0 {
                *counted = (at, vote);
            }
        }
    }
    let mut approvals: Vec<PolisApproval> = last
        .into_iter()
        .filter(|&(_, (_, vote))| vote == 1)
        .map(|((voter, comment), (at, _))| PolisApproval { at, voter, comment })
        .collect();
    approvals.sort_by_key(|approval| approval.at);
    Ok(approvals)
}

/// A CSV file with a header.
struct Table {
    path: PathBuf,
    reader: csv::Reader<std::fs::File>,
}

type Row<const N: usize> = (u64, [String; N]);

impl Table {
    fn open(path: &Path) -> Result<Self, RecordingError> {
        let opened = std::fs::File::open(path).map_err(|error| file(path, &error))?;
        Ok(Self { path: path.to_owned(), reader: csv::Reader::from_reader(opened) })
    }

    /// The wanted columns of each row, with the line on which it begins.
    fn rows<const N: usize>(
        mut self,
        columns: [&str; N],
    ) -> Result<impl Iterator<Item = Result<Row<N>, RecordingError>>, RecordingError> {
        let header = self.reader.headers().map_err(|error| csv_error(&self.path, &error))?.clone();
        let mut places = [0; N];
        for (place, column) in places.iter_mut().zip(columns) {
            *place = header
                .iter()
                .position(|name| name.trim_start_matches('\u{feff}') == column)
                .ok_or_else(|| line(&self.path, 1, format!("there is no column \"{column}\"")))?;
        }
        let Self { path, reader } = self;
        Ok(reader.into_records().map(move |record| {
            let record = record.map_err(|error| csv_error(&path, &error))?;
            let at = record.position().map_or(0, csv::Position::line);
            Ok((at, places.map(|place| cell(&record, place))))
        }))
    }
}

fn cell(record: &StringRecord, place: usize) -> String {
    record.get(place).unwrap_or_default().to_owned()
}

fn number<T: std::str::FromStr>(path: &Path, at: u64, name: &str, text: &str) -> Result<T, RecordingError> {
    text.trim().parse().map_err(|_| line(path, at, format!("the {name} \"{text}\" is not a number")))
}

fn file(path: &Path, error: &std::io::Error) -> RecordingError {
    RecordingError::File { path: path.to_owned(), why: error.to_string() }
}

fn line(path: &Path, at: u64, why: String) -> RecordingError {
    RecordingError::Line { path: path.to_owned(), line: at, why }
}

fn csv_error(path: &Path, error: &csv::Error) -> RecordingError {
    match error.position() {
        Some(position) => line(path, position.line(), error.to_string()),
        None => RecordingError::File { path: path.to_owned(), why: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKOUTS: &str = r#"{"conversation": "c", "groups": ["G1", "G2"],
        "participant_group": {"1": "G1", "2": "G1", "3": "G2"},
        "comment_home_group": {"10": "G1", "11": "G2"}}"#;
    const COMMENTS: &str = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n\
        2000,x,11,3,0,0,-1,\"said \"\"no\"\",\nthen left\"\n1000,x,10,1,1,0,1,plain\n";

    fn folder(votes: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("breakouts.json"), BREAKOUTS).unwrap();
        std::fs::write(folder.path().join("comments.csv"), COMMENTS).unwrap();
        let votes = format!("timestamp,datetime,comment-id,voter-id,vote\n{votes}");
        std::fs::write(folder.path().join("votes.csv"), votes).unwrap();
        folder
    }

    #[test]
    fn comments_come_in_time_order_with_quotes_and_newlines_whole() {
        let recording = Recording::read(folder("").path()).unwrap();
        assert_eq!(recording.comments[0].body, "plain");
        assert_eq!(recording.comments[1].body, "said \"no\",\nthen left");
        assert_eq!(recording.comments[1].group, "G2");
    }

    #[test]
    fn the_last_vote_counts_and_only_at_home() {
        // 1 changes to agree, 2 away from it (its rows are not in time order), 3 is not at home.
        let votes = "5,x,10,1,-1\n9,x,10,1,1\n8,x,10,2,0\n6,x,10,2,1\n7,x,10,3,1\n7,x,10,99,1\n3,x,11,3,1\n";
        let approvals = Recording::read(folder(votes).path()).unwrap().approvals;
        let counted: Vec<_> =
            approvals.iter().map(|a| (a.voter.as_str(), a.comment.as_str(), a.at)).collect();
        assert_eq!(counted, [("3", "11", 3), ("1", "10", 9)]);
    }

    #[test]
    fn what_is_wrong_is_said_in_one_line_with_its_number() {
        let error = |votes: &str| {
            let folder = folder(votes);
            let said = Recording::read(folder.path()).unwrap_err().to_string();
            said.replace(&folder.path().display().to_string(), "F")
        };
        assert_eq!(
            error("5,x,10,1,1\nabc,x,10,1,1\n"),
            "F/votes.csv, line 3: the timestamp \"abc\" is not a number"
        );
        assert_eq!(
            error("5,x,77,1,1\n"),
            "F/votes.csv, line 2: comment 77 has no home group in breakouts.json"
        );
        assert!(error("5,x,10\n").starts_with("F/votes.csv, line 2: "));
        let missing = Recording::read(Path::new("/nowhere")).unwrap_err().to_string();
        assert!(missing.starts_with("/nowhere is no recording: comments.csv is missing"), "{missing}");
    }
}
