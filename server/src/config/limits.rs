//! Every bound in the process that is not of one subject alone; `people` and `work` have the others.

use std::time::Duration;

use proto::gate::GateLimits;
use proto::text::lengths;

use crate::rate::Rate;

use super::people::{AnswerLimits, CostLimits, LinkLimits, RehearsalLimits, TryLimits, VoiceLimits};
use super::work::{
    BoundLimits, BurstLimits, DeliveryLimits, DeskLimits, ExportLimits, InRoomLimits, PaceLimits,
    PurgeAnswerLimits, RecordLimits, RepeatLimits, RewriteLimits, RoomLimits, RuntimeLimits, VersionLimits,
};

/// Every bound in the process. The overflow decision stands with each queue.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
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
    /// Upper bound on the appends of one journal transaction. Without it the first append would wait as long as others arrive.
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
    /// Of answers to deletions.
    pub purge_answers: PurgeAnswerLimits,
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
    /// Commands of one seat that wait while a room is asked about an earlier one; more are refused.
    pub commands_behind_max: usize,
    /// Pairs of ideas that people told apart; more are refused.
    pub not_duplicates_max: usize,
    /// Pairs that may be the same, of one run, as staff are shown them; the most similar first.
    pub suggestions_max: usize,
    /// What people may say of the list in the plenary.
    pub in_room: InRoomLimits,
    /// Versions of the list.
    pub versions: VersionLimits,
    /// What is told to staff at their desks, and to authors.
    pub desks: DeskLimits,
    /// Turns, threads and restarts.
    pub work: RuntimeLimits,
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
    /// Answers that are changed.
    pub answers: AnswerLimits,
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
    /// Staff links of one consultation beyond two per group, its moderator's and its rapporteur's.
    pub links_max: usize,
    /// Of links, seats that change phones, and names.
    pub links: LinkLimits,
    pub rehearsal: RehearsalLimits,
    /// Of what one person, or everybody behind one address, may cost the others.
    pub costs: CostLimits,
    /// Of connections that come and go together.
    pub bursts: BurstLimits,
    /// How fast new connections are served.
    pub pace: PaceLimits,
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
            idea_units_max: lengths::IDEA_UNITS_MAX as usize,
            records: RecordLimits::default(),
            purge_answers: PurgeAnswerLimits::default(),
            tries: TryLimits::default(),
            cards_max: 20_000,
            seat_code_time: Duration::from_secs(600),
            parcels_max: 500,
            parcel_time: Duration::from_secs(600),
            commands_remembered: 100_000,
            commands_behind_max: 100,
            not_duplicates_max: 10_000,
            suggestions_max: 100,
            in_room: InRoomLimits::default(),
            versions: VersionLimits::default(),
            desks: DeskLimits::default(),
            work: RuntimeLimits::default(),
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
            answers: AnswerLimits::default(),
            translations_per_idea: 12,
            groups_max: 500,
            points_max: 50,
            title_units_max: lengths::TITLE_UNITS_MAX as usize,
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
            pace: PaceLimits::default(),
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
