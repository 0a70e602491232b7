//! What is signed, and how that is written in headers (RFC 9421, RFC 9530). TRS's page shows the digest in the older
//! form of RFC 3230, its code writes the newer one; both are read.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};

use super::Refusal;

/// What a signature must cover, for a message to be held against it: whom it is for, what it says, which one it is.
const COVERED: [&str; 5] = ["@target-uri", "content-digest", "ce-id", "ce-type", "ce-time"];

/// How far clocks may differ.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// The longest that a signature may be good for. TRS's are good for five minutes.
const GOOD_FOR_MAX: SignedDuration = SignedDuration::from_mins(15);

/// A signed message's headers, read.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) message_id: String,
    pub(super) key_id: String,
    pub(super) signature: Vec<u8>,
    pub(super) body_digest: Vec<u8>,
    created: Timestamp,
    expires: Timestamp,
    covered: Vec<String>,
    /// The parameters as they were sent: they are signed themselves.
    parameters: String,
}

impl Signed {
    /// Reads the headers.
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        let (label, parameters) = member(header(headers, "signature-input")?)
            .ok_or(Refusal::Unsigned("signature-input cannot be read"))?;
        let (own_label, signature) =
            member(header(headers, "signature")?).ok_or(Refusal::Unsigned("signature cannot be read"))?;
        if own_label != label {
            return Err(Refusal::Unsigned(
                "signature and signature-input have different names",
            ));
        }
        let (list, rest) = parameters
            .strip_prefix('(')
            .and_then(|list| list.split_once(')'))
            .ok_or(Refusal::Unsigned("signature-input has no list"))?;
        let covered = list
            .split_ascii_whitespace()
            .map(|name| unquoted(name).map(str::to_owned))
            .collect::<Option<Vec<String>>>()
            .ok_or(Refusal::Unsigned(
                "a part that is covered has parameters of its own",
            ))?;
        if COVERED
            .iter()
            .any(|needed| !covered.iter().any(|name| name == needed))
        {
            return Err(Refusal::Unsigned("it does not cover all that it must"));
        }
        if parameter(rest, "alg").is_some_and(|alg| unquoted(alg) != Some("ecdsa-p384-sha384")) {
            return Err(Refusal::Unsigned("it is of another algorithm"));
        }
        let instant = |name| {
            let seconds = parameter(rest, name)?.parse().ok()?;
            Timestamp::from_second(seconds).ok()
        };
        Ok(Self {
            message_id: header(headers, "ce-id")?.to_owned(),
            key_id: parameter(rest, "keyid")
                .and_then(unquoted)
                .ok_or(Refusal::Unsigned("no key is named"))?
                .to_owned(),
            signature: bytes(signature).ok_or(Refusal::Unsigned("the signature is no base64"))?,
            body_digest: body_digest(header(headers, "content-digest")?)?,
            created: instant("created").ok_or(Refusal::Unsigned("it does not say when it was made"))?,
            expires: instant("expires").ok_or(Refusal::Unsigned("it does not say until when it is good"))?,
            covered,
            parameters: parameters.to_owned(),
        })
    }

    /// Whether the signature is good now.
    pub(super) fn check_time(&self, now: Timestamp) -> Result<(), Refusal> {
        let is_early = self.created.duration_since(now) > SKEW;
        let is_late = now.duration_since(self.expires) >= SignedDuration::ZERO;
        let is_long = self.expires.duration_since(self.created) > GOOD_FOR_MAX;
        if is_early || is_late || is_long {
            return Err(Refusal::Expired);
        }
        Ok(())
    }

    /// The text that is signed.
    pub(super) fn base(&self, headers: &HeaderMap, target: &str, length: usize) -> Result<String, Refusal> {
        let length = length.to_string();
        let mut base = String::new();
        for name in &self.covered {
            let value = match name.as_str() {
                "@target-uri" => target,
                "@method" => "POST",
                // The length of what has arrived: a proxy may have rewritten the header.
                "content-length" => &length,
                name if name.starts_with('@') => {
                    return Err(Refusal::Unsigned("it covers a part that is not known"));
                }
                name => header(headers, name)?,
            };
            base.push_str(&format!("\"{name}\": {value}\n"));
        }
        base.push_str(&format!("\"@signature-params\": {}", self.parameters));
        Ok(base)
    }
}

/// A header that is there exactly once.
fn header<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value
            .to_str()
            .map(str::trim)
            .map_err(|_| Refusal::Unsigned("a header is no text")),
        (None, _) => Err(Refusal::Unsigned("a header is missing")),
        (Some(_), Some(_)) => Err(Refusal::Unsigned("a header is there twice")),
    }
}

/// The one member of a dictionary: `name=value`.
fn member(dictionary: &str) -> Option<(&str, &str)> {
    let (name, value) = dictionary.split_once('=')?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-*.".contains(&byte));
    is_name.then_some((name, value))
}

/// A parameter among `;name=value;name=value`. Values of TRS hold no semicolon; one that did would not verify.
fn parameter<'p>(parameters: &'p str, name: &str) -> Option<&'p str> {
    parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix(name)?.strip_prefix('='))
}

fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// A byte sequence `:base64:`.
fn bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.strip_prefix(':')?.strip_suffix(':')?).ok()
}

/// The SHA-256 among the digests of the body.
fn body_digest(header: &str) -> Result<Vec<u8>, Refusal> {
    let digests = header
        .split(',')
        .filter_map(|digest| digest.trim().split_once('='));
    let found = digests
        .filter(|(algorithm, _)| algorithm.eq_ignore_ascii_case("sha-256"))
        .find_map(|(_, value)| bytes(value).or_else(|| STANDARD.decode(value).ok()));
    found.ok_or(Refusal::Unsigned("there is no digest of the body"))
}
