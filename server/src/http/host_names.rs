//! The names that this server answers to, and whose pages may open sockets here (rules W13 and W17).
//!
//! A site can make its own name resolve to this server (DNS rebinding); its pages then share an origin with whatever
//! answers. So a request under a name that is not ours is refused before anything else looks at it. An IP address is
//! always accepted: nobody can make an address lead elsewhere. There are no patterns and no suffixes.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use proto::problem::{Code, Problem};

use super::App;
use super::assets::wants_page;
use super::error::Refused;

/// Characters of the longest name in DNS.
const NAME_MAX: usize = 253;

/// The names of one server.
pub struct Names {
    public_url: String,
    own: HashSet<String>,
    logged: Mutex<HashSet<String>>,
    logged_max: usize,
}

impl Names {
    /// The host of the public address, what the operator names besides, this machine's own name, and `localhost`. So
    /// many refused names are logged, each once.
    #[must_use]
    pub fn new(public_url: &str, also: &[String], machine: Option<&str>, logged_max: usize) -> Self {
        let mut own = HashSet::from(["localhost".to_owned()]);
        own.extend(host_of_url(public_url).and_then(name_of));
        own.extend(also.iter().filter_map(|name| name_of(name)));
        if let Some(name) = machine.and_then(name_of) {
            // Computers announce themselves in their network as NAME.local (mDNS).
            let first = name.split('.').next().unwrap_or(&name);
            own.extend([first.to_owned(), format!("{first}.local"), name.clone()]);
        }
        Self { public_url: public_url.to_owned(), own, logged: Mutex::default(), logged_max }
    }

    fn is_own(&self, name: &str) -> bool {
        self.own.contains(name) || is_address(name)
    }

    /// Is this request addressed to this server?
    ///
    /// # Errors
    /// `malformed` unless there is exactly one host and at most one origin and one token, `misdirected` when the host is not ours.
    pub fn check(&self, authority: Option<&str>, headers: &HeaderMap) -> Result<(), Problem> {
        // Of two a proxy could look at one and this server at the other.
        for (name, once) in [(header::ORIGIN, "Origin"), (header::AUTHORIZATION, "Authorization")] {
            if headers.get_all(name).iter().count() > 1 {
                return Err(Problem::because(Code::Malformed, format!("A request has at most one {once}.")));
            }
        }
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(Problem::because(Code::Malformed, "A request has exactly one Host."));
        };
        // A request line may name a host as well ("GET http://…"), and then that one is meant.
        for named in host.to_str().ok().into_iter().chain(authority) {
            let Some(name) = name_of(named) else {
                return Err(Problem::because(Code::Malformed, "The Host is no name or address."));
            };
            if !self.is_own(&name) {
                return Err(self.refuse(&name));
            }
        }
        if host.to_str().is_err() {
            return Err(Problem::because(Code::Malformed, "The Host is no name or address."));
        }
        Ok(())
    }

    fn refuse(&self, name: &str) -> Problem {
        let advice = format!("start it with --also-known-as {name} (PLENUM_ALSO_KNOWN_AS) or --public-url");
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.len() < self.logged_max && logged.insert(name.to_owned()) {
            tracing::warn!(
                "refused a request for the name {name}: if this server should answer to it, {advice}"
            );
        }
        let detail = format!("This server does not answer to the name {name}. If it should, {advice}.");
        Problem::because(Code::Misdirected, detail)
    }

    /// May a page at this origin open a socket here (rule W13)?
    ///
    /// # Errors
    /// `forbidden` when the page is not ours.
    pub fn check_origin(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let refuse =
            || Problem::because(Code::Forbidden, "Only this server's own pages may open a connection here.");
        let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        let Some(origin) = text(header::ORIGIN) else {
            // A program. A browser that hides where it comes from still sends one of these.
            let fetched = headers.keys().any(|name| name.as_str().starts_with("sec-fetch-"));
            return if fetched || headers.contains_key(header::COOKIE) { Err(refuse()) } else { Ok(()) };
        };
        let here = text(header::HOST).is_some_and(|host| {
            !host.is_empty() && (origin == format!("http://{host}") || origin == format!("https://{host}"))
        });
        let named = host_of_url(origin).and_then(name_of).is_some_and(|name| self.is_own(&name));
        if named && (here || origin == self.public_url) { Ok(()) } else { Err(refuse()) }
    }
}

/// What people see under a name that is not ours: what to do, in six languages, and the flag for the operator. It asks
/// for nothing else, because all of that would be refused as well.
const MISDIRECTED: &str = include_str!("misdirected.html");

/// Refuses what is not addressed to this server: to the API's programs as a problem, to browsers as a page, else as a line.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let authority = request.uri().authority().map(axum::http::uri::Authority::as_str);
    let Err(problem) = app.names.check(authority, request.headers()) else { return next.run(request).await };
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/sync") {
        return Refused(problem).into_response();
    }
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    if problem.code == Code::Misdirected && wants_page(request.headers()) {
        // The name in it is letters, digits, "-", "." and "_" (`name_of`): nothing of it is markup.
        return (status, Html(MISDIRECTED.replace("{detail}", &problem.detail))).into_response();
    }
    (status, format!("{}\n", problem.detail)).into_response()
}

/// The name of the machine, as far as its system tells it without a library.
#[must_use]
pub fn of_machine() -> Option<String> {
    let kept = ["/proc/sys/kernel/hostname", "/etc/hostname"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok());
    let name =
        kept.or_else(|| std::env::var("COMPUTERNAME").ok()).or_else(|| std::env::var("HOSTNAME").ok())?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The `host[:port]` of an address.
fn host_of_url(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#']).next()
}

/// The name or address of `host[:port]`: in small letters, without a final dot. `None`: it is neither.
#[must_use]
pub fn name_of(host: &str) -> Option<String> {
    let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = host.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let port = port.strip_prefix(':').or_else(|| port.is_empty().then_some(""))?;
        return (is_port(port) && address.parse::<Ipv6Addr>().is_ok())
            .then(|| format!("[{address}]").to_lowercase());
    }
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let is_name = !name.is_empty()
        && name.len() <= NAME_MAX
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    (is_name && is_port(port)).then_some(name)
}

fn is_address(name: &str) -> bool {
    name.starts_with('[') || name.parse::<Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new("https://plenum.example", &["other.example".to_owned()], Some("Laptop"), 2)
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn host(host: &str) -> Result<(), Code> {
        names().check(None, &headers(&[("host", host)])).map_err(|problem| problem.code)
    }

    fn origin(pairs: &[(&'static str, &str)]) -> bool {
        names().check_origin(&headers(pairs)).is_ok()
    }

    #[test]
    fn w17_own_names_and_addresses_are_answered_at_any_port() {
        for own in [
            "plenum.example",
            "PLENUM.example.:8443",
            "other.example:8080",
            "localhost:8080",
            "laptop:8080",
            "laptop.local",
            "127.0.0.1:8080",
            "192.168.1.5",
            "[::1]:8080",
            "[fe80::1]",
        ] {
            assert_eq!(host(own), Ok(()), "{own}");
        }
    }

    #[test]
    fn w17_foreign_and_look_alike_names_are_misdirected() {
        for foreign in [
            "evil.example",
            "plenum.example.evil.example",
            "evilplenum.example",
            "localhost.evil.example:8080",
            "127.0.0.1.evil.example",
            "1270.0.0.1",
            "evil.local",
        ] {
            assert_eq!(host(foreign), Err(Code::Misdirected), "{foreign}");
        }
        let long = format!("{}.example", "a".repeat(250));
        assert_eq!(host(&long), Err(Code::Malformed), "longer than a name can be");
        let line = names().check(Some("evil.example"), &headers(&[("host", "localhost")]));
        assert_eq!(
            line.map_err(|problem| problem.code),
            Err(Code::Misdirected),
            "the request line counts as well"
        );
    }

    #[test]
    fn w17_a_request_has_one_host_that_is_a_name_and_at_most_one_origin() {
        for none in
            ["", ":8080", "user@localhost", "localhost:80x", "localhost:123456", "[::1", "[nonsense]", "a b"]
        {
            assert_eq!(host(none), Err(Code::Malformed), "{none}");
        }
        let check = |pairs: &[_]| names().check(None, &headers(pairs)).map_err(|problem| problem.code);
        let token = ("authorization", "Bearer a");
        assert_eq!(check(&[("host", "localhost"), token]), Ok(()));
        for second in [token, ("authorization", "Bearer b"), ("authorization", "")] {
            assert_eq!(check(&[("host", "localhost"), token, second]), Err(Code::Malformed));
            assert_eq!(check(&[("host", "localhost"), second, token]), Err(Code::Malformed));
        }
        assert_eq!(check(&[]), Err(Code::Malformed));
        assert_eq!(check(&[("host", "localhost"), ("host", "localhost")]), Err(Code::Malformed));
        let two = [("host", "localhost"), ("origin", "http://localhost"), ("origin", "http://evil.example")];
        assert_eq!(check(&two), Err(Code::Malformed));
    }

    #[test]
    fn w17_a_refusal_names_the_flag_and_a_bounded_number_of_names_is_logged() {
        let names = names();
        for _ in 0..2 {
            for name in ["a.example", "b.example", "c.example"] {
                let refused = names.check(None, &headers(&[("host", name)])).unwrap_err();
                assert!(refused.detail.contains(&format!("--also-known-as {name}")), "{}", refused.detail);
            }
        }
        assert_eq!(names.logged.lock().unwrap().len(), 2);
    }

    #[test]
    fn w17_people_under_a_foreign_name_are_told_what_to_do_in_the_words_of_the_client() {
        for language in ["en", "fr", "es", "ru", "ar", "zh"] {
            let file = format!("{}/../web/src/text/{language}.json", env!("CARGO_MANIFEST_DIR"));
            let texts: serde_json::Value =
                serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            let words = texts["problem.misdirected"].as_str().unwrap();
            assert!(MISDIRECTED.contains(words), "{language}: {words}");
        }
    }

    #[test]
    fn w13_our_own_pages_and_programs_may_connect() {
        assert!(origin(&[("host", "192.168.1.5:8080"), ("origin", "http://192.168.1.5:8080")]));
        assert!(origin(&[("host", "internal:8080"), ("origin", "https://plenum.example")]));
        assert!(origin(&[("host", "192.168.1.5:8080")]));
    }

    #[test]
    fn w13_foreign_look_alike_and_hidden_origins_may_not() {
        for foreign in
            ["null", "", "http://evil.example", "http://192.168.1.5:8080.evil.example", "http://192.168.1.5"]
        {
            assert!(!origin(&[("host", "192.168.1.5:8080"), ("origin", foreign)]), "{foreign}");
        }
        assert!(!origin(&[("host", "192.168.1.5:8080"), ("cookie", "a=b")]));
        assert!(!origin(&[("host", "192.168.1.5:8080"), ("sec-fetch-mode", "websocket")]));
        assert!(
            !origin(&[("host", "evil.example"), ("origin", "http://evil.example")]),
            "a name that was made to lead here"
        );
    }
}
