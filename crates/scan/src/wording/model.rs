//! The weights: features to how much each speaks for each column, and what they add up to. There is one file for what any
//! text reads like, and one for what a school's own draft is about.

use std::ops::Range;

use schoolgate_model::ConfigFault;

use super::{
    LABELS, Label, MATTERS, Reading, SIDE_URGENT, SIDES, TOGETHER,
    features::{LETTERS, each_letters, hash_of, letters_feature, word_feature},
    kinds::Token,
    matters,
};
use crate::hashing::{ByHash, Row, Sieve, Table};

/// The weights that are built in: of any text, and of drafts.
const OF_TEXTS: (&str, &str) = (
    "wordlists/wording/weights.tsv",
    include_str!("../../../../wordlists/wording/weights.tsv"),
);
const OF_DRAFTS: (&str, &str) = (
    "wordlists/wording/topics.tsv",
    include_str!("../../../../wordlists/wording/topics.tsv"),
);

/// Weights are written in hundredths.
const SCALE: f32 = 100.0;

const COUNT: usize = LABELS.len();

/// The columns of the file at most: the labels, then the sides.
const WIDTH: usize = COUNT + SIDES.len();

/// What is added to the number of features, so that a few words are never enough to be sure.
pub const DAMPING: f32 = 15.0;

/// The weights of one feature. The table is far larger than what is near, so a row lies in one line of memory.
#[derive(Clone)]
#[repr(align(64))]
struct Weights<const COLUMNS: usize> {
    key: u64,
    weights: [i16; COLUMNS],
}

impl<const COLUMNS: usize> Default for Weights<COLUMNS> {
    fn default() -> Self {
        Self {
            key: 0,
            weights: [0; COLUMNS],
        }
    }
}

impl<const COLUMNS: usize> Row for Weights<COLUMNS> {
    fn key(&self) -> u64 {
        self.key
    }

    fn under(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

/// A word that was learnt: its weights, and what its letters add up to, so that they need not be looked up again.
#[derive(Clone)]
#[repr(align(64))]
struct Word<const COLUMNS: usize> {
    key: u64,
    weights: [i16; COLUMNS],
    runs: u16,
    letters: [i16; COLUMNS],
}

impl<const COLUMNS: usize> Default for Word<COLUMNS> {
    fn default() -> Self {
        Self {
            key: 0,
            weights: [0; COLUMNS],
            runs: 0,
            letters: [0; COLUMNS],
        }
    }
}

impl<const COLUMNS: usize> Row for Word<COLUMNS> {
    fn key(&self) -> u64 {
        self.key
    }

    fn under(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

impl<const COLUMNS: usize> Word<COLUMNS> {
    /// The word with its weights and the runs of its letters together.
    fn of(name: &str, rows: &ByHash<Weights<COLUMNS>>) -> Self {
        let key = hash_of(name);
        let mut word = Self {
            key,
            weights: rows.get(&key).map_or([0; COLUMNS], |row| row.weights),
            ..Self::default()
        };
        each_letters(name, |run| {
            if let Some(row) = rows.get(&letters_feature(run)) {
                word.runs += 1;
                for (sum, weight) in word.letters.iter_mut().zip(row.weights) {
                    *sum = sum.saturating_add(weight);
                }
            }
        });
        word
    }
}

/// The weights by feature.
pub(crate) struct Rows<const COLUMNS: usize> {
    rows: Table<Weights<COLUMNS>>,
    /// The words by their feature, again.
    words: Table<Word<COLUMNS>>,
    sieve: Sieve,
    bias: [f32; COLUMNS],
}

/// What any text reads like.
pub(crate) type Model = Rows<WIDTH>;

/// What a draft is about.
pub(crate) type Topics = Rows<MATTERS>;

/// What the features of a window add up to.
#[derive(Clone)]
pub(super) struct Sums<const COLUMNS: usize> {
    weights: [i32; COLUMNS],
    known: u32,
    /// The same of the runs of letters, which are many more: they are weighed by themselves.
    letters: [i32; COLUMNS],
    runs: u32,
}

impl<const COLUMNS: usize> Default for Sums<COLUMNS> {
    fn default() -> Self {
        Self {
            weights: [0; COLUMNS],
            known: 0,
            letters: [0; COLUMNS],
            runs: 0,
        }
    }
}

impl<const COLUMNS: usize> Sums<COLUMNS> {
    fn add(&mut self, weights: &[i16; COLUMNS]) {
        self.known += 1;
        for (sum, weight) in self.weights.iter_mut().zip(weights) {
            *sum += i32::from(*weight);
        }
    }

    fn add_letters(&mut self, runs: u32, weights: &[i16; COLUMNS]) {
        self.runs += runs;
        for (sum, weight) in self.letters.iter_mut().zip(weights) {
            *sum += i32::from(*weight);
        }
    }
}

impl<const COLUMNS: usize> Rows<COLUMNS> {
    fn read(
        file: &str,
        text: &str,
        column: fn(&str) -> Option<usize>,
    ) -> Result<Self, ConfigFault> {
        let mut lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.starts_with('#'));
        let fault =
            |at: usize, what: &str| ConfigFault::whole(file, format!("line {}: {what}", at + 1));
        let (at, labels) = lines
            .next()
            .ok_or_else(|| fault(0, "there are no labels"))?;
        let labels = columns(labels)
            .map(column)
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| fault(at, "an unknown label"))?;
        let mut model = Self {
            rows: Table::of(ByHash::default()),
            words: Table::of(ByHash::default()),
            sieve: Sieve::with_room_for(text.lines().count()),
            bias: [f32::NEG_INFINITY; COLUMNS],
        };
        // by its place: `bias` is a word, too
        let (at, bias) = lines.next().ok_or_else(|| fault(0, "there is no bias"))?;
        let (_, bias) = row::<COLUMNS>(bias, &labels).map_err(|what| fault(at, what))?;
        for label in &labels {
            model.bias[*label] = f32::from(bias[*label]) / SCALE;
        }
        let mut rows = ByHash::default();
        let mut words = Vec::new();
        for (at, line) in lines {
            let (name, weights) = row(line, &labels).map_err(|what| fault(at, what))?;
            let key = hash_of(name);
            model.sieve.add(key);
            rows.insert(key, Weights { key, weights });
            if is_word(name) {
                words.push(name);
            }
        }
        let words = words.into_iter().map(|word| Word::of(word, &rows));
        model.words = Table::of(words.map(|word| (word.key, word)).collect());
        model.rows = Table::of(rows);
        Ok(model)
    }

    /// Whether the word was learnt.
    pub(super) fn knows(&self, token: &Token<'_>) -> bool {
        self.words.get(word_feature(token)).is_some()
    }

    /// Whether the feature may have been learnt; `false` is certain.
    pub(super) fn may_have(&self, feature: u64) -> bool {
        self.sieve.may_have(feature)
    }

    /// Adds what one feature speaks for, if it was learnt.
    pub(super) fn add(&self, feature: u64, sums: &mut Sums<COLUMNS>) {
        if let Some(row) = self.rows.get(feature) {
            sums.add(&row.weights);
        }
    }

    /// Adds what at most [`TOGETHER`] features speak for, those that were learnt. All are looked up before one is added.
    pub(super) fn add_all(&self, features: &[u64], sums: &mut Sums<COLUMNS>) {
        let mut rows = [None; TOGETHER];
        for (row, feature) in rows.iter_mut().zip(features) {
            *row = self.rows.get(*feature);
        }
        rows.into_iter()
            .flatten()
            .for_each(|row| sums.add(&row.weights));
    }

    /// Adds what a word and its letters speak for.
    pub(super) fn add_word(&self, token: &Token<'_>, sums: &mut Sums<COLUMNS>) {
        if let Some(word) = self.words.get(word_feature(token)) {
            sums.add(&word.weights);
            sums.add_letters(u32::from(word.runs), &word.letters);
            return;
        }
        each_letters(token.word.0, |run| {
            let run = letters_feature(run);
            let known = self.sieve.may_have(run);
            if let Some(row) = known.then(|| self.rows.get(run)).flatten() {
                sums.add_letters(1, &row.weights);
            }
        });
    }

    /// What the features speak for, column by column.
    #[expect(
        clippy::cast_precision_loss,
        reason = "sums of a few hundred small numbers"
    )]
    fn scores(&self, sums: &Sums<COLUMNS>) -> [f32; COLUMNS] {
        let length = (sums.known as f32 + DAMPING).sqrt();
        let mut scores = self.bias;
        for (score, sum) in scores.iter_mut().zip(sums.weights) {
            *score += sum as f32 / SCALE / length;
        }
        let length = (sums.runs as f32 + DAMPING).sqrt();
        for (score, sum) in scores.iter_mut().zip(sums.letters) {
            *score += sum as f32 / SCALE / length;
        }
        scores
    }
}

impl Topics {
    /// Reads the weights that are built in.
    ///
    /// # Errors
    /// A line that cannot be read, with its number.
    pub(crate) fn built_in() -> Result<Self, ConfigFault> {
        let (file, text) = OF_DRAFTS;
        Self::read(file, text, |name| {
            matters().position(|matter| matter.name == name)
        })
    }

    /// The text of the file, for the version of the lexicon.
    pub(crate) const fn text() -> &'static str {
        OF_DRAFTS.1
    }

    /// How likely the draft is about each of the matters, 0 to 1.
    pub(super) fn likely(&self, sums: &Sums<MATTERS>) -> [f32; MATTERS] {
        self.scores(sums).map(likely)
    }
}

impl Model {
    /// Reads the weights that are built in.
    ///
    /// # Errors
    /// A line that cannot be read, with its number.
    pub(crate) fn built_in() -> Result<Self, ConfigFault> {
        let (file, text) = OF_TEXTS;
        Self::read(file, text, column)
    }

    /// The text of the file, for the version of the lexicon.
    pub(crate) const fn text() -> &'static str {
        OF_TEXTS.1
    }

    /// The probabilities behind the sums of the words and of the words with the marks of punctuation.
    pub(super) fn reading(
        &self,
        words_alone: &Sums<WIDTH>,
        sums: &Sums<WIDTH>,
        range: Range<usize>,
        words: usize,
    ) -> Reading {
        let scores = calmed(&self.scores(words_alone), self.scores(sums));
        let shares = shares(&scores);
        let likeliest = |wanted: fn(&Label) -> bool| {
            LABELS
                .iter()
                .zip(shares)
                .filter(|(label, _)| wanted(label))
                .fold((&LABELS[0], 0.0_f32), |best, (label, share)| {
                    if share > best.1 { (label, share) } else { best }
                })
                .0
        };
        let urgent = LABELS.iter().zip(shares).filter(|(label, _)| label.urgent);
        let urgent = urgent.map(|(_, share)| share).sum::<f32>().clamp(0.0, 1.0);
        let sides = sides(&scores);
        let urgent = blended(urgent, sides[SIDE_URGENT]);
        Reading {
            range,
            words,
            label: likeliest(|label| label.category.is_some()),
            urgent_label: likeliest(|label| label.urgent),
            urgent,
            harm: (1.0 - shares[0]).clamp(0.0, 1.0),
            sides,
        }
    }
}

/// Marks of punctuation take at most so much from a label, in log odds against harmless words, and from what is urgent:
/// anybody can add some.
const CALMED_MOST: f32 = 2.0;

/// What the features speak for with the marks of punctuation, where that is not much less than without.
fn calmed(alone: &[f32; WIDTH], mut scores: [f32; WIDTH]) -> [f32; WIDTH] {
    let harmless = scores[0];
    for (score, alone_score) in scores.iter_mut().zip(alone).take(COUNT) {
        *score = (*score - harmless).max(alone_score - alone[0] - CALMED_MOST);
    }
    scores[0] = 0.0;
    let urgent = COUNT + SIDE_URGENT;
    scores[urgent] = scores[urgent].max(alone[urgent] - CALMED_MOST);
    scores
}

/// How likely something is of which two say how likely it is: the mean of the log odds.
fn blended(one: f32, other: f32) -> f32 {
    const SUREST: f32 = 1.0e-4;
    let odds = |share: f32| {
        let share = share.clamp(SUREST, 1.0 - SUREST);
        (share / (1.0 - share)).ln()
    };
    likely((odds(one) + odds(other)) / 2.0)
}

/// The share of each label, together 1.
fn shares(scores: &[f32; WIDTH]) -> [f32; COUNT] {
    let mut shares = [0.0; COUNT];
    shares.copy_from_slice(&scores[..COUNT]);
    let most = shares.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for share in &mut shares {
        *share = (*share - most).exp();
    }
    let all: f32 = shares.iter().sum();
    shares.map(|share| share / all)
}

/// How likely each side is; they do not exclude one another.
fn sides(scores: &[f32; WIDTH]) -> [f32; SIDES.len()] {
    let mut sides = [0.0; SIDES.len()];
    sides.copy_from_slice(&scores[COUNT..]);
    sides.map(likely)
}

/// How likely something is of which the weights add up to this.
fn likely(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// Whether the name of a feature is that of one word: no run of letters, no kind, and no more words than one.
fn is_word(name: &str) -> bool {
    name.len() == 1 || !name.contains(' ') && !name.starts_with([LETTERS, '<'])
}

/// The feature's name and its weights, each in the column of its label.
fn row<'l, const COLUMNS: usize>(
    line: &'l str,
    labels: &[usize],
) -> Result<(&'l str, [i16; COLUMNS]), &'static str> {
    let (name, numbers) = line.split_once('\t').ok_or("no weights")?;
    let mut row = [0_i16; COLUMNS];
    let mut filled = 0;
    for (label, number) in labels.iter().zip(numbers.split(' ')) {
        row[*label] = number.parse().map_err(|_| "not a weight")?;
        filled += 1;
    }
    if filled == labels.len() {
        Ok((name, row))
    } else {
        Err("too few weights")
    }
}

/// Where a label or a side stands in a row.
fn column(name: &str) -> Option<usize> {
    let side = || SIDES.iter().position(|side| *side == name);
    let label = LABELS.iter().position(|label| label.name == name);
    label.or_else(|| Some(COUNT + side()?))
}

fn columns(line: &str) -> impl Iterator<Item = &str> {
    line.split('\t').next_back().unwrap_or_default().split(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::kinds::Kinds;

    #[test]
    fn two_that_say_how_likely_something_is_have_the_same_say() {
        let about = |one, other, is: f32| (blended(one, other) - is).abs() < 0.001;
        assert!(about(0.5, 0.5, 0.5));
        assert!(about(0.9, 0.1, 0.5));
        assert!(about(0.0, 1.0, 0.5));
        assert!(about(0.9, 0.9, 0.9));
        assert!(blended(0.9, 0.5) > 0.7);
    }

    #[test]
    fn a_broken_file_is_refused_with_its_line() {
        for (text, line) in [
            ("", "line 1"),
            ("labels\tnonsense", "line 1"),
            ("labels\tharmless threat\nbias\t1", "line 2"),
            ("labels\tharmless threat\nbias\t0 0\nfoo\t1 x", "line 3"),
            ("labels\tharmless threat\nfoo", "line 2"),
            ("labels\tharmless threat", "line 1"),
        ] {
            let fault = Model::read("w.tsv", text, column)
                .err()
                .unwrap()
                .to_string();
            assert!(fault.contains(line), "{fault}");
        }
    }

    #[test]
    fn weights_add_up_to_shares() {
        let model = Model::read(
            "w",
            "labels\tharmless threat urgent\nbias\t0 0 0\nbad\t-200 200 400\n",
            column,
        )
        .unwrap();
        let mut sums = Sums::default();
        assert!((model.reading(&sums, &sums, 0..1, 1).harm - 0.5).abs() < 1e-6);
        model.add(hash_of("bad"), &mut sums);
        model.add(hash_of("unknown"), &mut sums);
        let reading = model.reading(&sums, &sums, 0..1, 1);
        assert!(reading.urgent > 0.7 && reading.harm > 0.7, "{reading:?}");
        assert_eq!(reading.label.name, "threat");
    }

    #[test]
    fn a_misspelt_word_looks_like_the_one_that_was_learnt() {
        let text = "labels\tharmless threat urgent\nbias\t0 0 0\nbruises\t0 0 0\n\
                    ~brui\t-300 300 600\n~ruise\t-200 200 400\n";
        let model = Model::read("w", text, column).unwrap();
        let kinds = Kinds::built_in().unwrap();
        let urgent = |word: &str| {
            let mut sums = Sums::default();
            model.add_word(&kinds.token(word), &mut sums);
            model.reading(&sums, &sums, 0..1, 1).urgent
        };
        // added up once for the word that was learnt, run by run for the other one
        assert!((urgent("bruises") - urgent("bruised")).abs() < 1e-6);
        assert!(urgent("bruisez") > 0.8 && urgent("bruiz") > 0.7);
        assert!((urgent("cruisers") - urgent("ruisers")).abs() < 1e-6);
        assert!((urgent("lovely") - 0.5).abs() < 1e-6);
    }

    #[test]
    fn punctuation_calms_a_text_by_so_much_and_no_more() {
        let text = "labels\tharmless threat urgent\nbias\t0 0 0\nbad\t-600 600 1200\n\
                    !1\t9000 -9000 -18000\n,1\t-900 900 1800\n";
        let model = Model::read("w", text, column).unwrap();
        let mut words = Sums::default();
        model.add(hash_of("bad"), &mut words);
        let with = |mark: &str| {
            let mut sums = words.clone();
            model.add(hash_of(mark), &mut sums);
            model.reading(&words, &sums, 0..1, 1).urgent
        };
        let odds = |share: f32| (share / (1.0 - share)).ln();
        let alone = odds(model.reading(&words, &words, 0..1, 1).urgent);
        assert!((odds(with("!1")) - (alone - CALMED_MOST)).abs() < 0.01);
        assert!(with(",1") > model.reading(&words, &words, 0..1, 1).urgent);
    }

    #[test]
    fn sides_stand_by_themselves_beside_the_labels() {
        let text = "labels\tharmless threat query asks\nbias\t0 0 -100 0\nbias\t0 0 900 -900\n";
        let model = Model::read("w", text, column).unwrap();
        let mut sums = Sums::default();
        let [praise, query, _, _, asks, ..] = model.reading(&sums, &sums, 0..1, 1).sides;
        assert!(praise < 1e-6 && query < 0.5 && (asks - 0.5).abs() < 1e-6);
        model.add(hash_of("bias"), &mut sums);
        let reading = model.reading(&sums, &sums, 0..1, 1);
        assert!(
            reading.sides[1] > 0.7 && reading.sides[4] < 0.3,
            "{reading:?}"
        );
        assert!((reading.harm - 0.5).abs() < 1e-6);
    }
}
