//! What a picture's file said, in words that a teacher understands: what was found and taken out, what became of the
//! pixels, and what nobody checked. Pure; what the file says of people is given only where the caller asks for it.

use schoolgate_model::{Category, CheckName, MediaId, MediumVerdict, MetadataKind, Verdict};

use super::reading::hidden_details;

/// The report on one picture.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// What the file held besides the picture.
    pub(crate) found: Vec<String>,
    /// What was done about it.
    pub(crate) outcome: String,
    /// What became of the pixels, where that is worth a line.
    pub(crate) pixels: Option<String>,
    /// Whether the file says something that stays behind a step.
    pub(crate) has_details: bool,
    /// What it says, where the step was taken.
    pub(crate) details: Vec<String>,
}

/// Every kind of entry that a file can hold.
const KINDS: [MetadataKind; 9] = [
    MetadataKind::Gps,
    MetadataKind::PersonName,
    MetadataKind::Owner,
    MetadataKind::Thumbnail,
    MetadataKind::Comment,
    MetadataKind::SerialNumber,
    MetadataKind::CaptureTime,
    MetadataKind::Device,
    MetadataKind::Trailer,
];

/// The report on one picture of an item; `shows` where the visitor has asked for what the file says.
pub(crate) fn report(verdict: &Verdict, medium: &MediaId, shows: bool) -> Report {
    let answer = verdict.media.iter().find(|answer| answer.id == *medium);
    let of_this = verdict
        .findings
        .iter()
        .filter(|finding| finding.media.as_ref() == Some(medium));
    let mut codes: Vec<&str> = of_this
        .clone()
        .filter(|finding| finding.category == Category::PhotoMetadata)
        .filter_map(|finding| finding.kind.as_deref())
        .collect();
    codes.extend(
        answer
            .iter()
            .flat_map(|answer| answer.removed.iter().map(String::as_str)),
    );
    let mut found: Vec<String> = Vec::new();
    let known = KINDS.iter().filter(|kind| codes.contains(&kind.code()));
    found.extend(known.map(|kind| sentence_case(kind.plain())));
    let other = |code: &&&str| KINDS.iter().all(|kind| kind.code() != **code);
    for code in codes.iter().filter(other) {
        let words = sentence_case(&code.replace('_', " "));
        if !found.contains(&words) {
            found.push(words);
        }
    }
    let details = hidden_details(verdict, medium);
    Report {
        outcome: outcome(verdict, medium, answer, found.len()),
        pixels: answer.and_then(pixels),
        has_details: !details.is_empty(),
        details: if shows { details } else { Vec::new() },
        found,
    }
}

fn outcome(
    verdict: &Verdict,
    medium: &MediaId,
    answer: Option<&MediumVerdict>,
    found: usize,
) -> String {
    let is_clean = answer.is_some_and(|answer| answer.clean_sha256.is_some());
    match (is_clean, found) {
        (true, 0) => {
            "Nothing that identifies anybody was found in the file. The copy was checked again."
                .to_owned()
        }
        (true, _) => "All of it was taken out. Only the clean copy may be published; it was checked again by a second reader.".to_owned(),
        (false, _) => match why_not(verdict, medium) {
            Some(why) => format!("There is no clean copy of it: {why}."),
            None => "There is no clean copy of it.".to_owned(),
        },
    }
}

/// Why there is no clean copy, as the check said it.
fn why_not<'a>(verdict: &'a Verdict, medium: &MediaId) -> Option<&'a str> {
    let says = |check: CheckName| {
        verdict.findings.iter().find(move |finding| {
            finding.category == Category::ScreeningIncomplete
                && finding.media.as_ref() == Some(medium)
                && finding.kind.as_deref() == Some(check.code())
        })
    };
    let finding = says(CheckName::PhotoClean).or_else(|| says(CheckName::PhotoMetadata))?;
    Some(finding.message.trim_end_matches('.'))
}

fn pixels(answer: &MediumVerdict) -> Option<String> {
    answer.clean_sha256.as_ref()?;
    let format = answer.clean_format.as_deref().map(str::to_uppercase);
    Some(match (format, answer.re_encoded) {
        (Some(format), _) => format!(
            "The clean copy is a {format}, because the file's own format cannot be published. Its pixels were compressed anew and may differ by a trace."
        ),
        (None, true) => {
            "The pixels were compressed anew, so the copy may differ from the original by a trace."
                .to_owned()
        }
        (None, false) => "The pixels are exactly those of the original.".to_owned(),
    })
}

fn sentence_case(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(media: serde_json::Value, findings: serde_json::Value) -> Verdict {
        serde_json::from_value(json!({
            "id": "d", "kind": "draft", "revision": 1, "school": "s", "outcome": "hold", "reasons": [],
            "findings": findings, "alert": [], "received_at": "2026-11-20T09:00:00Z", "media": [media], "checks": [],
            "versions": {"schoolgate": "1", "policy": "1", "wordlists": "1", "register": "1", "calendar": "1"},
        }))
        .unwrap()
    }

    fn finding(category: &str, kind: &str, text: Option<&str>, message: &str) -> serde_json::Value {
        json!({"detector": "photo_metadata", "rule": "r", "category": category, "type": kind, "severity": "low",
            "confidence": 1.0, "surface": "metadata", "media": "m1", "text": text, "message": message})
    }

    #[test]
    fn a_file_is_told_in_plain_words_and_what_it_says_of_people_only_when_asked() {
        let media = json!({"id": "m1", "clean_sha256": "b", "removed": ["gps", "serial_number", "new_thing"]});
        let names = json!([
            finding("photo_metadata", "gps", None, "m"),
            finding("pupil_name", "full", Some("Zqxwv Hart"), "m")
        ]);
        let verdict = verdict(media, names);
        let id = MediaId::from("m1");
        let shut = report(&verdict, &id, false);
        assert_eq!(
            shut.found,
            [
                "The place where it was taken",
                "The camera's serial number",
                "New thing"
            ]
        );
        assert!(shut.outcome.starts_with("All of it was taken out."));
        assert_eq!(
            shut.pixels.as_deref(),
            Some("The pixels are exactly those of the original.")
        );
        assert!(shut.has_details && shut.details.is_empty());
        assert_eq!(report(&verdict, &id, true).details, ["Zqxwv Hart"]);
    }

    #[test]
    fn what_became_of_the_pixels_and_why_there_is_no_copy_is_said() {
        let id = MediaId::from("m1");
        let cases = [
            (
                json!({"id": "m1", "clean_sha256": "b", "re_encoded": true}),
                "compressed anew",
            ),
            (
                json!({"id": "m1", "clean_sha256": "b", "re_encoded": true, "clean_format": "jpeg"}),
                "is a JPEG",
            ),
        ];
        for (media, said) in cases {
            let pixels = report(&verdict(media, json!([])), &id, false)
                .pixels
                .unwrap();
            assert!(pixels.contains(said), "{pixels}");
        }
        let fault = json!([finding(
            "screening_incomplete",
            "photo_clean",
            None,
            "films cannot be cleaned."
        )]);
        let none = report(&verdict(json!({"id": "m1"}), fault), &id, false);
        assert_eq!(
            none.outcome,
            "There is no clean copy of it: films cannot be cleaned."
        );
        assert_eq!(none.pixels, None);
    }
}
