//! What an alert says. It points at the item and holds nothing of it (invariant 5).

use jiff::{Timestamp, tz::TimeZone};
use schoolgate_store::OutboxRow;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The alert body that the policy wrote.
#[derive(Debug, Deserialize)]
struct Pointer {
    #[serde(default)]
    why: Why,
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

/// What the alert is about.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Why {
    HandedOn,
    WindowRed,
    WindowBreach,
    /// Something was found; also what a newer program says that we do not know.
    #[default]
    #[serde(other)]
    Screened,
}

impl Why {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Screened => "Schoolgate needs a person to look at a",
            Self::HandedOn => "A colleague has handed on to you a",
            Self::WindowRed => "The time to answer is nearly over for a",
            Self::WindowBreach => "The time to answer is over for a",
        }
    }

    /// What stands before the class in the subject.
    const fn heading(self) -> &'static str {
        match self {
            Self::Screened => "",
            Self::HandedOn => "handed on: ",
            Self::WindowRed => "reply due soon: ",
            Self::WindowBreach => "reply overdue: ",
        }
    }
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
        let link = public_url.map(|url| {
            let base = url.trim_end_matches('/');
            format!("{base}/items/{}", one_line(&row.item_key))
        });
        Self::from_body(&row.body, row.urgent, link.as_deref())
    }

    fn from_body(body: &str, urgent: bool, link: Option<&str>) -> Option<Self> {
        let pointer: Pointer = serde_json::from_str(body).ok()?;
        let urgent = if urgent { "URGENT: " } else { "" };
        let class = pointer.class.replace(['_', '-'], " ");
        let mut body = format!(
            "{why} {kind}.\n\n  item      {item}\n  class     {class}\n  severity  {severity}\n  school    {school}\n",
            why = pointer.why.sentence(),
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
        match link {
            Some(link) => body.push_str(&format!("\nSign in and open it: {link}\n")),
            None => body.push_str("\nSign in to the console to open it.\n"),
        }
        body.push_str("\nThis message holds no names and no quotations on purpose.\n");
        let subject = one_line(&format!(
            "{urgent}Schoolgate: {}{class} ({}, {})",
            pointer.why.heading(),
            pointer.kind,
            pointer.school
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
    fn each_cause_reads_differently_and_an_unknown_one_like_the_first() {
        let letter = |why: &str| {
            let body = format!(
                r#"{{"why":"{why}","item":"c1","kind":"comment","school":"s","class":"query","severity":"low","received_at":"2026-11-20T09:00:00Z"}}"#
            );
            Letter::from_body(&body, false, None).unwrap()
        };
        let causes = ["screened", "handed_on", "window_red", "window_breach"].map(letter);
        let subjects: std::collections::HashSet<_> =
            causes.iter().map(|letter| &letter.subject).collect();
        assert_eq!(subjects.len(), causes.len());
        assert!(causes[3].subject.contains("reply overdue: query"));
        assert_eq!(letter("tomorrows"), causes[0]);
    }

    #[test]
    fn a_line_stays_a_line() {
        assert_eq!(one_line("a\r\nBcc: x@y.example"), "a  Bcc: x@y.example");
    }
}
