//! Measures the register of names at scale: memory of the index, and time per item, for registers of N pupils.
//! `cargo run --release -p schoolgate-scan --example register_scale -- 1000 1500 1000000`

#![expect(clippy::print_stdout, reason = "the figures are its output")]

use std::{error::Error, time::Instant};

use schoolgate_model::{Budget, Consents, Pupil, Redacted, Surface};
use schoolgate_scan::{NameContext, Roster, SurfaceText, scan_names};

/// A small generator of numbers: the same register every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % sides.max(1)
    }

    /// Few numbers come often, many rarely, as names do.
    fn skewed(&mut self, sides: usize) -> usize {
        let mut best = sides;
        for _ in 0..3 {
            best = best.min(self.roll(sides));
        }
        best
    }
}

const GIVEN: &[&str] = &[
    "Oliver", "Amelia", "Noah", "Isla", "Muhammad", "Ava", "Jack", "Mia", "Aisha", "Zofia", "Wei",
    "Chidi", "Grace", "Will", "May", "Summer", "Ffion", "Callum", "Priya", "Hope", "Theo",
    "Lily-Mae", "Yusuf", "Sian",
];
const FAMILY: &[&str] = &[
    "Smith", "Patel", "Jones", "Khan", "Williams", "Ahmed", "Kowalski", "Okafor", "Chen", "Hart",
    "Rose", "Lane", "O'Connor", "McDonald", "Begum", "Singh", "Davies", "Nguyen", "Al-Masri",
    "Evans", "Bennett", "Nowak",
];
const ONSETS: &[&str] = &[
    "b", "br", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z",
    "th", "sh",
];
const RIMES: &[&str] = &[
    "a", "al", "an", "e", "el", "en", "er", "i", "in", "ir", "o", "ol", "on", "or", "u", "ul",
    "un", "ay",
];

fn invented(number: usize, endings: &[&str]) -> String {
    let mut rest = number;
    let mut name = String::new();
    for _ in 0..2 {
        name.push_str(ONSETS[rest % ONSETS.len()]);
        rest /= ONSETS.len();
        name.push_str(RIMES[rest % RIMES.len()]);
        rest /= RIMES.len();
    }
    name.push_str(endings[rest % endings.len()]);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn given(dice: &mut Dice) -> String {
    let rank = dice.skewed(12_000);
    GIVEN.get(rank / 40).map_or_else(
        || invented(rank * 7919, &["a", "ie", "ah", "n", "us"]),
        |name| (*name).to_owned(),
    )
}

fn family(dice: &mut Dice) -> String {
    let rank = dice.skewed(90_000);
    FAMILY.get(rank / 100).map_or_else(
        || {
            invented(
                rank * 104_729,
                &["ton", "man", "ski", "son", "well", "ley", "ova", "field"],
            )
        },
        |name| (*name).to_owned(),
    )
}

fn pupil(number: usize, dice: &mut Dice) -> Pupil {
    let name = |name: String| Some(Redacted::new(name));
    let own = family(dice);
    let year = 1 + dice.roll(11);
    Pupil {
        id: format!("P{number:07}").as_str().into(),
        upn: None,
        legal_given: name(given(dice)),
        legal_middle: (dice.roll(2) == 0).then(|| given(dice)).and_then(name),
        legal_family: name(if dice.roll(25) == 0 {
            format!("{own}-{}", family(dice))
        } else {
            own
        }),
        preferred_given: (dice.roll(12) == 0).then(|| given(dice)).and_then(name),
        preferred_family: None,
        former_family: (dice.roll(40) == 0).then(|| family(dice)).and_then(name),
        year: Some(year.to_string()),
        class: Some(format!(
            "{year}{}",
            ["A", "B", "C", "D", "Oak", "Elm"][dice.roll(6)]
        )),
        do_not_publish: Some(dice.roll(30) == 0),
        consents: Consents::default(),
    }
}

/// Resident memory in megabytes, where the system tells.
fn resident() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|line| line.split(' ').nth(1)?.parse::<f64>().ok());
    pages.unwrap_or(0.0) * 4096.0 / 1_000_000.0
}

const TEXTS: &[(&str, &str)] = &[
    (
        "comment, 79 bytes",
        "lovely photos of the trip, thank you so much to all the staff for a great day x",
    ),
    (
        "comment, a name",
        "well done amelia and her friends, they were brilliant in the show last night xx",
    ),
    (
        "draft, no name",
        "Our reading corner is open every lunchtime this week. Children may bring a favourite book from home, and \
         the library team will help them to choose a new one. Please return all books by Friday so that we can count \
         them before half term.",
    ),
    (
        "draft, a few names",
        "Well done to Zebedee Quillfeather, Amelia Hart and Noah in 4A, who planted bulbs by the gate. Thank you to \
         everyone who came to help, and to the kitchen for the soup. More photos will follow at the end of the week.",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    for argument in std::env::args().skip(1) {
        let count: usize = argument.parse()?;
        let mut dice = Dice(0x5EED_1234_ABCD);
        let pupils: Vec<Pupil> = (0..count).map(|n| pupil(n, &mut dice)).collect();
        let before = resident();
        let started = Instant::now();
        let roster = Roster::build(&pupils, &[], &[])?;
        let built = started.elapsed().as_secs_f64();
        println!(
            "{count} pupils: built in {built:.2} s, resident {:.0} MB more than before",
            resident() - before
        );
        for (label, text) in TEXTS {
            println!("  {label}: {:.2} us", microseconds(&roster, text)?);
        }
        for (label, unit) in [
            ("almost-names", "Amelai Hrat "),
            ("one letter", "a"),
            ("names", "Oliver Smith "),
            ("tag", "#oliversmith"),
        ] {
            let time = |length: usize| {
                let text: String = unit.chars().cycle().take(length).collect();
                let surface = [SurfaceText::new(Surface::Text, None, &text)];
                let meter = Budget {
                    steps_per_check: u64::MAX,
                }
                .meter();
                let started = Instant::now();
                let found = scan_names(
                    &surface,
                    &roster,
                    &NameContext {
                        draft: false,
                        pictured: false,
                    },
                    &meter,
                );
                found
                    .map(|_| started.elapsed().as_secs_f64() * 1e3)
                    .map_err(|_| "over the budget")
            };
            println!(
                "  {label}: 20 kB {:.1} ms, 1 MB {:.1} ms",
                time(20_000)?,
                time(1_000_000)?
            );
        }
        // Freed earlier, a million small pieces would slow the allocator down and blur the figures.
        drop(pupils);
    }
    Ok(())
}

fn microseconds(roster: &Roster, text: &str) -> Result<f64, Box<dyn Error>> {
    let surface = [SurfaceText::new(Surface::Text, None, text)];
    let rounds = 20_000;
    let started = Instant::now();
    for _ in 0..rounds {
        let meter = Budget::default().meter();
        let found = scan_names(
            &surface,
            roster,
            &NameContext {
                draft: false,
                pictured: false,
            },
            &meter,
        );
        std::hint::black_box(found.map_err(|_| "over the budget")?);
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / f64::from(rounds))
}
