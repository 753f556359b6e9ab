//! "Did you mean": the known word that is closest to a mistyped one.

/// The closest known word, `None` where nothing is close enough to be meant.
pub(crate) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase().replace(['-', ' '], "_");
    let allowed = if word.chars().count() < 6 { 1 } else { 2 };
    known
        .filter_map(|candidate| {
            let plain = candidate.to_lowercase().replace('-', "_");
            let distance = match plain.strip_prefix(word.as_str()) {
                // The beginning of a longer word, such as `password` for `password_file`.
                Some(rest) if word.len() >= 4 && rest.starts_with('_') => 1,
                _ => strsim::osa_distance(&word, &plain),
            };
            (distance <= allowed).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_another_word_is_not() {
        let known = ["division", "name", "roll_forward", "password_file"];
        let check = |word| nearest(word, known.iter().copied());
        assert_eq!(check("divison"), Some("division"));
        assert_eq!(check("nmae"), Some("name"));
        assert_eq!(check("roll-forward"), Some("roll_forward"));
        assert_eq!(check("password"), Some("password_file"));
        assert_eq!(check("holidays"), None);
        assert_eq!(check("game"), Some("name"));
        assert_eq!(check("colour"), None);
    }
}
