//! From which place a request comes: a number for an address prefix, by which requests can be counted together.
//!
//! The number is a keyed hash under a key that is drawn when the server starts and kept nowhere else: it is in memory
//! only, it says nothing about the address to anybody who reads it, and a restart replaces it. Nothing of it is
//! ever written, logged or shown; `Debug` prints no number.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::clock::Entropy;

/// A place that requests come from. A hall behind one address is one place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PrefixId(u64);

impl fmt::Debug for PrefixId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrefixId(..)")
    }
}

/// What makes places of addresses.
#[derive(Clone)]
pub struct Prefixes {
    key: [u8; 32],
    /// Proxies that are believed whom they speak for.
    proxies: Vec<IpAddr>,
}

impl fmt::Debug for Prefixes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Prefixes(..)")
    }
}

impl Prefixes {
    /// With a new key.
    #[must_use]
    pub fn new(entropy: &Entropy) -> Self {
        Self { key: entropy.bytes(), proxies: Vec::new() }
    }

    /// The same, that believe these proxies whom they speak for.
    #[must_use]
    pub fn trusting(self, proxies: &[IpAddr]) -> Self {
        Self { proxies: proxies.iter().map(IpAddr::to_canonical).collect(), ..self }
    }

    /// Is this a proxy that is trusted, which speaks for many people?
    #[must_use]
    pub fn is_proxy(&self, peer: IpAddr) -> bool {
        self.proxies.contains(&peer.to_canonical())
    }

    /// The place of who sent a request: the peer of its connection, or whom the last proxy that is trusted spoke to.
    #[must_use]
    pub fn of_request(&self, peer: IpAddr, forwarded_for: Option<&str>) -> PrefixId {
        if !self.is_proxy(peer) {
            return self.of(peer);
        }
        for hop in forwarded_for.unwrap_or_default().rsplit(',') {
            match hop.trim().parse::<IpAddr>().map(|hop| hop.to_canonical()) {
                Ok(hop) if self.proxies.contains(&hop) => {}
                Ok(hop) => return self.of(hop),
                Err(_) => break,
            }
        }
        self.of(peer)
    }

    /// The place of an address: the whole of an IPv4 address, and the first 64 bits of an IPv6 address, because one phone
    /// has all addresses that begin with them.
    #[must_use]
    pub fn of(&self, address: IpAddr) -> PrefixId {
        let bytes = match address.to_canonical() {
            IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).octets()
            }
        };
        let mac = Hmac::<Sha256>::new_from_slice(&self.key).map(|mac| mac.chain_update(bytes).finalize());
        // A key of any length is a key.
        let hash: [u8; 32] = mac.map(|mac| mac.into_bytes().into()).unwrap_or_default();
        PrefixId(hash.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(prefixes: &Prefixes, address: &str) -> PrefixId {
        prefixes.of(address.parse().unwrap())
    }

    #[test]
    fn one_phone_is_one_place_whatever_it_calls_itself() {
        let prefixes = Prefixes::new(&Entropy::System);
        assert_eq!(of(&prefixes, "2001:db8:1:2::1"), of(&prefixes, "2001:db8:1:2:ffff::9"));
        assert_ne!(of(&prefixes, "2001:db8:1:2::1"), of(&prefixes, "2001:db8:1:3::1"));
        assert_eq!(of(&prefixes, "192.0.2.1"), of(&prefixes, "::ffff:192.0.2.1"));
        assert_ne!(of(&prefixes, "192.0.2.1"), of(&prefixes, "192.0.2.2"));
    }

    #[test]
    fn a_place_says_nothing_and_is_another_one_after_a_restart() {
        let (before, after) = (Prefixes::new(&Entropy::System), Prefixes::new(&Entropy::System));
        assert_ne!(of(&before, "192.0.2.1"), of(&after, "192.0.2.1"));
        assert_eq!(format!("{:?} {before:?}", of(&before, "192.0.2.1")), "PrefixId(..) Prefixes(..)");
    }

    #[test]
    fn w16_a_forwarded_header_is_believed_only_of_a_proxy_that_was_named() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let (phone, proxy, liar) = (ip("203.0.113.7"), ip("127.0.0.1"), ip("198.51.100.9"));
        let none = Prefixes::new(&Entropy::System);
        assert_eq!(none.of_request(proxy, Some("203.0.113.7")), none.of(proxy));
        let trusting = none.trusting(&[proxy]);
        assert_eq!(trusting.of_request(proxy, Some("203.0.113.7")), trusting.of(phone));
        assert_eq!(
            trusting.of_request(proxy, Some("6.6.6.6, 203.0.113.7")),
            trusting.of(phone),
            "the nearest"
        );
        assert_eq!(trusting.of_request(proxy, Some("203.0.113.7, 127.0.0.1")), trusting.of(phone));
        assert_eq!(trusting.of_request(liar, Some("203.0.113.7")), trusting.of(liar));
        for nonsense in [None, Some(""), Some("unknown"), Some("203.0.113.7, nonsense")] {
            assert_eq!(trusting.of_request(proxy, nonsense), trusting.of(proxy));
        }
    }
}
