//! Alphabets, by their blocks of letters.

use serde::Deserialize;

/// An alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Arabic,
    Devanagari,
    Bengali,
    Gurmukhi,
    Gujarati,
    Tamil,
    Han,
    Hangul,
    Other,
}

impl Script {
    /// Whether words stand without spaces between them.
    pub(super) fn is_run_together(self) -> bool {
        matches!(self, Self::Han)
    }
}

/// The alphabet of a letter; `None` for figures, signs and ornamental letters.
pub(super) fn script(c: char) -> Option<Script> {
    Some(match c {
        'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{2AF}' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Script::Greek,
        '\u{400}'..='\u{52F}' => Script::Cyrillic,
        '\u{620}'..='\u{64A}'
        | '\u{66E}'..='\u{6D3}'
        | '\u{6D5}'
        | '\u{6EE}'..='\u{6EF}'
        | '\u{6FA}'..='\u{6FF}'
        | '\u{750}'..='\u{77F}'
        | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' => Script::Arabic,
        '\u{900}'..='\u{963}' => Script::Devanagari,
        '\u{980}'..='\u{9E3}' => Script::Bengali,
        '\u{A00}'..='\u{A65}' | '\u{A70}'..='\u{A7F}' => Script::Gurmukhi,
        '\u{A80}'..='\u{AE3}' => Script::Gujarati,
        '\u{B80}'..='\u{BE5}' => Script::Tamil,
        '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2FA1F}' => Script::Han,
        '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7AF}' => Script::Hangul,
        '\u{530}'..='\u{5FF}'
        | '\u{700}'..='\u{74F}'
        | '\u{780}'..='\u{7BF}'
        | '\u{B00}'..='\u{B7F}'
        | '\u{C00}'..='\u{DFF}'
        | '\u{E00}'..='\u{EFF}'
        | '\u{F40}'..='\u{FBC}'
        | '\u{1000}'..='\u{10FF}'
        | '\u{1200}'..='\u{139F}'
        | '\u{1780}'..='\u{17D3}'
        | '\u{13A0}'..='\u{13FF}' => Script::Other,
        _ => return None,
    })
}
