//! A pattern over the plain view: read when the lists are loaded, made ready to run when a text first asks for it.
//!
//! Most texts ask for few patterns, and a program that screens a handful of texts never needs the others.

use std::{
    ops::Range,
    sync::{Mutex, OnceLock},
};

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;
use schoolgate_model::CheckFailure;

use super::{
    literals::{Part, last_line, parse, parts},
    prefilter::Asked,
    starts::{Starts, Text},
    walk::{TooFar, Walk},
};

/// No compiled pattern may take more memory than this, in bytes.
const PATTERN_LIMIT: usize = 1 << 20;

/// Where a text asks for more parts of a pattern, all of it is run at once.
const MOST_PARTS: usize = 12;

/// Most steps of one walk through a text; what takes more is left to the automaton.
const MOST_STEPS: u32 = 1_000;

/// A pattern that is made ready to run when a text first asks for it.
struct Machine {
    written: String,
    /// A shape that was written down again says itself where it means bytes.
    from_shape: bool,
    /// How its matches begin: it is then run from such places only, of each of which it says whether one begins there. A
    /// machine that is seldom run is slow for what of it is not near, and from few places it needs little of itself.
    starts: Option<Starts>,
    /// The same as steps.
    walk: Option<Walk>,
    ready: OnceLock<Result<Regex, String>>,
}

impl Machine {
    const fn whole(written: String) -> Self {
        Self {
            written,
            from_shape: false,
            starts: None,
            walk: None,
            ready: OnceLock::new(),
        }
    }

    fn of(part: &Part<'_>) -> Self {
        let (written, shape) = (part.written(), part.shape());
        let starts = Starts::of(&shape);
        Self {
            written: match starts {
                Some(_) => format!(r"\A(?:{written})(?-u:\b{{end-half}})"),
                None => bounded(&written),
            },
            from_shape: true,
            walk: Walk::of(&shape).filter(|walk| starts.is_some() || walk.is_choosy()),
            starts,
            ready: OnceLock::new(),
        }
    }

    fn ready(&self) -> Result<&Regex, CheckFailure> {
        let made = self.ready.get_or_init(|| {
            RegexBuilder::new(&self.written)
                .unicode(self.from_shape)
                .size_limit(PATTERN_LIMIT)
                .build()
                .map_err(|error| last_line(&error))
        });
        made.as_ref()
            .map_err(|reason| CheckFailure::Error(format!("a pattern cannot be used: {reason}")))
    }

    fn run(&self) -> Result<Run<'_>, CheckFailure> {
        let regex = self.ready()?;
        Ok(Run {
            regex,
            machine: self,
        })
    }
}

/// A machine ready to run.
struct Run<'m> {
    regex: &'m Regex,
    machine: &'m Machine,
}

impl Run<'_> {
    /// The first place that begins at `from` or behind it.
    fn find_at(&self, text: &Text<'_>, from: usize) -> Option<Range<usize>> {
        if let Ok(walked) = self.walk(text, from) {
            return walked;
        }
        let Some(starts) = &self.machine.starts else {
            return Some(self.regex.find_at(text.bytes, from)?.range());
        };
        let found = |at: usize| Some(at..at + self.regex.find(text.bytes.get(at..)?)?.end());
        starts.places(text, from).find_map(found)
    }

    fn is_match(&self, text: &Text<'_>) -> bool {
        if let Ok(walked) = self.walk(text, 0) {
            return walked.is_some();
        }
        let Some(starts) = &self.machine.starts else {
            return self.regex.is_match(text.bytes);
        };
        let begins = |at: usize| {
            let rest = text.bytes.get(at..);
            rest.is_some_and(|rest| self.regex.is_match(rest))
        };
        starts.places(text, 0).any(begins)
    }

    /// The first place that begins at `from` or behind it, step by step.
    ///
    /// # Errors
    /// That takes too many steps, or cannot be done.
    fn walk(&self, text: &Text<'_>, from: usize) -> Result<Option<Range<usize>>, TooFar> {
        let walk = self.machine.walk.as_ref().ok_or(TooFar)?;
        let (mut left, mut later) = (MOST_STEPS, Vec::with_capacity(16));
        if let Some(starts) = &self.machine.starts {
            for at in starts.places(text, from) {
                let rest = text.bytes.get(at..).unwrap_or_default();
                if let Some(end) = walk.end(rest, 0, &mut left, &mut later)? {
                    return Ok(Some(at..at + end));
                }
            }
            return Ok(None);
        }
        let places = text.openings(from).iter().map(|(at, _)| *at);
        for at in places.filter(|at| walk.may_open(text.bytes, *at)) {
            if let Some(end) = walk.end(text.bytes, at, &mut left, &mut later)? {
                return Ok(Some(at..end));
            }
        }
        Ok(None)
    }

    /// Every place, empty ones left out.
    fn places(&self, text: &Text<'_>) -> Vec<Range<usize>> {
        if self.machine.walk.is_none() && self.machine.starts.is_none() {
            let places = self.regex.find_iter(text.bytes).map(|found| found.range());
            return places.filter(|place| !place.is_empty()).collect();
        }
        let next = |before: &Range<usize>| self.find_at(text, before.end);
        std::iter::successors(self.find_at(text, 0), next).collect()
    }
}

/// One pattern: alternatives, each of which a text may ask for by itself.
pub(crate) struct Pattern {
    whole: Machine,
    /// Its shape, until the prefilter has taken it.
    shape: Mutex<Option<Hir>>,
    /// The alternatives one by one, in their order.
    parts: OnceLock<Vec<Machine>>,
}

/// Whole words only.
fn bounded(pattern: &str) -> String {
    format!(r"(?-u:\b{{start-half}})(?:{pattern})(?-u:\b{{end-half}})")
}

impl Pattern {
    /// Reads a pattern of alternatives; it matches whole words only.
    ///
    /// # Errors
    /// Why it is no pattern.
    pub(crate) fn new(alternatives: &[String]) -> Result<Self, String> {
        let written = bounded(&alternatives.join("|"));
        Ok(Self {
            shape: Mutex::new(Some(parse(&written)?)),
            whole: Machine::whole(written),
            parts: OnceLock::new(),
        })
    }

    /// The pattern as it is run; two equal ones find the same.
    pub(crate) fn written(&self) -> &str {
        &self.whole.written
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
        self.whole.ready()
    }

    fn parts(&self) -> &[Machine] {
        self.parts.get_or_init(|| {
            let shape = parse(self.written());
            let parts = shape.as_ref().map(|shape| parts(shape).1);
            parts.map_or_else(
                |_| Vec::new(),
                |parts| parts.iter().map(Machine::of).collect(),
            )
        })
    }

    /// The one part that is asked for, where no other is.
    fn only(&self, asked: Asked<'_>) -> Option<&Machine> {
        let Asked::Parts(asked) = asked else {
            return None;
        };
        let mut asked = asked.iter();
        let part = asked.next()?;
        match asked.next() {
            None => self.parts().get(part),
            Some(_) => None,
        }
    }

    /// The machines that find everything there is where no other part than these can match.
    fn machines(&self, asked: Asked<'_>) -> Result<Vec<Run<'_>>, CheckFailure> {
        let Asked::Parts(asked) = asked else {
            return Ok(vec![self.whole.run()?]);
        };
        let known = self.parts();
        let parts = || asked.iter().map(|part| known.get(part));
        if parts().nth(MOST_PARTS).is_some() || parts().any(|part| part.is_none()) {
            return Ok(vec![self.whole.run()?]);
        }
        parts().flatten().map(Machine::run).collect()
    }

    /// Every place of the pattern, from left to right, empty ones left out.
    pub(crate) fn places(
        &self,
        text: &Text<'_>,
        asked: Asked<'_>,
    ) -> Result<Vec<Range<usize>>, CheckFailure> {
        if let Some(part) = self.only(asked) {
            return Ok(part.run()?.places(text));
        }
        match self.machines(asked)?.as_slice() {
            [machine] => Ok(machine.places(text)),
            machines => Ok(leftmost(machines, |machine, from| {
                machine.find_at(text, from)
            })),
        }
    }

    /// Whether the pattern stands somewhere in the text.
    pub(crate) fn is_match(&self, text: &Text<'_>, asked: Asked<'_>) -> Result<bool, CheckFailure> {
        if let Some(part) = self.only(asked) {
            return Ok(part.run()?.is_match(text));
        }
        let machines = self.machines(asked)?;
        Ok(machines.iter().any(|machine| machine.is_match(text)))
    }
}

/// The places that the alternatives together find: the first one in the text, of several at one place the first one
/// in the pattern, and so on behind it.
pub(crate) fn leftmost<M>(
    machines: &[M],
    find: impl Fn(&M, usize) -> Option<Range<usize>>,
) -> Vec<Range<usize>> {
    let mut next: Vec<_> = machines.iter().map(|machine| find(machine, 0)).collect();
    let mut places: Vec<Range<usize>> = Vec::new();
    while let Some(place) = next
        .iter()
        .flatten()
        .min_by_key(|place| place.start)
        .cloned()
    {
        for (machine, next) in machines.iter().zip(&mut next) {
            if next.as_ref().is_some_and(|next| next.start < place.end) {
                *next = find(machine, place.end);
            }
        }
        places.push(place);
    }
    places
}
