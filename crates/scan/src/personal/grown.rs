//! Birthdays of grown people with their age and day ("Mrs Lowther hits the big six-oh on Saturday"): with the year of the
//! post they are a whole date of birth (DOMAIN 2.11).

use std::sync::LazyLock;

use super::{
    Candidate,
    kind::Kind,
    page::Page,
    person::{bare, is_given_name, is_public_prose},
    shape::Shape,
    tales::is_of_animals_or_parts,
};

/// An age of twenty or more and a day close to it, after a verb.
static AGED: LazyLock<Shape> = LazyLock::new(|| {
    const AGE: &str = "(?:[2-9][0-9]|10[0-9]|(?:three|four|five|six|seven|eight|nine)[- ](?:oh|o|zero)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|a hundred|one hundred)";
    const DAY: &str = "(?:today|tomorrow|yesterday|tonight|(?:on |this |next |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|this (?:week|weekend|month)|next (?:week|weekend)|at the weekend|over (?:the weekend|half[- ]term)|on the [0-9]{1,2}(?:st|nd|rd|th)|on [0-9]{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|on (?:christmas|boxing|new year'?s) (?:day|eve))";
    Shape::new(&format!(
        r"(?-u:\b)(?:(?:turns|turned|turning|hits|hit|hitting|reaches|reached|is|was|will be|'ll be|celebrates|celebrated|celebrating|has|had)|'s) (?:now |also |finally )?(?:(?:the|a|an|his|her|their) )?(?:big |grand old age of |ripe old age of |age of |special |milestone )*{AGE}(?:th)?(?: birthday| years old| years young)? (?:{DAY})(?-u:\b)"
    ))
});

/// Kin and workers who are somebody's.
const KIN: &[&str] = &[
    "nan", "nana", "nanna", "gran", "granny", "grandma", "grandad", "grandpa", "mum", "mam", "dad",
    "husband", "wife", "aunt", "auntie", "uncle", "she", "he", "she's", "he's", "shes", "hes",
];

/// Adds the stretch from the verb to the day.
pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in AGED
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(shaped.start());
        let words = &page.text[sentence.clone()];
        let before = page.text[sentence.start..shaped.start()].trim_end();
        // "Nana Joan, who hears readers, is 90"
        let subject = match before
            .strip_suffix(',')
            .and_then(|clause| clause.rfind(", who "))
        {
            Some(aside) => &before[..aside],
            None => before
                .strip_suffix(" who")
                .map_or(before, |who| who.trim_end_matches(',')),
        };
        let who = subject.rsplit([' ', '\n']).next().unwrap_or_default();
        let at = sentence.start + subject.len() - who.len();
        let mut earlier = subject[..subject.len() - who.len()].trim_end().rsplit(' ');
        let title = earlier.next().unwrap_or_default();
        let titled = matches!(
            title,
            "mr" | "mrs"
                | "miss"
                | "ms"
                | "mr."
                | "mrs."
                | "nana"
                | "nan"
                | "auntie"
                | "uncle"
                | "grandad"
                | "granny"
                | "grandma"
        );
        let name = page.opens_with_capital(at);
        let known = name && (titled || is_given_name(bare(who)))
            || page.named_in(&(at..at + who.len())).next().is_some()
            || name && is_given_name(title)
            || KIN.contains(&who);
        let cheered = [
            "birthday", "sing", "cake", "card", "candle", "happy", "big ", "turn", "hit", "party",
            "celebrat", "old", "balloon",
        ]
        .iter()
        .any(|cheer| words.contains(cheer));
        let counted = [
            "degrees", "minutes", "score", "miles", "runs", "points", "laps", "goals", "marathon",
            "parkrun",
        ]
        .iter()
        .any(|thing| words.contains(thing));
        let has = shaped.as_str().starts_with("ha") && !shaped.as_str().contains("birthday");
        if known
            && !has
            && (cheered || titled)
            && !counted
            && !is_public_prose(page, &sentence)
            && !is_of_animals_or_parts(page, &sentence)
        {
            found.push(Candidate::new(Kind::Birthday, shaped.range(), 0.6));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::scan;

    fn birthdays(text: &str) -> usize {
        let found = scan(text).into_iter();
        found.filter(|(kind, ..)| kind == "birthday").count()
    }

    #[test]
    fn grown_people_have_birthdays_too() {
        for text in [
            "Cake at 3! Mrs Lowther hits the big six-oh on Saturday, so sing if you see her.",
            "Our caretaker Dave is 60 on Friday; please sign the card.",
            "Nana Joan, who hears readers, is 90 next Tuesday, cake in the hall.",
            "Happy birthday to Mr Ellison, who turns fifty on Sunday.",
        ] {
            assert_eq!(birthdays(text), 1, "{text}");
        }
    }

    #[test]
    fn buildings_scores_and_temperatures_have_none() {
        for text in [
            "The library turns 100 on Saturday with cake for all.",
            "Our school is 150 on Friday, happy birthday to us.",
            "Mr Bell had 60 today out of a score of 80.",
            "Mrs Frost has thirty on Friday and thirty on Monday in her class.",
            "It was 30 yesterday and we had ice lollies, happy days.",
        ] {
            assert_eq!(birthdays(text), 0, "{text}");
        }
    }
}
