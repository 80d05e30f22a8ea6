//! Observed behaviour of one service where its reference is ambiguous. No content of the service.

use serde::{Deserialize, Serialize};

/// The habits of one service. Each is a hint: when it no longer holds, it is found out anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Habits {
    /// It tells the state of a command in the form that was not expected first.
    pub tells_states_otherwise: bool,
    /// The longest life of a reservation that it accepts.
    pub reservation_life: Largest,
    /// The life of a reservation is given in seconds, not in minutes.
    pub counts_life_in_seconds: bool,
    /// The most entries it puts on a page of a list.
    pub page_entries: Largest,
    /// It signs a new profile in only after its public key was registered.
    pub registers_key_first: bool,
}

/// The largest number a service accepts for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Largest {
    /// It has refused none.
    #[default]
    Any,
    /// It has refused larger ones and accepted this.
    Number(u32),
    /// It has accepted the request only without a number.
    Unnamed,
}

impl Largest {
    /// The number to ask for where `wanted` would be best; nothing if none is to be named.
    pub fn of(self, wanted: u32) -> Option<u32> {
        match self {
            Self::Any => Some(wanted),
            Self::Number(largest) => Some(wanted.min(largest)),
            Self::Unnamed => None,
        }
    }

    /// What is known when this number, or none, was accepted and a larger one was not.
    pub fn accepted(number: Option<u32>) -> Self {
        number.map_or(Self::Unnamed, Self::Number)
    }
}

/// The number to try after one was refused: half of it, down to one, then none.
pub fn step_down(refused: u32) -> Option<u32> {
    (refused > 1).then_some(refused / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_number_is_halved_until_none_is_named() {
        let mut tried = vec![60];
        while let Some(next) = tried.last().and_then(|last| step_down(*last)) {
            tried.push(next);
        }
        assert_eq!(tried, [60, 30, 15, 7, 3, 1]);
    }

    #[test]
    fn what_a_service_accepts_is_asked_for_next_time() {
        assert_eq!(Largest::Any.of(500), Some(500));
        assert_eq!(Largest::accepted(Some(50)).of(500), Some(50));
        assert_eq!(Largest::accepted(Some(50)).of(10), Some(10));
        assert_eq!(Largest::accepted(None).of(500), None);
        let habits = Habits {
            page_entries: Largest::Number(50),
            ..Habits::default()
        };
        let kept = serde_json::to_string(&habits).unwrap();
        assert_eq!(serde_json::from_str::<Habits>(&kept).unwrap(), habits);
        assert_eq!(
            serde_json::from_str::<Habits>("{}").unwrap(),
            Habits::default()
        );
    }
}
