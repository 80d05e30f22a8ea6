//! Bearer tokens: zeroized when dropped, and never printed.

use std::fmt;
use std::hash::{Hash, Hasher};

use secrecy::{ExposeSecret, SecretString};

macro_rules! secret_text {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// The text itself, for the wire and for sealed storage.
            pub fn reveal(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(SecretString::from(text))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.reveal() == other.reveal()
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.reveal().hash(state);
            }
        }
    };
}

secret_text! {
    /// What a signed-in profile shows with every request (`X-DPT-AUTHORIZATION`). Opaque.
    AuthorizationToken
}
secret_text! {
    /// The permanent name of stored data. Opaque.
    DataToken
}
secret_text! {
    /// A reserved place for data that expires with its time to live unless the data is made permanent. Opaque.
    TemporaryToken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_print_nothing_of_their_text() {
        let shown = format!(
            "{:?} {:?} {:?}",
            AuthorizationToken::from("T-secret".to_owned()),
            DataToken::from("dtk-secret".to_owned()),
            TemporaryToken::from("tmp-secret".to_owned()),
        );
        assert_eq!(
            shown,
            "AuthorizationToken(…) DataToken(…) TemporaryToken(…)"
        );
    }

    #[test]
    fn tokens_with_the_same_text_are_equal() {
        assert_eq!(
            DataToken::from("a".to_owned()),
            DataToken::from("a".to_owned())
        );
        assert_ne!(
            DataToken::from("a".to_owned()),
            DataToken::from("b".to_owned())
        );
    }
}
