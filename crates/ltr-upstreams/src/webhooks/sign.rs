//! Message signatures (RFC 9421) over the address, the digest of the body, its length and what names the message.

use axum::body::Bytes;
use axum::http::{HeaderValue, Method, Request, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::digest::{SHA256, digest};

use super::{Keys, Webhook};

/// How signature and digest are written. TRS's page about webhooks and its code differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As the code writes them: `sig1`, a digest in the form of RFC 9530, a tag and a nonce.
    Current,
    /// As the page shows them: `whsig`, a digest in the form of the older RFC 3230, neither tag nor nonce.
    Documented,
}

/// What makes a signed request.
pub(super) struct Signing<'a> {
    pub(super) webhook: &'a Webhook,
    pub(super) target: &'a Uri,
    pub(super) form: Form,
    pub(super) keys: &'a Keys,
    pub(super) created: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) nonce: String,
}

const CANONICAL_DOMAIN: &str = "https://teacher-qualifications-api.education.gov.uk";

/// The signed request.
pub(super) fn request(signing: &Signing<'_>) -> Request<Bytes> {
    let webhook = signing.webhook;
    let body = webhook.body.to_string();
    let sum = STANDARD.encode(digest(&SHA256, body.as_bytes()));
    let (label, content_digest) = match signing.form {
        Form::Current => ("sig1", format!("sha-256=:{sum}:")),
        Form::Documented => ("whsig", format!("SHA-256={sum}")),
    };
    let id = webhook.id.to_string();
    // Seven digits after the point, as .NET writes them.
    let time = webhook.time.strftime("%Y-%m-%dT%H:%M:%S%.7fZ").to_string();
    let components = [
        ("@target-uri", signing.target.to_string()),
        ("content-digest", content_digest.clone()),
        ("content-length", body.len().to_string()),
        ("ce-id", id.clone()),
        ("ce-type", webhook.kind.as_str().to_owned()),
        ("ce-time", time.clone()),
    ];
    let key_id = signing.keys.signing_id();
    let parameters = parameters(signing, &components.each_ref().map(|(name, _)| *name), &key_id);
    let mut base = String::new();
    for (name, value) in &components {
        base += &format!("\"{name}\": {value}\n");
    }
    base += &format!("\"@signature-params\": {parameters}");
    let signature = STANDARD.encode(signing.keys.sign(&key_id, base.as_bytes()));

    let headers = [
        ("ce-specversion", "1.0".to_owned()),
        ("ce-id", id),
        ("ce-source", format!("{CANONICAL_DOMAIN}/")),
        ("ce-type", webhook.kind.as_str().to_owned()),
        (
            "ce-dataschema",
            format!("{CANONICAL_DOMAIN}/swagger/v3_20260612.json"),
        ),
        ("ce-time", time),
        ("content-digest", content_digest),
        ("signature-input", format!("{label}={parameters}")),
        ("signature", format!("{label}=:{signature}:")),
    ];
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(signing.target.clone())
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::CONTENT_LENGTH, body.len())
        .header(header::USER_AGENT, "Teaching Record System");
    if let Some(host) = signing.target.authority() {
        request = request.header(header::HOST, host.as_str());
    }
    for (name, value) in headers {
        let value = HeaderValue::try_from(value).expect("what is signed is ASCII");
        request = request.header(name, value);
    }
    request
        .body(Bytes::from(body))
        .expect("an address and headers that are good make a request")
}

fn parameters(signing: &Signing<'_>, names: &[&str], key_id: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let (created, expires) = (signing.created.as_second(), signing.expires.as_second());
    let (nonce, tag) = match signing.form {
        Form::Current => (
            format!(";nonce=\"{}\"", signing.nonce),
            ";tag=\"trs-webhooks\"".to_owned(),
        ),
        Form::Documented => (String::new(), String::new()),
    };
    format!(
        "({});created={created};expires={expires}{nonce};alg=\"ecdsa-p384-sha384\";keyid=\"{key_id}\"{tag}",
        quoted.join(" "),
    )
}
