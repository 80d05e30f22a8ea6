//! The planned faults.

use parking_lot::{Mutex, MutexGuard};

use super::{Fault, Stage};

/// The faults that are still to happen.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Planned>>);

#[derive(Debug)]
struct Planned {
    operation: String,
    fault: Fault,
    left: u32,
}

impl Faults {
    /// Lets `fault` happen the next `times` times `operation` is called. An operation is named by its path, such as
    /// `data-token/request-data`, or is [`UPSTREAM`](crate::UPSTREAM), [`DOWNSTREAM`](crate::DOWNSTREAM),
    /// [`WEBSOCKET`](crate::WEBSOCKET), or `*` for any.
    pub fn plan(&self, operation: &str, fault: Fault, times: u32) {
        self.planned().push(Planned {
            operation: operation.trim_matches('/').to_owned(),
            fault,
            left: times,
        });
    }

    /// Nothing goes wrong any more.
    pub fn clear(&self) {
        self.planned().clear();
    }

    /// How many times something is still to go wrong.
    pub fn outstanding(&self) -> u32 {
        self.planned().iter().map(|planned| planned.left).sum()
    }

    /// The fault that happens now, if one does. It is used up by this.
    pub(crate) fn take(&self, operation: &str, stage: Stage) -> Option<Fault> {
        let mut planned = self.planned();
        planned.retain(|planned| planned.left > 0);
        let found = planned.iter_mut().find(|planned| {
            planned.fault.strikes_at(stage)
                && (planned.operation == "*" || planned.operation == operation)
        })?;
        found.left -= 1;
        Some(found.fault.clone())
    }

    /// Whether `fault` is still to happen anywhere.
    pub(crate) fn expects(&self, fault: &Fault) -> bool {
        self.planned()
            .iter()
            .any(|planned| planned.left > 0 && planned.fault == *fault)
    }

    fn planned(&self) -> MutexGuard<'_, Vec<Planned>> {
        self.0.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn happens_as_often_as_planned_and_only_there() {
        let faults = Faults::default();
        faults.plan("/health", Fault::InternalError, 2);
        assert_eq!(faults.outstanding(), 2);
        assert_eq!(faults.take("other", Stage::Request), None);
        assert_eq!(faults.take("health", Stage::Settling), None);
        for _ in 0..2 {
            assert!(faults.expects(&Fault::InternalError));
            assert_eq!(
                faults.take("health", Stage::Request),
                Some(Fault::InternalError)
            );
        }
        assert_eq!(faults.outstanding(), 0);
        assert!(!faults.expects(&Fault::InternalError));
        assert_eq!(faults.take("health", Stage::Request), None);
    }
}
