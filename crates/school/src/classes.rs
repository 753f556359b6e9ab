//! The pupils by class, as a list on a screen shows them: preferred names only. Who may be published is not here.

use std::collections::BTreeMap;

use schoolgate_model::{Pupil, PupilId, Redacted};
use schoolgate_scan::fold::fold;

/// The class of pupils for whom the register names none.
const NO_CLASS: &str = "No class";

/// One class. `Debug` hides the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassList {
    /// The class as written, such as `4 Heron`.
    pub name: String,
    /// Its pupils by name.
    pub pupils: Vec<ListedPupil>,
}

/// One pupil of a list. `Debug` hides the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPupil {
    /// Id in the register.
    pub id: PupilId,
    /// The name that the pupil goes by.
    pub name: Redacted<String>,
    /// The same in small letters without accents, for finding.
    pub found_by: Redacted<String>,
}

/// A name as [`ListedPupil::found_by`] has it: small letters without accents.
pub fn found_by(name: &str) -> String {
    fold(name.trim()).text().to_owned()
}

/// The pupils by class: the youngest first, then by the class's name, and in each by the pupil's.
pub(crate) fn classes(pupils: &[Pupil]) -> Vec<ClassList> {
    let mut found: BTreeMap<(u32, String), Vec<ListedPupil>> = BTreeMap::new();
    for pupil in pupils {
        let class = pupil.class.as_deref().map(str::trim).unwrap_or_default();
        let name = if class.is_empty() { NO_CLASS } else { class };
        let place = (rank(name, pupil.year.as_deref()), name.to_owned());
        found.entry(place).or_default().push(listed(pupil));
    }
    let mut lists: Vec<ClassList> = Vec::new();
    for ((_, name), pupils) in found {
        // a class with children of two years is one class, at the place of the youngest
        match lists.iter_mut().find(|list| list.name == name) {
            Some(list) => list.pupils.extend(pupils),
            None => lists.push(ClassList { name, pupils }),
        }
    }
    for list in &mut lists {
        list.pupils.sort_by(|a, b| {
            let key = |pupil: &ListedPupil| pupil.found_by.expose().clone();
            key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
        });
    }
    lists
}

fn listed(pupil: &Pupil) -> ListedPupil {
    let given = pupil
        .preferred_given
        .as_ref()
        .or(pupil.legal_given.as_ref());
    let family = pupil
        .preferred_family
        .as_ref()
        .or(pupil.legal_family.as_ref());
    let parts: Vec<&str> = [given, family]
        .into_iter()
        .flatten()
        .map(|part| part.expose().trim())
        .filter(|part| !part.is_empty())
        .collect();
    let name = parts.join(" ");
    ListedPupil {
        id: pupil.id.clone(),
        found_by: Redacted::new(found_by(&name)),
        name: Redacted::new(name),
    }
}

/// Where a class stands: nursery, reception, then the years; what has none at the end.
fn rank(class: &str, year: Option<&str>) -> u32 {
    if class == NO_CLASS {
        return u32::MAX;
    }
    year.into_iter()
        .chain([class])
        .find_map(year_number)
        .unwrap_or(u32::MAX - 1)
}

fn year_number(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    let digits: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(2)
        .collect();
    if let Ok(number) = digits.parse::<u32>() {
        return Some(number + 1);
    }
    let first = text.split_whitespace().next()?;
    match first {
        "n" | "nursery" | "preschool" | "pre-school" => Some(0),
        "r" | "reception" | "yr" => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use schoolgate_model::Consents;

    use super::*;

    fn pupil(id: &str, legal: (&str, &str), preferred: (&str, &str), of: (&str, &str)) -> Pupil {
        let text = |text: &str| (!text.is_empty()).then(|| Redacted::new(text.to_owned()));
        let plain = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Pupil {
            id: PupilId::from(id),
            upn: None,
            legal_given: text(legal.0),
            legal_middle: text("Middle"),
            legal_family: text(legal.1),
            preferred_given: text(preferred.0),
            preferred_family: text(preferred.1),
            former_family: text("Former"),
            year: plain(of.0),
            class: plain(of.1),
            do_not_publish: Some(false),
            consents: Consents::default(),
        }
    }

    #[test]
    fn classes_are_in_the_order_of_the_school_and_pupils_by_the_name_they_go_by() {
        let pupils = [
            pupil(
                "1",
                ("Łukasz", "Wiśniewski"),
                ("", ""),
                ("Reception", "R Acorn"),
            ),
            pupil("2", ("Margaret", "Bell"), ("Daisy", ""), ("Year 10", "10B")),
            pupil("3", ("Ivo", "Ash"), ("", "Elm"), ("Year 2", "2 Wren")),
            pupil("4", ("Zed", "Zed"), ("", ""), ("", "")),
            pupil("5", ("Ann", "Ash"), ("", ""), ("Reception", "R Acorn")),
            pupil("6", ("Tom", "Oak"), ("", ""), ("Nursery", "N Bluebell")),
            pupil("7", ("Una", "Oak"), ("", ""), ("Year 3", "2 Wren")),
            pupil("8", ("Vic", "Oak"), ("", ""), ("", "Chess")),
        ];
        let lists = classes(&pupils);
        let shown: Vec<String> = lists
            .iter()
            .map(|list| {
                let names: Vec<_> = list
                    .pupils
                    .iter()
                    .map(|pupil| format!("{} ({})", pupil.name.expose(), pupil.found_by.expose()))
                    .collect();
                format!("{}: {}", list.name, names.join(", "))
            })
            .collect();
        let expected = [
            "N Bluebell: Tom Oak (tom oak)",
            "R Acorn: Ann Ash (ann ash), Łukasz Wiśniewski (lukasz wisniewski)",
            "2 Wren: Ivo Elm (ivo elm), Una Oak (una oak)",
            "10B: Daisy Bell (daisy bell)",
            "Chess: Vic Oak (vic oak)",
            "No class: Zed Zed (zed zed)",
        ];
        assert_eq!(shown, expected);
        assert!(!format!("{lists:?}").contains("Daisy"));
    }
}
