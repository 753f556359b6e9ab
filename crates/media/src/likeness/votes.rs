//! Which known pictures are worth a closer look: those with marks that not only look alike but also lie alike.

use super::{
    marks::{Mark, shrinkage},
    proof::Pair,
};

/// Pictures that are looked at closely.
const CLOSELY: usize = 12;
/// So many marks that lie alike make a picture worth a closer look.
const WORTH: usize = 4;
/// Marks whose pictures are shifted against each other by the same, give or take so many pixels, lie alike.
const SHIFT: f32 = 64.0;

/// A known picture and the form it may be shown in.
pub type Guess = (u32, u8);

/// A mark of a picture in one form that looks like a mark of a known one, and how the pictures would lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Vote {
    guess: Guess,
    /// How much larger the one picture is, in levels, and by how much it is shifted.
    lie: (i8, i8, i8, bool),
    other: u16,
    known: u32,
    differing: u32,
}

/// Collects votes.
#[derive(Debug, Default)]
pub struct Votes {
    votes: Vec<Vote>,
}

impl Votes {
    /// Notes that a mark of the picture looks like a mark of a known one. Both come with their numbers.
    pub fn add(&mut self, guess: Guess, other: (u16, &Mark), known: (u32, &Mark), differing: u32) {
        let steps = other.1.level - known.1.level;
        let larger = shrinkage(steps);
        let ((x, y), (u, v)) = (known.1.place(), other.1.place());
        let shift = ((u - larger * x) / SHIFT, (v - larger * y) / SHIFT);
        // what lies on the edge between two fields of one grid lies inside a field of the other
        for (between, by) in [(false, 0.0), (true, 0.5)] {
            let field = |shift: f32| (shift + by).floor() as i8;
            self.votes.push(Vote {
                guess,
                lie: (steps, field(shift.0), field(shift.1), between),
                other: other.0,
                known: known.0,
                differing,
            });
        }
    }

    /// The guesses with the most votes that agree, and these votes.
    pub fn best(mut self) -> Vec<(Guess, Vec<Pair>)> {
        self.votes.sort_unstable();
        self.votes.dedup();
        let mut guesses: Vec<(usize, &[Vote])> = self
            .votes
            .chunk_by(|a, b| a.guess == b.guess)
            .filter_map(|votes| {
                votes
                    .chunk_by(|a, b| a.lie == b.lie)
                    .filter(|votes| votes.len() >= WORTH)
                    .map(|votes| (different(votes), votes))
                    .max_by_key(|(count, _)| *count)
            })
            .filter(|(count, _)| *count >= WORTH)
            .collect();
        guesses.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        guesses.truncate(CLOSELY);
        let pair = |vote: &Vote| Pair {
            known: vote.known as usize,
            other: usize::from(vote.other),
            differing: vote.differing,
        };
        guesses
            .into_iter()
            .filter_map(|(_, votes)| Some((votes.first()?.guess, votes.iter().map(pair).collect())))
            .collect()
    }
}

/// How many different marks there are on the side that has fewer.
fn different(votes: &[Vote]) -> usize {
    let count = |of: fn(&Vote) -> u32| {
        let mut marks: Vec<u32> = votes.iter().map(of).collect();
        marks.sort_unstable();
        marks.dedup();
        marks.len()
    };
    count(|vote| u32::from(vote.other)).min(count(|vote| vote.known))
}
