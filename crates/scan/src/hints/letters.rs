//! Letters that are drawings, and emoji in a row.

use schoolgate_model::Span;

use super::span;
use crate::lexicon::view::is_symbol;

/// How many drawn letters in a row are a decoration; one or two are a formula or a list mark.
const DECORATION: usize = 3;

/// How many emoji in a row are too many to listen to.
const RUN: usize = 4;

/// Runs of letters from the mathematical, circled, squared and full-width alphabets.
pub(super) fn decorative(chars: &[char]) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut start, mut letters, mut end) = (0, 0, 0);
    for (at, c) in chars.iter().enumerate().chain([(chars.len(), &'\n')]) {
        if is_drawn(*c) {
            if letters == 0 {
                start = at;
            }
            letters += 1;
            end = at + 1;
        } else if *c != ' ' || letters == 0 {
            if letters >= DECORATION {
                found.push(span(start, end));
            }
            letters = 0;
        }
    }
    found
}

fn is_drawn(c: char) -> bool {
    matches!(c,
        '\u{1D400}'..='\u{1D7CB}' | '\u{24B6}'..='\u{24E9}' | '\u{1F130}'..='\u{1F189}'
        | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

/// Runs of four or more emoji. Skin tones and what is joined to an emoji belong to it; a flag is one.
pub(super) fn emoji_runs(chars: &[char]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut run = Run::default();
    for (at, c) in chars.iter().enumerate() {
        match c {
            '\u{200D}' => run.joined = true,
            '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{2640}' | '\u{2642}' => {}
            ' ' => run.joined = false,
            '\u{1F1E6}'..='\u{1F1FF}' => {
                run.half_flag = !run.half_flag;
                run.add(at, run.half_flag);
            }
            c if is_symbol(*c) => run.add(at, true),
            _ => run.close(&mut found),
        }
    }
    run.close(&mut found);
    found
}

/// A run of emoji in the making.
#[derive(Default)]
struct Run {
    start: usize,
    end: usize,
    count: usize,
    joined: bool,
    half_flag: bool,
}

impl Run {
    fn add(&mut self, at: usize, counts: bool) {
        if self.count == 0 {
            self.start = at;
        }
        self.count += usize::from(counts && !self.joined);
        self.joined = false;
        self.end = at + 1;
    }

    fn close(&mut self, found: &mut Vec<Span>) {
        if self.count >= RUN {
            found.push(span(self.start, self.end));
        }
        *self = Self::default();
    }
}
