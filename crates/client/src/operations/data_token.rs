//! Stored data and its tokens.

mod configure_file_meta;
mod configure_risk_meta;
mod delete_data;
pub(crate) mod download_data;
mod exchange_data;
mod list_data_tokens;
mod request_data;
mod reserve_token_space;
mod retrieve_temporary_token;
pub(crate) mod send_upstream;
mod transaction_statistics;
mod update_data;
mod update_token_metadata;

pub use configure_file_meta::{ConfigureFileMeta, FileMeta};
pub use configure_risk_meta::ConfigureRiskMeta;
pub use delete_data::DeleteData;
pub use exchange_data::ExchangeData;
pub use list_data_tokens::{ListDataTokens, TokenEntry, TokenFilter};
pub use request_data::RequestData;
pub use reserve_token_space::ReserveTokenSpace;
pub use retrieve_temporary_token::{RetrieveTemporaryToken, TemporarySpace};
pub use transaction_statistics::TransactionStatistics;
pub use update_data::UpdateData;
pub use update_token_metadata::UpdateTokenMetadata;

use crate::catalog::Entry;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::command::<ReserveTokenSpace>(),
    Entry::operation::<RetrieveTemporaryToken>(),
    Entry::command::<ExchangeData>(),
    Entry::at_link(send_upstream::SPEC),
    Entry::operation::<RequestData>(),
    Entry::at_link(download_data::SPEC),
    Entry::command::<ConfigureRiskMeta>(),
    Entry::operation::<ConfigureFileMeta>(),
    Entry::operation::<ListDataTokens>(),
    Entry::command::<UpdateData>(),
    Entry::command::<UpdateTokenMetadata>(),
    Entry::command::<DeleteData>(),
    Entry::operation::<TransactionStatistics>(),
];
