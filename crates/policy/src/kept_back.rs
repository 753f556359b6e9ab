//! Who is told about an item that an earlier or later revision keeps for the safeguarding lead or the head. Pure; the
//! store knows the marks of the other revisions and asks here while it writes.

use schoolgate_model::Audience;

use crate::{
    change::{OutboxEntry, OutboxKind},
    person::Restricted,
};

/// Rows with the alerts of moderators and senior leaders addressed to those who may see the item in their place. What
/// is told to anybody else stays: they have no list from which the item is gone.
pub fn readdressed(rows: &[OutboxEntry], only: Restricted) -> Vec<OutboxEntry> {
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        match row.audience {
            Some(Audience::Moderator | Audience::Slt) => {
                told.extend(only.audiences().iter().map(|to| addressed(row, *to)));
            }
            _ => told.push(row.clone()),
        }
    }
    told
}

/// As [`readdressed`], and whoever alone may see the item is told of it as soon as anybody is.
pub fn told_to_those_who_see_it(rows: &[OutboxEntry], only: Restricted) -> Vec<OutboxEntry> {
    let mut told = readdressed(rows, only);
    let first = told
        .iter()
        .find(|row| row.kind == OutboxKind::Alert)
        .cloned();
    for to in only.audiences() {
        let known = told.iter().any(|row| row.audience == Some(*to));
        if let Some(first) = first.as_ref().filter(|_| !known) {
            told.push(addressed(first, *to));
        }
    }
    told
}

/// The same alert for somebody else, under a key of its own.
fn addressed(row: &OutboxEntry, to: Audience) -> OutboxEntry {
    let school = row.routing_key.splitn(3, '.').nth(2).unwrap_or_default();
    OutboxEntry {
        key: format!("{}/{}", row.key, to.code()),
        routing_key: format!("alert.{}.{school}", to.code()),
        audience: Some(to),
        ..row.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(audiences: &[Option<Audience>]) -> Vec<OutboxEntry> {
        let row = |audience: &Option<Audience>| OutboxEntry {
            key: format!("k/{}", audience.map_or("verdict", Audience::code)),
            kind: audience.map_or(OutboxKind::Publish, |_| OutboxKind::Alert),
            routing_key: match audience {
                Some(audience) => format!("alert.{}.st.judes", audience.code()),
                None => "verdict.draft.hold.st.judes".to_owned(),
            },
            audience: *audience,
            urgent: true,
            body: "{}".to_owned(),
        };
        audiences.iter().map(row).collect()
    }

    fn keys(rows: &[OutboxEntry]) -> Vec<(&str, &str)> {
        rows.iter()
            .map(|row| (row.key.as_str(), row.routing_key.as_str()))
            .collect()
    }

    #[test]
    fn moderators_and_leaders_are_not_told_but_those_who_may_see_it() {
        let told = readdressed(
            &rows(&[None, Some(Audience::Slt), Some(Audience::Press)]),
            Restricted::Dsl,
        );
        assert_eq!(
            keys(&told),
            [
                ("k/verdict", "verdict.draft.hold.st.judes"),
                ("k/slt/dsl", "alert.dsl.st.judes"),
                ("k/press", "alert.press.st.judes"),
            ]
        );
        assert_eq!(told[1].audience, Some(Audience::Dsl));
        assert!(told[1].urgent);
    }

    #[test]
    fn an_alert_that_goes_to_the_author_alone_is_told_to_those_who_decide_too() {
        let told = told_to_those_who_see_it(&rows(&[Some(Audience::Author)]), Restricted::Dsl);
        assert_eq!(
            keys(&told),
            [
                ("k/author", "alert.author.st.judes"),
                ("k/author/dsl", "alert.dsl.st.judes"),
            ]
        );
        let both = rows(&[Some(Audience::Moderator)]);
        let both = told_to_those_who_see_it(&both, Restricted::DslAndHead);
        assert_eq!(
            keys(&both),
            [
                ("k/moderator/dsl", "alert.dsl.st.judes"),
                ("k/moderator/head", "alert.head.st.judes"),
            ]
        );
        // Where nobody is told anything, neither are they.
        let quiet = rows(&[None]);
        assert_eq!(told_to_those_who_see_it(&quiet, Restricted::Dsl), quiet);
    }
}
