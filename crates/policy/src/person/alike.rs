//! Whether two ways of writing an id or an address mean the same person. What follows from it is not here.

use unicode_normalization::UnicodeNormalization as _;

/// Whether a character cannot be seen, or turns the text around it: controls, format characters, fillers.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// An id or address as it is compared: compatibility forms made one, lower case, nothing unseen, and the address taken
/// out of `mailto:` or `Name <address>`.
pub(super) fn plain(written: &str) -> String {
    let folded: String = written
        .nfkc()
        .filter(|c| !is_unseen(*c))
        .flat_map(char::to_lowercase)
        .nfkc()
        .collect();
    let inner = folded
        .trim()
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
        .map_or(folded.as_str(), |(_, address)| address);
    let address = inner.trim();
    let address = match address.strip_prefix("mailto:") {
        Some(link) => link.split('?').next().unwrap_or(link),
        None => address,
    };
    address.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_one_person_however_it_is_written() {
        for written in [
            "a.patel@st-hildas.example",
            " A.Patel@St-Hildas.example\t",
            "a.p\u{200b}atel@st-hildas.example",
            "\u{feff}a.patel@st-hildas.example",
            "\u{ff41}.patel\u{ff20}st-hildas.example",
            "mailto:A.Patel@st-hildas.example",
            "MAILTO:a.patel@st-hildas.example?subject=x",
            "Anita Patel <a.patel@st-hildas.example>",
            "\"Patel, A\" <mailto:a.patel@st-hildas.example >",
        ] {
            assert_eq!(plain(written), "a.patel@st-hildas.example", "{written:?}");
        }
        assert_eq!(plain(" S07 "), "s07");
        assert_eq!(plain("\u{200b} "), "");
        assert_eq!(plain("a < b"), "a < b");
    }
}
