//! From start to stop: what is opened in which order, what a person is told, and how everything ends.
//!
//! Stop: no new connections; sockets close with 1012 (come back); consultations and rooms finish what they have; the
//! journal writes what it accepted.

use std::io::{ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;

use proto::api::consultation::Created;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Handle;

use crate::clock::{Clock, Entropy};
use crate::config::{Config, Limits};
use crate::consultation::secret::new_token;
use crate::embeddings::{Embedder, EmbeddingsError, Model, Service};
use crate::http::{App, FilePlaces, MadeExports, Names, of_machine, routes, serve};
use crate::hub::Hub;
use crate::journal::{Journal, JournalError, SqliteJournal};
use crate::live::NodeParts;
use crate::rehearsal::Rehearsals;
use crate::socket::Tickets;
use crate::stop_signal::Stopping;
use crate::threads::{WorkThreads, measure};

/// Why the server does not start, or stopped by itself. Each is one clear line.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum StartError {
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The journal took nothing more while the server ran.
    #[error(
        "the journal could not be written, so the server stopped. Everything that was acknowledged is safe; look at the \
         disk of the data folder and start again"
    )]
    JournalFailed,
    /// The system gives no threads.
    #[error("no threads could be started: {0}")]
    Threads(std::io::Error),
    /// The embeddings service is none that can be asked.
    #[error(transparent)]
    Embeddings(#[from] EmbeddingsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        address: SocketAddr,
        /// Why not.
        reason: String,
    },
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The address people type.
    pub public_url: String,
    /// The key that makes consultations.
    pub organizer_key: String,
    hub: Arc<Hub>,
    journal_failed: Stopping,
    listening: tokio::task::JoinSet<()>,
    measuring: tokio::task::JoinSet<()>,
    work: WorkThreads,
}

/// Starts a server.
///
/// # Errors
/// When the journal or the address cannot be used.
pub async fn start(config: Config) -> Result<Running, StartError> {
    start_by(config, Clock::default(), Entropy::default()).await
}

/// Starts a server that takes the time of day from this clock, and random bytes and ids from here.
///
/// # Errors
/// When the journal or the address cannot be used.
pub async fn start_by(config: Config, clock: Clock, entropy: Entropy) -> Result<Running, StartError> {
    crate::seeded_defects::begin();
    let embedder = match &config.embeddings {
        Some(chosen) => Some(Embedder::Service(Box::new(Service::new(chosen, &config.limits)?))),
        None => Model::find(&config.data).map(|model| Embedder::Encoder(Arc::new(model))),
    };
    let journal: Arc<dyn Journal> = Arc::new(SqliteJournal::open(&config.data, &config.limits)?);
    let listener = listen(config.listen, &config.limits)?;
    let address = listener.local_addr().unwrap_or(config.listen);
    let public_url = config.public_url.unwrap_or_else(|| guess_url(address));
    let organizer_key = match config.organizer_key {
        Some(key) => key,
        None => String::from_utf8_lossy(&server_value(&*journal, "organizer-key", || {
            new_token(&entropy).into_bytes()
        })?)
        .into_owned(),
    };
    let ticket_key = server_value(&*journal, "ticket-key", || entropy.bytes::<32>().to_vec())?;
    let ticket_key = <[u8; 32]>::try_from(ticket_key).unwrap_or_else(|_| entropy.bytes());
    let tickets = Tickets::new(ticket_key, config.limits.ticket_lifetime);
    let limits = config.limits.clone();
    let work = WorkThreads::start(&limits.work).map_err(StartError::Threads)?;
    let journal_failed = journal.failed();
    let parts = NodeParts {
        journal,
        limits: config.limits,
        clock,
        entropy,
        public_url: public_url.clone(),
        embedder: embedder.map(Arc::new),
        work: work.handle(),
    };
    let hub = Hub::start(parts, organizer_key.clone()).await?;
    let files = FilePlaces::new(hub.node.limits.files_at_once);
    let exports = MadeExports::new(&hub.node.limits.exports, work.handle());
    let rehearsals = Arc::new(Rehearsals::new(Arc::clone(&hub), local_url(address)));
    let logged = hub.node.limits.links.refused_names_logged;
    let names = Names::new(&public_url, &config.also_known_as, of_machine().as_deref(), logged);
    let app = Arc::new(App { hub: Arc::clone(&hub), names, tickets, exports, files, rehearsals });
    let (stopping, prefixes) =
        (hub.node.stopping(), hub.prefixes.clone().trusting(&hub.node.limits.costs.trusted_proxies));
    let mut measuring = tokio::task::JoinSet::new();
    measuring.spawn(measure(Arc::clone(&hub.node.watch), work.handle(), limits.work.beat));
    let mut listening = tokio::task::JoinSet::new();
    listening.spawn(async move { serve(listener, routes(app), &limits, prefixes, stopping).await });
    Ok(Running { address, public_url, organizer_key, hub, journal_failed, listening, measuring, work })
}

impl Running {
    /// Where this machine itself reaches it.
    #[must_use]
    pub fn local_url(&self) -> String {
        local_url(self.address)
    }

    /// Where the server works, and what simulates phones beside it.
    #[must_use]
    pub fn work(&self) -> Handle {
        self.work.handle()
    }

    /// Stops: what was accepted is durable when this returns.
    pub async fn stop(mut self) {
        self.hub.node.stop().await;
        self.measuring.shutdown().await;
        while self.listening.join_next().await.is_some() {}
    }

    /// Runs until the operator or the system says stop.
    ///
    /// # Errors
    /// When the journal failed: what was acknowledged is on the disk; start again when the disk is well.
    pub async fn until_stopped(mut self) -> Result<(), StartError> {
        let failed = tokio::select! {
            () = wait_for_signal() => false,
            () = self.journal_failed.wait() => true,
        };
        self.stop().await;
        if failed { Err(StartError::JournalFailed) } else { Ok(()) }
    }
}

/// Tells a person what they need: where phones go, with a QR code; the organizer's link; where the data is.
///
/// # Errors
/// When it cannot be written.
pub fn greet(running: &Running, data: &str, out: &mut impl Write) -> std::io::Result<()> {
    let url = &running.public_url;
    writeln!(out, "Plenum listens on http://{}", running.address)?;
    writeln!(out)?;
    if let Ok(code) = QrCode::new(url.as_bytes()) {
        writeln!(out, "{}", code.render::<Dense1x2>().quiet_zone(true).build())?;
    }
    writeln!(out, "Phones:    {url}")?;
    writeln!(out, "Organizer: {url}/organize#key={}", running.organizer_key)?;
    writeln!(out, "Data:      {data}")?;
    writeln!(out)?;
    writeln!(out, "The organizer's link makes consultations: keep it to yourself. Stop with Ctrl-C.")?;
    if cfg!(debug_assertions) {
        writeln!(out)?;
        writeln!(out, "This is a debug build: it serves web/dist from the disk (cd web && npm run build).")?;
        writeln!(out, "To see changes at once, start it with --public-url http://localhost:5173 beside")?;
        writeln!(out, "    cd web && npm ci --ignore-scripts && npm run dev")?;
    }
    out.flush()
}

/// The same for the demo: the QR code lets a phone in, and everybody's link stands below it.
///
/// # Errors
/// When it cannot be written.
pub fn greet_demo(running: &Running, created: &Created, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "Plenum's demo listens on http://{}", running.address)?;
    writeln!(out)?;
    if let Ok(code) = QrCode::new(created.join_url.as_bytes()) {
        writeln!(out, "{}", code.render::<Dense1x2>().quiet_zone(true).build())?;
    }
    writeln!(out, "Join with a phone: {}   code {}", running.public_url, created.code)?;
    writeln!(out, "                   {}", created.join_url)?;
    writeln!(out, "Projector:  {}", created.room.url)?;
    writeln!(out, "Organizer:  {}", created.organizer.url)?;
    writeln!(out, "Editor:     {}", created.editor.url)?;
    writeln!(out, "Safeguarding: {}", created.safeguarding.url)?;
    for group in &created.groups {
        writeln!(out, "Moderator of {}: {}", group.name, group.moderator.url)?;
        writeln!(out, "Rapporteur of {}: {}", group.name, group.rapporteur.url)?;
    }
    writeln!(out, "Data:       a throw-away folder")?;
    writeln!(out)?;
    writeln!(
        out,
        "Simulated phones write, improve and vote; they stop after some rounds. Stop with Ctrl-C."
    )?;
    out.flush()
}

fn listen(address: SocketAddr, limits: &Limits) -> Result<TcpListener, StartError> {
    let refuse = |error: std::io::Error| {
        let reason = if error.kind() == ErrorKind::AddrInUse {
            "the port is in use. Choose another one with --listen HOST:PORT".to_owned()
        } else if error.kind() == ErrorKind::PermissionDenied {
            "this port needs more rights; ports above 1024 do not".to_owned()
        } else {
            error.to_string()
        };
        StartError::Listen { address, reason }
    };
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.map_err(refuse)?;
    socket.set_reuseaddr(true).map_err(refuse)?;
    // What the kernel keeps for a phone that does not read is small: it is cut sooner, and costs less.
    let _ = socket.set_send_buffer_size(limits.send_buffer_bytes);
    socket.bind(address).map_err(refuse)?;
    socket.listen(limits.backlog).map_err(refuse)
}

/// A value of the server that is made once and kept.
fn server_value(
    journal: &dyn Journal,
    name: &str,
    make: impl FnOnce() -> Vec<u8>,
) -> Result<Vec<u8>, JournalError> {
    if let Some(value) = journal.server_value(name)? {
        return Ok(value);
    }
    let value = make();
    journal.set_server_value(name, &value)?;
    Ok(value)
}

/// Where this machine itself reaches a listening address.
fn local_url(address: SocketAddr) -> String {
    let port = address.port();
    match address.ip() {
        ip if !ip.is_unspecified() => format!("http://{}", SocketAddr::new(ip, port)),
        IpAddr::V4(_) => format!("http://127.0.0.1:{port}"),
        IpAddr::V6(_) => format!("http://[::1]:{port}"),
    }
}

/// The address of this machine in its network. Nothing is sent: connecting a UDP socket only asks for the route.
fn guess_url(listening: SocketAddr) -> String {
    let port = listening.port();
    if !listening.ip().is_unspecified() {
        return format!("http://{listening}");
    }
    let route = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.connect((Ipv4Addr::new(10, 255, 255, 255), 9))?;
        socket.local_addr()
    });
    match route {
        Ok(address) if !address.ip().is_unspecified() => format!("http://{}:{port}", address.ip()),
        _ => format!("http://127.0.0.1:{port}"),
    }
}

async fn wait_for_signal() {
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        let terminated = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! { () = interrupted => {}, () = terminated => {} }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
