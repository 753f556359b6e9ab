//! An item and its verdict as a person reads them: marked words, other surfaces, pictures, reasons, findings. Pure;
//! who may see it has been asked before.

use schoolgate_model::{Category, Finding, Item, MediaId, Outcome, Surface, Verdict};
use schoolgate_policy::forbids_pictures;

use super::{
    marks::{Mark, Piece, pieces},
    words,
};

/// A text that is not the body.
pub(crate) struct SurfaceText {
    pub(crate) title: String,
    pub(crate) pieces: Vec<Piece>,
}

/// One picture.
pub(crate) struct Picture {
    /// Where its clean copy is; `None` = it is not shown.
    pub(crate) address: Option<String>,
    pub(crate) why_not: &'static str,
    pub(crate) alt: String,
    pub(crate) blurred: bool,
    pub(crate) caption: String,
}

/// One reason.
pub(crate) struct ReasonText {
    pub(crate) text: String,
    pub(crate) fix: Option<String>,
    pub(crate) clause: Option<String>,
    pub(crate) rule: String,
}

/// One finding.
pub(crate) struct FindingText {
    pub(crate) number: usize,
    pub(crate) message: String,
    pub(crate) detail: String,
}

/// Whether the words stay behind a deliberate step.
pub(crate) fn is_masked(verdict: &Verdict) -> bool {
    verdict.outcome == Outcome::Escalate
        || verdict
            .findings
            .iter()
            .any(|finding| words::is_distressing(finding.category))
}

/// Whether the pictures may show an indecent image of a child: such a picture is never shown, fetched or previewed.
pub(crate) fn is_suspect(verdict: &Verdict) -> bool {
    forbids_pictures(&verdict.findings, verdict.outcome)
}

/// The body with its findings.
pub(crate) fn body(item: &Item, verdict: &Verdict) -> Vec<Piece> {
    pieces(&item.content.text, &marks_on(verdict, Surface::Text, None))
}

/// The author's name with its findings.
pub(crate) fn author(item: &Item, verdict: &Verdict) -> Option<Vec<Piece>> {
    let marks = marks_on(verdict, Surface::Author, None);
    let name = item.envelope.author.name.as_ref()?;
    (!marks.is_empty()).then(|| pieces(name.expose(), &marks))
}

fn marks_on(verdict: &Verdict, surface: Surface, medium: Option<&MediaId>) -> Vec<Mark> {
    let here = |finding: &Finding| {
        finding.surface == Some(surface) && (medium.is_none() || finding.media.as_ref() == medium)
    };
    let numbered = (1..).zip(&verdict.findings);
    numbered
        .filter(|(_, finding)| here(finding))
        .filter_map(|(number, finding)| {
            Some(Mark {
                span: finding.span()?,
                number,
            })
        })
        .collect()
}

/// Everything with words besides the body.
pub(crate) fn surfaces(item: &Item, verdict: &Verdict) -> Vec<SurfaceText> {
    let mut found = Vec::new();
    if let Some(pieces) = author(item, verdict) {
        found.push(SurfaceText {
            title: "The author’s name".to_owned(),
            pieces,
        });
    }
    if !item.content.links.is_empty() {
        found.push(SurfaceText {
            title: "Links sent with it".to_owned(),
            pieces: pieces(&item.content.links.join("\n"), &[]),
        });
    }
    let several = item.content.media.len() > 1;
    for (number, medium) in (1..).zip(&item.content.media) {
        let of = match several {
            true => format!(" of picture {number}"),
            false => " of the picture".to_owned(),
        };
        let texts = [
            ("Alternative text", Surface::Alt, &medium.alt),
            ("Caption", Surface::Caption, &medium.caption),
            ("File name", Surface::Filename, &medium.filename),
        ];
        for (title, surface, text) in texts {
            let Some(text) = text
                .as_ref()
                .filter(|text| !text.expose().trim().is_empty())
            else {
                continue;
            };
            found.push(SurfaceText {
                title: format!("{title}{of}"),
                pieces: pieces(text.expose(), &marks_on(verdict, surface, Some(&medium.id))),
            });
        }
    }
    found
}

/// What the metadata of a picture said, as far as it was found.
pub(crate) fn hidden_details(verdict: &Verdict, medium: &MediaId) -> Vec<String> {
    let in_metadata = |finding: &&Finding| {
        finding.surface == Some(Surface::Metadata) && finding.media.as_ref() == Some(medium)
    };
    let mut texts: Vec<String> = verdict
        .findings
        .iter()
        .filter(in_metadata)
        .filter_map(|finding| finding.text.clone())
        .collect();
    texts.dedup();
    texts
}

/// The pictures; `key` is the item's row.
pub(crate) fn pictures(key: &str, item: &Item, verdict: &Verdict) -> Vec<Picture> {
    let suspect = is_suspect(verdict);
    let blurred = is_masked(verdict)
        || verdict.findings.iter().any(|finding| {
            matches!(
                finding.category,
                Category::DoNotPublish | Category::KnownImage | Category::Insult
            )
        });
    let numbered = (1_usize..).zip(&item.content.media);
    numbered
        .map(|(number, medium)| {
            let answer = verdict.media.iter().find(|answer| answer.id == medium.id);
            let clean = answer.and_then(|answer| answer.clean_sha256.as_ref());
            let address = clean
                .filter(|_| !suspect)
                .map(|_| format!("/items/{key}/pictures/{number}"));
            let why_not = match suspect {
                true => {
                    "This picture is not shown. It may be an indecent image of a child: do not look for it, copy it or pass it on. Speak to the safeguarding lead."
                }
                false => "This picture is not shown, because there is no clean copy of it.",
            };
            let alt = medium.alt.as_ref().map(|alt| alt.expose().trim().to_owned());
            Picture {
                address,
                why_not,
                alt: alt
                    .filter(|alt| !alt.is_empty())
                    .unwrap_or_else(|| format!("Picture {number}, which has no alternative text")),
                blurred,
                caption: picture_line(number, medium.pupils.as_ref().map(Vec::len)),
            }
        })
        .collect()
}

fn picture_line(number: usize, declared: Option<usize>) -> String {
    let who = match declared {
        None => "nobody has said who is in it".to_owned(),
        Some(0) => "declared: nobody who can be recognised".to_owned(),
        Some(1) => "declared: 1 pupil".to_owned(),
        Some(many) => format!("declared: {many} pupils"),
    };
    format!("Picture {number}: {who}.")
}

/// The reasons, each sentence once.
pub(crate) fn reasons(verdict: &Verdict) -> Vec<ReasonText> {
    let mut shown: Vec<ReasonText> = Vec::new();
    for reason in &verdict.reasons {
        if shown.iter().any(|other| other.text == reason.text) {
            continue;
        }
        shown.push(ReasonText {
            text: reason.text.clone(),
            fix: reason.fix.clone(),
            clause: reason.clause.clone(),
            rule: reason.rule.to_string(),
        });
    }
    shown
}

/// The findings with where, how sure and how grave.
pub(crate) fn findings(verdict: &Verdict) -> Vec<FindingText> {
    let numbered = (1..).zip(&verdict.findings);
    numbered
        .map(|(number, finding)| {
            let mut detail = vec![
                words::confidence(finding.confidence).to_owned(),
                words::severity(finding.severity).to_owned(),
            ];
            if let Some(surface) = finding.surface {
                detail.push(format!("in {}", surface.plain()));
            }
            detail.push(format!("rule {}", finding.rule));
            FindingText {
                number,
                message: finding.message.clone(),
                detail: detail.join(" · "),
            }
        })
        .collect()
}

/// The checks that did not do their work, in words.
pub(crate) fn gaps(verdict: &Verdict) -> Vec<String> {
    let failed = verdict
        .checks
        .iter()
        .filter(|check| check.status == "failed");
    failed
        .map(|check| {
            let name = check.name.plain();
            match &check.detail {
                Some(detail) => format!("{name}: {detail}"),
                None => name.to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{SchoolId, wire::parse_submission};
    use serde_json::json;

    use super::*;

    fn item(value: serde_json::Value) -> Item {
        parse_submission(value.to_string().as_bytes())
            .unwrap()
            .into_item(
                SchoolId::from("s"),
                1,
                "2026-11-20T09:00:00Z".parse().unwrap(),
            )
    }

    fn verdict(outcome: &str, findings: serde_json::Value) -> Verdict {
        serde_json::from_value(json!({
            "id": "d", "kind": "draft", "revision": 1, "school": "s", "outcome": outcome, "reasons": [],
            "findings": findings, "alert": [], "received_at": "2026-11-20T09:00:00Z",
            "media": [{"id": "m1", "sha256": "a", "clean_sha256": "b", "removed": ["gps", "serial_number"]}],
            "checks": [{"name": "names", "status": "failed", "detail": "it has no pupil register"}],
            "versions": {"schoolgate": "1", "policy": "1", "wordlists": "1", "register": "1", "calendar": "1"},
        }))
        .unwrap()
    }

    fn finding(category: &str, surface: &str, kind: &str) -> serde_json::Value {
        json!({"detector": "language", "rule": "a-rule", "category": category, "type": kind, "severity": "high",
            "confidence": 0.97, "surface": surface, "media": "m1", "start": 0, "end": 4, "text": "word", "message": "A word."})
    }

    #[test]
    fn each_surface_is_marked_by_its_own_findings() {
        let item = item(
            json!({"id": "d", "kind": "draft", "text": "Look at this", "author": {"id": "1", "name": "Rude Name"},
            "media": [{"id": "m1", "path": "a.jpg", "filename": "Amelia.jpg", "alt": "Amelia", "caption": " "}]}),
        );
        let verdict = verdict(
            "hold",
            json!([
                finding("pupil_name", "filename", "full"),
                finding("insult", "author", "x")
            ]),
        );
        assert!(
            body(&item, &verdict)
                .iter()
                .all(|piece| piece.marks.is_empty())
        );
        let surfaces = surfaces(&item, &verdict);
        let titles: Vec<_> = surfaces
            .iter()
            .map(|surface| surface.title.as_str())
            .collect();
        assert_eq!(
            titles,
            [
                "The author’s name",
                "Alternative text of the picture",
                "File name of the picture"
            ]
        );
        assert_eq!(surfaces[0].pieces[0].marks, [2]);
        assert_eq!(surfaces[2].pieces[0].marks, [1]);
        assert_eq!(
            gaps(&verdict),
            ["the check for pupils' names: it has no pupil register"]
        );
    }

    #[test]
    fn distressing_words_are_masked_and_a_suspect_picture_is_never_shown() {
        let item = item(
            json!({"id": "d", "kind": "draft", "text": "Look", "media": [{"id": "m1", "path": "a.jpg"}]}),
        );
        let cases = [
            ("hold", "personal_data", "phone", false, false),
            ("hold", "hate", "slur", true, false),
            ("escalate", "threat", "staff", true, false),
            ("hold", "sexual", "image", true, true),
            ("escalate", "grooming", "contact", true, true),
        ];
        for (outcome, category, kind, masked, suspect) in cases {
            let verdict = verdict(outcome, json!([finding(category, "text", kind)]));
            assert_eq!(is_masked(&verdict), masked, "{category}");
            assert_eq!(is_suspect(&verdict), suspect, "{category}");
            let picture = &pictures("key", &item, &verdict)[0];
            assert_eq!(picture.address.is_none(), suspect, "{category}");
            assert_eq!(picture.blurred, masked, "{category}");
            assert!(picture.caption.contains("nobody has said who is in it"));
        }
    }
}
