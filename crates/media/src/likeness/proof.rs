//! Whether a picture really shows a known one: its marks must lie where one map of the plane puts them, over most of
//! what is to be seen of the known picture.
//!
//! A few common marks prove nothing: two posters share a logo, two letters a letterhead, two walls their bricks. So what
//! is missing counts as much as what is found.

use super::{
    align::{Map, Place},
    marks::{LEVELS, Mark, shrinkage},
    pattern::{Form, RADIUS, differing},
    pixels::Agreement,
};

/// A mark of the known picture and the mark of the other that looks like it.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    pub known: usize,
    pub other: usize,
    pub differing: u32,
}

/// Fields a side in which the known picture is judged.
const FIELDS: usize = 5;
/// Pairs from which maps are guessed.
const GUESSED: usize = 20;
/// Marks that must be found again at least.
pub const ENOUGH: usize = 45;

/// Fewer marks are not worth a look at the pixels.
const FEWEST: usize = 8;
/// Kinds of marks that must be among them. Circles and boxes are full of marks of a few kinds.
const DISTINCT: usize = 24;

/// The marks of a picture in one form, by place.
pub struct View<'m> {
    /// Half of width and height.
    half: Place,
    marks: &'m [Mark],
    /// The marks by field of 16 x 16 pixels.
    fields: Vec<Vec<u16>>,
    across: usize,
    /// What is inside and how much finer its marks are.
    inner: Option<([f32; 4], f32)>,
}

/// How well a known picture was found again.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Proof {
    /// Marks that were found where they should be.
    pub marks: usize,
    /// Of those that should be visible.
    pub expected: usize,
    /// Of the comparisons of these marks' surroundings, how many differ on average.
    pub differing: f32,
    /// How many levels smaller the known picture is shown; less than 0 if larger.
    pub smaller: f32,
    /// How many of these marks look like none of the others.
    pub distinct: usize,
    /// How much of what the surroundings show differs, 0 to 1: what both lack does not count.
    pub unlike: f32,
    /// How well the brightness of these marks goes together, 1 being perfectly.
    pub together: f32,
    /// The part of what should be visible that was found.
    pub agreed: f32,
    /// The part of the known picture that was found.
    pub share: f32,
}

impl Proof {
    /// The part of the marks that should be visible.
    pub fn found(&self) -> f32 {
        self.marks as f32 / self.expected.max(1) as f32
    }

    /// Whether this is beyond chance. Weakness in one respect must be made good by strength in the others; the weights
    /// were chosen on half of the made-up scenes, see the crate's README.
    pub fn holds(&self) -> bool {
        let found = self.found();
        let sharpness = (30.0 - self.differing) / 30.0;
        let worth = found
            + sharpness
            + (self.agreed - 0.7)
            + 3.0 * (self.together - 0.9)
            + (self.share.min(0.8) - 0.5)
            + (self.marks.min(90) as f32 - 50.0) / 90.0;
        // the same wall behind other people looks a little different and fills a part only
        let least = 0.28 + 0.015 * (self.differing - 15.0).max(0.0);
        self.marks >= ENOUGH
            && self.distinct >= DISTINCT
            && self.together >= 0.82
            && self.differing <= 46.0
            && self.agreed >= 0.7
            && self.share >= least
            && worth >= 1.1
            && self.keeps(found)
    }

    /// Whether as much was found as such a copy keeps. One that is nearly as large keeps most of it, and much of the page:
    /// a letterhead over other words does not do. Where few marks decide, they must look the more alike.
    fn keeps(&self, found: f32) -> bool {
        let few = self.marks < 150;
        if self.smaller >= 3.2 {
            return true;
        }
        if self.smaller >= 2.0 {
            return self.together >= 0.9 && (!few || self.differing <= 30.0);
        }
        let unlike = if few { self.differing - 20.0 } else { 0.0 };
        self.agreed >= 0.78 && found >= 0.3 + 0.03 * unlike.max(0.0)
    }

    /// Whether the whole of the known picture may be what is to be seen: enough for pictures whose fingerprints are alike
    /// too. Two letters with one letterhead are not.
    pub fn supports(&self) -> bool {
        self.agreed >= 0.6 && 4 * self.marks >= self.expected
    }
}

const FIELD: f32 = 16.0;

impl<'m> View<'m> {
    /// A picture of this size, in pixels.
    pub fn new(marks: &'m [Mark], size: (f32, f32), inner: Option<([f32; 4], f32)>) -> Self {
        let half = (size.0 / 2.0, size.1 / 2.0);
        let (across, down) = ((size.0 / FIELD) as usize + 1, (size.1 / FIELD) as usize + 1);
        let mut fields = vec![Vec::new(); across * down];
        for (number, mark) in (0_u16..).zip(marks) {
            let (x, y) = mark.place();
            let column = ((x + half.0) / FIELD).max(0.0) as usize;
            let row = ((y + half.1) / FIELD).max(0.0) as usize;
            if let Some(field) = fields.get_mut(row.min(down - 1) * across + column.min(across - 1))
            {
                field.push(number);
            }
        }
        Self {
            half,
            marks,
            fields,
            across,
            inner,
        }
    }

    /// How many levels finer marks there are than those of the whole.
    fn finer(&self) -> f32 {
        self.inner.map_or(0.0, |(_, finer)| finer)
    }

    /// How many marks there are.
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// The marks within a distance of a place.
    fn near(&self, place: Place, reach: f32) -> impl Iterator<Item = (usize, &Mark)> {
        let span = |at: f32, half: f32| {
            let from = ((at + half - reach) / FIELD).max(0.0) as usize;
            (from, ((at + half + reach) / FIELD).max(0.0) as usize)
        };
        let (left, right) = span(place.0, self.half.0);
        let (top, bottom) = span(place.1, self.half.1);
        (top..=bottom)
            .flat_map(move |row| (left..=right.min(self.across - 1)).map(move |c| (row, c)))
            .filter_map(|(row, column)| self.fields.get(row * self.across + column))
            .flatten()
            .filter_map(|number| {
                Some((usize::from(*number), self.marks.get(usize::from(*number))?))
            })
            .filter(move |(_, mark)| {
                let (x, y) = mark.place();
                (x - place.0).powi(2) + (y - place.1).powi(2) <= reach * reach
            })
    }

    /// Whether a mark at this place and level would be found: its surroundings lie inside.
    fn shows(&self, (x, y): Place, level: f32) -> bool {
        let margin = (RADIUS as f32 + 1.5) * shrinkage(level.round() as i8);
        let inside = |[left, top, right, bottom]: [f32; 4]| {
            (left + margin..=right - margin).contains(&x)
                && (top + margin..=bottom - margin).contains(&y)
        };
        let (right, bottom) = self.half;
        level <= LEVELS as f32 - 0.5
            && if level >= -0.6 {
                inside([-right, -bottom, right, bottom])
            } else {
                self.inner
                    .is_some_and(|(part, finer)| level >= -0.6 - finer && inside(part))
            }
    }
}

/// Turns the marks of a picture into those of one of its forms.
pub fn in_form(marks: &[Mark], form: Form) -> Vec<Mark> {
    let turn = |mark: &Mark| {
        let (x, y) = form.point((mark.x.max(-i16::MAX), mark.y.max(-i16::MAX)));
        Mark {
            x,
            y,
            level: mark.level,
            shade: mark.shade,
            bits: form.bits(&mark.bits),
        }
    };
    marks.iter().map(turn).collect()
}

/// The likeliest proof that the view shows the known picture, if any is worth a look at the pixels, and where it would be.
pub fn prove(known: &[Mark], view: &View<'_>, pairs: &[Pair]) -> Option<(Proof, Map)> {
    guesses(known, view, pairs)
        .into_iter()
        .filter_map(|map| confirm(known, view, map))
        .max_by_key(|(proof, _)| proof.marks)
        .filter(|(proof, _)| proof.found() >= 0.08 && proof.agreed >= 0.2 && proof.together >= 0.4)
}

/// Whether a picture is shown again, by the marks of the whole, those of the part where the pixels agree, and the pixels.
/// What neither could say for itself both may say together.
pub fn is_shown(whole: &Proof, part: &Proof, pixels: &Agreement) -> bool {
    let worth = pixels.together
        + pixels.broad
        + pixels.visible.min(0.8)
        + part.together
        + part.found().min(0.5)
        + part.agreed;
    if whole.holds() && worth >= 3.8 && pixels.together >= 0.6 && fits(whole, pixels) {
        return true;
    }
    worth >= 4.5
        && strangest(part, pixels.visible).is_some_and(|most| part.differing <= most)
        && pixels.agreeing >= 8
        && pixels.part() >= 0.5
        && pixels.broad >= 0.8
        && part.together >= 0.7
        && part.marks >= 10
        && part.distinct >= 7
        && part.found() >= 0.2
}

/// Whether the pixels agree with what the marks say for themselves. One room drawn or photographed twice has many marks in
/// common that differ a little, and pixels that agree here and there.
fn fits(whole: &Proof, pixels: &Agreement) -> bool {
    whole.differing <= 21.0
        || pixels.visible >= 0.72
        || (pixels.together >= 0.82 && pixels.visible >= 0.3)
}

/// How much the surroundings of the marks of a part may differ, if it is enough of the known picture at all. Two pictures of one wall, or on one printed page, agree
/// as well as a copy does where they agree at all. But that is a piece of them, and what was photographed or drawn twice
/// is a little different.
fn strangest(part: &Proof, visible: f32) -> Option<f32> {
    match visible {
        0.7.. => Some(30.0),
        0.5.. => Some(27.0),
        0.45.. if part.distinct >= DISTINCT => Some(18.0),
        _ => None,
    }
}

/// How well a part of the known picture is found again where the map puts it.
pub fn part(
    known: &[Mark],
    view: &View<'_>,
    map: &Map,
    [left, top, right, bottom]: [f32; 4],
) -> Proof {
    let inside: Vec<Mark> = known
        .iter()
        .filter(|mark| {
            let (x, y) = mark.place();
            (left..=right).contains(&x) && (top..=bottom).contains(&y)
        })
        .copied()
        .collect();
    let found = look(&inside, view, map, 2.0);
    judge(&inside, view, map, &found)
}

/// How well the whole of the known picture, of this size, is found again in the whole of the view.
pub fn whole(known: &[Mark], size: (f32, f32), view: &View<'_>) -> Proof {
    let mut map = Map::onto((
        2.0 * view.half.0 / size.0.max(1.0),
        2.0 * view.half.1 / size.1.max(1.0),
    ));
    let mut found = Vec::new();
    for reach in [5.0, 3.0] {
        found = look(known, view, &map, reach);
        let ends = ends(known, view, &found);
        if ends.len() >= 8 {
            map = Map::fitted(&ends).unwrap_or(map);
        }
    }
    judge(known, view, &map, &found)
}

/// The places of pairs.
fn ends(known: &[Mark], view: &View<'_>, pairs: &[Pair]) -> Vec<(Place, Place)> {
    let places = |pair: &Pair| {
        Some((
            known.get(pair.known)?.place(),
            view.marks.get(pair.other)?.place(),
        ))
    };
    pairs.iter().filter_map(places).collect()
}

/// The maps that most of the pairs agree on.
fn guesses(known: &[Mark], view: &View<'_>, pairs: &[Pair]) -> Vec<Map> {
    let mut pairs = pairs.to_vec();
    pairs.sort_by_key(|pair| (pair.differing, pair.known, pair.other));
    pairs.truncate(GUESSED);
    let ends: Vec<(&Mark, &Mark)> = pairs
        .iter()
        .filter_map(|pair| Some((known.get(pair.known)?, view.marks.get(pair.other)?)))
        .collect();
    let mut maps: Vec<(usize, Map)> = Vec::new();
    for (at, first) in ends.iter().enumerate() {
        for second in ends.iter().skip(at + 1) {
            let from = [first.0.place(), second.0.place()];
            let Some(map) = Map::through(from, [first.1.place(), second.1.place()]) else {
                continue;
            };
            let support = ends
                .iter()
                .filter(|(known, other)| agrees(known, other, &map, 4.0, 1.6))
                .count();
            if support >= 2 {
                maps.push((support, map));
            }
        }
    }
    maps.sort_by_key(|(support, _)| std::cmp::Reverse(*support));
    let mut best: Vec<Map> = Vec::new();
    for (_, map) in maps {
        let again = best.iter().any(|other| {
            let apart = |place| {
                let (a, b) = (map.of(place), other.of(place));
                (a.0 - b.0).hypot(a.1 - b.1)
            };
            apart((-100.0, -100.0)) < 12.0 && apart((100.0, 100.0)) < 12.0
        });
        if !again {
            best.push(map);
        }
        if best.len() == 3 {
            break;
        }
    }
    best
}

/// Whether a pair lies as the map says; `reach` in pixels of the mark's own level.
fn agrees(known: &Mark, other: &Mark, map: &Map, reach: f32, steps: f32) -> bool {
    let (x, y) = map.of(known.place());
    let (u, v) = other.place();
    let level = expected_level(known, map);
    (level - f32::from(other.level)).abs() <= steps
        && (x - u).powi(2) + (y - v).powi(2) <= (reach * shrinkage(other.level)).powi(2)
}

/// At which level a mark of the known picture should be found.
fn expected_level(known: &Mark, map: &Map) -> f32 {
    f32::from(known.level) + map.steps()
}

/// Looks for every mark where the map puts it, mends the map by what is found, and judges.
fn confirm(known: &[Mark], view: &View<'_>, mut map: Map) -> Option<(Proof, Map)> {
    let mut found = Vec::new();
    for (reach, enough) in [(5.0, 12), (3.0, 10), (2.0, FEWEST)] {
        found = look(known, view, &map, reach);
        let ends = ends(known, view, &found);
        if ends.len() < enough {
            return None;
        }
        map = Map::fitted(&ends).unwrap_or(map);
    }
    Some((judge(known, view, &map, &found), map))
}

/// Surroundings at the right place that differ in no more comparisons are the same.
const THE_SAME: u32 = 70;

fn look(known: &[Mark], view: &View<'_>, map: &Map, reach: f32) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, mark) in known.iter().enumerate() {
        let place = map.of(mark.place());
        let level = expected_level(mark, map);
        if !(-1.6 - view.finer()..=LEVELS as f32).contains(&level) {
            continue;
        }
        let widest = reach * shrinkage((level + 1.6).floor() as i8);
        let best = view
            .near(place, widest)
            .filter(|(_, other)| agrees(mark, other, map, reach, 1.6))
            .map(|(number, other)| Pair {
                known: at,
                other: number,
                differing: differing(&mark.bits, &other.bits),
            })
            .min_by_key(|pair| (pair.differing, pair.other));
        pairs.extend(best.filter(|pair| pair.differing <= THE_SAME));
    }
    pairs
}

/// Counts found and missing marks field by field.
fn judge(known: &[Mark], view: &View<'_>, map: &Map, found: &[Pair]) -> Proof {
    let (mut right, mut bottom) = (1.0_f32, 1.0_f32);
    for mark in known {
        let (x, y) = mark.place();
        right = right.max(x.abs());
        bottom = bottom.max(y.abs());
    }
    let field = |mark: &Mark| {
        let (x, y) = mark.place();
        let cell = |at: f32, half: f32| {
            (((at + half) / (2.0 * half) * FIELDS as f32) as usize).min(FIELDS - 1)
        };
        cell(y, bottom) * FIELDS + cell(x, right)
    };
    let mut all = [0_usize; FIELDS * FIELDS];
    let mut expected = [0_usize; FIELDS * FIELDS];
    let mut seen = [0_usize; FIELDS * FIELDS];
    for mark in known {
        all[field(mark)] += 1;
        if view.shows(map.of(mark.place()), expected_level(mark, map)) {
            expected[field(mark)] += 1;
        }
    }
    let mut used = vec![false; view.marks.len()];
    for pair in found {
        // one mark is not the proof of two
        let again = used
            .get_mut(pair.other)
            .is_none_or(|used| std::mem::replace(used, true));
        if let Some(mark) = known.get(pair.known).filter(|_| !again) {
            seen[field(mark)] += 1;
        }
    }
    let (mut agreed, mut missed, mut whole) = (0.0, 0.0, 0.0);
    for ((all, expected), seen) in all.iter().zip(expected).zip(seen) {
        if *all == 0 {
            continue;
        }
        whole += 1.0;
        let enough = seen >= 1 && seen as f32 >= 0.12 * expected as f32;
        if enough {
            agreed += 1.0;
        } else if expected >= 4 {
            missed += 1.0;
        }
    }
    let differing: u32 = found.iter().map(|pair| pair.differing).sum();
    Proof {
        together: together(known, view, found),
        smaller: -map.steps(),
        distinct: distinct(known, found),
        unlike: unlike(known, view, found),
        differing: differing as f32 / found.len().max(1) as f32,
        marks: seen.iter().sum(),
        expected: expected.iter().sum(),
        agreed: if agreed > 0.0 {
            agreed / (agreed + missed)
        } else {
            0.0
        },
        share: agreed / f32::max(whole, 1.0),
    }
}

/// Surroundings that differ in no more comparisons are of one kind: bricks, letters, bits of one edge.
const ONE_KIND: u32 = 32;
/// More kinds than this need not be counted.
const KINDS: usize = 120;

/// How many kinds of marks were found.
fn distinct(known: &[Mark], found: &[Pair]) -> usize {
    let mut kinds: Vec<&Mark> = Vec::new();
    for mark in found.iter().filter_map(|pair| known.get(pair.known)) {
        if kinds.len() < KINDS
            && kinds
                .iter()
                .all(|kind| differing(&kind.bits, &mark.bits) > ONE_KIND)
        {
            kinds.push(mark);
        }
    }
    kinds.len()
}

/// How much of what the surroundings of the marks found show differs. Flat surroundings differ in few comparisons from
/// any others that are flat, so only those count where there is something on either side.
fn unlike(known: &[Mark], view: &View<'_>, found: &[Pair]) -> f32 {
    let (mut apart, mut shown) = (0, 0);
    for pair in found {
        if let Some((a, b)) = known.get(pair.known).zip(view.marks.get(pair.other)) {
            apart += pair.differing;
            shown += a
                .bits
                .iter()
                .zip(b.bits)
                .map(|(a, b)| (a | b).count_ones())
                .sum::<u32>();
        }
    }
    apart as f32 / f32::max(shown as f32, 1.0)
}

/// The correlation between the brightness of the marks here and there. A brighter or flatter copy keeps it; another
/// picture of the same shapes does not.
fn together(known: &[Mark], view: &View<'_>, found: &[Pair]) -> f32 {
    let shades: Vec<(f32, f32)> = found
        .iter()
        .filter_map(|pair| {
            Some((
                known.get(pair.known)?.shade,
                view.marks.get(pair.other)?.shade,
            ))
        })
        .map(|(a, b)| (f32::from(a), f32::from(b)))
        .collect();
    let count = shades.len().max(1) as f32;
    let a = shades.iter().map(|shade| shade.0).sum::<f32>() / count;
    let b = shades.iter().map(|shade| shade.1).sum::<f32>() / count;
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (x, y) in shades {
        aa += (x - a) * (x - a);
        bb += (y - b) * (y - b);
        ab += (x - a) * (y - b);
    }
    // nothing can be said of shades that are all the same
    ab / (aa * bb).sqrt().max(count)
}
