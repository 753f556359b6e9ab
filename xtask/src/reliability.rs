//! Is a finding's confidence worth what it says? Of the findings that are 80 % sure, eight in ten should be right.

/// The lower bounds of the bins; the last one holds full confidence too.
const BINS: &[f32] = &[0.0, 0.5, 0.6, 0.7, 0.8, 0.9];

/// A table of confidence against truth: bin, how many, mean confidence, share that is right. A last line gives the
/// expected calibration error: the mean distance between the two, weighted by how many.
pub fn table(findings: Vec<(f32, bool)>) -> Vec<String> {
    let mut lines = vec!["confidence     n   mean  right".to_owned()];
    let all = findings.len();
    let mut error = 0.0;
    for (at, low) in BINS.iter().enumerate() {
        let high = BINS.get(at + 1).copied().unwrap_or(f32::INFINITY);
        let bin: Vec<&(f32, bool)> = findings
            .iter()
            .filter(|(confidence, _)| (*low..high).contains(confidence))
            .collect();
        if bin.is_empty() {
            continue;
        }
        let count = bin.len() as f64;
        let mean = bin.iter().map(|(sure, _)| f64::from(*sure)).sum::<f64>() / count;
        let right = bin.iter().filter(|(_, right)| *right).count() as f64 / count;
        error += (mean - right).abs() * count;
        lines.push(format!(
            "{low:.1} to {:.1} {:>5}  {mean:.2}   {right:.2}",
            high.min(1.0),
            bin.len()
        ));
    }
    if all > 0 {
        lines.push(format!("calibration error {:.3}", error / all as f64));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_sets_confidence_against_truth() {
        let findings = vec![
            (0.95, true),
            (0.93, true),
            (0.55, true),
            (0.55, false),
            (1.0, true),
        ];
        assert_eq!(
            table(findings),
            [
                "confidence     n   mean  right",
                "0.5 to 0.6     2  0.55   0.50",
                "0.9 to 1.0     3  0.96   1.00",
                "calibration error 0.044",
            ]
        );
        assert_eq!(table(Vec::new()).len(), 1);
    }
}
