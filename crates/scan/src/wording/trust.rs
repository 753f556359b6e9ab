//! How far each rule is believed where the model reads the text otherwise.

use std::collections::HashMap;

use schoolgate_model::ConfigFault;

/// What is built in.
const BUILT_IN: (&str, &str) = (
    "wordlists/wording/trust.tsv",
    include_str!("../../../../wordlists/wording/trust.tsv"),
);

/// The model alone never speaks more strongly against a rule than these log odds: it does not know every word.
const LEAST_ODDS: f64 = -2.2;

/// More rules than so many that agree say no more.
const MOST_OTHERS: usize = 3;

/// One number for each rule, and what the model's opinion and other rules weigh beside it.
pub(crate) struct Trust {
    model: f32,
    others: f32,
    sure: f32,
    common: f32,
    rules: HashMap<String, f32>,
}

impl Trust {
    /// Reads the numbers that are built in.
    ///
    /// # Errors
    /// A line that cannot be read, with its number.
    pub(crate) fn built_in() -> Result<Self, ConfigFault> {
        let (file, text) = BUILT_IN;
        Self::read(file, text)
    }

    /// The text of the file, for the version of the lexicon.
    pub(crate) const fn text() -> &'static str {
        BUILT_IN.1
    }

    fn read(file: &str, text: &str) -> Result<Self, ConfigFault> {
        let mut rules = HashMap::new();
        for (at, line) in text.lines().enumerate() {
            if line.starts_with('#') {
                continue;
            }
            let (name, hundredths) = line
                .split_once('\t')
                .and_then(|(name, number)| Some((name, number.parse::<i16>().ok()?)))
                .ok_or_else(|| {
                    ConfigFault::whole(file, format!("line {}: not a weight", at + 1))
                })?;
            rules.insert(name.to_owned(), f32::from(hundredths) / 100.0);
        }
        let mut take = |name: &str| {
            rules
                .remove(name)
                .ok_or_else(|| ConfigFault::whole(file, format!("`{name}` has no line")))
        };
        Ok(Self {
            model: take("model")?,
            others: take("others")?,
            sure: take("sure")?,
            common: take("common")?,
            rules,
        })
    }

    /// How likely it is that a rule's hit is meant as the rule takes it, 0 to 1: `confidence` is the rule's own, `harm`
    /// what the model says of the text, `others` how many other rules found something in it.
    pub(crate) fn belief(&self, rule: &str, confidence: f32, harm: f32, others: usize) -> f32 {
        let own = self.rules.get(rule).copied().unwrap_or(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "log odds and a small count"
        )]
        let [odds, others, sure] =
            evidence(harm.into(), others, confidence.into()).map(|of| of as f32);
        let sum = self.model * odds + self.others * others + self.sure * sure + self.common + own;
        1.0 / (1.0 + (-sum).exp())
    }
}

/// What is weighed beside a rule's own number, for learning as for reading: the log odds of what the model says of the
/// text, how many other rules agree, the log odds of the rule's own confidence.
pub fn evidence(harm: f64, others: usize, confidence: f64) -> [f64; 3] {
    let others = u8::try_from(others.min(MOST_OTHERS)).unwrap_or(u8::MAX);
    [
        log_odds(harm).max(LEAST_ODDS),
        others.into(),
        log_odds(confidence),
    ]
}

/// The logarithm of the odds of a share, kept finite.
fn log_odds(share: f64) -> f64 {
    let share = share.clamp(0.001, 0.999);
    (share / (1.0 - share)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_refused_with_its_line() {
        for (text, says) in [
            ("model\t100\nothers\tx", "line 2"),
            ("model\t100\nrule", "line 2"),
            ("model\t100", "`others`"),
        ] {
            let fault = Trust::read("t.tsv", text).err().unwrap().to_string();
            assert!(fault.contains(says), "{fault}");
        }
    }

    #[test]
    fn a_rule_is_believed_the_more_the_more_agree() {
        let trust = Trust::read(
            "t",
            "model\t100\nothers\t50\nsure\t50\ncommon\t0\nweak\t-100\ngood\t200",
        )
        .unwrap();
        let weak = trust.belief("weak", 0.6, 0.1, 0);
        assert!(weak < 0.1, "{weak}");
        assert!(trust.belief("weak", 0.6, 0.1, 2) > weak);
        assert!(trust.belief("weak", 0.6, 0.8, 0) > weak);
        assert!(trust.belief("good", 0.6, 0.1, 0) > weak);
        assert!(trust.belief("weak", 0.9, 0.1, 0) > weak);
    }
}
