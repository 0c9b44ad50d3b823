//! What can be set, and every bound in the process, each with its unit and its reason.
//!
//! Every queue, count, size and wait that people or networks can drive has its bound here (invariant I9). What a format
//! fixes, such as the length of a code or of a language tag, stands beside the format.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use proto::gate::GateLimits;

use crate::rate::Rate;

/// What the operator sets for one server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// The address people type, without a trailing slash; absent: guessed from the machine's own address.
    pub public_url: Option<String>,
    /// Names beside it that people or proxies reach this server by.
    pub also_known_as: Vec<String>,
    /// The key that makes consultations; absent: kept in the data folder.
    pub organizer_key: Option<String>,
    /// A service that says which texts mean the same; none: no text leaves the server.
    pub embeddings: Option<Embeddings>,
    /// Every bound.
    pub limits: Limits,
}

/// An embeddings service that speaks OpenAI's interface.
#[derive(Clone)]
pub struct Embeddings {
    /// Its address, with or without `/v1/embeddings`.
    pub url: String,
    /// The model that is asked for.
    pub model: String,
    /// What it wants as `Authorization: Bearer`. Never logged.
    pub key: Option<String>,
}

impl std::fmt::Debug for Embeddings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An address may hold a password.
        f.debug_struct("Embeddings").field("model", &self.model).finish_non_exhaustive()
    }
}

/// Every bound in the process. The overflow decision stands with each queue.
#[derive(Clone, Debug)]
pub struct Limits {
    /// What one update may hold.
    pub gate: GateLimits,
    /// Bytes of one WebSocket message; more closes the socket with 1009. Above the gate's own limit because a step 2
    /// repeats the whole delete set of an old board.
    pub message_bytes_max: usize,
    /// Bytes of one HTTP body.
    pub body_bytes_max: usize,
    /// Frames waiting for one connection; full: the connection is cut and comes back with its state vector.
    pub outbox_frames: usize,
    /// Bytes waiting for one connection beyond which nothing more is read from it until it has taken some: who asks for the
    /// whole board again and again must take it, too.
    pub outbox_bytes: usize,
    /// Messages waiting for one room; full: the socket that sends waits, and with it its phone.
    pub room_mailbox: usize,
    /// Messages that a room or a consultation takes at once, so that one fsync serves them all.
    pub batch_messages: usize,
    /// Messages waiting for one consultation; full: the sender waits.
    pub consultation_mailbox: usize,
    /// Appends waiting for the journal; a room has at most one under way. Full: the append fails.
    pub journal_queue: usize,
    /// Appends in one transaction of the journal, so that the first of them does not wait for ever.
    pub journal_batch: usize,
    /// When the journal's file is written anew.
    pub rewrite: RewriteLimits,
    /// The search for ideas that repeat deleted words.
    pub repeats: RepeatLimits,
    /// Documents open on one connection: consultation, board, plenary, and some for rooms that show all boards.
    pub documents_per_connection: usize,
    /// HTTP connections of the whole process, half-open ones included; more wait to be accepted.
    pub connections_max: usize,
    /// Sockets of the whole process; more are told to come back later.
    pub sockets_max: usize,
    /// Time for the request's headers; a slow sender is cut.
    pub header_time: Duration,
    /// Time for the first document to be opened on a socket.
    pub hello_time: Duration,
    /// Time for one frame to be taken by the other side.
    pub send_time: Duration,
    /// Silence after which a data frame is sent; stock clients reconnect after 30 s.
    pub keep_alive: Duration,
    /// Time for which a connection may send faster than its rate without a rest; then it is closed with 1009. An honest
    /// phone that comes back with much is through with it sooner.
    pub flood_time: Duration,
    /// Silence of the other side after which it is taken for gone: three of our life signs.
    pub gone_after: Duration,
    /// Messages of one seat about documents (edits, commands, handshakes, presence), on all its connections and over HTTP
    /// together: on a socket more wait, over HTTP they are refused with `too-fast`. The burst is what an offline phone
    /// brings back.
    pub seat_rate: Rate,
    /// Frames of any kind on one connection, opened documents or not; more wait on the socket.
    pub connection_rate: Rate,
    /// Messages to one board or plenary, so that one group cannot take a core for itself; more wait in its mailbox, and
    /// their senders behind them. Forty busy seats send 800.
    pub room_rate: Rate,
    /// Commands to one consultation; more wait in its mailbox.
    pub consultation_rate: Rate,
    /// Connections of one seat; beyond it the oldest is closed. A phone with a bad network leaves some behind, each for
    /// `gone_after`; a staff link may be open on several devices.
    pub connections_per_seat: usize,
    /// Seats whose messages are counted at the same time; those that rested are forgotten, and when all are
    /// busy one more is told to wait.
    pub seats_counted: usize,
    /// Client ids that one seat may use on one board: each reload of a page is one.
    pub client_ids_per_seat: usize,
    /// UTF-16 units of a shared idea.
    pub idea_units_max: usize,
    /// Of what is kept for everybody to check.
    pub records: RecordLimits,
    /// Of typed codes.
    pub tries: TryLimits,
    /// Cards of one consultation's closed roll: as many as seats.
    pub cards_max: usize,
    /// How long the code that a phone shows for being moved is good: long enough to walk over to a moderator.
    pub seat_code_time: Duration,
    /// Parcels that phones have left for the phones that take their seats along, of the whole process, in memory; more
    /// are told to wait.
    pub parcels_max: usize,
    /// How long such a parcel waits to be fetched.
    pub parcel_time: Duration,
    /// Commands remembered by id in one consultation, oldest forgotten first.
    pub commands_remembered: usize,
    /// Pairs of ideas that people told apart; more are refused.
    pub not_duplicates_max: usize,
    /// Pairs that may be the same, of one run, as staff are shown them; the most similar first.
    pub suggestions_max: usize,
    /// What people may say of the list in the plenary.
    pub in_room: InRoomLimits,
    /// What is told to staff at their desks, and to authors.
    pub desks: DeskLimits,
    /// Turns, threads and restarts.
    pub work: WorkLimits,
    /// Exports of lists.
    pub exports: ExportLimits,
    /// How documents leave in parts.
    pub delivery: DeliveryLimits,
    /// What boards, the list and a consultation may hold.
    pub room: RoomLimits,
    /// What one command or one read may make the server do.
    pub bounds: BoundLimits,
    /// Quiet time after a change before a live list is made anew, so that a burst of votes is one run.
    pub merge_pause: Duration,
    /// The longest that a change waits for that quiet.
    pub merge_pause_max: Duration,
    /// Words of hidden ideas on their way from rooms to one consultation; full: the room waits. A hidden idea or board and
    /// a room that is loaded are one message each, and the consultation takes all of them before its next batch.
    pub kept_words_waiting: usize,
    /// Ideas of one consultation that an embeddings service is asked about; of more, those with the smallest ids. Each is
    /// compared with each, in a second or two.
    pub embeddings_texts_max: usize,
    /// Texts in one request to an embeddings service.
    pub embeddings_batch: usize,
    /// Requests to the embeddings service at the same time, of all consultations; more wait, and each consultation has one.
    pub embeddings_at_once: usize,
    /// Time for one answer of the embeddings service.
    pub embeddings_time: Duration,
    /// Bytes of one answer of the embeddings service: a batch of the longest vectors, written out.
    pub embeddings_answer_bytes_max: usize,
    /// Numbers of one vector; the largest models in use have as many.
    pub embeddings_numbers_max: usize,
    /// How long the embeddings service is left in peace after it failed.
    pub embeddings_rest: Duration,
    /// Quiet time after which what a text says is kept as a wording that can be restored: longer than a person thinks
    /// between two words.
    pub quiet_pause: Duration,
    /// The longest that people write in a text before what it says is kept: what is lost by a restoration is at most this.
    pub quiet_pause_max: Duration,
    /// Wordings of one idea that are kept, its first one included; the oldest but that one go.
    pub wordings_max: usize,
    /// Wordings that wait to be kept, of all boards of a consultation; more are told later.
    pub quiet_waiting: usize,
    /// Reports of one seat since the server started; more are refused, so that nobody can bury a moderator in them.
    pub reports_per_seat: u32,
    /// Reports of danger among them. Each hides an idea until somebody has looked: too few to clear a board with.
    pub danger_reports_per_seat: u32,
    /// Of many seats that may be one person.
    pub voices: VoiceLimits,
    /// Languages of one idea beside its own; more are refused.
    pub translations_per_idea: usize,
    /// Groups of one consultation.
    pub groups_max: usize,
    /// Discussion points of one consultation.
    pub points_max: usize,
    /// UTF-16 units of a title or name by the organizer.
    pub title_units_max: usize,
    /// UTF-16 units of a longer text by the organizer: an objective, what a speaker speaks about.
    pub text_units_max: usize,
    /// UTF-16 units of an address by the organizer.
    pub link_units_max: usize,
    /// Objectives, outcomes, speakers, lines of the agenda, reasons, contacts: as many of each as a phone can show.
    pub prepared_items_max: usize,
    /// Languages of one consultation.
    pub languages_max: usize,
    /// Bytes of a template file: the sample in six languages has 30,000.
    pub template_bytes_max: usize,
    /// Mistakes of one template file that are told at once; who mends them is told the next.
    pub template_errors_max: usize,
    /// Things to read in one consultation.
    pub materials_max: usize,
    /// Bytes of one uploaded file.
    pub file_bytes_max: usize,
    /// Bytes of all uploaded files of one consultation.
    pub files_bytes_max: usize,
    /// Files that arrive or are read from the disk at the same time on this server, because each is whole in memory; more
    /// wait. Of one that is handed out there is one copy, for however many phones.
    pub files_at_once: usize,
    /// Time in which a file must have arrived; a slow upload must not keep others waiting for ever.
    pub upload_time: Duration,
    /// Staff links of one consultation beyond one per group.
    pub links_max: usize,
    /// Of links, seats that change phones, and names.
    pub links: LinkLimits,
    /// Of rehearsals.
    pub rehearsal: RehearsalLimits,
    /// Of what one person, or everybody behind one address, may cost the others.
    pub costs: CostLimits,
    /// Of connections that come and go together.
    pub bursts: BurstLimits,
    /// Seats of one consultation.
    pub seats_max: usize,
    /// Updates after which a room writes a snapshot.
    pub snapshot_updates: usize,
    /// How long a ticket for the y-websocket wire is good: a day of consultation, because its address is fixed while a
    /// stock client reconnects.
    pub ticket_lifetime: Duration,
    /// How long `GET /api/boards/{group}?after=` waits.
    pub long_poll: Duration,
    /// Pause between two relays of presence on one document: what changed meanwhile goes out as one frame, so that a
    /// hundred people who type are not ten thousand frames. Nothing is stored.
    pub awareness_pause: Duration,
    /// After this time presence is relayed again, all of it at once: stock clients forget whom they do not hear of for 30 s.
    pub awareness_renewal: Duration,
    /// Pause between a change that staff see at their desks and its push, so that a hundred ideas are one frame.
    pub desk_pause: Duration,
    /// Pause between two pushes of how many are here, so that a thousand arrivals are not a million frames.
    pub presence_pause: Duration,
    /// Seconds between the announcement of a phase change and the change: enough to end a sentence and to come back
    /// from a dead spot, short enough that nobody forgets it is announced.
    pub grace_seconds_max: u32,
    /// Time that an announced change waits at least, even if no phone is sending: people end their sentence, and after
    /// a start of the server phones come back first.
    pub grace_least: Duration,
    /// Bytes of a socket's read buffer: small, because thousands are idle.
    pub read_buffer_bytes: usize,
    /// Bytes of one HTTP request's head.
    pub head_bytes_max: usize,
    /// Kernel memory, in bytes, for frames on their way to one phone: one that does not read is cut sooner.
    pub send_buffer_bytes: u32,
    /// Connections that wait to be accepted; more are refused by the kernel.
    pub backlog: u32,
    /// How long requests under way may take after the stop.
    pub farewell_time: Duration,
    /// How long a connection stays after its end was said in the middle of a message, so that the reason arrives.
    pub last_word_time: Duration,
    /// Delete ranges that a step 2 may carry beyond those of an update, before the board's own are known.
    pub step2_ranges_max: usize,
}

/// Bounds of typed codes: how many are looked at is one figure for the whole server, only their order is fair.
#[derive(Clone, Debug)]
pub struct TryLimits {
    /// Codes looked at per second, right or wrong; more wait.
    pub per_second: f64,
    /// Places in the queue; when it is full the newest of the prefix with the most waiting goes, and is told to scan.
    /// Enough for every hand of an attack and for those who type beside it, so that nobody has to be quick.
    pub waiting_max: usize,
    /// How long somebody waits on one request; then they are told to come back with their ticket.
    pub held: Duration,
    /// How long a place is kept for who was told to come back.
    pub kept: Duration,
    /// Wrong codes from one prefix beyond which further ones make no difference: others go first until they are forgotten.
    pub wrong_counted: u32,
    /// Time in which one wrong code is forgotten.
    pub wrong_forgotten: Duration,
    /// Prefixes that are remembered with their wrong codes.
    pub lines_max: usize,
}

impl Default for TryLimits {
    fn default() -> Self {
        Self {
            per_second: 10.0,
            waiting_max: 1_000,
            held: Duration::from_secs(20),
            kept: Duration::from_secs(15),
            wrong_counted: 3,
            wrong_forgotten: Duration::from_secs(60),
            lines_max: 100_000,
        }
    }
}

/// What one person, or everybody behind one address, may cost the others (rule W16).
#[derive(Clone, Debug)]
pub struct CostLimits {
    /// Pause between two pushes of a consultation's state to everybody.
    pub push_pause: Duration,
    /// Phase changes that do not wait for that pause.
    pub pushes_at_once: Rate,
    /// Commands that changed nothing and are remembered by id in one consultation, oldest forgotten first.
    pub unchanged_remembered: usize,
    /// Rows by which one participant says something else of what it spoke of before: sixty of them make a million rows
    /// in two days.
    pub rows_of_seat: Rate,
    /// The same of a staff link.
    pub rows_of_staff: Rate,
    /// Rows that a change of group by oneself counts for: it also takes a phone off its board.
    pub rows_of_a_change_of_group: f64,
    /// Bytes of a frame, a body or an answer that cost as much as one more message.
    pub unit_bytes: usize,
    /// The same for files to read, which are large and shared: a phone opens some of ten MiB one after the other.
    pub unit_bytes_of_files: usize,
    /// Reads of one seat over HTTP, in units: more wait.
    pub reads_of_seat: Rate,
    /// Units that an export costs beside its bytes: it is written for who asks.
    pub units_of_an_export: f64,
    /// The longest that a read waits for its seat's rate; beyond it, it is refused with `too-fast`.
    pub read_wait: Duration,
    /// Requests without a seat from one prefix, in units: a thousand phones that look at a closed door every ten seconds
    /// are a hundred a second.
    pub unseated_of_prefix: Rate,
    /// Requests of all seats behind one prefix, in units; each seat has its own rate as well.
    pub seated_of_prefix: Rate,
    /// New seats from one prefix; more wait, so that a hall of a thousand behind one address is in within a minute.
    pub joins_of_prefix: Rate,
    /// New seats of one consultation from everywhere; more wait.
    pub joins_of_consultation: Rate,
    /// The longest that somebody waits for a seat; beyond it they are told to come back.
    pub join_wait: Duration,
    /// Requests of one seat that wait for something later on a board.
    pub polls_of_seat: usize,
    /// The same of everybody behind one prefix: a hall where sockets are blocked.
    pub polls_of_prefix: usize,
    /// Sockets of one prefix: three quarters of all.
    pub sockets_of_prefix: usize,
    /// Proxies whose `X-Forwarded-For` is believed when addresses are counted; none: that header is not looked at.
    pub trusted_proxies: Vec<IpAddr>,
    /// Prefixes that are counted; those that rested are forgotten.
    pub prefixes_max: usize,
    /// What a seat may owe of its messages, as time until it is paid, and still open a connection.
    pub connect_owing: Duration,
    /// How often one participant may have the same document open on all its connections: beyond it the oldest of its
    /// other connections is closed.
    pub subscriptions_of_seat: usize,
    /// The same of a staff link, which is open on several devices.
    pub subscriptions_of_staff: usize,
    /// Time in which a body must have arrived.
    pub body_time: Duration,
    /// The longest pause between two parts of a body.
    pub body_pause: Duration,
}

impl Default for CostLimits {
    fn default() -> Self {
        Self {
            push_pause: Duration::from_millis(500),
            pushes_at_once: Rate { per_second: 0.5, burst: 10.0 },
            unchanged_remembered: 10_000,
            rows_of_seat: Rate { per_second: 0.1, burst: 400.0 },
            rows_of_staff: Rate { per_second: 2.0, burst: 2_000.0 },
            rows_of_a_change_of_group: 20.0,
            unit_bytes: 16 * 1024,
            unit_bytes_of_files: 256 * 1024,
            reads_of_seat: Rate { per_second: 50.0, burst: 500.0 },
            units_of_an_export: 20.0,
            read_wait: Duration::from_secs(2),
            unseated_of_prefix: Rate { per_second: 250.0, burst: 3_000.0 },
            seated_of_prefix: Rate { per_second: 2_000.0, burst: 20_000.0 },
            joins_of_prefix: Rate { per_second: 20.0, burst: 300.0 },
            joins_of_consultation: Rate { per_second: 50.0, burst: 2_000.0 },
            join_wait: Duration::from_secs(25),
            polls_of_seat: 4,
            polls_of_prefix: 1_500,
            sockets_of_prefix: 15_000,
            trusted_proxies: Vec::new(),
            prefixes_max: 100_000,
            connect_owing: Duration::from_secs(5),
            subscriptions_of_seat: 4,
            subscriptions_of_staff: 24,
            body_time: Duration::from_secs(10),
            body_pause: Duration::from_secs(5),
        }
    }
}

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

/// Bounds that keep one person with many seats from speaking for a room.
#[derive(Clone, Debug)]
pub struct VoiceLimits {
    /// Ideas of one group that single reports of danger hide within [`Self::danger_window`], and that the safeguarding
    /// contact has not looked at: a further one needs a second look, so that nobody can empty a board (rule C23).
    pub danger_alone: usize,
    /// Ideas of one group that the reports of two participants hide in the same time; beyond them only staff and the
    /// contact hide one. Two seats may be one person: 24 seats emptied a board of 18 ideas.
    pub danger_together: usize,
    /// So many times the bound of one group is that of all groups together, because one person can have a seat in each.
    pub danger_groups: usize,
    /// For how long such an idea counts at least.
    pub danger_window: Duration,
    /// For how long it counts when the contact has shown it again: what was no danger three times is misuse, perhaps.
    pub danger_false_window: Duration,
    /// So many seats from one address prefix within [`Self::burst_window`] are a burst, which the organizer is told of: more
    /// than people scan a code in that time, and few enough that it is said at once (rule C21).
    pub burst_seats: usize,
    /// See [`Self::burst_seats`].
    pub burst_window: Duration,
    /// Address prefixes whose newest arrivals are in memory; of more, those that are older than the window go.
    pub prefixes_watched: usize,
    /// Seats that may be closed together because they came in a burst: of fewer, a falling tally would tell how a person voted.
    pub closed_together_min: usize,
    /// For how long a closing of many seats can be undone: long enough for an honest person to come to the organizer.
    pub restore_time: Duration,
    /// Minutes of which a desk is told how many came.
    pub minutes_told: usize,
    /// Bursts of one consultation that are told apart; what comes then counts as part of the last one.
    pub bursts_max: usize,
}

impl Default for VoiceLimits {
    fn default() -> Self {
        Self {
            danger_alone: 3,
            danger_together: 3,
            danger_groups: 4,
            danger_window: Duration::from_secs(10 * 60),
            danger_false_window: Duration::from_secs(60 * 60),
            burst_seats: 30,
            burst_window: Duration::from_secs(10),
            prefixes_watched: 10_000,
            closed_together_min: 5,
            restore_time: Duration::from_secs(15 * 60),
            minutes_told: 10,
            bursts_max: 50,
        }
    }
}

/// Bounds of rehearsals.
#[derive(Clone, Debug)]
pub struct RehearsalLimits {
    /// Rehearsals on this server at the same time, of all consultations: each has its own phones, and a real day must not
    /// feel them.
    pub at_once: usize,
    /// Simulated phones of each group.
    pub phones_per_group: usize,
    /// Simulated phones of one rehearsal; of many groups, some then have fewer phones or none.
    pub phones_max: usize,
    /// The shortest and the longest that the day is made, in seconds.
    pub seconds: (u32, u32),
    /// How long it takes if nobody says: long enough to look at each phase on two screens.
    pub seconds_usual: u32,
    /// The longest that a rehearsal is played, in whatever way the server is busy.
    pub play_time: Duration,
    /// How long the twin can be looked at when the day is over.
    pub look_time: Duration,
}

impl Default for RehearsalLimits {
    fn default() -> Self {
        Self {
            at_once: 4,
            phones_per_group: 5,
            phones_max: 40,
            seconds: (10, 600),
            seconds_usual: 90,
            play_time: Duration::from_secs(20 * 60),
            look_time: Duration::from_secs(10 * 60),
        }
    }
}

/// Bounds of links, of seats that change phones, and of the server's names.
#[derive(Clone, Debug)]
pub struct LinkLimits {
    /// Names that are not the server's own and were logged, each once; more are refused without a line, so that nobody
    /// fills the log.
    pub refused_names_logged: usize,
    /// How often the token of one seat may be exchanged: each is a record, and nobody changes phones so often.
    pub exchanges_per_seat: u32,
}

impl Default for LinkLimits {
    fn default() -> Self {
        Self { refused_names_logged: 100, exchanges_per_seat: 50 }
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
            note_units_max: 280,
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

/// When the journal's file is written anew after words were deleted.
#[derive(Clone, Debug)]
pub struct RewriteLimits {
    /// A file up to so many bytes is rewritten within `within`; the writer stands still for less than a second for it.
    pub bytes_max: u64,
    /// Nothing was written for so long: a good moment, and several deletions are one rewriting.
    pub quiet: Duration,
    /// The latest moment for such a file, however much is written; the promise is a minute.
    pub within: Duration,
    /// A larger file is rewritten when nothing was written for so long, or at the next start.
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
    /// Letters and digits of deleted words that another idea must contain; fewer are found only as a whole idea, because
    /// they may be a word that anybody uses.
    pub letters_min: usize,
    /// Ideas that are remembered as repeating; more are said to be cut.
    pub ideas_max: usize,
}

impl Default for RepeatLimits {
    fn default() -> Self {
        Self { bytes_max: 1024 * 1024, letters_min: 12, ideas_max: 200 }
    }
}

/// Bounds of support in the room.
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
            objection_units_max: 200,
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
}

impl Default for DeskLimits {
    fn default() -> Self {
        Self {
            fates_pause: Duration::from_millis(300),
            ideas_max: 50,
            words_bytes_max: 32 * 1024,
            reported_max: 200,
        }
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
pub struct WorkLimits {
    /// Threads on which consultations and rooms work, if the machine has fewer cores: as many long turns at once, and one
    /// more room still works.
    pub threads_least: usize,
    /// Work of one turn of a room, in steps of the gate: when it is done, the rest of the batch waits for the next turn, and
    /// other rooms have theirs between. With one frame more it is below 50 ms.
    pub turn_steps_max: u64,
    /// What reading a document, or writing to it as the server, counts as, in steps of the gate.
    pub read_steps: u64,
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

impl Default for WorkLimits {
    fn default() -> Self {
        Self {
            threads_least: 4,
            turn_steps_max: 200_000,
            read_steps: 5_000,
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
    /// Encodings of the whole document that one room's phones are sent at once; who asks when there are as many is sent the
    /// newest of them and then the difference.
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
            whole_states_max: 2,
            differences_bytes_max: 4 * 1024 * 1024,
            frame_bytes_max: 16 * 1024 * 1024,
        }
    }
}

impl Default for Limits {
    #[expect(clippy::too_many_lines, reason = "a table: one line for each bound")]
    fn default() -> Self {
        Self {
            gate: GateLimits::default(),
            message_bytes_max: 256 * 1024,
            body_bytes_max: 64 * 1024,
            outbox_frames: 512,
            outbox_bytes: 256 * 1024,
            room_mailbox: 1024,
            batch_messages: 256,
            consultation_mailbox: 1024,
            journal_queue: 4096,
            journal_batch: 512,
            rewrite: RewriteLimits::default(),
            repeats: RepeatLimits::default(),
            documents_per_connection: 64,
            connections_max: 4_000,
            sockets_max: 20_000,
            header_time: Duration::from_secs(10),
            hello_time: Duration::from_secs(10),
            send_time: Duration::from_secs(10),
            keep_alive: Duration::from_secs(15),
            flood_time: Duration::from_secs(60),
            gone_after: Duration::from_secs(45),
            seat_rate: Rate { per_second: 20.0, burst: 100.0 },
            connection_rate: Rate { per_second: 40.0, burst: 200.0 },
            room_rate: Rate { per_second: 5_000.0, burst: 10_000.0 },
            consultation_rate: Rate { per_second: 5_000.0, burst: 10_000.0 },
            connections_per_seat: 24,
            seats_counted: 100_000,
            client_ids_per_seat: 64,
            idea_units_max: 1_000,
            records: RecordLimits::default(),
            tries: TryLimits::default(),
            cards_max: 20_000,
            seat_code_time: Duration::from_secs(600),
            parcels_max: 500,
            parcel_time: Duration::from_secs(600),
            commands_remembered: 100_000,
            not_duplicates_max: 10_000,
            suggestions_max: 100,
            in_room: InRoomLimits::default(),
            desks: DeskLimits::default(),
            work: WorkLimits::default(),
            exports: ExportLimits::default(),
            delivery: DeliveryLimits::default(),
            room: RoomLimits::default(),
            bounds: BoundLimits::default(),
            merge_pause: Duration::from_secs(2),
            merge_pause_max: Duration::from_secs(10),
            kept_words_waiting: 1_024,
            embeddings_texts_max: 2_000,
            embeddings_batch: 64,
            embeddings_at_once: 2,
            embeddings_time: Duration::from_secs(10),
            embeddings_answer_bytes_max: 8 * 1024 * 1024,
            embeddings_numbers_max: 4_096,
            embeddings_rest: Duration::from_secs(60),
            quiet_pause: Duration::from_secs(5),
            quiet_pause_max: Duration::from_secs(60),
            wordings_max: 12,
            quiet_waiting: 256,
            reports_per_seat: 30,
            danger_reports_per_seat: 3,
            voices: VoiceLimits::default(),
            translations_per_idea: 12,
            groups_max: 500,
            points_max: 50,
            title_units_max: 300,
            text_units_max: 1_000,
            link_units_max: 2_000,
            prepared_items_max: 40,
            languages_max: 20,
            template_bytes_max: 512 * 1024,
            template_errors_max: 50,
            materials_max: 20,
            file_bytes_max: 10 * 1024 * 1024,
            files_bytes_max: 60 * 1024 * 1024,
            files_at_once: 4,
            upload_time: Duration::from_secs(300),
            links_max: 600,
            links: LinkLimits::default(),
            rehearsal: RehearsalLimits::default(),
            costs: CostLimits::default(),
            bursts: BurstLimits::default(),
            seats_max: 20_000,
            snapshot_updates: 1_000,
            ticket_lifetime: Duration::from_secs(8 * 3600),
            long_poll: Duration::from_secs(25),
            awareness_pause: Duration::from_millis(100),
            awareness_renewal: Duration::from_secs(15),
            desk_pause: Duration::from_millis(250),
            presence_pause: Duration::from_secs(1),
            grace_seconds_max: 300,
            grace_least: Duration::from_secs(5),
            read_buffer_bytes: 1_024,
            head_bytes_max: 16 * 1024,
            send_buffer_bytes: 128 * 1024,
            backlog: 1_024,
            farewell_time: Duration::from_secs(5),
            last_word_time: Duration::from_millis(500),
            step2_ranges_max: 8 * 1024,
        }
    }
}
