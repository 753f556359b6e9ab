//! Where every cell of a CSV text stands, and whether its quotation marks are sound. What a cell holds is the csv
//! crate's to say.

/// What is wrong with the quotation marks of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) enum QuoteFault {
    Open,
    TextAfter,
    Stray,
}

/// Where a cell begins, and what is wrong with its quotation marks.
#[derive(Debug)]
pub(super) struct Mark {
    pub place: (usize, usize),
    pub fault: Option<QuoteFault>,
}

/// Walks the same text as the csv crate, with the same rules, and notes places: the crate keeps only byte
/// offsets of records and passes over broken quotation marks in silence, which could swallow half a register.
pub(super) struct Cursor<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    pub line: usize,
    column: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            rest: text.chars().peekable(),
            line: 1,
            column: 1,
        }
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        // `\r\n` is one line break, and so is the lone `\r` of old exports.
        if c == '\n' || (c == '\r' && self.rest.peek() != Some(&'\n')) {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    /// Passes one record: the line on which it starts, and its cells.
    pub(super) fn record(&mut self) -> (usize, Vec<Mark>) {
        while matches!(self.rest.peek(), Some('\r' | '\n')) {
            self.bump();
        }
        let line = self.line;
        let mut marks = Vec::new();
        loop {
            marks.push(self.cell());
            if self.rest.peek() != Some(&',') {
                return (line, marks);
            }
            self.bump();
        }
    }

    fn cell(&mut self) -> Mark {
        let place = (self.line, self.column);
        let mut fault = None;
        if self.rest.peek() == Some(&'"') {
            fault = self.quoted();
        }
        let formula = self.rest.peek() == Some(&'=');
        while let Some(c) = self.rest.peek().copied() {
            if matches!(c, ',' | '\r' | '\n') {
                break;
            }
            if c == '"' && !formula {
                fault = fault.or(Some(QuoteFault::Stray));
            }
            self.bump();
        }
        Mark { place, fault }
    }

    /// Passes the quoted part of a cell.
    fn quoted(&mut self) -> Option<QuoteFault> {
        self.bump();
        loop {
            match self.bump() {
                None => return Some(QuoteFault::Open),
                Some('"') if self.rest.peek() == Some(&'"') => {
                    self.bump();
                }
                Some('"') => break,
                Some(_) => {}
            }
        }
        match self.rest.peek() {
            None | Some(',' | '\r' | '\n') => None,
            Some(_) => Some(QuoteFault::TextAfter),
        }
    }
}
