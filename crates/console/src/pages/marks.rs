//! Text with its findings marked: cut at every boundary, overlapping stretches told apart, and what cannot be seen
//! (direction controls, zero-width characters) put in words. Escaping is the template's.

use schoolgate_model::Span;

/// One found stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Where, in Unicode scalar values of the original text.
    pub(crate) span: Span,
    /// The number shown beside it, from 1.
    pub(crate) number: usize,
}

/// A run of characters that are all alike.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What is shown.
    pub(crate) text: String,
    /// The numbers of the marks that cover it; none = plain.
    pub(crate) marks: Vec<usize>,
    /// The numbers of the marks that end with it: shown once, where the mark is complete.
    pub(crate) ends: Vec<usize>,
    /// The text stands for a character that cannot be seen.
    pub(crate) unseen: bool,
}

impl Piece {
    /// `1, 3` for the note behind a mark.
    pub(crate) fn notes(&self) -> String {
        let numbers: Vec<_> = self.ends.iter().map(ToString::to_string).collect();
        numbers.join(", ")
    }
}

/// Cuts `text` so that every piece is covered by the same marks. A mark beyond the end of the text is cut there; an
/// empty one marks nothing.
pub(crate) fn pieces(text: &str, marks: &[Mark]) -> Vec<Piece> {
    let mut cutter = Cutter::new(marks);
    let mut before = None;
    for (at, c) in (0_u32..).zip(text.chars()) {
        cutter.reach(at);
        match unseen(c, before) {
            Some(name) => cutter.push_unseen(&name),
            None => cutter.push(c),
        }
        before = Some(c);
    }
    cutter.finish()
}

struct Cutter<'a> {
    marks: &'a [Mark],
    /// Every place where a mark begins or ends, the next one last.
    cuts: Vec<u32>,
    covering: Vec<usize>,
    pieces: Vec<Piece>,
    /// Whether the next character begins a piece.
    fresh: bool,
}

impl<'a> Cutter<'a> {
    fn new(marks: &'a [Mark]) -> Self {
        let mut cuts: Vec<u32> = marks
            .iter()
            .flat_map(|mark| [mark.span.start, mark.span.end])
            .collect();
        cuts.sort_unstable_by(|a, b| b.cmp(a));
        cuts.dedup();
        Self {
            marks,
            cuts,
            covering: Vec::new(),
            pieces: Vec::new(),
            fresh: true,
        }
    }

    /// Looks at the marks again where one begins or ends.
    fn reach(&mut self, at: u32) {
        if self.cuts.last().is_none_or(|cut| *cut > at) {
            return;
        }
        while self.cuts.last().is_some_and(|cut| *cut <= at) {
            self.cuts.pop();
        }
        let covering: Vec<usize> = self
            .marks
            .iter()
            .filter(|mark| mark.span.start <= at && at < mark.span.end)
            .map(|mark| mark.number)
            .collect();
        self.end_marks(&covering);
        self.covering = covering;
        self.fresh = true;
    }

    /// Notes at the last piece which marks it completes.
    fn end_marks(&mut self, still: &[usize]) {
        if let Some(last) = self.pieces.last_mut() {
            let ended = self.covering.iter().filter(|mark| !still.contains(mark));
            last.ends.extend(ended);
        }
    }

    fn begin(&mut self, unseen: bool) {
        self.pieces.push(Piece {
            text: String::new(),
            marks: self.covering.clone(),
            ends: Vec::new(),
            unseen,
        });
    }

    fn push(&mut self, c: char) {
        if self.fresh {
            self.begin(false);
            self.fresh = false;
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.text.push(c);
        }
    }

    fn push_unseen(&mut self, name: &str) {
        self.begin(true);
        if let Some(piece) = self.pieces.last_mut() {
            piece.text.push_str(name);
        }
        self.fresh = true;
    }

    fn finish(mut self) -> Vec<Piece> {
        self.end_marks(&[]);
        self.pieces
    }
}

/// The text on one line with what cannot be seen left out, at most `limit` characters.
pub(crate) fn preview(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut before = None;
    let mut length = 0;
    for c in text.chars() {
        let shown = if c.is_whitespace() { ' ' } else { c };
        let hidden = unseen(c, before).is_some();
        before = Some(c);
        if hidden || (shown == ' ' && (line.is_empty() || line.ends_with(' '))) {
            continue;
        }
        if length == limit {
            line.push('…');
            break;
        }
        line.push(shown);
        length += 1;
    }
    line
}

/// A short text, such as a name or an id, with what cannot be seen put in words.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        match unseen(c, before) {
            Some(name) => {
                shown.push('<');
                shown.push_str(&name);
                shown.push('>');
            }
            None => shown.push(c),
        }
        before = Some(c);
    }
    shown
}

/// What to show for a character that would not be seen, or that would turn the text around it.
fn unseen(c: char, before: Option<char>) -> Option<String> {
    let hidden = match c {
        '\n' | '\t' | '\r' => false,
        // joiners belong to emoji and to many scripts; between letters of ours they hide a word
        '\u{200c}' | '\u{200d}' => before.is_none_or(|before| before < '\u{590}'),
        // tags spell the flags of England, Scotland and Wales behind a black flag
        '\u{e0020}'..='\u{e007f}' => {
            before.is_none_or(|before| before != '\u{1f3f4}' && !is_tag(before))
        }
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' => {
            true
        }
        '\u{180b}'..='\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' => true,
        '\u{2028}' | '\u{2029}' | '\u{ffa0}' | '\u{e0001}' => true,
        c => c.is_control(),
    };
    hidden.then(|| name(c))
}

fn is_tag(c: char) -> bool {
    ('\u{e0020}'..='\u{e007f}').contains(&c)
}

fn name(c: char) -> String {
    match c {
        '\u{200b}' => "zero-width space".to_owned(),
        '\u{200c}' => "zero-width non-joiner".to_owned(),
        '\u{200d}' => "zero-width joiner".to_owned(),
        '\u{ad}' => "soft hyphen".to_owned(),
        '\u{202e}' => "right-to-left override".to_owned(),
        '\u{202d}' => "left-to-right override".to_owned(),
        '\u{feff}' => "zero-width no-break space".to_owned(),
        '\u{2060}' => "word joiner".to_owned(),
        c => format!("U+{:04X}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(start: u32, end: u32, number: usize) -> Mark {
        Mark {
            span: Span { start, end },
            number,
        }
    }

    fn shown(text: &str, marks: &[Mark]) -> String {
        pieces(text, marks)
            .iter()
            .map(|piece| {
                let text = match piece.unseen {
                    true => format!("<{}>", piece.text),
                    false => piece.text.clone(),
                };
                let marks: Vec<_> = piece.marks.iter().map(ToString::to_string).collect();
                match (piece.marks.is_empty(), piece.ends.is_empty()) {
                    (true, _) => text,
                    (false, true) => format!("[{text}|{}]", marks.join(",")),
                    (false, false) => format!("[{text}|{}]^{}", marks.join(","), piece.notes()),
                }
            })
            .collect()
    }

    #[test]
    fn marks_are_cut_where_they_overlap_and_counted_in_characters() {
        let cases: [(&str, &[Mark], &str); 7] = [
            ("plain", &[], "plain"),
            ("Amelia won", &[mark(0, 6, 1)], "[Amelia|1]^1 won"),
            ("🧦 Amélia", &[mark(2, 8, 1)], "🧦 [Amélia|1]^1"),
            (
                "abcdef",
                &[mark(0, 4, 1), mark(2, 6, 2)],
                "[ab|1][cd|1,2]^1[ef|2]^2",
            ),
            ("abc", &[mark(1, 2, 1), mark(1, 2, 2)], "a[b|1,2]^1, 2c"),
            ("abc", &[mark(2, 99, 1), mark(1, 1, 2)], "ab[c|1]^1"),
            ("a<b>", &[mark(1, 3, 1)], "a[<b|1]^1>"),
        ];
        for (text, marks, expected) in cases {
            assert_eq!(shown(text, marks), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_named_and_what_belongs_to_an_emoji_is_left_alone() {
        assert_eq!(
            shown("Am\u{200b}elia\u{202e}", &[mark(0, 7, 1)]),
            "[Am|1][<zero-width space>|1][elia|1]^1<right-to-left override>"
        );
        for whole in [
            "👩\u{200d}🏫",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
            "❤\u{fe0f}",
            "a\nb",
        ] {
            assert_eq!(shown(whole, &[]), whole);
        }
        assert_eq!(shown("a\u{200d}b", &[]), "a<zero-width joiner>b");
        assert_eq!(shown("\u{7}", &[]), "<U+0007>");
    }

    #[test]
    fn a_name_hides_nothing() {
        assert_eq!(visible("Zoë Ω"), "Zoë Ω");
        assert_eq!(
            visible("d-1\u{202e}\u{7}"),
            "d-1<right-to-left override><U+0007>"
        );
    }

    #[test]
    fn a_preview_is_one_line() {
        assert_eq!(preview("  Hello\n\n there\u{200b}! ", 99), "Hello there! ");
        assert_eq!(preview("Hello there", 5), "Hello…");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_doubled(text in "\\PC{0,30}", spans in prop::collection::vec((0_u32..35, 0_u32..35), 0..5)) {
            let marks: Vec<Mark> = spans.iter().zip(1..).map(|((a, b), n)| mark(*a.min(b), *a.max(b), n)).collect();
            let pieces = pieces(&text, &marks);
            let visible: String = text.chars().scan(None, |before, c| {
                let seen = unseen(c, *before).is_none();
                *before = Some(c);
                Some(seen.then_some(c))
            }).flatten().collect();
            let shown: String = pieces.iter().filter(|piece| !piece.unseen).map(|piece| piece.text.as_str()).collect();
            prop_assert_eq!(shown, visible);
            for piece in &pieces {
                prop_assert!(piece.ends.iter().all(|end| piece.marks.contains(end)));
            }
        }
    }
}
