//! `cargo xtask train`: learns the weights of the wording model from the labelled texts of fixtures/ and writes
//! wordlists/wording/weights.tsv. Multinomial logistic regression with a quadratic penalty, full passes in a fixed order, so
//! the same texts give the same file.

mod examples;
mod sides;
mod spelling;
mod topics;
mod trust;

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use schoolgate_scan::wording::{
    DAMPING, LABELS, LETTERS, SIDE_PUBLIC, SIDE_URGENT, SIDES, feature_names,
};

/// A feature that fewer texts have is not learnt.
const RAREST: usize = 3;
/// The same of a run of letters: there are many, and each tells less.
const RAREST_LETTERS: usize = 5;
/// How much the runs of letters count beside the words.
const LETTERS_SHARE: f64 = 0.7;
/// The weight of the penalty, for one text.
const PENALTY: f64 = 0.05;
/// What every feature tells at least.
const LEAST_TELLING: f64 = 0.1;
/// Passes over all texts.
const PASSES: usize = 260;
/// How large a step is at first.
const STEP: f64 = 0.25;
/// A row whose weights are all smaller is left out.
const SMALLEST: f64 = 0.15;
/// The same of a run of letters.
const SMALLEST_LETTERS: f64 = 0.05;

/// Sets whose approved items are learnt as harmless, and whose other items are learnt where their note is a label.
const ITEMS: &[&str] = &[
    "text/abuse.jsonl",
    "text/urgent.jsonl",
    "text/must_pass.jsonl",
];

/// Where the texts lie that are told to the public of nobody here.
const PUBLIC_TEXTS: &str = "train/elsewhere";

/// A text with its labels.
#[derive(Clone)]
struct Example {
    label: usize,
    text: String,
    /// Whether each of the sides holds, where somebody said so.
    sides: [Option<bool>; SIDES.len()],
}

impl Example {
    fn new(label: usize, text: impl Into<String>) -> Self {
        Self {
            label,
            text: text.into(),
            sides: [None; SIDES.len()],
        }
    }
}

/// A labelled text as its features: number and count.
struct Text {
    label: usize,
    /// The same for the parts of one text.
    group: usize,
    features: Vec<(usize, f64)>,
}

/// Learns and writes; gives the lines of a report.
///
/// # Errors
/// When a text cannot be read or has an unknown label, or the file cannot be written.
pub fn run(root: &Path, check: bool) -> Result<Vec<String>> {
    let labelled = texts(root)?;
    let mut counts = vec![0_usize; LABELS.len()];
    labelled
        .iter()
        .for_each(|example| counts[example.label] += 1);
    let (names, mut texts) = numbered(&labelled);
    let sides = sides::learn(&labelled, &texts, names.len(), check);
    let telling = telling(&texts, names.len());
    for (feature, value) in texts.iter_mut().flat_map(|text| &mut text.features) {
        *value *= telling[*feature];
    }
    let used: Vec<usize> = (0..LABELS.len())
        .filter(|label| counts[*label] > 0)
        .collect();
    let all: Vec<&Text> = texts.iter().collect();
    let (said, learnt) = std::thread::scope(|scope| {
        let whole = scope.spawn(|| learn(&all, names.len(), &used));
        (unseen(&texts, names.len(), &used), whole.join())
    });
    let (mut weights, bias, loss) =
        learnt.map_err(|_| anyhow!("learning from all texts broke off"))?;
    for (row, telling) in weights.iter_mut().zip(&telling) {
        row.iter_mut().for_each(|weight| *weight *= telling);
    }
    let trusted = trust::learn(&labelled, &said)?;
    let folder = root.join("wordlists/wording");
    let trust_file = folder.join("trust.tsv");
    fs::write(&trust_file, &trusted).with_context(|| trust_file.display().to_string())?;
    let file = folder.join("weights.tsv");
    let (weights, bias) = sides::beside(weights, bias, &sides);
    let written = render(&names, &weights, &bias, &used);
    let rows = written.lines().count();
    fs::write(&file, written).with_context(|| file.display().to_string())?;
    let mut report = vec![format!(
        "{} texts, {} features, {rows} lines written to {}, loss {loss:.4}",
        texts.len(),
        names.len(),
        file.display()
    )];
    report.extend(
        used.iter()
            .map(|label| format!("  {:<18} {}", LABELS[*label].name, counts[*label])),
    );
    report.push(format!(
        "  {} lines written to {}",
        trusted.lines().count(),
        trust_file.display()
    ));
    if check {
        report.extend(by_threshold(&said));
        report.extend(sides.iter().map(sides::Side::report));
    }
    report.extend(topics(root, check)?);
    Ok(report)
}

/// Learns what drafts are about, and which words there are, and nothing else.
///
/// # Errors
/// As [`run`].
pub fn topics(root: &Path, check: bool) -> Result<Vec<String>> {
    let mut report = topics::learn(root, check)?;
    report.push(spelling::learn(root)?);
    Ok(report)
}

/// What a model says of a text that it has not learnt from.
struct Said {
    label: usize,
    group: usize,
    /// How likely something urgent is, 0 to 1.
    urgent: f64,
    /// How likely anything but ordinary words is, 0 to 1.
    harm: f64,
}

/// What is said of each text unseen: learnt four times, each time without a quarter of the texts.
fn unseen(texts: &[Text], features: usize, used: &[usize]) -> Vec<Said> {
    const PARTS: usize = 4;
    let one = |part: usize| {
        let (aside, rest): (Vec<&Text>, Vec<&Text>) =
            texts.iter().partition(|text| text.group % PARTS == part);
        let (mut weights, bias, _) = learn(&rest, features, used);
        weights.push(bias);
        let said = aside.into_iter().map(|text| {
            let shares = shares(&weights, text, used.len());
            let sum = |wanted: &dyn Fn(usize) -> bool| -> f64 {
                let shares = used.iter().zip(&shares);
                let shares = shares.filter(|(label, _)| wanted(**label));
                shares.map(|(_, share)| share).sum()
            };
            Said {
                label: text.label,
                group: text.group,
                urgent: sum(&|label| LABELS[label].urgent),
                harm: sum(&|label| label > 0),
            }
        });
        said.collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..PARTS)
            .map(|part| scope.spawn(move || one(part)))
            .collect();
        parts
            .into_iter()
            .enumerate()
            .flat_map(|(part, running)| running.join().unwrap_or_else(|_| one(part)))
            .collect()
    })
}

/// How good the model is on texts that it has not seen.
fn by_threshold(said: &[Said]) -> Vec<String> {
    let share = |wanted: &dyn Fn(&Said) -> bool, said_so: &dyn Fn(&Said) -> bool| {
        let of: Vec<_> = said.iter().filter(|said| wanted(said)).collect();
        let good = of.iter().filter(|said| said_so(said)).count();
        count(good) / count(of.len().max(1))
    };
    [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
        .into_iter()
        .map(|least| {
            let urgent = |said: &Said| LABELS[said.label].urgent;
            let harmless = |said: &Said| said.label == 0;
            format!(
                "  unseen, from {least:.1}: urgent texts read as urgent {:.3}, harmful ones as harmful {:.3}; harmless ones \
                 as urgent {:.4}, as harmful {:.4}",
                share(&urgent, &|said| said.urgent >= least),
                share(&|said| said.label > 0, &|said| said.harm >= least),
                share(&harmless, &|said| said.urgent >= least),
                share(&harmless, &|said| said.harm >= least),
            )
        })
        .collect()
}

/// Every labelled text: `label<TAB>text` lines of fixtures/train, and the approved items of the tuned sets.
fn texts(root: &Path) -> Result<Vec<Example>> {
    let fixtures = root.join("fixtures");
    let mut texts = Vec::new();
    for file in tables(&fixtures, &["train", PUBLIC_TEXTS])? {
        let public = file.starts_with(fixtures.join(PUBLIC_TEXTS));
        for (at, line) in fs::read_to_string(&file)?.lines().enumerate() {
            let place = || format!("{}:{}", file.display(), at + 1);
            let (name, rest) = line.split_once('\t').with_context(place)?;
            let Some(label) = LABELS.iter().position(|label| label.name == name) else {
                bail!("{}: there is no label `{name}`", place());
            };
            let (text, said) = rest.split_once('\t').unwrap_or((rest, ""));
            let mut example = Example::new(label, text.replace("\\n", "\n"));
            example.sides = sides::said(said).with_context(place)?;
            example.sides[SIDE_PUBLIC] = Some(public && label == 0);
            texts.push(example);
        }
    }
    for file in ITEMS {
        for line in fs::read_to_string(fixtures.join(file))
            .with_context(|| (*file).to_owned())?
            .lines()
        {
            let item: serde_json::Value = serde_json::from_str(line)?;
            let note = item["note"].as_str().unwrap_or_default().replace(' ', "_");
            let label = if item["expect"] == "approve" {
                Some(0)
            } else {
                LABELS.iter().position(|label| label.name == note)
            };
            let text = item["text"].as_str().unwrap_or_default().to_owned();
            texts.extend(label.map(|label| Example::new(label, text)));
        }
    }
    texts.extend(details(&fixtures.join("personal/cases.jsonl"))?);
    texts.extend(examples::texts(root)?);
    for example in &mut texts {
        example.sides[SIDE_URGENT] = Some(LABELS[example.label].urgent);
    }
    ensure!(!texts.is_empty(), "there is nothing to learn from");
    Ok(texts)
}

/// The tables in these folders, in the order of their paths.
fn tables(root: &Path, folders: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in folders.iter().map(|folder| root.join(folder)) {
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            files.push(entry?.path());
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "tsv"));
    files.sort();
    Ok(files)
}

/// Texts with numbers, addresses and the like, or with what only looks like them: whether they give a private detail away
/// is not for the wording to say, so they are harmless here. What is told of a child is left out.
fn details(file: &Path) -> Result<Vec<Example>> {
    let told = ["health", "sensitive", "routine", "location"];
    let mut texts = Vec::new();
    for line in fs::read_to_string(file)
        .with_context(|| file.display().to_string())?
        .lines()
    {
        let case: serde_json::Value = serde_json::from_str(line)?;
        let found = case["found"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let tells = found
            .iter()
            .any(|found| told.iter().any(|kind| found[0] == *kind));
        texts.extend(
            case["text"]
                .as_str()
                .filter(|_| !tells)
                .map(|text| Example::new(0, text)),
        );
    }
    Ok(texts)
}

/// The features that are common enough, by number, and the texts in them. Counts are divided by the square root of
/// their sum, as reading does.
fn numbered(labelled: &[Example]) -> (Vec<String>, Vec<Text>) {
    let counted: Vec<(usize, usize, BTreeMap<String, f64>)> = labelled
        .iter()
        .enumerate()
        .flat_map(|(group, Example { label, text, .. })| {
            // of a harmless text every part is harmless; of another one nobody knows which part is not
            let parts = if *label == 0 { usize::MAX } else { 1 };
            feature_names(text)
                .into_iter()
                .take(parts)
                .map(move |names| (group, *label, counts(names)))
        })
        .collect();
    let mut having: HashMap<&str, usize> = HashMap::new();
    for name in counted.iter().flat_map(|(_, _, counts)| counts.keys()) {
        *having.entry(name).or_insert(0) += 1;
    }
    let mut names: Vec<String> = having
        .into_iter()
        .filter(|(name, texts)| {
            let rarest = if name.starts_with(LETTERS) {
                RAREST_LETTERS
            } else {
                RAREST
            };
            *texts >= rarest
        })
        .map(|(name, _)| name.to_owned())
        .collect();
    names.sort_unstable();
    let numbers: HashMap<&str, usize> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), at))
        .collect();
    let texts = counted
        .iter()
        .map(|(group, label, counts)| {
            let mut features: Vec<(usize, f64)> = counts
                .iter()
                .filter_map(|(name, count)| Some((*numbers.get(name.as_str())?, *count)))
                .collect();
            // words and runs of letters are divided by themselves, as reading does
            for letters in [false, true] {
                let same = |feature: usize| names[feature].starts_with(LETTERS) == letters;
                let own = features.iter_mut().filter(|(feature, _)| same(*feature));
                let mut own: Vec<&mut f64> = own.map(|(_, count)| count).collect();
                let known: f64 = own.iter().map(|count| **count).sum();
                let share = if letters { LETTERS_SHARE } else { 1.0 };
                let length = (known + f64::from(DAMPING)).sqrt() / share;
                own.iter_mut().for_each(|count| **count /= length);
            }
            Text {
                label: *label,
                group: *group,
                features,
            }
        })
        .collect();
    (names, texts)
}

/// How much each feature tells harmful texts from harmless ones, by how often either have it: what tells little is
/// penalised more (naive Bayes features; S. Wang and C. Manning, "Baselines and Bigrams", 2012).
fn telling(texts: &[Text], features: usize) -> Vec<f64> {
    let mut having = vec![[0.5_f64; 2]; features];
    let mut all = [0.0_f64; 2];
    for text in texts {
        let side = usize::from(text.label > 0);
        all[side] += 1.0;
        for (feature, _) in &text.features {
            having[*feature][side] += 1.0;
        }
    }
    let share = |having: &[f64; 2], side: usize| having[side] / all[side].max(1.0);
    having
        .iter()
        .map(|having| LEAST_TELLING + (share(having, 1) / share(having, 0)).ln().abs())
        .collect()
}

fn counts(names: Vec<String>) -> BTreeMap<String, f64> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0.0) += 1.0;
    }
    counts
}

type Weights = Vec<Vec<f64>>;

/// Full-batch gradient steps, each weight with its own pace (Adam).
fn learn(texts: &[&Text], features: usize, used: &[usize]) -> (Weights, Vec<f64>, f64) {
    let width = used.len();
    let position: HashMap<usize, usize> = used
        .iter()
        .enumerate()
        .map(|(at, label)| (*label, at))
        .collect();
    // row after row, the last one is the bias
    let mut weights = vec![0.0; (features + 1) * width];
    let mut first = weights.clone();
    let mut second = weights.clone();
    let mut gradient = weights.clone();
    let mut loss = 0.0;
    let scale = 1.0 / count(texts.len());
    for pass in 1..=PASSES {
        gradient.fill(0.0);
        loss = 0.0;
        for text in texts {
            let mut errors = shares_of(&weights, text, width);
            let own = position[&text.label];
            loss -= errors[own].max(1e-12).ln() * scale;
            errors[own] -= 1.0;
            errors.iter_mut().for_each(|error| *error *= scale);
            let bias = (features, 1.0);
            for (feature, value) in text.features.iter().chain([&bias]) {
                let row = &mut gradient[feature * width..][..width];
                for (slope, error) in row.iter_mut().zip(&errors) {
                    *slope += error * value;
                }
            }
        }
        let fade = |decay: f64| 1.0 - decay.powi(i32::try_from(pass).unwrap_or(i32::MAX));
        let (fades, step) = ([fade(0.9), fade(0.999)], STEP / (1.0 + count(pass) / 60.0));
        let penalised = features * width;
        for (at, slope) in gradient.iter().enumerate() {
            let penalty = if at < penalised { PENALTY * scale } else { 0.0 };
            let slope = slope + penalty * weights[at];
            first[at] = 0.9 * first[at] + 0.1 * slope;
            second[at] = 0.999 * second[at] + 0.001 * slope * slope;
            let pace = (second[at] / fades[1]).sqrt() + 1e-9;
            weights[at] -= step * first[at] / fades[0] / pace;
        }
    }
    let mut weights: Weights = weights.chunks(width).map(<[f64]>::to_vec).collect();
    let bias = weights.pop().unwrap_or_default();
    (weights, bias, loss)
}

/// The share of each label, by weights row after row.
fn shares_of(weights: &[f64], text: &Text, width: usize) -> Vec<f64> {
    let row = |at: usize| &weights[at * width..][..width];
    let bias = row(weights.len() / width - 1);
    shared(bias, text, row)
}

fn shares(weights: &Weights, text: &Text, width: usize) -> Vec<f64> {
    let bias = &weights[weights.len() - 1];
    shared(&bias[..width], text, |at| &weights[at])
}

fn shared<'w>(bias: &[f64], text: &Text, row: impl Fn(usize) -> &'w [f64]) -> Vec<f64> {
    let mut sums: Vec<f64> = bias.to_vec();
    for (feature, value) in &text.features {
        for (sum, weight) in sums.iter_mut().zip(row(*feature)) {
            *sum += weight * value;
        }
    }
    let most = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut shares: Vec<f64> = sums.iter().map(|sum| (sum - most).exp()).collect();
    let all: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= all);
    shares
}

fn render(names: &[String], weights: &Weights, bias: &[f64], used: &[usize]) -> String {
    let labels = used.iter().map(|label| LABELS[*label].name);
    let labels: Vec<&str> = labels.chain(SIDES).collect();
    render_rows("fixtures/train", &labels, names, weights, bias)
}

fn render_rows(
    from: &str,
    labels: &[&str],
    names: &[String],
    weights: &Weights,
    bias: &[f64],
) -> String {
    let mut out = format!(
        "# Weights of the wording model in hundredths, a feature a line. Made by `cargo xtask train` from {from}; do not \
         edit.\n"
    );
    let _ = writeln!(out, "labels\t{}", labels.join(" "));
    let _ = writeln!(out, "bias\t{}", row(bias));
    for (name, weights) in names.iter().zip(weights) {
        let letters = name.starts_with(LETTERS);
        let share = if letters { LETTERS_SHARE } else { 1.0 };
        let weights: Vec<f64> = weights.iter().map(|weight| weight * share).collect();
        let smallest = if letters { SMALLEST_LETTERS } else { SMALLEST };
        if weights.iter().any(|weight| weight.abs() >= smallest) {
            let _ = writeln!(out, "{name}\t{}", row(&weights));
        }
    }
    out
}

fn row(weights: &[f64]) -> String {
    let hundredths: Vec<String> = weights
        .iter()
        .map(|weight| format!("{:.0}", weight * 100.0))
        .collect();
    hundredths.join(" ").replace("-0 ", "0 ")
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand texts")]
fn count(of: usize) -> f64 {
    of as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_learnt_tells_the_labels_apart() {
        let labelled = [
            (0, "lovely day at the fair"),
            (0, "lovely cake at the fair"),
            (0, "what a day"),
            (0, "another day at the fair"),
            (1, "i want it to end"),
            (1, "i want to end it all"),
            (1, "end it"),
            (1, "i want to end this"),
        ]
        .map(|(label, text)| Example::new(label, text));
        let (names, texts) = numbered(&labelled);
        assert!(
            names.iter().any(|name| name == "the fair") && !names.iter().any(|name| name == "cake")
        );
        let (weights, bias, loss) = learn(&texts.iter().collect::<Vec<_>>(), names.len(), &[0, 1]);
        assert!(loss < 0.5, "{loss}");
        let mut all = weights.clone();
        all.push(bias.clone());
        for text in &texts {
            assert!(shares(&all, text, 2)[text.label] > 0.5);
        }
        let file = render(&names, &weights, &bias, &[0, 1]);
        let labels = format!("labels\tharmless self_harm {}\nbias\t", SIDES.join(" "));
        assert!(file.contains(&labels), "{file}");
    }
}
