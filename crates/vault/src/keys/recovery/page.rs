//! The recovery kit as one page to print: plain HTML that needs nothing else, with the keys as text and as a QR code.

use privicore_envelope::{KitLines, RecoveryKit};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// Room for the page, so that it does not move in memory while it is written and leave copies behind.
const ROOM_BYTES: usize = 256 * 1024;
/// The least width and height of the QR code in CSS pixels; it grows by whole modules.
const CODE_PIXELS: u32 = 240;

const STYLE: &str = "
  body { font: 14px/1.5 system-ui, sans-serif; color: #1a1e23; max-width: 46em; margin: 2em auto; padding: 0 1em; }
  h1 { font-size: 22px; margin: 0 0 .2em; }
  h2 { font-size: 16px; margin: 1.6em 0 .3em; }
  code, pre { font: 12px/1.5 ui-monospace, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere;
    white-space: pre-wrap; }
  .key { display: block; padding: .6em .8em; border: 1px solid #868f99; border-radius: 6px;
    margin: .3em 0; font-size: 13px; }
  .code { float: right; margin: 0 0 1em 1.5em; }
  table { border-collapse: collapse; } td { padding: .1em 1em .1em 0; vertical-align: top; }
  .bundle { font-size: 9px; line-height: 1.35; }
  @media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } pre, .key { break-inside: avoid; } }
";

/// The page. Everything in it is text: nothing is loaded, nothing runs.
pub(super) fn to_html(kit: &RecoveryKit) -> SecretString {
    let KitLines {
        recovery_key,
        name_key,
        user_name,
        server,
        made_on,
        fingerprints,
        without_this_program,
    } = kit.lines();
    let mut page = Zeroizing::new(String::with_capacity(ROOM_BYTES));
    page.push_str("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>Privicore recovery \
        kit</title>\n<style>");
    page.push_str(STYLE);
    page.push_str("</style></head><body>\n");
    if let Some(picture) = picture_of(&kit.to_code()) {
        push(&mut page, &["<div class=\"code\">", &picture, "</div>\n"]);
    }
    page.push_str("<h1>Privicore recovery kit</h1>\n<p>Whoever has this page can open everything you have stored. \
        Keep it where you keep things that must not get lost or stolen, and not beside the machine.</p>\n<table>");
    for (what, value) in [
        ("User name", &user_name),
        ("Server", &server),
        ("Made on", &made_on),
    ] {
        push(
            &mut page,
            &["<tr><td>", what, "</td><td>", &escaped(value), "</td></tr>"],
        );
    }
    push(
        &mut page,
        &[
            "</table>\n<h2>Recovery key</h2>\n<p>Opens every file.</p>\n<code class=\"key\">",
            recovery_key.expose_secret(),
            "</code>\n<h2>Name key</h2>\n<p>Opens the names of your files. It opens no file.</p>\n<code class=\"key\">",
            name_key.expose_secret(),
            "</code>\n<h2>To restore your profile</h2>\n<p>Start Privicore Desktop on the new machine, choose your \
            server, then <i>Restore from a recovery kit</i>. Choose this file or a picture of the code, or type the \
            two keys.</p>\n<h2>To open a file without Privicore Desktop</h2>\n<pre>",
            &escaped(&without_this_program.join("\n")),
            "</pre>\n<h2>Fingerprints, to compare</h2>\n<table>",
        ],
    );
    for (what, value) in [
        ("Registered key", &fingerprints.engine),
        ("Application key", &fingerprints.application),
        ("Recovery key", &fingerprints.recovery),
    ] {
        push(
            &mut page,
            &[
                "<tr><td>",
                what,
                "</td><td><code>",
                value,
                "</code></td></tr>",
            ],
        );
    }
    push(
        &mut page,
        &[
            "</table>\n<h2>All keys of the profile</h2>\n<p>Sealed to the recovery key, for Privicore Desktop. With \
            this block nothing has to be made anew.</p>\n<pre class=\"bundle\">",
            kit.armored_bundle(),
            "</pre>\n</body></html>\n",
        ],
    );
    SecretString::from(page.as_str())
}

fn push(page: &mut String, pieces: &[&str]) {
    for piece in pieces {
        page.push_str(piece);
    }
}

/// The code as a picture; none when a name is too long for one.
fn picture_of(code: &SecretString) -> Option<Zeroizing<String>> {
    let code = code.expose_secret();
    let code = QrCode::with_error_correction_level(code, EcLevel::M).ok()?;
    let picture = code
        .render::<svg::Color<'_>>()
        .min_dimensions(CODE_PIXELS, CODE_PIXELS)
        .build();
    // The declaration of an XML file of its own has no place inside a page.
    let at = picture.find("<svg")?;
    Some(Zeroizing::new(picture[at..].to_owned()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
