//! Profiles and their authorization.

mod authenticate;
mod change_password;
mod generate_qr_token;
mod reauthorize_token;
mod register_profile;
mod retrieve_profile_id;
mod revoke_token;
mod token_expiry;

pub use authenticate::{Authenticate, Authorization};
pub use change_password::ChangePassword;
pub use generate_qr_token::{GenerateQrToken, QrToken};
pub use reauthorize_token::{Reauthorization, ReauthorizeToken};
pub use register_profile::RegisterProfile;
pub use retrieve_profile_id::RetrieveProfileId;
pub use revoke_token::RevokeToken;
pub use token_expiry::{Expiry, TokenExpiry};

use crate::catalog::Entry;
pub use crate::identifier::ProfileId;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::operation::<RegisterProfile>(),
    Entry::operation::<Authenticate>(),
    Entry::operation::<RetrieveProfileId>(),
    Entry::command::<ChangePassword>(),
    Entry::operation::<GenerateQrToken>(),
    Entry::operation::<ReauthorizeToken>(),
    Entry::operation::<RevokeToken>(),
    Entry::operation::<TokenExpiry>(),
];
