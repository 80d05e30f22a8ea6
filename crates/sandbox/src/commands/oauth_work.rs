//! The parameters of OAuth commands.

use serde::{Deserialize, Serialize};

use crate::wire::scopes::Scopes;

/// The work of one such command. What it makes has the id of the command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum OAuthWork {
    RegisterApplication {
        name: String,
        redirect_uri: String,
        scopes: Scopes,
    },
    RequestCode {
        application: String,
        nonce: String,
        scopes: Scopes,
    },
}

impl OAuthWork {
    pub(super) fn operation(&self) -> &'static str {
        match self {
            Self::RegisterApplication { .. } => "profile/oauth-application-register",
            Self::RequestCode { .. } => "profile/oauth-application-request-authorization-code",
        }
    }
}
