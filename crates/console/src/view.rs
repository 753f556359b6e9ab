//! How much of a verdict a caller sees.

use schoolgate_model::{Audience, Reason, SchoolId, Verdict};
use schoolgate_policy::without_words;
use schoolgate_school::service::Right;
use serde_json::Value;

use crate::{access::Caller, problem::Problem};

/// What stands in the place of reasons that are not for the reader.
pub(crate) const RESTRICTED: &str = "Restricted: for the safeguarding lead or the head only.";

/// What a sender without the right to read gets: what it must change, and what it must know to publish.
const FOR_SENDERS: [&str; 8] = [
    "id", "kind", "revision", "school", "outcome", "reasons", "media", "versions",
];

/// Whether the item is for the safeguarding lead or the head alone.
pub(crate) fn is_restricted(verdict: &Verdict) -> bool {
    verdict
        .alert
        .iter()
        .any(|audience| matches!(audience, Audience::Dsl | Audience::Head))
}

/// For somebody who asks for an item by its id: of an item that is restricted, by its verdict or by a person since, only
/// the outcome and which rules decided. On this machine, where nobody is asked for a token and nobody has an account,
/// everything.
pub(crate) fn for_reader(
    caller: &Caller,
    verdict: Verdict,
    restricted_since: bool,
) -> Result<Value, Problem> {
    let restricted = restricted_since || is_restricted(&verdict);
    match caller {
        Caller::Local { has_people: false } => json(&verdict),
        _ if restricted => json(&bare(&verdict)),
        _ => json(&verdict),
    }
}

/// For the sender who waits, and who has the words anyway: everything with the right to read, else what must change.
pub(crate) fn for_sender(
    caller: &Caller,
    school: &SchoolId,
    verdict: &Verdict,
) -> Result<Value, Problem> {
    let mut value = json(verdict)?;
    if caller.may(Right::Read, school) {
        return Ok(value);
    }
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| FOR_SENDERS.contains(&name.as_str()));
        let reasons = fields.get_mut("reasons").and_then(Value::as_array_mut);
        for reason in reasons
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
        {
            // they count in a list that is not given
            reason.remove("findings");
        }
    }
    Ok(value)
}

fn bare(verdict: &Verdict) -> Verdict {
    let mut bare = without_words(verdict);
    // by its hash a picture could be asked for
    bare.media = Vec::new();
    for reason in &mut bare.reasons {
        *reason = Reason {
            rule: reason.rule.clone(),
            clause: None,
            text: RESTRICTED.to_owned(),
            fix: None,
            findings: std::mem::take(&mut reason.findings),
        };
    }
    bare
}

fn json(verdict: &Verdict) -> Result<Value, Problem> {
    serde_json::to_value(verdict).map_err(|_| Problem::internal("the verdict cannot be written"))
}

#[cfg(test)]
mod tests {
    use schoolgate_school::service::Token;
    use serde_json::json;

    use super::*;

    fn verdict(alert: &[&str]) -> Verdict {
        serde_json::from_value(json!({
            "id": "c-1", "kind": "comment", "revision": 1, "school": "st-hildas", "outcome": "escalate",
            "reasons": [{"rule": "disclosure", "clause": "Clause 9", "text": "Somebody tells of harm to Zqxwv.",
                "fix": "Speak to Zqxwv.", "findings": [0]}],
            "findings": [{"detector": "names", "rule": "pupil-full-name", "category": "pupil_name", "type": "full",
                "severity": "high", "confidence": 0.97, "surface": "text", "start": 0, "end": 6, "text": "Zqxwv",
                "pupil_id": "P0123", "pupil_ids": ["P0123"], "message": "Zqxwv is a pupil."}],
            "media": [{"id": "m1", "sha256": "aa", "clean_sha256": "c1ea4", "removed": []}],
            "alert": alert, "received_at": "2026-11-20T09:00:00Z", "checks": [],
            "versions": {"schoolgate": "1", "policy": "1", "wordlists": "1", "register": "1", "calendar": "1"},
        }))
        .unwrap()
    }

    fn holder(rights: &[Right]) -> Caller {
        Caller::Holder(Token {
            name: "t".to_owned(),
            sha256: String::new(),
            school: SchoolId::from("st-hildas"),
            rights: rights.to_vec(),
            place: (1, 1),
        })
    }

    #[test]
    fn a_restricted_item_shows_a_reader_the_outcome_and_the_rules_and_no_more() {
        let reader = holder(&[Right::Read, Right::Submit]);
        for alert in [["dsl", "slt"], ["slt", "head"]] {
            let seen = for_reader(&reader, verdict(&alert), false).unwrap();
            assert_eq!(seen["outcome"], "escalate");
            assert_eq!(seen["reasons"][0]["rule"], "disclosure");
            assert_eq!(seen["reasons"][0]["text"], RESTRICTED);
            for hidden in ["Zqxwv", "P0123", "Clause 9", "c1ea4"] {
                assert!(!seen.to_string().contains(hidden), "{hidden}: {seen}");
            }
        }
        let handed_on = for_reader(&reader, verdict(&["slt"]), true).unwrap();
        assert!(!handed_on.to_string().contains("Zqxwv"), "{handed_on}");
        let open = for_reader(&reader, verdict(&["slt"]), false).unwrap();
        assert_eq!(open["findings"][0]["text"], "Zqxwv");
        let local = |has_people| Caller::Local { has_people };
        let alone = for_reader(&local(false), verdict(&["dsl"]), true).unwrap();
        assert_eq!(alone["findings"][0]["text"], "Zqxwv");
        let with_people = for_reader(&local(true), verdict(&["dsl"]), true).unwrap();
        assert!(!with_people.to_string().contains("Zqxwv"));
    }

    #[test]
    fn a_sender_learns_what_to_change_and_only_a_reader_what_was_found() {
        let school = SchoolId::from("st-hildas");
        let seen = for_sender(&holder(&[Right::Submit]), &school, &verdict(&[])).unwrap();
        let mut names: Vec<_> = seen
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        let expected = [
            "id", "kind", "media", "outcome", "reasons", "revision", "school", "versions",
        ];
        assert_eq!(names, expected);
        assert_eq!(seen["reasons"][0]["fix"], "Speak to Zqxwv.");
        for caller in [
            Caller::Local { has_people: true },
            holder(&[Right::Submit, Right::Read]),
        ] {
            let seen = for_sender(&caller, &school, &verdict(&["dsl"])).unwrap();
            assert_eq!(seen, serde_json::to_value(verdict(&["dsl"])).unwrap());
        }
    }
}
