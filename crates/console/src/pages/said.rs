//! What somebody said about one picture: who is in it. Read from a form, carried from page to page, written into the
//! draft. Pure; it knows no page and no store.

use std::collections::BTreeSet;

use schoolgate_model::{MediaRef, PupilId};
use schoolgate_school::ClassList;
use serde_json::{Map, Value, json};

use super::form::Posted;

/// The most grown-ups that are counted in a picture.
pub(crate) const MAX_ADULTS: u32 = 99;

/// The answer about one picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Nobody in it can be recognised.
    pub(crate) nobody: bool,
    /// The pupils who can.
    pub(crate) pupils: Vec<PupilId>,
    /// How many members of staff and other adults are in it.
    pub(crate) adults: u32,
}

/// Why an answer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// Nothing was said.
    Nothing,
    /// Somebody and nobody at once.
    Both,
    /// The number of adults is no number.
    Adults,
}

impl Unclear {
    /// What to do about it.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::Nothing => {
                "Tick the pupils in this picture, or tick “Nobody in this picture can be recognised”."
            }
            Self::Both => {
                "You ticked pupils and also that nobody can be recognised. Untick one or the other."
            }
            Self::Adults => "Write the number of adults in digits, from 0 to 99.",
        }
    }
}

impl Said {
    /// What a draft says already.
    pub(crate) fn of(medium: &MediaRef) -> Option<Self> {
        let pupils = medium.pupils.clone()?;
        Some(Self {
            nobody: pupils.is_empty(),
            pupils,
            adults: 0,
        })
    }

    /// What a form says about the picture on its page; a class that was ticked stands for everybody in it.
    pub(crate) fn posted(posted: &Posted, classes: &[ClassList]) -> (Self, Option<Unclear>) {
        let ticked: BTreeSet<&str> = posted.all("pupil").collect();
        let whole: BTreeSet<&str> = posted.all("class").collect();
        let everybody = classes.iter().flat_map(|class| {
            let all = whole.contains(class.name.as_str());
            class.pupils.iter().map(move |pupil| (all, pupil))
        });
        let pupils = everybody
            .filter(|(all, pupil)| *all || ticked.contains(pupil.id.as_str()))
            .map(|(_, pupil)| pupil.id.clone())
            .collect();
        let adults = posted.text("adults");
        let number = match adults {
            "" => Some(0),
            text => text.parse().ok().filter(|number| *number <= MAX_ADULTS),
        };
        let said = Self {
            nobody: !posted.text("nobody").is_empty(),
            pupils,
            adults: number.unwrap_or_default(),
        };
        let unclear = match number {
            None => Some(Unclear::Adults),
            Some(_) => said.unclear(),
        };
        (said, unclear)
    }

    fn unclear(&self) -> Option<Unclear> {
        match (self.nobody, self.pupils.is_empty()) {
            (false, true) => Some(Unclear::Nothing),
            (true, false) => Some(Unclear::Both),
            _ => None,
        }
    }

    /// As a hidden field carries it: the adults, whether nobody, then an id a line.
    pub(crate) fn to_field(&self) -> String {
        let mut text = format!("{}\n{}", self.adults, u8::from(self.nobody));
        for pupil in &self.pupils {
            text.push('\n');
            text.push_str(pupil.as_str());
        }
        text
    }

    /// What a hidden field carries; `None` where nothing clear was said yet.
    pub(crate) fn from_field(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let adults = lines.next()?.parse().ok()?;
        let nobody = lines.next()? == "1";
        let said = Self {
            nobody,
            adults,
            pupils: lines.map(PupilId::from).collect(),
        };
        (said.unclear().is_none() && adults <= MAX_ADULTS).then_some(said)
    }
}

/// The draft's message with what was said about its pictures, and without a revision: it becomes the next one. `None`
/// where the message is not one that has these pictures.
pub(crate) fn answered(body: &[u8], said: &[Option<Said>]) -> Option<Vec<u8>> {
    let mut message: Map<String, Value> = serde_json::from_slice(body).ok()?;
    message.remove("revision");
    let media = message.get_mut("media")?.as_array_mut()?;
    if media.len() != said.len() {
        return None;
    }
    for (medium, said) in media.iter_mut().zip(said) {
        let Some(said) = said else { continue };
        let fields = medium.as_object_mut()?;
        fields.insert("pupils".to_owned(), json!(said.pupils));
        fields.insert("staff".to_owned(), json!(said.adults));
    }
    serde_json::to_vec(&message).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use schoolgate_model::{Redacted, wire::parse_submission};
    use schoolgate_school::ListedPupil;

    use super::*;

    fn posted(fields: &[(&str, &str)]) -> Posted {
        Posted::made(fields)
    }

    fn classes() -> Vec<ClassList> {
        let pupil = |id: &str| ListedPupil {
            id: PupilId::from(id),
            name: Redacted::new(id.to_owned()),
            found_by: Redacted::new(id.to_owned()),
        };
        vec![
            ClassList {
                name: "1 Robin".to_owned(),
                pupils: vec![pupil("P1"), pupil("P2")],
            },
            ClassList {
                name: "2 Wren".to_owned(),
                pupils: vec![pupil("P3"), pupil("P4")],
            },
        ]
    }

    #[test]
    fn a_form_says_pupils_whole_classes_nobody_or_nothing_clear() {
        type Fields<'a> = &'a [(&'a str, &'a str)];
        let cases: [(Fields<'_>, &[&str], Option<Unclear>); 7] = [
            (&[("pupil", "P3"), ("pupil", "P1")], &["P1", "P3"], None),
            (&[("class", "2 Wren"), ("pupil", "P3")], &["P3", "P4"], None),
            (&[("nobody", "1"), ("adults", "2")], &[], None),
            (&[("pupil", "P9")], &[], Some(Unclear::Nothing)),
            (&[], &[], Some(Unclear::Nothing)),
            (
                &[("nobody", "1"), ("pupil", "P1")],
                &["P1"],
                Some(Unclear::Both),
            ),
            (
                &[("pupil", "P1"), ("adults", "100")],
                &["P1"],
                Some(Unclear::Adults),
            ),
        ];
        for (fields, expected, fault) in cases {
            let (said, unclear) = Said::posted(&posted(fields), &classes());
            let ids: Vec<_> = said.pupils.iter().map(PupilId::as_str).collect();
            assert_eq!((ids.as_slice(), unclear), (expected, fault), "{fields:?}");
        }
    }

    #[test]
    fn an_answer_changes_the_pictures_it_is_about_and_nothing_else() {
        let body = r#"{"id":"d","kind":"draft","revision":3,"text":"Hi","odd":{"kept":[1]},
            "media":[{"path":"a.jpg","alt":"A"},{"path":"b.jpg","pupils":["P9"]},{"path":"c.jpg"}]}"#;
        let some = Said {
            nobody: false,
            pupils: vec![PupilId::from("P1")],
            adults: 2,
        };
        let nobody = Said {
            nobody: true,
            ..Said::default()
        };
        let new = answered(body.as_bytes(), &[Some(some), None, Some(nobody)]).unwrap();
        let (old, read) = (
            parse_submission(body.as_bytes()).unwrap(),
            parse_submission(&new).unwrap(),
        );
        assert_eq!(read.revision, None);
        assert_eq!(read.content.media[0].alt, old.content.media[0].alt);
        let pupils: Vec<_> = read
            .content
            .media
            .iter()
            .map(|medium| medium.pupils.clone())
            .collect();
        let id = |text: &str| vec![PupilId::from(text)];
        assert_eq!(pupils, [Some(id("P1")), Some(id("P9")), Some(Vec::new())]);
        let value: Value = serde_json::from_slice(&new).unwrap();
        assert_eq!(value["odd"], json!({"kept": [1]}));
        assert_eq!(value["media"][0]["staff"], 2);
        assert!(value["media"][1].get("staff").is_none());
        assert_eq!(answered(body.as_bytes(), &[None]), None);
        assert_eq!(answered(b"{}", &[]), None);
    }

    proptest! {
        #[test]
        fn what_is_carried_comes_back(ids in prop::collection::vec("[A-Za-z0-9 ,\"-]{1,12}", 1..9), adults in 0_u32..=99) {
            let said = Said { nobody: false, pupils: ids.into_iter().map(PupilId::new).collect(), adults };
            prop_assert_eq!(Said::from_field(&said.to_field()), Some(said.clone()));
            prop_assert_eq!(Said::from_field(&said.to_field().replace('\n', "\r\n")), Some(said));
        }

        #[test]
        fn no_field_is_too_odd_to_be_read(text in "\\PC{0,40}") {
            let said = Said::from_field(&text);
            prop_assert!(said.is_none_or(|said| said.unclear().is_none()));
        }
    }
}
