//! Every entry of the service's list, page by page: whatever the size of its pages, and whatever changes between two of
//! them.
//!
//! How many there are is the service's word, so that all of it has a bound.

use std::collections::HashSet;
use std::pin::pin;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use privicore_client::operations::data_token::{ListDataTokens, TokenEntry, TokenFilter};
use privicore_client::{Error as ClientError, Largest, Page, step_down};
use serde_json::Map;
use tokio::time::{Instant, timeout_at};

use crate::error::Error;
use crate::files::file_id::FileId;
use crate::session::Session;

/// What is asked for first.
const PER_PAGE: u32 = 500;

/// The smallest page that is remembered as the largest the service accepts.
const LEAST_PAGE: u32 = 25;

/// A list of several pages is read until two readings in a row agree: what is deleted meanwhile moves other entries
/// from a page that is to be read to one that has been. After so many readings all of them count together: an entry
/// that was deleted meanwhile is shown until the next refresh, which costs less than a file that looks missing.
const MOST_READINGS: usize = 4;

/// So many full pages in a row may bring nothing new before they end the list: what is stored meanwhile moves known
/// entries to the pages that follow. A service without pages sends the same again for ever.
const MOST_REPEATED_PAGES: u32 = 3;

/// The first pages are asked for one after the other: what is asked for beyond the end of a short list is for nothing.
const ONE_BY_ONE: u32 = 4;

/// So many of the others are asked for at a time.
const AT_A_TIME: usize = 4;

/// How much of a list is taken in: room for a million files with long names, and no more than a computer has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListLimits {
    pages: u32,
    rows: usize,
    bytes: usize,
    time: Duration,
}

impl Default for ListLimits {
    fn default() -> Self {
        Self {
            pages: 25_000,
            rows: 1_500_000,
            bytes: 1024 * 1024 * 1024,
            time: Duration::from_mins(15),
        }
    }
}

/// Everything the service lists that the filter lets through.
pub(crate) async fn all_entries(
    session: &Session,
    filter: &TokenFilter,
) -> Result<Vec<TokenEntry>, Error> {
    entries_until(session, filter, |_| false).await
}

/// The same, but no reading follows one that is enough.
async fn entries_until(
    session: &Session,
    filter: &TokenFilter,
    is_enough: impl Fn(&[TokenEntry]) -> bool,
) -> Result<Vec<TokenEntry>, Error> {
    let ask = |page, per_page| {
        let request = ListDataTokens {
            page,
            per_page,
            filter: filter.clone(),
        };
        async move { session.call(&request).await }
    };
    let largest = session.client.habits().page_entries;
    let (entries, found) = gather_until(ask, largest, ListLimits::default(), is_enough).await?;
    if found != largest && is_habit(found) {
        session.client.learn(|habits| habits.page_entries = found);
    }
    Ok(entries)
}

/// Whether a page of this size is asked for from now on. A smaller one may be the sign of a moment, and would cost a
/// request for each few files for ever.
fn is_habit(found: Largest) -> bool {
    match found {
        Largest::Any | Largest::Unnamed => true,
        Largest::Number(entries) => entries >= LEAST_PAGE,
    }
}

/// The entry that the filter names, as `is_it` recognizes it. A service that does not know the filter lists others too,
/// or refuses it: then the whole list is looked through.
pub(crate) async fn find_one(
    session: &Session,
    filter: TokenFilter,
    is_it: impl Fn(&TokenEntry) -> bool,
) -> Result<Option<TokenEntry>, Error> {
    let request = ListDataTokens {
        page: None,
        per_page: None,
        filter,
    };
    let everything = TokenFilter::default();
    let all = entries_until(session, &everything, |entries| entries.iter().any(&is_it));
    find_in(session.call(&request), all, &is_it).await
}

/// The entry in what was listed with a filter, or in the whole list when the filter was refused or not applied.
async fn find_in(
    filtered: impl Future<Output = Result<Page<TokenEntry>, Error>>,
    all: impl Future<Output = Result<Vec<TokenEntry>, Error>>,
    is_it: impl Fn(&TokenEntry) -> bool,
) -> Result<Option<TokenEntry>, Error> {
    let filtered = match filtered.await {
        Err(Error::Service(ClientError::Invalid { .. })) => None,
        answer => {
            let page = answer?;
            let is_empty = page.items.is_empty() && page.nameless == 0;
            Some((page.items, is_empty))
        }
    };
    let entries = match filtered {
        Some((items, true)) => items,
        Some((items, false)) if items.iter().any(&is_it) => items,
        Some(_) | None => all.await?,
    };
    Ok(entries.into_iter().find(is_it))
}

/// The entries of all pages, and the largest page the service accepts.
#[cfg(test)]
async fn gather<Asked>(
    ask: impl Fn(Option<u32>, Option<u32>) -> Asked,
    largest: Largest,
    limits: ListLimits,
) -> Result<(Vec<TokenEntry>, Largest), Error>
where
    Asked: Future<Output = Result<Page<TokenEntry>, Error>>,
{
    gather_until(ask, largest, limits, |_| false).await
}

/// The same, unless one reading is enough: what is looked for is in it. That something is not there is said after two.
async fn gather_until<Asked>(
    ask: impl Fn(Option<u32>, Option<u32>) -> Asked,
    largest: Largest,
    limits: ListLimits,
    is_enough: impl Fn(&[TokenEntry]) -> bool,
) -> Result<(Vec<TokenEntry>, Largest), Error>
where
    Asked: Future<Output = Result<Page<TokenEntry>, Error>>,
{
    let deadline = Instant::now() + limits.time;
    let mut largest = largest;
    let mut seen = read(&ask, &mut largest, limits, deadline).await?;
    let mut last_ids = seen.ids.clone();
    for _ in 1..MOST_READINGS {
        let is_one_page = seen.pages <= 1 && !seen.may_have_more;
        if is_one_page || is_enough(&seen.entries) {
            break;
        }
        let again = match read(&ask, &mut largest, limits, deadline).await {
            // A limit ends the comparison. What was read completely before counts.
            Err(Error::Service(ClientError::EndlessList { .. })) => break,
            again => again?,
        };
        if again.ids == last_ids {
            return Ok((again.entries, largest));
        }
        last_ids.clone_from(&again.ids);
        seen = again.with(seen);
    }
    Ok((seen.entries, largest))
}

/// What one reading of all pages brought.
#[derive(Default)]
struct Reading {
    entries: Vec<TokenEntry>,
    ids: HashSet<FileId>,
    /// How many of its pages brought something.
    pages: u32,
    /// The first page was full, so that a deletion may have emptied the second before it was read.
    may_have_more: bool,
    /// The most entries on one page so far.
    longest_page: usize,
    /// How many full pages in a row brought nothing new.
    repeated: u32,
    bytes: usize,
}

impl Reading {
    /// Takes in a page of which so many entries were asked for; answers whether there may be another.
    fn take(
        &mut self,
        page: Page<TokenEntry>,
        per_page: Option<u32>,
        limits: ListLimits,
    ) -> Result<bool, Error> {
        let before = self.entries.len();
        if page.nameless > 0 {
            tracing::warn!(
                page.nameless,
                "the list has entries whose tokens name nothing"
            );
        }
        let rows = page.items.len() + page.nameless;
        if before == 0 {
            let says_full = [page.per_page, per_page.map(u64::from)];
            let rows = u64::try_from(rows).unwrap_or(u64::MAX);
            let is_full = says_full.into_iter().flatten().any(|full| rows >= full);
            self.may_have_more = rows > 0 && (is_full || page.count.is_some_and(|all| all > rows));
        }
        self.longest_page = self.longest_page.max(rows);
        self.bytes += page.bytes;
        for entry in page.items {
            if self.ids.insert(FileId::derive(&entry.token)) {
                // Parsed, what nobody reads may take up many times the bytes it came in.
                let rest = Map::new();
                self.entries.push(TokenEntry { rest, ..entry });
            }
        }
        if self.entries.len() > limits.rows || self.bytes > limits.bytes {
            return Err(self.endless());
        }
        let has_new = self.entries.len() > before;
        self.pages += u32::from(has_new);
        let is_full = rows > 0 && rows == self.longest_page;
        self.repeated = if has_new { 0 } else { self.repeated + 1 };
        Ok(has_new || (is_full && self.repeated < MOST_REPEATED_PAGES))
    }

    /// The entries of both: one that is missing in only one of them is there.
    fn with(mut self, before: Self) -> Self {
        self.pages = self.pages.max(before.pages);
        self.may_have_more |= before.may_have_more;
        for entry in before.entries {
            if self.ids.insert(FileId::derive(&entry.token)) {
                self.entries.push(entry);
            }
        }
        self
    }

    fn endless(&self) -> Error {
        ClientError::EndlessList {
            rows: self.entries.len(),
            bytes: self.bytes,
        }
        .into()
    }
}

/// Reads pages until one that is not full brings nothing new, or several full ones in a row do. What the service says
/// about the size of a page or of the list ends nothing: it may send less than it says.
async fn read<Asked>(
    ask: &impl Fn(Option<u32>, Option<u32>) -> Asked,
    largest: &mut Largest,
    limits: ListLimits,
    deadline: Instant,
) -> Result<Reading, Error>
where
    Asked: Future<Output = Result<Page<TokenEntry>, Error>>,
{
    let mut reading = Reading::default();
    for page in 1..=limits.pages.min(ONE_BY_ONE) {
        let asking = async {
            match page {
                1 => first_page(ask, largest).await,
                _ => later_page(ask, page, *largest).await,
            }
        };
        let late = |_| reading.endless();
        let Some(listed) = timeout_at(deadline, asking).await.map_err(late)?? else {
            return Ok(reading);
        };
        if !reading.take(listed, largest.of(PER_PAGE), limits)? {
            return Ok(reading);
        }
    }
    // They are taken in in their order, so that the first that brings nothing new ends the list all the same.
    let size = *largest;
    let pages = stream::iter(ONE_BY_ONE + 1..=limits.pages);
    let mut pages = pin!(
        pages
            .map(|page| later_page(ask, page, size))
            .buffered(AT_A_TIME)
    );
    loop {
        let late = |_| reading.endless();
        let listed = timeout_at(deadline, pages.next()).await.map_err(late)?;
        let Some(listed) = listed.ok_or_else(|| reading.endless())?? else {
            return Ok(reading);
        };
        if !reading.take(listed, size.of(PER_PAGE), limits)? {
            return Ok(reading);
        }
    }
}

/// Asks for smaller and smaller pages while the service refuses their size, then names no size, then no page.
async fn first_page<Asked>(
    ask: &impl Fn(Option<u32>, Option<u32>) -> Asked,
    largest: &mut Largest,
) -> Result<Option<Page<TokenEntry>>, Error>
where
    Asked: Future<Output = Result<Page<TokenEntry>, Error>>,
{
    let mut per_page = largest.of(PER_PAGE);
    let mut refused = None;
    loop {
        match (ask(Some(1), per_page).await, per_page) {
            (Err(error @ Error::Service(ClientError::Invalid { .. })), Some(size)) => {
                refused.get_or_insert(error);
                per_page = step_down(size);
            }
            (Err(Error::Service(ClientError::Invalid { .. })), None) => {
                let page = ask(None, None).await;
                return page.map(Some).map_err(|error| refused.unwrap_or(error));
            }
            (answer, _) => {
                let page = answer?;
                if refused.is_some() {
                    *largest = Largest::accepted(per_page);
                }
                return Ok(Some(page));
            }
        }
    }
}

/// A page that is not there, which some services say by refusing it, is the end.
async fn later_page<Asked>(
    ask: &impl Fn(Option<u32>, Option<u32>) -> Asked,
    page: u32,
    largest: Largest,
) -> Result<Option<Page<TokenEntry>>, Error>
where
    Asked: Future<Output = Result<Page<TokenEntry>, Error>>,
{
    match ask(Some(page), largest.of(PER_PAGE)).await {
        Err(Error::Service(ClientError::Invalid { .. } | ClientError::NotFound { .. })) => Ok(None),
        answer => answer.map(Some),
    }
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
