//! One received mail, decoded far enough that a test can look for words in it: folded headers, encoded words in the
//! subject (RFC 2047), base64 and quoted-printable bodies (RFC 2045). Multipart mails are not taken apart.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::time::Instant;

/// A mail as the sink took it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The `Message-ID` header with its angle brackets; empty when there is none.
    pub message_id: String,
    /// The envelope's sender (`MAIL FROM`), empty for a bounce.
    pub from: String,
    /// The envelope's recipients (`RCPT TO`), in order.
    pub to: Vec<String>,
    /// The `Subject` header, unfolded, its encoded words decoded.
    pub subject: String,
    /// The header block as sent, CRLF lines, without the empty line.
    pub raw_headers: String,
    /// The body, its transfer encoding undone, lines ending in LF.
    pub body: String,
    /// The body as sent (dots unstuffed), CRLF lines.
    pub raw_body: String,
    /// Whether the client was told that its mail was accepted; false when the connection was dropped instead.
    pub answered: bool,
    /// When it was taken in.
    pub at: Instant,
}

impl ReceivedMail {
    /// Takes a message apart. Invalid UTF-8 becomes replacement characters: this is a sink, not a judge.
    pub(crate) fn parse(from: &str, to: &[String], message: &[u8], at: Instant) -> Self {
        let text = String::from_utf8_lossy(message);
        let (headers, body) = match text.split_once("\r\n\r\n") {
            Some((headers, body)) => (headers, body),
            // A message may begin with its empty line (no headers) or have no body.
            None => text
                .strip_prefix("\r\n")
                .map_or((text.as_ref(), ""), |body| ("", body)),
        };
        let encoding = header(headers, "Content-Transfer-Encoding").unwrap_or_default();
        Self {
            message_id: header(headers, "Message-ID").unwrap_or_default(),
            from: from.to_owned(),
            to: to.to_vec(),
            subject: decode_words(&header(headers, "Subject").unwrap_or_default()),
            raw_headers: headers.to_owned(),
            body: decode_body(body, &encoding).replace("\r\n", "\n"),
            raw_body: body.to_owned(),
            answered: true,
            at,
        }
    }

    /// Returns a header's value, unfolded but otherwise as sent; the name's case does not matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.raw_headers, name)
    }
}

fn header(headers: &str, name: &str) -> Option<String> {
    let mut lines = headers.split("\r\n");
    let first = lines.by_ref().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then_some(value)
    })?;
    let mut value = first.trim().to_owned();
    for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push(' ');
        value.push_str(line.trim());
    }
    Some(value)
}

fn decode_body(body: &str, encoding: &str) -> String {
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" => decode_base64(body),
        "quoted-printable" => Some(decode_quoted(body)),
        _ => None,
    };
    bytes.map_or_else(
        || body.to_owned(),
        |bytes| String::from_utf8_lossy(&bytes).into_owned(),
    )
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let packed: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(packed).ok()
}

/// Undoes quoted-printable: `=C3` is a byte, `=` at a line's end joins the lines, anything else stands for itself.
fn decode_quoted(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"=\r\n") {
            at += 3;
        } else if let Some(byte) = hex_byte(rest) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

fn hex_byte(rest: &[u8]) -> Option<u8> {
    let digits = rest.strip_prefix(b"=")?.get(..2)?;
    let digits = std::str::from_utf8(digits).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

/// Decodes `=?utf-8?b?...?=` and `=?utf-8?q?...?=`; white space between two encoded words does not count.
fn decode_words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let (before, tail) = rest.split_at(start);
        let Some((word, length)) = decode_word(tail) else {
            out.push_str(before);
            out.push_str("=?");
            rest = &tail[2..];
            after_word = false;
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            out.push_str(before);
        }
        out.push_str(&word);
        rest = &tail[length..];
        after_word = true;
    }
    out.push_str(rest);
    out
}

/// Decodes the encoded word at the beginning of `text`; returns it with its length in bytes.
fn decode_word(text: &str) -> Option<(String, usize)> {
    let mut parts = text.strip_prefix("=?")?.splitn(3, '?');
    let (charset, kind, tail) = (parts.next()?, parts.next()?, parts.next()?);
    let payload = &tail[..tail.find("?=")?];
    let bytes = match kind {
        "b" | "B" => decode_base64(payload)?,
        "q" | "Q" => decode_quoted(&payload.replace('_', " ")),
        _ => return None,
    };
    let length = 2 + charset.len() + 1 + kind.len() + 1 + payload.len() + 2;
    Some((String::from_utf8_lossy(&bytes).into_owned(), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(message: &str) -> ReceivedMail {
        ReceivedMail::parse("a@x.example", &[], message.as_bytes(), Instant::now())
    }

    #[test]
    fn a_folded_header_is_one_line_and_its_name_has_no_case() {
        let mail = parse("subject: one\r\n two\r\nMESSAGE-ID: <1@x>\r\n\r\nbody\r\n");
        assert_eq!(mail.subject, "one two");
        assert_eq!(mail.message_id, "<1@x>");
        assert_eq!(mail.body, "body\n");
        assert_eq!(mail.header("nothing"), None);
    }

    #[test]
    fn encoded_words_in_the_subject_are_decoded() {
        let cases = [
            (
                "=?utf-8?b?TWFyxLFhIA==?= =?UTF-8?B?xaE=?= end",
                "Marıa š end",
            ),
            ("=?utf-8?Q?caf=C3=A9_one?=", "café one"),
            ("plain =? not a word", "plain =? not a word"),
        ];
        for (raw, expected) in cases {
            let mail = parse(&format!("Subject: {raw}\r\n\r\n"));
            assert_eq!(mail.subject, expected);
        }
    }

    #[test]
    fn encoded_bodies_are_decoded_so_that_words_can_be_found() {
        let base64 = parse("Content-Transfer-Encoding: base64\r\n\r\nT2xp\r\ndmVy\r\n");
        assert_eq!(base64.body, "Oliver");
        let quoted = parse(
            "Content-Transfer-Encoding: Quoted-Printable\r\n\r\nOli=\r\nver caf=C3=A9 1=2\r\n",
        );
        assert_eq!(quoted.body, "Oliver café 1=2\n");
        assert!(quoted.raw_body.contains("Oli=\r\nver"));
    }

    #[test]
    fn a_message_without_headers_or_without_a_body_is_taken_as_it_is() {
        assert_eq!(parse("\r\nonly body").body, "only body");
        assert_eq!(parse("Subject: only").subject, "only");
    }
}
