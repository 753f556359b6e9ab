//! A pattern over the plain view: read when the lists are loaded, made ready to run when a text first asks for it.
//!
//! Most texts ask for few patterns, and a program that screens a handful of texts never needs the others.

use std::sync::{Mutex, OnceLock};

use regex::bytes::{Match, Regex, RegexBuilder};
use regex_syntax::hir::Hir;
use schoolgate_model::CheckFailure;

use super::literals::{last_line, parse};

/// No compiled pattern may take more memory than this, in bytes.
const PATTERN_LIMIT: usize = 1 << 20;

/// One pattern.
pub(crate) struct Pattern {
    written: String,
    /// Its shape, until the prefilter has taken it.
    shape: Mutex<Option<Hir>>,
    ready: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    /// Reads a pattern of alternatives; it matches whole words only.
    ///
    /// # Errors
    /// Why it is no pattern.
    pub(crate) fn new(alternatives: &[String]) -> Result<Self, String> {
        let written = format!(
            r"\b{{start-half}}(?:{})\b{{end-half}}",
            alternatives.join("|")
        );
        Ok(Self {
            shape: Mutex::new(Some(parse(&written)?)),
            ready: OnceLock::new(),
            written,
        })
    }

    /// The pattern as it is run; two equal ones find the same.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// Hands out the shape, once.
    pub(crate) fn take_shape(&self) -> Option<Hir> {
        self.shape.lock().ok()?.take()
    }

    /// The pattern ready to run.
    ///
    /// # Errors
    /// It takes too much memory: `rules check` tells so before anything is screened.
    pub(crate) fn ready(&self) -> Result<&Regex, CheckFailure> {
        let made = self.ready.get_or_init(|| {
            RegexBuilder::new(&self.written)
                .unicode(false)
                .size_limit(PATTERN_LIMIT)
                .build()
                .map_err(|error| last_line(&error))
        });
        made.as_ref()
            .map_err(|reason| CheckFailure::Error(format!("a pattern cannot be used: {reason}")))
    }

    /// Every place of the pattern, from left to right.
    pub(crate) fn find_iter<'t>(
        &'t self,
        text: &'t [u8],
    ) -> Result<impl Iterator<Item = Match<'t>>, CheckFailure> {
        Ok(self.ready()?.find_iter(text))
    }

    /// Whether the pattern stands somewhere in the text.
    pub(crate) fn is_match(&self, text: &[u8]) -> Result<bool, CheckFailure> {
        Ok(self.ready()?.is_match(text))
    }
}
