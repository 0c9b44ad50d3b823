//! Bounds on work and memory: rooms and what they send, threads, exports, records, responses in the plenary.

use std::time::Duration;

use proto::text::lengths;

use crate::rate::Rate;

/// Bounds that keep connections that come or go together from being everybody's wait (rule W16).
#[derive(Clone, Debug)]
pub struct BurstLimits {
    /// Connections that the listener accepts before everything else that is ready has its turn. One costs the thread of the
    /// network about 30 µs, so a letter waits for half a millisecond of them, however many came at once.
    pub accepted_per_turn: usize,
    /// The part of its time by which a connection that stalls may be ended earlier, each by another one: thousands that
    /// came together must not end together.
    pub ends_earlier: f64,
}

impl Default for BurstLimits {
    fn default() -> Self {
        Self { accepted_per_turn: 16, ends_earlier: 0.4 }
    }
}

/// How fast new connections of one address prefix are served (rule W16).
#[derive(Clone, Copy, Debug)]
pub struct PaceLimits {
    /// Connections of one prefix. A hall of a thousand phones behind one address opens one or two each when its network is there
    /// again; at this rate connections cost the thread of the network 7 % of its time.
    pub of_prefix: Rate,
    /// The longest that a connection waits for its turn; beyond it, it is closed, and this long after it came.
    pub wait: Duration,
    /// Connections of all prefixes that wait; more are closed at once. One is a socket and a timer, less than a KiB.
    pub waiting_max: usize,
    /// Prefixes that are counted; those that rested are forgotten.
    pub prefixes_max: usize,
}

impl Default for PaceLimits {
    fn default() -> Self {
        Self {
            of_prefix: Rate { per_second: 1_000.0, burst: 1_000.0 },
            wait: Duration::from_secs(2),
            waiting_max: 4_000,
            prefixes_max: 100_000,
        }
    }
}

/// Bounds of cards, followed ideas, ledger and end.
#[derive(Clone, Debug)]
pub struct RecordLimits {
    /// UTF-16 units of a minority note: one line, read out in a breath.
    pub note_units_max: usize,
    /// Minority notes of one group's card; more than that is a second card.
    pub notes_per_group_max: usize,
    /// Ideas that one question may follow; a seat has shared no more than its settings allow.
    pub followed_max: usize,
    /// Pause between two looks at the clock for consultations whose time is over: days, not seconds, are promised.
    pub purge_check: Duration,
    /// How long before a deletion by time it is announced to everybody: long enough to take a file away or to set a clock
    /// right, short enough for a laptop that runs an hour.
    pub purge_notice: Duration,
    /// Words that staff wrote, waiting to be told to one consultation's ledger; full: told with the next letter.
    pub worded_waiting: usize,
    /// The pause between two lines of the ledger about one text that staff write in.
    pub worded_pause: Duration,
    /// Lines of the ledger in one answer; more are asked for with `after`.
    pub ledger_page: usize,
    /// Ideas that one run notes in the ledger as passed over; more are noted by the next run.
    pub passed_over_max: usize,
}

impl Default for RecordLimits {
    fn default() -> Self {
        Self {
            note_units_max: lengths::NOTE_UNITS_MAX as usize,
            notes_per_group_max: 100,
            followed_max: 200,
            purge_check: Duration::from_secs(30),
            purge_notice: Duration::from_secs(600),
            worded_waiting: 1_024,
            worded_pause: Duration::from_secs(60),
            ledger_page: 1_000,
            passed_over_max: 200,
        }
    }
}

/// Answers to *delete everything* that can be asked for again (rule C12).
#[derive(Clone, Debug)]
pub struct PurgeAnswerLimits {
    /// How long: a day, so that an organizer whose network broke finds the certificate on the next morning.
    pub time: Duration,
    /// How many on one server; the oldest is forgotten first. Each is a hundred bytes.
    pub max: usize,
    /// Tokens of consultations that were deleted, in memory, for as long; those of the oldest are forgotten first. Each is a hundred bytes.
    pub tokens_max: usize,
}

impl Default for PurgeAnswerLimits {
    fn default() -> Self {
        Self { time: Duration::from_secs(24 * 60 * 60), max: 1_000, tokens_max: 100_000 }
    }
}

/// When the journal's file is written anew after words were deleted.
#[derive(Clone, Debug)]
pub struct RewriteLimits {
    /// A file up to so many bytes is rewritten within `within`, with its copy in memory; the writer stands still for less than a second.
    pub bytes_max: u64,
    /// Nothing was written for so long: a good moment, and several deletions are one rewriting.
    pub quiet: Duration,
    /// The latest moment for such a file, however much is written; the promise is a minute.
    pub within: Duration,
    /// A larger file is rewritten when nothing was written for so long, or at the next start: 9 s for one of 1 GiB. It is given up when
    /// somebody writes meanwhile.
    pub large_quiet: Duration,
    /// The next one comes at the earliest so many times as much later as the last one took: a share of 5 % of the time.
    pub rest: u64,
    /// Pause after one that failed (a full disk, a reader in the way).
    pub again: Duration,
}

impl Default for RewriteLimits {
    fn default() -> Self {
        Self {
            bytes_max: 64 * 1024 * 1024,
            quiet: Duration::from_secs(3),
            within: Duration::from_secs(30),
            large_quiet: Duration::from_secs(60),
            rest: 20,
            again: Duration::from_secs(10),
        }
    }
}

/// Bounds of the search for other ideas that repeat words that are deleted.
#[derive(Clone, Debug)]
pub struct RepeatLimits {
    /// Bytes of other ideas that one deletion looks at: a few milliseconds of the consultation's turn. More than that is
    /// said to be cut.
    pub bytes_max: usize,
    /// Boards that one deletion looks at for what people typed, that of the idea first: each may have to be loaded.
    pub boards_max: usize,
    /// Bytes of boards that one deletion looks at, beside the consultation's turn; one search at a time.
    pub board_bytes_max: usize,
    /// Searches of boards that wait for the one before; more are said to be cut.
    pub searches_max: usize,
    /// Letters and digits of deleted words that another idea must contain; fewer are found only as a whole idea, because
    /// they may be a word that anybody uses.
    pub letters_min: usize,
    /// Digits in a row that another idea must have in common with the deleted words: a telephone number without its prefix.
    pub digits_min: usize,
    /// Bytes of lines (on cards and in the room) that one deletion looks at: some tens of milliseconds. Twenty thousand
    /// lines; more than that is said to be cut.
    pub line_bytes_max: usize,
    /// Lines that one deletion deletes or hides; more are said to be cut.
    pub lines_max: usize,
    /// Ideas that are remembered as repeating; more are said to be cut.
    pub ideas_max: usize,
    /// How long a note that says something like deleted words waits for somebody who settles it; then its words are deleted. A
    /// day: until the evening of a consultation, and longer than any. Whoever asked for the deletion waits no longer.
    pub undecided_longest: Duration,
}

impl Default for RepeatLimits {
    fn default() -> Self {
        Self {
            bytes_max: 1024 * 1024,
            boards_max: 20,
            board_bytes_max: 2 * 1024 * 1024,
            searches_max: 20,
            letters_min: 12,
            digits_min: 7,
            line_bytes_max: 4 * 1024 * 1024,
            lines_max: 100,
            ideas_max: 200,
            undecided_longest: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// Bounds of objections in the room.
#[derive(Clone, Debug)]
pub struct InRoomLimits {
    /// UTF-16 units of an objection in the room: one line.
    pub objection_units_max: usize,
    /// Objections that stand by one seat, so that nobody writes beneath the whole list.
    pub objections_per_seat: usize,
    /// Lines of objections that are shown beneath one item, chosen by lot; all are counted.
    pub objection_lines_max: usize,
    /// Least time between two showings of what is said in the room, so that a thousand phones are a few changes of the list.
    /// What is said in between is answered at its end.
    pub pause: Duration,
}

impl Default for InRoomLimits {
    fn default() -> Self {
        Self {
            objection_units_max: lengths::OBJECTION_UNITS_MAX as usize,
            objections_per_seat: 10,
            objection_lines_max: 100,
            pause: Duration::from_millis(300),
        }
    }
}

/// Bounds of what is told to staff at their desks, and to authors.
#[derive(Clone, Debug)]
pub struct DeskLimits {
    /// Pause between a decision about an idea and the message to its group that something else became of one: a moderator who
    /// lets twenty ideas in one after the other causes a few messages, and each phone asks a few times.
    pub fates_pause: Duration,
    /// Ideas of a desk's list in one message or page; the others are read by pages. More than that nobody reads at once.
    pub ideas_max: usize,
    /// Bytes of the words in them: a hundred long ideas in Arabic are 100 KiB, which a phone on a bad network would be sent
    /// again after each decision.
    pub words_bytes_max: usize,
    /// Reported ideas that a desk is told of, most reports first.
    pub reported_max: usize,
    /// Least time between two messages to those who curate of what may be the same and what was decided.
    pub curation_pause: Duration,
    /// Bytes of such messages a second, for each of them: with thousands of entries one is a megabyte, and a phone on a bad
    /// network takes no more.
    pub curation_bytes_per_second: f64,
}

impl Default for DeskLimits {
    fn default() -> Self {
        Self {
            fates_pause: Duration::from_millis(300),
            ideas_max: 50,
            words_bytes_max: 32 * 1024,
            reported_max: 200,
            curation_pause: Duration::from_millis(500),
            curation_bytes_per_second: 256.0 * 1024.0,
        }
    }
}

impl DeskLimits {
    /// As many ideas with their words as one message may hold, at least one.
    pub fn page<T>(&self, told: impl Iterator<Item = T>, bytes: impl Fn(&T) -> usize) -> Vec<T> {
        let mut page = Vec::new();
        let mut used = 0;
        for one in told.take(self.ideas_max) {
            used += bytes(&one);
            if used > self.words_bytes_max && !page.is_empty() {
                break;
            }
            page.push(one);
        }
        page
    }
}

/// Versions of the list of one consultation (rule C37). They are in memory, so that words that are deleted leave all of them at once.
#[derive(Clone, Debug)]
pub struct VersionLimits {
    /// How many: a day makes two or three, and an editor who freezes the list every ten minutes for five hours makes thirty.
    pub versions_max: usize,
    /// Bytes of their words together. A list of thirty entries is 50 KB, one of five thousand 5 MB.
    pub bytes_max: usize,
}

impl Default for VersionLimits {
    fn default() -> Self {
        Self { versions_max: 32, bytes_max: 16 * 1024 * 1024 }
    }
}

/// Bounds of exports.
#[derive(Clone, Debug)]
pub struct ExportLimits {
    /// Exports that are made at the same time, of all consultations; others wait for their turn.
    pub at_once: usize,
    /// Bytes of exports that are kept until their consultation changes, of all consultations; beyond it those of others are
    /// made anew when somebody asks.
    pub bytes_max: usize,
}

impl Default for ExportLimits {
    fn default() -> Self {
        Self { at_once: 2, bytes_max: 64 * 1024 * 1024 }
    }
}

/// Bounds of turns, threads and restarts.
#[derive(Clone, Debug)]
pub struct RuntimeLimits {
    /// Threads on which consultations and rooms work, if the machine has fewer cores: as many long turns at once, and one
    /// more room still works.
    pub threads_least: usize,
    /// Work of one turn of a room, in steps of the gate: when it is done, the rest of the batch waits for the next turn, and
    /// other rooms have theirs between. With one frame more it is below 50 ms.
    pub turn_steps_max: u64,
    /// What reading a document, or writing to it as the server, counts as, in steps of the gate.
    pub read_steps: u64,
    /// Bytes that are encoded for a phone and count as one more step.
    pub encoded_bytes_of_a_step: u64,
    /// Structs of a document that count as one more step when it is asked what somebody is missing: of each is looked at whether
    /// it is deleted.
    pub structs_of_a_step: u64,
    /// A turn that takes longer is named in the log and counted.
    pub turn_time: Duration,
    /// Least time between two lines of the log about slow turns of one kind of loop.
    pub turn_log_pause: Duration,
    /// Time between two measurements of how late the threads are.
    pub beat: Duration,
    /// Panics of one consultation within `panics_within` after which it is started again; with one more it is given up.
    pub panics_max: u32,
    /// The time in which panics of a consultation are counted together.
    pub panics_within: Duration,
    /// Pause before a consultation is started again, times the panics before this one: the first time at once.
    pub restart_pause: Duration,
}

impl Default for RuntimeLimits {
    fn default() -> Self {
        Self {
            threads_least: 4,
            turn_steps_max: 200_000,
            read_steps: 5_000,
            encoded_bytes_of_a_step: 20,
            structs_of_a_step: 5,
            turn_time: Duration::from_millis(50),
            turn_log_pause: Duration::from_secs(10),
            beat: Duration::from_millis(100),
            panics_max: 5,
            panics_within: Duration::from_secs(60),
            restart_pause: Duration::from_millis(200),
        }
    }
}

/// What boards, the list and a whole consultation may hold (rule B7).
#[derive(Clone, Copy, Debug)]
pub struct RoomLimits {
    /// Ideas of one board, whether they are shown, held, hidden or late: ten times the liveliest day.
    pub board_ideas_max: usize,
    /// UTF-16 units that people see on one board: of as many ideas, 600 each. What a phone has to load.
    pub board_units_max: u64,
    /// Translations of the ideas of one board, together: each is a text of its own at every load.
    pub board_translations_max: usize,
    /// Ideas of a whole consultation: in memory with their words as long as it runs.
    pub consultation_ideas_max: usize,
    /// Ideas that all groups have sent to the plenary: entries of the list at most.
    pub list_entries_max: usize,
    /// UTF-16 units that people see in wordings, notes, translations and the statement of the list.
    pub list_units_max: u64,
}

impl Default for RoomLimits {
    fn default() -> Self {
        Self {
            board_ideas_max: 10_000,
            board_units_max: 6_000_000,
            board_translations_max: 5_000,
            consultation_ideas_max: 100_000,
            list_entries_max: 5_000,
            list_units_max: 6_000_000,
        }
    }
}

/// Bounds of what one command or one read may make the server do, whoever sends it (rules W16, B7).
#[derive(Clone, Debug)]
pub struct BoundLimits {
    /// How long a state that was made for one who asked is told to others, if nothing was decided since: a thousand phones
    /// that come back at once are told the same one. Its clock is no older.
    pub state_age: Duration,
    /// Ideas of a board that may be combined into one: each further one is a write for each of them, and each vote looks at
    /// all. Ten times what a moderator combines by hand.
    pub combined_max: usize,
    /// Items that staff may put first: all are in one record, which is written again with each.
    pub pins_max: usize,
    /// Ideas or entries that a command may write or read and still count as one row: about a millisecond.
    pub ideas_of_a_row: usize,
    /// Seats that it may look at, one by one, and still count as one row.
    pub seats_of_a_row: usize,
    /// Bytes of a command that count as one row.
    pub bytes_of_a_row: usize,
    /// Rows that one command costs at most, so that a whole consultation can still change its phase.
    pub rows_of_a_command_max: usize,
    /// Ideas that one entry of the list names as its sources, the one that it is called after first and then those with
    /// most votes; of the others it says how many they are.
    pub sources_max: usize,
    /// Bytes of the words of these ideas together: an entry is one value, and so one part on its way to phones (rule W15).
    pub sources_bytes_max: usize,
}

impl Default for BoundLimits {
    fn default() -> Self {
        Self {
            state_age: Duration::from_millis(100),
            combined_max: 200,
            pins_max: 200,
            ideas_of_a_row: 50,
            seats_of_a_row: 1_000,
            bytes_of_a_row: 2 * 1024,
            rows_of_a_command_max: 100,
            sources_max: 60,
            sources_bytes_max: 16 * 1024,
        }
    }
}

/// Bounds of documents on their way to phones (rule W15).
#[derive(Clone, Debug)]
pub struct DeliveryLimits {
    /// Bytes of one part of a first state or of a large update, before the envelope: what a phone on a bad network takes
    /// in a second or two. One struct that is larger is a part of its own.
    pub part_bytes_max: usize,
    /// Bytes of later updates that wait behind the parts of one document for one connection; more are dropped, and the
    /// connection asks the room for the difference when it has sent the parts.
    pub held_bytes_max: usize,
    /// Bytes of a document, or of what was written to it since, from which on its room keeps them encoded: what an answer encodes
    /// anew is no more than this, or `difference_bytes_max`, and takes less than 5 ms.
    pub piece_bytes: usize,
    /// Bytes of the parts that somebody misses up to which the exact difference is encoded for them.
    pub difference_bytes_max: usize,
    /// Versions of the whole document that one room's phones are sent at once; who asks when there are as many is sent the
    /// newest of them and then the difference. The room keeps one as well; it is the newest of them unless a snapshot came between.
    pub whole_states_max: usize,
    /// Bytes of differences that one room's phones are sent at once; who asks beyond it is sent the whole state, which is
    /// shared.
    pub differences_bytes_max: usize,
    /// Bytes of one frame of any kind. Nothing of ours is as large; if it is all the same, the connection ends with a reason
    /// that says whose fault that is, and the log has it as an error.
    pub frame_bytes_max: usize,
}

impl Default for DeliveryLimits {
    fn default() -> Self {
        Self {
            part_bytes_max: 32 * 1024,
            held_bytes_max: 256 * 1024,
            piece_bytes: 96 * 1024,
            difference_bytes_max: 96 * 1024,
            whole_states_max: 2,
            differences_bytes_max: 4 * 1024 * 1024,
            frame_bytes_max: 16 * 1024 * 1024,
        }
    }
}
