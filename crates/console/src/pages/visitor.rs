//! Somebody who is signed in: who, with which roles at which school, and what follows for the pages. What may be
//! decided about an item is the policy's.

use std::collections::BTreeSet;

use schoolgate_model::{Redacted, Role, SchoolId};
use schoolgate_policy::Sight;
use schoolgate_school::Schools;

/// A part at one school, or at all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The school; `None` = every one.
    pub(crate) school: Option<SchoolId>,
    /// The part.
    pub(crate) role: Role,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The account's id, which the audit trail keeps.
    pub(crate) id: String,
    /// The e-mail address.
    pub(crate) login: Redacted<String>,
    /// How colleagues know them.
    pub(crate) name: Redacted<String>,
    /// The parts.
    pub(crate) parts: Vec<Part>,
    /// What every form of this session carries.
    pub(crate) form_token: Redacted<String>,
    /// SHA-256 of the cookie's token.
    pub(crate) token_hash: String,
}

impl Visitor {
    /// The roles at one school, each once.
    pub(crate) fn roles_at(&self, school: &SchoolId) -> Vec<Role> {
        let here = |part: &&Part| part.school.as_ref().is_none_or(|own| own == school);
        let roles: BTreeSet<Role> = self
            .parts
            .iter()
            .filter(here)
            .map(|part| part.role)
            .collect();
        roles.into_iter().collect()
    }

    /// What of one school's items the visitor works with.
    pub(crate) fn sight_at(&self, school: &SchoolId) -> Sight {
        Sight::of(&self.roles_at(school))
    }

    /// The schools of which the visitor sees any items but own drafts.
    pub(crate) fn schools_seen(&self, schools: &Schools) -> Vec<SchoolId> {
        self.schools_where(schools, |school| self.sight_at(school).any())
    }

    fn schools_where(&self, schools: &Schools, is: impl Fn(&SchoolId) -> bool) -> Vec<SchoolId> {
        schools
            .by_slug
            .keys()
            .filter(|school| is(school))
            .cloned()
            .collect()
    }

    /// Whether the visitor has this part anywhere.
    pub(crate) fn is_anywhere(&self, role: Role) -> bool {
        self.parts.iter().any(|part| part.role == role)
    }

    /// Whether the visitor looks after the people of this school; `None` = of every school.
    pub(crate) fn administers(&self, school: Option<&SchoolId>) -> bool {
        self.parts.iter().any(|part| {
            part.role == Role::Administrator
                && (part.school.is_none() || part.school.as_ref() == school)
        })
    }

    /// The parts in words, for the top of the page.
    pub(crate) fn parts_in_words(&self) -> String {
        let roles: BTreeSet<Role> = self.parts.iter().map(|part| part.role).collect();
        let words: Vec<_> = roles.into_iter().map(role_words).collect();
        words.join(", ")
    }
}

/// A role as people say it.
pub(crate) const fn role_words(role: Role) -> &'static str {
    match role {
        Role::Author => "author",
        Role::Moderator => "moderator",
        Role::Slt => "senior leader",
        Role::Dsl => "safeguarding lead",
        Role::Head => "head",
        Role::Administrator => "administrator",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn visitor(parts: &[(Option<&str>, Role)]) -> Visitor {
        Visitor {
            id: "u-1".to_owned(),
            login: "v@st-hildas.example".to_owned().into(),
            name: "V".to_owned().into(),
            parts: parts
                .iter()
                .map(|(school, role)| Part {
                    school: school.map(SchoolId::from),
                    role: *role,
                })
                .collect(),
            form_token: "f".to_owned().into(),
            token_hash: "h".to_owned(),
        }
    }

    #[test]
    fn a_part_counts_at_its_own_school_or_everywhere() {
        let visitor = visitor(&[
            (Some("a"), Role::Moderator),
            (None, Role::Author),
            (Some("b"), Role::Dsl),
            (Some("b"), Role::Administrator),
        ]);
        let [a, b, c] = ["a", "b", "c"].map(SchoolId::from);
        assert_eq!(visitor.roles_at(&a), [Role::Author, Role::Moderator]);
        assert_eq!(
            visitor.roles_at(&b),
            [Role::Author, Role::Dsl, Role::Administrator]
        );
        assert_eq!(visitor.roles_at(&c), [Role::Author]);
        assert!(visitor.sight_at(&a).plain && !visitor.sight_at(&a).dsl);
        assert!(visitor.sight_at(&b).dsl && !visitor.sight_at(&b).plain);
        assert!(!visitor.sight_at(&c).any());
        assert!(visitor.administers(Some(&b)) && !visitor.administers(Some(&a)));
        assert!(!visitor.administers(None), "of one school only");
    }
}
