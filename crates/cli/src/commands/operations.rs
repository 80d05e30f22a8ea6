//! The service itself: what it can be asked, and asking it.

use privicore_vault::{
    Code, Error, Explanation, FieldKind, OperationAnswer, OperationEntry, OperationRequest,
    RequestedData, Vault, counted,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::args::Call;
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::prompt;

/// One operation as `operations --json` prints it.
#[derive(Serialize)]
struct OperationLine {
    id: &'static str,
    row: &'static str,
    provenance: &'static str,
    doc: &'static str,
    method: &'static str,
    path: &'static str,
    command: bool,
    fields: Vec<Value>,
}

/// What would be sent. The page is not shown the command line for curl.
#[derive(Serialize)]
struct RequestLine<'a> {
    method: &'a str,
    url: &'a str,
    headers: &'a [(&'static str, String)],
    body: Option<&'a str>,
    curl: &'a str,
}

/// An answer as `call --json` prints it.
#[derive(Serialize)]
struct AnswerLine<'a> {
    operation: &'a str,
    status: u16,
    headers: Map<String, Value>,
    command: Option<&'a str>,
    outcome: Option<&'static str>,
    body: Value,
    /// What came for a request for data.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<DataLine>,
    length: u64,
    cut: bool,
    elapsed_ms: u64,
}

/// What came for a request for data.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum DataLine {
    /// A link that `data-token.download` takes, once and soon.
    Link(String),
    /// So many bytes came with the answer itself.
    InlineBytes(u64),
}

impl From<RequestedData> for DataLine {
    fn from(data: RequestedData) -> Self {
        match data.link() {
            Some(link) => Self::Link(link.expose_secret().to_owned()),
            None => Self::InlineBytes(data.length_bytes().unwrap_or_default()),
        }
    }
}

/// Lists the operations whose ids begin like this.
pub(crate) fn list(beginning: Option<&str>, output: Output) -> Result<u8, Failure> {
    let beginning = beginning.unwrap_or_default();
    let mut found = false;
    for operation in Vault::operations().filter(|operation| operation.id.starts_with(beginning)) {
        found = true;
        if output.json {
            output.object(&OperationLine::of(&operation));
        } else {
            let known = operation.provenance.words();
            let OperationEntry { row, id, doc, .. } = operation;
            output.line(&format!("{row:>3}  {id}  ({known})"));
            output.line(&format!("     {doc}"));
            // Of one group or operation, also what it takes.
            if !beginning.is_empty() {
                fields(&operation, output);
            }
        }
    }
    if found {
        Ok(exit::DONE)
    } else {
        let id = beginning.to_owned();
        Err(Error::Call(privicore_vault::CallError::UnknownOperation { id }).into())
    }
}

fn fields(operation: &OperationEntry, output: Output) {
    for field in &operation.fields {
        let need = if field.required { "" } else { " (optional)" };
        let words = match field.words {
            [] => String::new(),
            words => format!(" {}", words.join(" | ")),
        };
        let line = format!("       {}={words}{need}  {}", field.name, field.doc);
        output.line(&line);
    }
}

/// Calls an operation and, if it was accepted as a command, waits for its outcome unless told not to.
pub(crate) async fn call(vault: &Vault, call: Call, output: Output) -> Result<u8, Failure> {
    let values = values(&Vault::operation(&call.operation)?, &call.values)?;
    if call.dry_run {
        let request = vault.show_operation(&call.operation, &values).await?;
        return Ok(show(&request, output));
    }
    let answer = vault.call_operation(&call.operation, &values).await?;
    let outcome = match &answer.command {
        Some(command) if !call.no_wait => Some(vault.confirm_operation(command, || {}).await),
        _ => None,
    };
    let word = match &outcome {
        None => answer.command.as_ref().map(|_| "accepted"),
        Some(Ok(())) => Some("done"),
        Some(Err(error)) if error.is_not_confirmed() => Some("not confirmed"),
        Some(Err(error)) => Some(match error.explain().code {
            Code::VoteRejected => "rejected by vote",
            Code::VoteNoQuorum => "no quorum",
            Code::VoteTimedOut => "timed out",
            _ => "failed",
        }),
    };
    let data = match &answer.request {
        Some(request) if !call.no_wait => Some(vault.await_requested_data(request).await),
        _ => None,
    };
    let (data, missing) = match data {
        Some(Ok(data)) => (Some(DataLine::from(data)), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    print(&call.operation, &answer, word, data, output);
    if let Some(outcome) = outcome {
        outcome?;
    }
    if let Some(error) = missing {
        return Err(error.into());
    }
    match answer.status {
        200..=299 => Ok(exit::DONE),
        status => Err(refused(status)),
    }
}

/// `NAME=VALUE`; a value of `-` is asked for, or read from standard input.
fn values(
    operation: &OperationEntry,
    given: &[String],
) -> Result<Vec<(String, SecretString)>, Failure> {
    let mut values = Vec::new();
    for pair in given {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(misunderstood(&format!("“{pair}” is not NAME=VALUE\n")));
        };
        let mut fields = operation.fields.iter();
        let is_secret = fields.any(|field| field.name == name && field.kind == FieldKind::Secret);
        let value = match value {
            "-" => prompt::line(name)?.unwrap_or_default(),
            "" => SecretString::default(),
            _ if is_secret => {
                return Err(misunderstood(&format!(
                    "others can see arguments, and {name} is a secret: give {name}=- and type it, or pipe it in\n"
                )));
            }
            value => value.into(),
        };
        values.push((name.to_owned(), value));
    }
    Ok(values)
}

fn misunderstood(problem: &str) -> Failure {
    clap::Error::raw(clap::error::ErrorKind::ValueValidation, problem).into()
}

fn show(request: &OperationRequest, output: Output) -> u8 {
    if output.json {
        output.object(&RequestLine {
            method: request.method,
            url: &request.url,
            headers: &request.headers,
            body: request.body.as_deref(),
            curl: &request.curl,
        });
        return exit::DONE;
    }
    output.line(&format!("{} {}", request.method, request.url));
    for (name, value) in &request.headers {
        output.line(&format!("{name}: {value}"));
    }
    if let Some(body) = &request.body {
        output.line("");
        text(body, output);
    }
    output.line("");
    output.line(&request.curl);
    exit::DONE
}

fn print(
    operation: &str,
    answer: &OperationAnswer,
    outcome: Option<&'static str>,
    data: Option<DataLine>,
    output: Output,
) {
    let body = answer.body.as_ref().map(ExposeSecret::expose_secret);
    if output.json {
        let headers = answer.headers.iter();
        output.object(&AnswerLine {
            operation,
            status: answer.status,
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
                .collect(),
            command: answer.command.as_deref(),
            outcome,
            body: body.map_or(Value::Null, |body| {
                serde_json::from_str(body).unwrap_or_else(|_| body.into())
            }),
            data,
            length: answer.length_bytes,
            cut: answer.is_cut,
            elapsed_ms: u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
        });
        return;
    }
    output.line(&format!(
        "status {} after {} ms",
        answer.status,
        answer.elapsed.as_millis()
    ));
    for (name, value) in &answer.headers {
        output.line(&format!("{name}: {value}"));
    }
    match body {
        None => output.line(&format!(
            "{} that are not text",
            counted(answer.length_bytes, "byte", "bytes")
        )),
        Some("") => {}
        Some(body) => text(body, output),
    }
    if answer.is_cut {
        output.line(&format!(
            "… cut; {} in all",
            counted(answer.length_bytes, "byte", "bytes")
        ));
    }
    if let Some(outcome) = outcome {
        output.line(outcome);
    }
    match data {
        Some(DataLine::Link(link)) => {
            output.line(&format!("link: {link}"));
            output.line("Download it once and soon: privicore call data-token.download link=-");
        }
        Some(DataLine::InlineBytes(bytes)) => {
            output.line(&format!(
                "{} came with the answer",
                counted(bytes, "byte", "bytes")
            ));
        }
        None => {}
    }
}

/// Text of several lines, set off so that none of them passes for a line of this program.
fn text(text: &str, output: Output) {
    for line in text.lines() {
        output.line(&format!("  {line}"));
    }
}

fn refused(status: u16) -> Failure {
    let code = if status == 401 {
        Code::Unauthorized
    } else {
        Code::Refused
    };
    Failure::Explained(Explanation::new(
        code,
        format!("The service answered with status {status}."),
        "What it said is above. Correct what it names and try again.",
    ))
}

impl OperationLine {
    fn of(operation: &OperationEntry) -> Self {
        let fields = operation.fields.iter();
        Self {
            id: operation.id,
            row: operation.row,
            provenance: operation.provenance.words(),
            doc: operation.doc,
            method: operation.method,
            path: operation.path,
            command: operation.is_command,
            fields: fields
                .filter_map(|field| serde_json::to_value(field).ok())
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_an_equals_sign() {
        let reserve = Vault::operation("data-token.reserve").unwrap();
        let given = ["meta={\"a\":\"b=c\"}".to_owned(), "ttl=".to_owned()];
        let values = values(&reserve, &given).unwrap();
        assert_eq!(values[0].0, "meta");
        assert_eq!(values[0].1.expose_secret(), "{\"a\":\"b=c\"}");
        assert_eq!(values[1].1.expose_secret(), "");
    }

    #[test]
    fn a_value_without_a_name_and_a_secret_are_not_taken() {
        let operation = Vault::operation("profile.authenticate").unwrap();
        for given in ["dev-1", "password=hush"] {
            let failure = values(&operation, &[given.to_owned()]).unwrap_err();
            assert_eq!(failure.code(), 2, "{given}");
            assert!(!failure.explanation().message.contains("hush"));
        }
    }

    #[test]
    fn the_token_of_a_file_is_taken_as_other_commands_take_it() {
        let operation = Vault::operation("data-token.delete").unwrap();
        let values = values(&operation, &["token=dtk-1".to_owned()]).unwrap();
        assert_eq!(values[0].1.expose_secret(), "dtk-1");
    }
}
