//! Builds the web client and gives its folder to the binary.
//!
//! Release builds run npm (`npm ci --ignore-scripts`, `npm run build`). Debug builds embed a placeholder, so that the
//! server can be worked on without Node. `WEB_DIST=path` takes a client that was built elsewhere.

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
        build(&web, &out);
        out
    } else {
        placeholder(&out);
        out
    };
    assert!(dist.join("index.html").is_file(), "there is no index.html in {}", dist.display());
    println!("cargo::rustc-env=PLENUM_WEB_DIST={}", dist.display());
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

fn build(web: &Path, out: &Path) {
    let version =
        Command::new("node").arg("--version").output().ok().filter(|output| output.status.success());
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let Some(version) = version else { panic!("Node.js was not found. {NEEDED}") };
    let mut numbers =
        version.trim_start_matches('v').split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    assert!((major, minor) >= (20, 19), "Node.js {version} is too old. {NEEDED}");
    run(web, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    let out = out.to_string_lossy();
    run(web, &["run", "build", "--", "--outDir", &out, "--emptyOutDir"]);
}

fn run(web: &Path, arguments: &[&str]) {
    let output = Command::new("npm").args(arguments).current_dir(web).output();
    match output {
        Err(error) => panic!("npm was not found ({error}). {NEEDED}"),
        Ok(output) if !output.status.success() => panic!(
            "\"npm {}\" failed in {}:\n{}\n{}",
            arguments.join(" "),
            web.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Ok(_) => {}
    }
}

fn placeholder(out: &Path) {
    let page = "<!doctype html><title>Plenum</title><p>This debug build has no web client. Use a release build, \
        or set WEB_DIST=path/to/dist.</p>";
    if let Err(error) =
        std::fs::create_dir_all(out).and_then(|()| std::fs::write(out.join("index.html"), page))
    {
        panic!("cannot write to {}: {error}", out.display());
    }
}
