//! Bounds on what people can ask for: typed codes, what a seat and an address may cost, many seats, links, rehearsals.

use std::net::IpAddr;
use std::time::Duration;

use crate::rate::Rate;

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

/// Bounds of answers that are changed: votes, and what is said of an entry in the plenary. Each change is a record that every start
/// reads.
#[derive(Clone, Copy, Debug)]
pub struct AnswerLimits {
    /// Changes of one seat in a consultation, beside those that its answers add: somebody who changes a vote every minute
    /// of a day does so less often.
    pub changes_of_seat: u32,
    /// Further changes for each idea or entry that a seat answered.
    pub changes_per_answer: u32,
}

impl Default for AnswerLimits {
    fn default() -> Self {
        Self { changes_of_seat: 300, changes_per_answer: 3 }
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
    /// Rate limit per participant for journal rows that change an earlier answer of theirs, such as a vote taken back. At this
    /// rate sixty participants need about two days to write a million rows.
    pub rows_of_seat: Rate,
    /// The same of a staff link.
    pub rows_of_staff: Rate,
    /// Rows that a change of group by oneself counts for: it also takes a phone off its board.
    pub rows_of_a_change_of_group: f64,
    /// Bytes of a frame, a body or an answer that cost as much as one more message.
    pub unit_bytes: usize,
    /// The same for files to read, which are large and shared: a phone opens some of ten MiB one after the other.
    pub unit_bytes_of_files: usize,
    /// Bytes of a document for a phone that asks what it is missing that cost its seat as much as one more message: the largest
    /// board (48 ms) costs twenty, so a phone opens four of them without a wait, and who asks on and on has one a second.
    pub unit_bytes_of_documents: usize,
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
            unit_bytes_of_documents: 1024 * 1024,
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

/// Bounds that keep one person with many seats from speaking for a room.
#[derive(Clone, Debug)]
pub struct VoiceLimits {
    /// Ideas of one group that single reports of danger hide within [`Self::danger_window`], and that the safeguarding
    /// contact has not looked at: a further one needs a second look, so that nobody can empty a board (rule C23). More than
    /// one seat may report ([`super::Limits::danger_reports_per_seat`]), so that no seat uses it up for the others: whose ideas a
    /// seat reports, its own or others', is known to nobody.
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
    /// States in which staff were told that seats have no phone, and that a closing can name: a desk is pushed at most once per
    /// [`super::Limits::desk_pause`], and a command arrives within a few pushes. Each is 16 bytes for each seat.
    pub sights_kept: usize,
    /// Minutes of which a desk is told how many came.
    pub minutes_told: usize,
    /// Bursts of one consultation that are told apart; what comes then counts as part of the last one.
    pub bursts_max: usize,
}

impl Default for VoiceLimits {
    fn default() -> Self {
        Self {
            danger_alone: 4,
            danger_together: 3,
            danger_groups: 4,
            danger_window: Duration::from_secs(10 * 60),
            danger_false_window: Duration::from_secs(60 * 60),
            burst_seats: 30,
            burst_window: Duration::from_secs(10),
            prefixes_watched: 10_000,
            closed_together_min: 5,
            restore_time: Duration::from_secs(15 * 60),
            sights_kept: 16,
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
    /// The same while the seat waits at the door, where whoever comes may have any number of seats: one exchange is needed
    /// for a seat that somebody hands over, and two more for a scan that went wrong.
    pub exchanges_at_door: u32,
    /// Rows of a seat's account that one costs: the connections of a phone are closed for it.
    pub rows_of_an_exchange: f64,
}

impl Default for LinkLimits {
    fn default() -> Self {
        Self {
            refused_names_logged: 100,
            exchanges_per_seat: 50,
            exchanges_at_door: 3,
            rows_of_an_exchange: 20.0,
        }
    }
}
