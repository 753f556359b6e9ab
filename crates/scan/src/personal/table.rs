//! Rows and columns that somebody copied out of a table: what stands in a cell is told by its neighbours, not by a label.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Candidate, kind::Kind, page::Page, person::is_given_name};

/// What stands between two cells.
const BARS: [char; 6] = [',', ';', '\t', '|', '<', '>'];
/// What stands around what is entered in a cell.
const FRAME: [char; 5] = [' ', '\'', '"', '(', ')'];
/// How sure a detail must be to tell that a form is about somebody.
const SURE: f32 = 0.6;
/// The fewest cells of a row that needs no other row to be one.
const FEWEST: usize = 4;

/// The line that holds a place.
fn row_of(page: &Page<'_>, at: usize) -> Range<usize> {
    let start = page.text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = page.text[at..]
        .find('\n')
        .map_or(page.text.len(), |end| at + end);
    start..end
}

fn bars(part: &str) -> usize {
    part.matches(BARS).count()
}

/// Whether the date stands in the column of a table where the row above has a date of birth.
pub(super) fn is_below_a_birth(page: &Page<'_>, found: &[Candidate], date: &Range<usize>) -> bool {
    let row = row_of(page, date.start);
    let Some(above) = row.start.checked_sub(1).map(|at| row_of(page, at)) else {
        return false;
    };
    let born = found
        .iter()
        .rev()
        .find(|earlier| earlier.kind == Kind::DateOfBirth && above.contains(&earlier.bytes.start));
    let column = bars(&page.text[row.start..date.start]);
    born.is_some_and(|born| {
        bars(&page.text[row]) == bars(&page.text[above.clone()])
            && column > 0
            && column == bars(&page.text[above.start..born.bytes.start])
    })
}

/// "Ayo;Fashola;M;2012/09/28;asthma", "('Hesketh','07700 900077','1974-10-22')": whether the date is a cell of its own in a
/// row that has somebody's given name in another, or one of the details found so far.
pub(super) fn is_in_a_persons_row(
    page: &Page<'_>,
    found: &[Candidate],
    date: &Range<usize>,
) -> bool {
    let row = row_of(page, date.start);
    let cells = page.text[row.clone()].split(BARS);
    if cells.clone().filter(|cell| !cell.is_empty()).count() < FEWEST {
        return false;
    }
    if found.iter().any(|known| known.overlaps(date)) {
        return false;
    }
    let detailed = found.iter().any(|known| {
        row.contains(&known.bytes.start) && !known.kind.is_wide() && known.kind != Kind::DateOfBirth
    });
    let mut at = row.start;
    let (mut whole, mut named) = (false, false);
    for cell in cells {
        let told = cell.trim_matches(FRAME);
        let opens = at + cell.len() - cell.trim_start_matches(FRAME).len();
        whole |= opens == date.start && opens + told.len() == date.end;
        let mut words = told.split(' ');
        let given = words.next().is_some_and(is_given_name) && words.count() <= 2;
        named |= given && page.opens_with_capital(opens);
        at += cell.len() + 1;
    }
    whole && (named || detailed)
}

/// A field of a form that asks what ails a child: "Allergies: latex".
static FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:allerg(?:y|ies)|medical(?: conditions?| needs?| info(?:rmation)?| notes?)?|conditions?|diagnos[ei]s|medication|health(?: notes?| needs?)?|disabilit(?:y|ies)) ?(?::|=) ?[\x22']?([a-z][^\n;|\x22{}]{3,60})").ok()
});

/// What is entered where there is nothing to tell.
const NOTHING: &[&str] = &[
    "none", "nil", "no ", "not ", "n/a", "please", "yes", "see ", "tbc", "your", "the ", "any",
    "list", "ask", "string", "null", "true", "false",
];

/// What ails somebody, entered in a form that has a detail of theirs too.
pub(super) fn ailments(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let somebody = found
        .iter()
        .any(|known| !known.kind.is_wide() && known.confidence >= SURE)
        || page.named_in(&(0..page.text.len())).next().is_some();
    if !somebody || !(page.writes(b':') || page.writes(b'=')) {
        return;
    }
    for field in FIELD
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(told) = field.get(1) else {
            continue;
        };
        let end = told.as_str().find(". ").unwrap_or(told.len());
        let words = told.as_str()[..end].trim_end_matches(['.', ',', ' ']);
        if !NOTHING.iter().any(|nothing| words.starts_with(nothing)) {
            found.push(Candidate::new(
                Kind::Health,
                told.start()..told.start() + words.len(),
                0.6,
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    #[test]
    fn a_row_with_a_name_tells_whose_date_it_is() {
        for row in [
            "Ayo;Fashola;M;2012/09/28;asthma",
            "3 | Amelia Bell | 7B | 14/02/2014",
            "VALUES (12,'Hesketh','G','07700 900 077','1974-10-22');",
            "<row><fn>Delphi</fn><pc>EX20 4NB</pc><bd>17-Mar-2012</bd></row>",
        ] {
            assert_eq!(told("date_of_birth", row).len(), 1, "{row}");
        }
        for row in [
            "Hall, Tuesday, 14/02/2014, full",
            "Grace, sang on 14/02/2014, and Ayo danced, all evening",
        ] {
            assert!(told("date_of_birth", row).is_empty(), "{row}");
        }
    }

    #[test]
    fn what_ails_somebody_is_found_in_a_form_about_them() {
        let form = "fn: Amara\ntel: 07700 900077\nallergies: latex\nmedical: none";
        assert_eq!(told("health", form), ["latex"]);
        for form in [
            "Allergies: latex gloves are no longer used in the kitchen.",
            "tel: 07700 900077\nallergies: none known",
        ] {
            assert!(told("health", form).is_empty(), "{form}");
        }
    }
}
