//! Adds up what the test programs report. Knows libtest's `test result:` line and nothing about how it got here.

use std::fmt;

/// The sum of every `test result:` line seen so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
    /// Tests that were skipped by their own mark.
    pub(crate) ignored: u64,
    partial: Vec<u8>,
}

impl Tally {
    /// Takes in a piece of output, which may end in the middle of a line.
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        for byte in piece {
            if *byte == b'\n' {
                let line = std::mem::take(&mut self.partial);
                self.line(&String::from_utf8_lossy(&line));
            } else {
                self.partial.push(*byte);
            }
        }
    }

    fn line(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        // "ok. 5 passed; 0 failed; 0 ignored; ...": a number before each word.
        let words: Vec<&str> = result.split([' ', ';']).collect();
        for pair in words.windows(2) {
            let Ok(count) = pair[0].parse::<u64>() else {
                continue;
            };
            match pair[1] {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, expected: (u64, u64, u64)) {
        for size in [1, 7, 4096] {
            let mut tally = Tally::default();
            for piece in output.as_bytes().chunks(size) {
                tally.feed(piece);
            }
            assert_eq!((tally.passed, tally.failed, tally.ignored), expected);
        }
    }

    #[test]
    fn every_result_line_is_added_however_the_output_is_cut() {
        check(
            "running 3 tests\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s\n\n\
             test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.20s\n",
            (7, 2, 1),
        );
    }

    #[test]
    fn a_line_that_only_quotes_a_result_is_not_counted() {
        check("  a test result: ok. 3 passed; 0 failed\n", (0, 0, 0));
    }

    #[test]
    fn the_summary_is_the_last_line_of_a_run() {
        let mut tally = Tally::default();
        tally.feed(b"test result: ok. 2 passed; 1 failed; 0 ignored\n");
        assert_eq!(tally.to_string(), "2 passed, 1 failed");
    }
}
