//! What an alert says. It points at the item and holds nothing of it (invariant 5).

use jiff::{Timestamp, tz::TimeZone};
use schoolgate_store::OutboxRow;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The alert body that the policy wrote.
#[derive(Debug, Deserialize)]
struct Pointer {
    item: String,
    kind: String,
    school: String,
    class: String,
    severity: String,
    platform: Option<String>,
    account: Option<String>,
    received_at: String,
    due_at: Option<String>,
}

/// A mail ready to be addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Subject: class, kind and school only.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

impl Letter {
    /// Writes the mail for an outbox row; `None` where the row's body is not an alert.
    pub fn write(row: &OutboxRow, public_url: Option<&str>) -> Option<Self> {
        let pointer: Pointer = serde_json::from_str(&row.body).ok()?;
        let urgent = if row.urgent { "URGENT: " } else { "" };
        let class = pointer.class.replace(['_', '-'], " ");
        let mut body = format!(
            "Schoolgate needs a person to look at a {kind}.\n\n  item      {item}\n  class     {class}\n  severity  {severity}\n  school    {school}\n",
            kind = one_line(&pointer.kind),
            item = one_line(&pointer.item),
            class = one_line(&class),
            severity = one_line(&pointer.severity),
            school = one_line(&pointer.school),
        );
        let (received, due) = (
            local(&pointer.received_at),
            pointer.due_at.as_deref().map(local),
        );
        for (label, value) in [
            ("platform", pointer.platform.as_deref()),
            ("account", pointer.account.as_deref()),
            ("received", Some(received.as_str())),
            ("due", due.as_deref()),
        ] {
            if let Some(value) = value {
                body.push_str(&format!("  {label:<9} {}\n", one_line(value)));
            }
        }
        match public_url {
            Some(url) => body.push_str(&format!(
                "\nSign in and open it: {}/items/{}\n",
                url.trim_end_matches('/'),
                one_line(&row.item_key)
            )),
            None => body.push_str("\nSign in to the console to open it.\n"),
        }
        body.push_str("\nThis message holds no names and no quotations on purpose.\n");
        let subject = one_line(&format!(
            "{urgent}Schoolgate: {class} ({}, {})",
            pointer.kind, pointer.school
        ));
        Some(Self { subject, body })
    }
}

/// A time as people in the United Kingdom read it; what is no time stays as it is.
fn local(at: &str) -> String {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    match at.parse::<Timestamp>() {
        Ok(at) => at
            .to_zoned(zone)
            .strftime("%a %-d %b %Y %H:%M %Z")
            .to_string(),
        Err(_) => at.to_owned(),
    }
}

/// Header values and table cells are one line: an id must not be able to add a header.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect()
}

/// The Message-ID of an effect for one recipient: the same key and address give the same id for ever.
pub fn message_id(key: &str, recipient: &str, domain: &str) -> String {
    format!("<{}@{domain}>", &hex(&format!("{key}\n{recipient}"))[..32])
}

/// How a recipient stands in the receipts: by hash, so that the store holds no address.
pub fn recipient_hash(recipient: &str) -> String {
    hex(recipient)
}

fn hex(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_follows_key_and_recipient() {
        let id = message_id(
            "alert/s/comment/1/1/safeguarding/dsl",
            "a@s.example",
            "s.example",
        );
        assert_eq!(
            id,
            message_id(
                "alert/s/comment/1/1/safeguarding/dsl",
                "a@s.example",
                "s.example"
            )
        );
        assert_ne!(
            id,
            message_id(
                "alert/s/comment/1/1/safeguarding/dsl",
                "b@s.example",
                "s.example"
            )
        );
        assert!(id.starts_with('<') && id.ends_with("@s.example>") && id.len() == 32 + 12);
    }

    #[test]
    fn a_line_stays_a_line() {
        assert_eq!(one_line("a\r\nBcc: x@y.example"), "a  Bcc: x@y.example");
    }
}
