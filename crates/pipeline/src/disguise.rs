//! Whether a picture's file name says the truth about its format. A file that calls itself something else opens here and
//! fails there, and a wrong ending is how files are smuggled past people who look at names.

use schoolgate_model::{MediaRef, MediaSource, ReadMedium};

/// What the endings that people know promise, as the reader names the formats.
const ENDINGS: &[(&[&str], &[&str])] = &[
    (&["jpg", "jpeg", "jpe", "jfif", "mpo", "jps"], &["jpeg"]),
    (&["png", "apng"], &["png"]),
    (&["gif"], &["gif"]),
    (&["webp"], &["webp"]),
    (&["tif", "tiff"], &["tiff"]),
    (
        &["heic", "heif", "hif", "heics", "heifs"],
        &["heic", "avif"],
    ),
    (&["avif", "avifs"], &["avif", "heic"]),
    (&["mp4", "mov", "m4v", "3gp", "qt"], &["mp4"]),
    (&["bmp"], &["bmp"]),
    (&["pdf"], &["pdf"]),
];

/// What is wrong with the name of a picture, for people; `None` where it has no ending or one that promises nothing.
pub(crate) fn misnamed(medium: &MediaRef, read: &ReadMedium) -> Option<String> {
    let filename = medium.filename.as_ref().map(|name| name.expose().as_str());
    let path = match &medium.source {
        MediaSource::Path(path) => Some(path.as_str()),
        _ => None,
    };
    let names = filename.into_iter().chain(path);
    let wrong = names
        .filter_map(ending)
        .find(|ending| promises_other(ending, &read.format))?;
    Some(format!(
        "its name ends in .{wrong}, but it is a {}: save it anew under its right name",
        read.format.to_uppercase()
    ))
}

fn ending(name: &str) -> Option<String> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(ending.to_ascii_lowercase())
}

fn promises_other(ending: &str, format: &str) -> bool {
    ENDINGS
        .iter()
        .find(|(endings, _)| endings.contains(&ending))
        .is_some_and(|(_, formats)| !formats.contains(&format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_promises_a_format_or_nothing() {
        for (ending, format, wrong) in [
            ("jpg", "jpeg", false),
            ("jfif", "jpeg", false),
            ("heif", "avif", false),
            ("mov", "mp4", false),
            ("original", "png", false),
            ("png", "jpeg", true),
            ("mp4", "jpeg", true),
            ("pdf", "png", true),
        ] {
            assert_eq!(promises_other(ending, format), wrong, "{ending} {format}");
        }
        assert_eq!(ending("IMG.2026.JPG").as_deref(), Some("jpg"));
        assert_eq!(ending("IMG"), None);
    }
}
