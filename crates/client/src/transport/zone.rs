//! How near an address is. A service may name other hosts for transfers, but none that is nearer to this computer than
//! the service itself: it would use this computer to reach what it cannot reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Where an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// This computer (RFC 1122, 3.2.1.3; RFC 4291, 2.5.2 and 2.5.3).
    Loopback,
    /// One link (RFC 3927, RFC 4291, 2.5.6). Clouds tell their machines' secrets there.
    LinkLocal,
    /// A network of its own (RFC 1918, RFC 4193), or that of a provider (RFC 6598).
    Private,
    Public,
    /// No single host: multicast, broadcast and reserved addresses.
    Nowhere,
}

impl Zone {
    /// An IPv6 address that carries an IPv4 address counts as that one.
    pub(crate) fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => match carried(address) {
                Some(inner) => of_v4(inner),
                None => of_v6(address),
            },
        }
    }

    /// The zone of a host that can be told without asking for its name: an address, or a name of this computer (RFC
    /// 6761, 6.3).
    pub(crate) fn of_host(host: &Host<&str>) -> Option<Self> {
        match host {
            Host::Ipv4(address) => Some(Self::of((*address).into())),
            Host::Ipv6(address) => Some(Self::of((*address).into())),
            Host::Domain(name) => is_localhost(name).then_some(Self::Loopback),
        }
    }

    /// Whether a service whose addresses are in these zones may name a host in this one: all of them have to be there,
    /// because its operator may add any address to its name.
    pub(crate) fn may_be_named_from(self, zones: &[Self]) -> bool {
        match self {
            Self::Public => true,
            Self::Loopback | Self::LinkLocal | Self::Private => {
                !zones.is_empty() && zones.iter().all(|zone| *zone == self)
            }
            Self::Nowhere => false,
        }
    }
}

/// Whether a name is one of this computer's, also with the dot of the root.
fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn of_v4(address: Ipv4Addr) -> Zone {
    let [first, second, ..] = address.octets();
    match (first, second) {
        // "This host on this network" (RFC 1122) reaches this computer on some systems.
        (0 | 127, _) => Zone::Loopback,
        (169, 254) => Zone::LinkLocal,
        (10, _) | (172, 16..=31) | (192, 168) | (100, 64..=127) | (198, 18 | 19) => Zone::Private,
        (224.., _) => Zone::Nowhere,
        _ => Zone::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Zone {
    let [first, second, third, ..] = address.segments();
    if address.is_loopback() || address.is_unspecified() {
        return Zone::Loopback;
    }
    match first {
        0xfe80..=0xfebf => Zone::LinkLocal,
        // Unique local addresses, the site-local ones they replaced (RFC 3879), and local translation (RFC 8215).
        0xfc00..=0xfdff | 0xfec0..=0xfeff => Zone::Private,
        0x64 if (second, third) == (0xff9b, 1) => Zone::Private,
        0xff00.. => Zone::Nowhere,
        _ => Zone::Public,
    }
}

/// The IPv4 address that an IPv6 one carries: mapped and compatible (RFC 4291, 2.5.5), translated (RFC 6052), 6to4 (RFC
/// 3056), or Teredo (RFC 4380).
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let octets = address.octets();
    let at = |from: usize| {
        Ipv4Addr::new(
            octets[from],
            octets[from + 1],
            octets[from + 2],
            octets[from + 3],
        )
    };
    match address.segments() {
        // `::` and `::1` are addresses of their own.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(at(12)),
        [0x2002, ..] => Some(at(2)),
        [0x2001, 0, ..] => Some(Ipv4Addr::from(!u32::from(at(12)))),
        _ => None,
    }
}

/// Whether two addresses name the same host.
pub(crate) fn same_host(one: &Url, other: &Url) -> bool {
    one.host().is_some() && one.host() == other.host()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(text: &str) -> Zone {
        Zone::of(text.parse().unwrap())
    }

    #[test]
    fn addresses_near_this_computer_are_known_in_every_notation() {
        for (text, expected) in [
            ("127.0.0.1", Zone::Loopback),
            ("127.255.0.3", Zone::Loopback),
            ("0.0.0.0", Zone::Loopback),
            ("::1", Zone::Loopback),
            ("::", Zone::Loopback),
            ("::ffff:127.0.0.1", Zone::Loopback),
            ("::127.0.0.1", Zone::Loopback),
            ("64:ff9b::7f00:1", Zone::Loopback),
            ("2002:7f00:1::", Zone::Loopback),
            ("2001:0:0:0:0:0:80ff:fffe", Zone::Loopback),
            ("169.254.169.254", Zone::LinkLocal),
            ("::ffff:a9fe:a9fe", Zone::LinkLocal),
            ("fe80::1", Zone::LinkLocal),
            ("10.0.0.1", Zone::Private),
            ("172.16.0.1", Zone::Private),
            ("172.31.255.255", Zone::Private),
            ("192.168.1.1", Zone::Private),
            ("100.64.0.1", Zone::Private),
            ("100.127.255.255", Zone::Private),
            ("::ffff:10.0.0.1", Zone::Private),
            ("fd00::1", Zone::Private),
            ("fc00::1", Zone::Private),
            ("64:ff9b:1::a00:1", Zone::Private),
            ("172.32.0.1", Zone::Public),
            ("100.128.0.1", Zone::Public),
            ("93.184.216.34", Zone::Public),
            ("2606:2800:220:1::1", Zone::Public),
            ("::ffff:93.184.216.34", Zone::Public),
            ("224.0.0.1", Zone::Nowhere),
            ("255.255.255.255", Zone::Nowhere),
            ("ff02::1", Zone::Nowhere),
        ] {
            assert_eq!(zone(text), expected, "{text}");
        }
    }

    #[test]
    fn names_of_this_computer_are_known() {
        for (text, expected) in [
            ("http://localhost/", Some(Zone::Loopback)),
            ("http://LOCALHOST./", Some(Zone::Loopback)),
            ("http://files.localhost/", Some(Zone::Loopback)),
            ("http://0x7f.1/", Some(Zone::Loopback)),
            ("http://2130706433/", Some(Zone::Loopback)),
            ("http://[::ffff:7f00:1]/", Some(Zone::Loopback)),
            ("http://localhost.example.com/", None),
        ] {
            let url = Url::parse(text).unwrap();
            assert_eq!(Zone::of_host(&url.host().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn a_service_names_hosts_of_its_own_zone_and_public_ones() {
        let near = [Zone::Loopback, Zone::LinkLocal, Zone::Private];
        for zone in near {
            assert!(!zone.may_be_named_from(&[Zone::Public]));
            assert!(zone.may_be_named_from(&[zone, zone]));
            assert!(
                !zone.may_be_named_from(&[Zone::Public, zone]),
                "any service can have such a name"
            );
            assert!(!zone.may_be_named_from(&[]));
            for other in near.into_iter().filter(|other| *other != zone) {
                assert!(!zone.may_be_named_from(&[other]));
            }
            assert!(Zone::Public.may_be_named_from(&[zone]));
        }
        assert!(!Zone::Nowhere.may_be_named_from(&[Zone::Nowhere]));
    }
}
