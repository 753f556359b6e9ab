//! A TOML file to a struct, with the parser's complaint turned into one plain sentence, a place and a hint.

use std::ops::Range;

use schoolgate_model::ConfigFault;
use serde::de::DeserializeOwned;

use crate::nearest::nearest;

/// The text of a configuration file. A byte order mark, which Windows editors write, is passed over.
pub(crate) fn utf8<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b str, ConfigFault> {
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(body).map_err(|error| {
        let line = body[..error.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        ConfigFault::at(file, line, 0, "the file is not UTF-8 text").hint("save it as UTF-8")
    })
}

/// Parses a file whose unknown keys are errors.
pub(crate) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ConfigFault> {
    toml::from_str(text).map_err(|error| explain(file, text, &error))
}

/// A fault at a span of the file.
pub(crate) fn at(
    file: &str,
    text: &str,
    span: Range<usize>,
    message: impl Into<String>,
) -> ConfigFault {
    let (line, column) = ConfigFault::place(text, span.start);
    ConfigFault::at(file, line, column, message)
}

fn explain(file: &str, text: &str, error: &toml::de::Error) -> ConfigFault {
    let span = error.span().unwrap_or(0..0);
    let raw = error.message().lines().next().unwrap_or_default();
    let words: Vec<&str> = raw.split('`').skip(1).step_by(2).collect();
    let (first, rest) = match words.split_first() {
        Some((first, rest)) => (*first, rest),
        None => ("", &[][..]),
    };
    if raw.starts_with("unknown field") {
        return with_choices(
            at(file, text, span, format!("unknown key `{first}`")),
            first,
            rest,
        );
    }
    if raw.starts_with("unknown variant") {
        let fault = at(file, text, span, format!("`{first}` is not allowed here"));
        return with_choices(fault, first, rest);
    }
    if raw.starts_with("missing field") {
        return at(file, text, span, format!("the key `{first}` is missing"));
    }
    if raw.starts_with("invalid type") {
        // The parser speaks of our own structs and of sequences.
        let wanted = match raw.rsplit("expected ").next() {
            Some(wanted) if wanted.starts_with("struct") || wanted == "a map" => "a table",
            Some("a sequence") => "a list",
            Some(wanted) => wanted,
            None => "of another kind",
        };
        return at(file, text, span, format!("this must be {wanted}"));
    }
    at(file, text, span, raw.trim_end_matches('.'))
}

/// Adds "did you mean", or else the allowed words.
pub(crate) fn with_choices(fault: ConfigFault, word: &str, choices: &[&str]) -> ConfigFault {
    match nearest(word, choices.iter().copied()) {
        Some(choice) => fault.hint(format!("did you mean `{choice}`?")),
        None if choices.is_empty() => fault,
        None => fault.hint(format!("one of: {}", choices.join(", "))),
    }
}

/// Whether a mail address has the shape of one: one `@`, something before it, a host after it, no space.
pub(crate) fn is_address(address: &str) -> bool {
    let Some((local, host)) = address.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && is_host(host)
        && !local
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "<>,;\"@".contains(c))
}

/// Whether a host name has the shape of one: at least two labels of letters, digits and inner hyphens.
pub(crate) fn is_host(host: &str) -> bool {
    host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

/// Whether a school's slug may be a folder name and one word of a routing key.
pub(crate) fn is_slug(slug: &str) -> bool {
    slug.len() <= 63
        && slug.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// What a slug must look like.
pub(crate) const SLUG_HINT: &str = "use lower-case letters, digits and single hyphens";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hosts_and_slugs_are_told_from_other_words() {
        for good in ["head@st-hildas.example", "o'neil+a@mail.school.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "head",
            "head@",
            "@a.example",
            "a b@c.example",
            "a@b",
            "<a@b.example>",
            "a@b@c.example",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(is_slug("st-hildas-2"));
        for bad in [
            "",
            "St-Hildas",
            "st.hildas",
            "st--hildas",
            "-a",
            "../a",
            "a/b",
        ] {
            assert!(!is_slug(bad), "{bad}");
        }
    }

    #[test]
    fn a_file_that_is_not_utf8_is_a_fault_at_its_line() {
        assert_eq!(utf8("x", b"\xEF\xBB\xBFa").unwrap(), "a");
        assert_eq!(utf8("x", b"a\nb\xFF").unwrap_err().line, 2);
    }
}
