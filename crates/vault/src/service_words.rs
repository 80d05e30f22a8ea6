//! The pairs for what the client reports: what happened on the way to the service, and what to do.

use privicore_client::{Error, Phase, Which};

use crate::error::Explanation;

/// What a person reads about an error of the client.
pub(crate) fn explain_service(error: &Error) -> Explanation {
    let (code, message, hint) = words(error);
    Explanation {
        code: code.into(),
        message,
        hint: hint.to_owned(),
    }
}

fn words(error: &Error) -> (&'static str, String, &'static str) {
    match error {
        Error::Offline { server, host, .. } => (
            "offline",
            format!("The {} at {host} cannot be reached.", server_name(*server)),
            "Check the network connection and the address, then try again. Nothing was sent.",
        ),
        Error::UnknownHost { server, host } => (
            "unknown_host",
            format!(
                "There is no host named “{host}” (the {}).",
                server_name(*server)
            ),
            "Check the address for typing errors and that this machine is online.",
        ),
        Error::Tls {
            server,
            host,
            problem,
        } => (
            "tls",
            format!(
                "The connection to the {} at {host} is not trustworthy: {problem}.",
                server_name(*server)
            ),
            "Do not go on in a network you do not trust. Check the address and this machine's clock. Nothing was sent.",
        ),
        Error::TimedOut {
            server,
            phase: Phase::Connect,
        } => (
            "timed_out",
            format!("The {} did not answer in time.", server_name(*server)),
            "Check the network connection and the address, then try again. Nothing was sent.",
        ),
        Error::TimedOut { server, .. } => (
            "timed_out",
            format!("The {} stopped answering.", server_name(*server)),
            "Try again when the connection is better.",
        ),
        Error::Interrupted { server } => (
            "interrupted",
            format!("The connection to the {} broke off.", server_name(*server)),
            "Try again. Nothing incomplete was kept.",
        ),
        Error::Unauthorized => (
            "unauthorized",
            "The service no longer accepts this session.".into(),
            "Sign in again.",
        ),
        Error::NotFound { .. } => (
            "not_found",
            "The service does not know this any more.".into(),
            "It may have been deleted elsewhere. Refresh the list.",
        ),
        Error::Conflict => (
            "conflict",
            "The service has something by this name already.".into(),
            "Choose another name.",
        ),
        Error::Invalid { details } => (
            "invalid",
            format!("The service refused the request: {}.", shortened(details)),
            "Correct what it names and try again.",
        ),
        Error::Refused { status, body, .. } => (
            "refused",
            refusal(*status, body),
            "Try again in a moment. If it stays so, the service has a problem of its own.",
        ),
        Error::Rejected { reason, .. } => (
            "rejected",
            format!("The service rejected the command: {}.", shortened(reason)),
            "Nothing was changed. Check that you may do this, then try again.",
        ),
        Error::NotDelivered { reason } => (
            "not_delivered",
            format!(
                "The service did not deliver the data: {}.",
                shortened(reason)
            ),
            "Nothing was saved. Try again, or check the storage devices.",
        ),
        _ => rare_words(error),
    }
}

fn rare_words(error: &Error) -> (&'static str, String, &'static str) {
    match error {
        Error::NotConfirmed { .. } => (
            "not_confirmed",
            "It was sent, but whether the service did it is not known.".into(),
            "Refresh the list to see. Do not send it again before.",
        ),
        Error::LinkSpent => (
            "link_spent",
            "The link to the data was used before or has expired.".into(),
            "Try again: a new link is made each time.",
        ),
        Error::Insecure { host } => (
            "insecure",
            format!("The service named an unencrypted address at {host}."),
            "Nothing was sent there. Tell whoever runs the service.",
        ),
        Error::Closed => (
            "signed_out",
            "The session is closed.".into(),
            "Sign in and try again.",
        ),
        Error::Body(_) => (
            "source",
            "The file could not be read to its end.".into(),
            "Add it again. It was not stored.",
        ),
        _ => (
            "unexpected_answer",
            "The service answered in a way this app does not understand.".into(),
            "Check that all four addresses belong to a Privicore service, and that this app is up to date.",
        ),
    }
}

fn refusal(status: u16, body: &str) -> String {
    if body.is_empty() {
        format!("The service could not do it (status {status}).")
    } else {
        format!(
            "The service could not do it (status {status}): {}.",
            shortened(body)
        )
    }
}

fn server_name(server: Which) -> &'static str {
    match server {
        Which::Api => "service",
        Which::WebSocket => "message server",
        Which::Upstream => "upload server",
        Which::Downstream => "download server",
    }
}

/// What the service said, short enough for a sentence and without a full stop of its own.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 200;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches('.');
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_server_is_named_with_what_to_do() {
        let told = explain_service(&Error::Offline {
            server: Which::Api,
            host: "localhost:8009".into(),
            kind: std::io::ErrorKind::ConnectionRefused,
        });
        assert_eq!(
            told.message,
            "The service at localhost:8009 cannot be reached."
        );
        assert!(told.hint.contains("Nothing was sent"));
    }

    #[test]
    fn a_long_answer_is_cut() {
        let told = explain_service(&Error::Invalid {
            details: "x".repeat(5000),
        });
        assert!(told.message.len() < 300);
    }
}
