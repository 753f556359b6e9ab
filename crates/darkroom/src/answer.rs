//! What a child's answer means: bytes into facts. Whatever does not fit together is no answer.

use schoolgate_media::Likeness;
use schoolgate_model::{CleanCopy, Looks, MediumFault, ReadMedium};

use crate::{
    child::{Answer, ChildCopy, Refusal},
    store::{max_copy_bytes, sha256_hex},
};

/// The largest JSON that is believed.
const MAX_JSON_BYTES: usize = 8 * 1024 * 1024;
/// The largest likeness.
const MAX_LIKENESS_BYTES: u64 = 64 * 1024;
/// The largest grey picture and the largest page of letters: 2,400 pixels a side, and the head.
const MAX_GREY_BYTES: u64 = 6_760_000 + 64;
/// The most that a child may write.
pub(crate) fn max_bytes() -> u64 {
    4 + MAX_JSON_BYTES as u64 + max_parts().iter().sum::<u64>()
}

/// The most of each part that follows the JSON.
fn max_parts() -> [u64; 4] {
    [
        max_copy_bytes(),
        MAX_LIKENESS_BYTES,
        MAX_GREY_BYTES,
        MAX_GREY_BYTES,
    ]
}

/// What a child made of a picture.
#[derive(Debug)]
pub(crate) struct Seen {
    pub read: ReadMedium,
    pub clean: Option<Vec<u8>>,
    pub likeness: Option<Likeness>,
    /// A PGM; empty where there is none.
    pub grey: Vec<u8>,
    /// The page of what could be letters in it, likewise.
    pub letters: Vec<u8>,
}

impl Seen {
    /// Whether another program may open what the child could not.
    pub fn needs_converting(&self) -> bool {
        let cannot = matches!(&self.read.clean, Err(MediumFault::UnsupportedFormat(_)));
        cannot && !self.read.moving && matches!(self.read.format.as_str(), "heic" | "avif")
    }

    /// With this in the place of the clean copy.
    pub fn without_copy(mut self, fault: MediumFault) -> Self {
        self.read.clean = Err(fault);
        self.clean = None;
        self
    }
}

/// Turns what a child wrote into facts.
///
/// # Errors
/// What the child refused; `ChildFailed` for an answer that does not fit together.
pub(crate) fn understand(output: &[u8], sha256: &str) -> Result<Seen, MediumFault> {
    let unread = || MediumFault::ChildFailed("its answer could not be read".to_owned());
    let (answer, [copy, likeness, grey, letters]) = parse(output).ok_or_else(unread)?;
    let report = answer.report.map_err(|refusal| fault(&refusal))?;
    let likeness = match likeness {
        [] => None,
        bytes => Some(Likeness::from_bytes(bytes).ok_or_else(unread)?),
    };
    let (clean, bytes) = match answer.clean {
        Ok(about) => (Ok(copy_facts(copy, about)), Some(copy.to_vec())),
        Err(refusal) => (Err(fault(&refusal)), None),
    };
    let read = ReadMedium {
        format: report.format,
        width: report.width,
        height: report.height,
        sha256: sha256.to_owned(),
        metadata: report.metadata,
        text_cut: report.text_cut,
        unreadable: report.unreadable,
        clean,
        moving: report.moving,
        looks: Looks::default(),
    };
    Ok(Seen {
        read,
        clean: bytes,
        likeness,
        grey: grey.to_vec(),
        letters: letters.to_vec(),
    })
}

fn copy_facts(copy: &[u8], about: ChildCopy) -> CleanCopy {
    CleanCopy {
        sha256: sha256_hex(copy),
        path: None,
        removed: about.removed,
        re_encoded: about.re_encoded,
        format: about.format,
    }
}

fn parse(output: &[u8]) -> Option<(Answer, [&[u8]; 4])> {
    let length = u32::from_be_bytes(*output.first_chunk()?) as usize;
    if length > MAX_JSON_BYTES {
        return None;
    }
    let answer: Answer = serde_json::from_slice(output.get(4..4 + length)?).ok()?;
    let mut rest = &output[4 + length..];
    let mut parts: [&[u8]; 4] = [&[]; 4];
    for ((part, length), most) in parts.iter_mut().zip(answer.lengths).zip(max_parts()) {
        let length = usize::try_from(length).ok().filter(|_| length <= most)?;
        (*part, rest) = rest.split_at_checked(length)?;
    }
    let fits = answer.clean.is_ok() != parts[0].is_empty();
    (rest.is_empty() && fits).then_some((answer, parts))
}

fn fault(refusal: &Refusal) -> MediumFault {
    match (refusal.code.as_str(), &refusal.format) {
        ("unsupported", Some(format)) => MediumFault::UnsupportedFormat(format.clone()),
        ("too_large" | "too_many_segments", _) => MediumFault::TooLarge(refusal.plain.clone()),
        _ => MediumFault::Unreadable {
            code: refusal.code.clone(),
            plain: refusal.plain.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#""report":{"Ok":{"format":"png","width":1,"height":1,"metadata":[],"text_cut":false,"unreadable":false,"moving":false}}"#;
    const COPY: &str = r#""clean":{"Ok":{"removed":[],"re_encoded":false,"format":"png"}}"#;

    fn written(json: &str, parts: &[u8]) -> Vec<u8> {
        let length = u32::try_from(json.len()).unwrap().to_be_bytes();
        [&length, json.as_bytes(), parts].concat()
    }

    fn answered(clean: &str, lengths: [u64; 4], parts: &[u8]) -> Result<Seen, MediumFault> {
        let json = format!("{{{REPORT},{clean},\"lengths\":{lengths:?}}}");
        understand(&written(&json, parts), "00")
    }

    #[test]
    fn an_answer_in_which_anything_does_not_fit_is_none() {
        let seen = answered(COPY, [4, 0, 2, 0], b"copyP5").unwrap();
        assert_eq!(seen.clean.as_deref(), Some(b"copy".as_slice()));
        assert_eq!(seen.grey, b"P5");
        let refused = r#""clean":{"Err":{"code":"truncated","plain":"It ends.","format":null}}"#;
        for (clean, lengths, parts) in [
            (COPY, [4, 0, 0, 0], b"cop".as_slice()),
            (COPY, [4, 0, 0, 0], b"copy and more"),
            (COPY, [0, 0, 0, 0], b""),
            (refused, [4, 0, 0, 0], b"copy"),
            // a likeness that is none
            (COPY, [4, 3, 0, 0], b"copyabc"),
            (COPY, [u64::MAX, 0, 0, 0], b"copy"),
            (COPY, [4, u64::MAX, 0, 0], b"copy"),
        ] {
            let fault = answered(clean, lengths, parts).unwrap_err();
            assert!(matches!(fault, MediumFault::ChildFailed(_)), "{lengths:?}");
        }
        for bytes in [&b""[..], b"\0\0", b"\xff\xff\xff\xff{}", b"\0\0\0\x02{}"] {
            assert!(understand(bytes, "00").is_err());
        }
    }
}
