//! Row 6, observed: change the password.

use secrecy::SecretString;

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Changes the password of the profile that is signed in. Existing authorizations stay valid.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    pub current_password: SecretString,
    /// The password from now on.
    pub new_password: SecretString,
}

impl Endpoint for ChangePassword {
    const SPEC: Spec = Spec::post("profile.change-password", "/profile/change-password")
        .row("6", Provenance::Observed)
        .doc("Changes the password; existing authorizations stay valid.")
        .fields(&[
            Field::required("currentPassword", Kind::Secret, "The password in use."),
            Field::required(
                "newPassword",
                Kind::Secret,
                "The password from now on. Sign in again with it here, or \
                this app goes on with the old one.",
            ),
        ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .secret("currentPassword", &self.current_password)
            .secret("newPassword", &self.new_password);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for ChangePassword {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let change = ChangePassword {
            current_password: "a".to_owned().into(),
            new_password: "b".to_owned().into(),
        };
        assert_eq!(
            wire(&change),
            "POST /profile/change-password currentPassword=a&newPassword=b"
        );
        assert!(!format!("{change:?}").contains("\"a\""));
    }
}
