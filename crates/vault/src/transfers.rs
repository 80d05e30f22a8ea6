//! The queue: what waits, what runs, what came of it.
//!
//! Small files run many at a time, large ones few. Whoever watches gets what changed, at most a few times a second.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::catalogue::FileId;
use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::progress::Progress;
use crate::speed::Speed;

/// Files up to this size count as small.
const SMALL_BYTES: u64 = 4 * 1024 * 1024;
/// How many run at a time.
const SMALL_AT_A_TIME: usize = 8;
const LARGE_AT_A_TIME: usize = 2;
/// How often watchers hear of progress.
const REPORT_INTERVAL: Duration = Duration::from_millis(200);

/// The number of a transfer in this run of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(pub u64);

/// Which way the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the service.
    Upload,
    /// Back.
    Download,
}

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferState {
    /// In the queue.
    Waiting,
    /// Bytes are moving.
    Running,
    /// All bytes have passed; confirming and recording.
    Finishing,
    /// Stored, or saved.
    Done,
    /// It did not work; nothing was left behind.
    Failed,
    /// The user stopped it.
    Canceled,
    /// It was sent, and whether it arrived is not known.
    NotConfirmed,
}

/// A transfer as it is now.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// Its number.
    pub id: TransferId,
    /// Which way.
    pub direction: Direction,
    /// The file's name.
    pub name: String,
    /// The context it is stored under.
    pub context: String,
    /// Bytes that have passed, sealed.
    pub done_bytes: u64,
    /// Bytes in all, sealed; an estimate until it runs.
    pub total_bytes: u64,
    /// Where it stands.
    pub state: TransferState,
    /// What went wrong, if it did.
    pub error: Option<Explanation>,
    /// The file in the list, once the transfer is done.
    pub file: Option<FileId>,
}

/// All transfers since the queue was last idle, in one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransferSummary {
    /// In the queue.
    pub waiting: usize,
    /// Moving or finishing.
    pub running: usize,
    /// Came to a good end.
    pub done: usize,
    /// Failed or not confirmed.
    pub failed: usize,
    /// Bytes that have passed.
    pub done_bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
    /// Over the last seconds.
    pub bytes_per_second: Option<f64>,
    /// At that speed.
    pub seconds_left: Option<f64>,
    /// A file that is moving.
    pub current: Option<String>,
}

/// What changed since the last report.
#[derive(Clone, Debug)]
pub struct TransferReport {
    /// New or changed.
    pub changed: Vec<Transfer>,
    /// Cleared from the list.
    pub removed: Vec<TransferId>,
    /// The whole.
    pub summary: TransferSummary,
}

/// The work of a transfer.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<FileId, Error>> + Send>>;

/// Makes the work of a transfer from the progress to report to and the token that cancels it.
type Make = Box<dyn FnOnce(Arc<Progress>, CancellationToken) -> Work + Send>;

/// A transfer to be queued.
pub(crate) struct Order {
    pub direction: Direction,
    pub name: String,
    pub context: String,
    pub size_bytes: u64,
    pub make: Make,
}

/// The queue of a signed-in profile. Clones are the same queue.
#[derive(Clone)]
pub(crate) struct Transfers {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    events: broadcast::Sender<Event>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

struct Queue {
    next: u64,
    items: BTreeMap<TransferId, Item>,
    small: Lane,
    large: Lane,
    changed: BTreeSet<TransferId>,
    removed: Vec<TransferId>,
    /// The first transfer since the queue was last idle: where the summary starts.
    batch: TransferId,
    speed: Speed,
    reporting: bool,
}

struct Lane {
    waiting: VecDeque<TransferId>,
    running: usize,
    at_a_time: usize,
}

struct Item {
    direction: Direction,
    name: String,
    context: String,
    size_bytes: u64,
    state: TransferState,
    error: Option<Explanation>,
    file: Option<FileId>,
    progress: Arc<Progress>,
    cancel: CancellationToken,
    make: Option<Make>,
}

impl Transfers {
    pub(crate) fn new(events: broadcast::Sender<Event>) -> Self {
        let queue = Queue {
            next: 1,
            items: BTreeMap::new(),
            small: Lane::new(SMALL_AT_A_TIME),
            large: Lane::new(LARGE_AT_A_TIME),
            changed: BTreeSet::new(),
            removed: Vec::new(),
            batch: TransferId(1),
            speed: Speed::default(),
            reporting: false,
        };
        Self {
            shared: Arc::new(Shared {
                queue: Mutex::new(queue),
                events,
                tasks: TaskTracker::new(),
                stop: CancellationToken::new(),
            }),
        }
    }

    /// Queues the orders and sees to it that they run.
    pub(crate) fn add(&self, orders: Vec<Order>) -> Vec<TransferId> {
        let ids = {
            let mut queue = self.lock();
            if queue.is_idle() {
                queue.batch = TransferId(queue.next);
                queue.speed = Speed::default();
            }
            let stop = &self.shared.stop;
            orders
                .into_iter()
                .map(|order| queue.add(order, stop.child_token()))
                .collect()
        };
        self.start();
        self.report_while_running();
        ids
    }

    /// Lists what cannot even be queued, so that a batch shows every file it was given.
    pub(crate) fn add_failed(&self, name: String, context: String, error: &Error) -> TransferId {
        let id = {
            let mut queue = self.lock();
            let order = Order {
                direction: Direction::Upload,
                name,
                context,
                size_bytes: 0,
                make: Box::new(|_, _| Box::pin(std::future::ready(Err(Error::Canceled)))),
            };
            let id = queue.add(order, CancellationToken::new());
            queue.take_from_lanes(id);
            queue.end(id, Err(error));
            id
        };
        self.report_while_running();
        id
    }

    /// Stops a transfer. One that is being confirmed goes on: stopping it could only hide its outcome.
    pub(crate) fn cancel(&self, id: TransferId) {
        let mut queue = self.lock();
        queue.cancel(id);
        drop(queue);
        self.report_while_running();
    }

    pub(crate) fn cancel_all(&self) {
        let mut queue = self.lock();
        let ids: Vec<TransferId> = queue.items.keys().copied().collect();
        for id in ids {
            queue.cancel(id);
        }
        drop(queue);
        self.report_while_running();
    }

    /// Takes what has ended off the list.
    pub(crate) fn clear_finished(&self) {
        let mut queue = self.lock();
        let (ended, kept) = std::mem::take(&mut queue.items)
            .into_iter()
            .partition(|(_, item)| item.state.has_ended());
        queue.items = kept;
        let ended: BTreeMap<TransferId, Item> = ended;
        queue.removed.extend(ended.into_keys());
        drop(queue);
        self.report_while_running();
    }

    /// Everything in the list.
    pub(crate) fn all(&self) -> (Vec<Transfer>, TransferSummary) {
        let queue = self.lock();
        let items = queue.items.iter().map(|(id, item)| item.view(*id));
        (items.collect(), queue.summary())
    }

    pub(crate) fn get(&self, id: TransferId) -> Option<Transfer> {
        self.lock().items.get(&id).map(|item| item.view(id))
    }

    /// Stops everything and waits until nothing runs.
    pub(crate) async fn shut_down(&self) {
        self.cancel_all();
        self.shared.stop.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.shared
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts as many as the lanes allow.
    fn start(&self) {
        while let Some((id, work)) = self.lock().take_next() {
            let transfers = self.clone();
            self.shared.tasks.spawn(async move {
                let outcome = work.await;
                transfers.lock().end(id, outcome.as_ref().copied());
                transfers.start();
            });
        }
    }

    /// Tells watchers what changed, until the queue is idle and the last change is told.
    fn report_while_running(&self) {
        let first = !std::mem::replace(&mut self.lock().reporting, true);
        if !first {
            return;
        }
        let transfers = self.clone();
        self.shared.tasks.spawn(async move {
            let mut interval = time::interval(REPORT_INTERVAL);
            loop {
                interval.tick().await;
                let (report, over) = transfers.lock().report(Instant::now());
                // Without a watcher there is nobody to tell.
                let _ = transfers
                    .shared
                    .events
                    .send(Event::TransfersChanged(Arc::new(report)));
                if over {
                    return;
                }
            }
        });
    }
}

impl Queue {
    fn add(&mut self, order: Order, cancel: CancellationToken) -> TransferId {
        let id = TransferId(self.next);
        self.next += 1;
        self.lane(order.size_bytes).waiting.push_back(id);
        self.changed.insert(id);
        self.items.insert(
            id,
            Item {
                direction: order.direction,
                name: order.name,
                context: order.context,
                size_bytes: order.size_bytes,
                state: TransferState::Waiting,
                error: None,
                file: None,
                progress: Arc::default(),
                cancel,
                make: Some(order.make),
            },
        );
        id
    }

    fn lane(&mut self, size_bytes: u64) -> &mut Lane {
        if size_bytes <= SMALL_BYTES {
            &mut self.small
        } else {
            &mut self.large
        }
    }

    fn take_from_lanes(&mut self, id: TransferId) {
        for lane in [&mut self.small, &mut self.large] {
            lane.waiting.retain(|waiting| *waiting != id);
        }
    }

    fn take_next(&mut self) -> Option<(TransferId, Work)> {
        let id = self.small.take().or_else(|| self.large.take())?;
        self.changed.insert(id);
        let item = self.items.get_mut(&id)?;
        item.state = TransferState::Running;
        let make = item.make.take()?;
        Some((id, make(Arc::clone(&item.progress), item.cancel.clone())))
    }

    fn end(&mut self, id: TransferId, outcome: Result<FileId, &Error>) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        let was_running = item.state == TransferState::Running;
        item.state = match outcome {
            Ok(_) => TransferState::Done,
            Err(Error::Canceled) => TransferState::Canceled,
            Err(error) if error.is_not_confirmed() => TransferState::NotConfirmed,
            Err(_) => TransferState::Failed,
        };
        item.file = outcome.ok();
        item.error = outcome
            .err()
            .filter(|error| !matches!(error, Error::Canceled))
            .map(Error::explain);
        let size_bytes = item.size_bytes;
        self.changed.insert(id);
        if was_running {
            self.lane(size_bytes).running -= 1;
        }
    }

    fn cancel(&mut self, id: TransferId) {
        let Some(item) = self.items.get(&id) else {
            return;
        };
        match item.state {
            TransferState::Waiting => {
                self.take_from_lanes(id);
                self.end(id, Err(&Error::Canceled));
            }
            TransferState::Running => item.cancel.cancel(),
            _ => {}
        }
    }

    fn is_idle(&self) -> bool {
        self.small.is_idle() && self.large.is_idle()
    }

    fn report(&mut self, now: Instant) -> (TransferReport, bool) {
        let in_batch = self.items.range(self.batch..);
        let done_bytes = in_batch.map(|(_, item)| item.progress.done_bytes()).sum();
        self.speed.sample(now, done_bytes);
        let running = self.items.iter().filter(|(_, item)| item.is_running());
        self.changed.extend(running.map(|(id, _)| *id));
        let changed = std::mem::take(&mut self.changed)
            .into_iter()
            .filter_map(|id| self.items.get(&id).map(|item| item.view(id)))
            .collect();
        let over = self.is_idle();
        if over {
            self.reporting = false;
        }
        let report = TransferReport {
            changed,
            removed: std::mem::take(&mut self.removed),
            summary: self.summary(),
        };
        (report, over)
    }

    fn summary(&self) -> TransferSummary {
        let mut summary = TransferSummary::default();
        for (_, item) in self.items.range(self.batch..) {
            match item.state {
                TransferState::Waiting => summary.waiting += 1,
                TransferState::Running | TransferState::Finishing => summary.running += 1,
                TransferState::Done => summary.done += 1,
                TransferState::Failed | TransferState::NotConfirmed => summary.failed += 1,
                TransferState::Canceled => {}
            }
            if matches!(
                item.state,
                TransferState::Waiting | TransferState::Running | TransferState::Done
            ) {
                summary.done_bytes += item.progress.done_bytes();
                summary.total_bytes += item.total_bytes();
            }
            if item.is_running() && summary.current.is_none() {
                summary.current = Some(item.name.clone());
            }
        }
        if summary.running > 0 {
            summary.bytes_per_second = self.speed.bytes_per_second();
            let left = summary.total_bytes.saturating_sub(summary.done_bytes);
            summary.seconds_left = self.speed.seconds_for(left);
        }
        summary
    }
}

impl Lane {
    fn new(at_a_time: usize) -> Self {
        Self {
            waiting: VecDeque::new(),
            running: 0,
            at_a_time,
        }
    }

    fn take(&mut self) -> Option<TransferId> {
        if self.running >= self.at_a_time {
            return None;
        }
        let id = self.waiting.pop_front()?;
        self.running += 1;
        Some(id)
    }

    fn is_idle(&self) -> bool {
        self.running == 0 && self.waiting.is_empty()
    }
}

impl Item {
    fn is_running(&self) -> bool {
        self.state == TransferState::Running
    }

    fn total_bytes(&self) -> u64 {
        match self.progress.total_bytes() {
            0 => self.size_bytes,
            total => total,
        }
    }

    fn view(&self, id: TransferId) -> Transfer {
        let state = if self.is_running() && self.progress.is_finishing() {
            TransferState::Finishing
        } else {
            self.state
        };
        Transfer {
            id,
            direction: self.direction,
            name: self.name.clone(),
            context: self.context.clone(),
            done_bytes: self.progress.done_bytes(),
            total_bytes: self.total_bytes(),
            state,
            error: self.error.clone(),
            file: self.file,
        }
    }
}

impl TransferState {
    /// Whether nothing more will happen.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running | Self::Finishing)
    }
}
