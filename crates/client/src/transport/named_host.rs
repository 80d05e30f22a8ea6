//! Which hosts a service may name.

use url::Url;

use crate::ServerUrls;
use crate::transport::failure::Failure;
use crate::transport::resolve::zones_of;
use crate::transport::zone::Zone;

/// Refuses a host that is nearer to this computer than the service. The proxy resolves the names of hosts that are
/// reached through it: this computer may have no name service. A name that is not known here is left to the attempt to
/// connect.
pub(crate) async fn may_be_named(
    servers: &ServerUrls,
    is_proxied: bool,
    url: &Url,
) -> Result<(), Failure> {
    let literal = url.host().and_then(|host| Zone::of_host(&host));
    let named = match literal {
        Some(Zone::Public) => return Ok(()),
        Some(zone) => vec![zone],
        None if is_proxied => return Ok(()),
        None => zones_of(url).await,
    };
    let service = zones_of(&servers.api).await;
    let is_allowed = |zone: &Zone| zone.may_be_named_from(&service);
    if named.is_empty() || named.iter().any(is_allowed) {
        Ok(())
    } else {
        Err(Failure::TooNear)
    }
}
