//! Who may sign in: added, given roles, given a new password, and signed out for good, by whom looks after the school.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use schoolgate_model::{Role, SchoolId};
use schoolgate_policy::person::is_unseen;
use schoolgate_store::{EVERY_SCHOOL, NewUser, User, UserAdded, UserRole};
use serde::Deserialize;

use super::{
    done::Done,
    fault::{PageFault, html},
    form::Posted,
    item::school_name,
    lists,
    marks::visible,
    shell::{Section, Shell},
    visitor::{Visitor, role_words},
};
use crate::{
    Console,
    asked::{Asked, Named},
    limits::Desk,
    password::made_password,
};

/// The longest name.
const MAX_NAME_CHARS: usize = 120;

struct TickBox {
    value: String,
    label: String,
    is_on: bool,
}

struct PersonCard {
    name: String,
    login: String,
    roles: String,
    is_disabled: bool,
    may_change: bool,
    url: String,
    ticks: Vec<TickBox>,
}

struct Secret {
    name: String,
    password: String,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    shell: Shell,
    fault: Option<String>,
    secret: Option<Secret>,
    people: Vec<PersonCard>,
    ticks: Vec<TickBox>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct After {
    done: Option<String>,
}

pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Asked(after): Asked<After>,
) -> Result<Response, PageFault> {
    let done = after.done.as_deref().and_then(Done::from_code);
    render(&desk.console, &visitor, done, None, None).await
}

async fn render(
    console: &Console,
    visitor: &Visitor,
    done: Option<Done>,
    fault: Option<String>,
    secret: Option<Secret>,
) -> Result<Response, PageFault> {
    if !visitor.is_anywhere(Role::Administrator) {
        return Err(PageFault::Forbidden);
    }
    let (mut shell, _) = lists::frame(console, visitor, Section::People).await?;
    shell.done = done.map(|done| done.sentence(None, None));
    let users = console.store.users().await?;
    let people = users
        .iter()
        .filter(|user| concerns(visitor, user))
        .map(|user| card(console, visitor, user))
        .collect();
    Ok(html(&PeoplePage {
        shell,
        fault,
        secret,
        people,
        ticks: ticks(console, visitor, &[]),
    }))
}

/// Whether somebody is anything at a school that the visitor looks after.
fn concerns(visitor: &Visitor, user: &User) -> bool {
    user.roles.is_empty() && visitor.administers(None)
        || user
            .roles
            .iter()
            .any(|held| visitor.administers(Some(&SchoolId::from(held.school.as_str()))))
}

/// Whether the visitor may change somebody: only where they look after every school that the person has a part at.
fn may_change(visitor: &Visitor, user: &User) -> bool {
    let each = user.roles.iter().all(|held| match held.school.as_str() {
        EVERY_SCHOOL => visitor.administers(None),
        school => visitor.administers(Some(&SchoolId::from(school))),
    });
    user.id != visitor.id && concerns(visitor, user) && each
}

fn card(console: &Console, visitor: &Visitor, user: &User) -> PersonCard {
    let several = console.schools.only().is_none();
    let roles: Vec<_> = user
        .roles
        .iter()
        .map(|held| match (several, held.school.as_str()) {
            (false, _) => role_words(held.role).to_owned(),
            (true, EVERY_SCHOOL) => format!("{} of every school", role_words(held.role)),
            (true, school) => format!(
                "{} at {}",
                role_words(held.role),
                school_name(console, &SchoolId::from(school))
            ),
        })
        .collect();
    PersonCard {
        name: visible(user.name.expose()),
        login: visible(user.login.expose()),
        roles: match roles.is_empty() {
            true => "nothing yet".to_owned(),
            false => roles.join(", "),
        },
        is_disabled: user.disabled_at.is_some(),
        may_change: may_change(visitor, user),
        url: format!("/people/{}", user.id),
        ticks: ticks(console, visitor, &user.roles),
    }
}

/// One box for each role at each school that the visitor looks after.
fn ticks(console: &Console, visitor: &Visitor, held: &[UserRole]) -> Vec<TickBox> {
    let several = console.schools.only().is_none();
    let slugs = console.schools.by_slug.keys();
    let mut places: Vec<(String, String)> = slugs
        .filter(|slug| visitor.administers(Some(slug)))
        .map(|slug| (slug.to_string(), school_name(console, slug)))
        .collect();
    if several && visitor.administers(None) {
        places.push((EVERY_SCHOOL.to_owned(), "every school".to_owned()));
    }
    let box_of = |role: Role, (slug, name): &(String, String)| {
        let words = capital(role_words(role));
        let everywhere = held
            .iter()
            .any(|own| own.role == role && own.school == EVERY_SCHOOL);
        TickBox {
            value: format!("{}:{slug}", role.code()),
            label: if several {
                format!("{words}, {name}")
            } else {
                words
            },
            is_on: held
                .iter()
                .any(|own| own.role == role && own.school == *slug)
                || (!several && everywhere),
        }
    };
    places
        .iter()
        .flat_map(|place| Role::ALL.iter().map(|role| box_of(*role, place)))
        .collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The ticked roles, where the visitor may give every one of them.
fn asked_roles(console: &Console, visitor: &Visitor, posted: &Posted) -> Option<Vec<UserRole>> {
    let mut roles = Vec::new();
    for value in posted.all("role") {
        let (role, place) = value.split_once(':')?;
        let role = Role::from_code(role)?;
        let may = match place {
            EVERY_SCHOOL => visitor.administers(None),
            slug => {
                let slug = SchoolId::from(slug);
                console.schools.get(&slug).is_some() && visitor.administers(Some(&slug))
            }
        };
        if !may {
            return None;
        }
        roles.push(UserRole {
            school: place.to_owned(),
            role,
        });
    }
    Some(roles)
}

/// Adds somebody with a password that is shown once.
pub(crate) async fn add(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    if !visitor.is_anywhere(Role::Administrator) {
        return Err(PageFault::Forbidden);
    }
    let refused = async |fault: &str| {
        let page = render(console, &visitor, None, Some(fault.to_owned()), None).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let roles = asked_roles(console, &visitor, &posted).ok_or(PageFault::Forbidden)?;
    let (name, login) = (posted.text("name"), posted.text("login").to_lowercase());
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(is_unseen) {
        return refused(
            "Nobody was added: give a name of at most 120 characters that can all be seen.",
        )
        .await;
    }
    if !is_address(&login) {
        return refused("Nobody was added: give an e-mail address such as j.lee@school.example.")
            .await;
    }
    if roles.is_empty() {
        return refused("Nobody was added: tick what they do.").await;
    }
    let (password, hash) = fresh(&desk, &visitor).await?;
    let user = NewUser {
        id: (console.new_key)(),
        login,
        name: name.to_owned(),
        password_hash: hash,
        roles,
    };
    let now = console.clock.now();
    match console.store.user_add(&user, &visitor.id, now).await? {
        UserAdded::Added => {
            let secret = Secret {
                name: user.name,
                password,
            };
            render(console, &visitor, None, None, Some(secret)).await
        }
        UserAdded::LoginTaken => {
            refused("Nobody was added: somebody has this e-mail address already.").await
        }
    }
}

/// A made password and its hash.
async fn fresh(desk: &Desk, visitor: &Visitor) -> Result<(String, String), PageFault> {
    let console = &desk.console;
    let password = made_password(&(console.new_secret)());
    let hash = desk
        .hasher
        .hash(&visitor.id, password.clone(), (console.new_secret)())
        .await
        .map_err(|_| PageFault::Crowded)?
        .ok_or(PageFault::Internal)?;
    Ok((password, hash))
}

/// Whether a text can be an e-mail address; whether it is one shows when a mail is sent.
pub fn is_address(text: &str) -> bool {
    let plain = text
        .chars()
        .all(|c| !c.is_whitespace() && !is_unseen(c) && c != ',' && c != ';');
    let parts = text.split_once('@');
    plain
        && text.chars().count() <= 254
        && parts.is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@') && !host.ends_with('.')
        })
}

/// Somebody whom the visitor may change.
async fn changeable(console: &Console, visitor: &Visitor, id: &str) -> Result<User, PageFault> {
    let user = console.store.user_by_id(id).await?;
    let user = user.filter(|user| may_change(visitor, user));
    user.ok_or(PageFault::NotFound)
}

/// Makes a new password, which is shown once. Every session of the account ends.
pub(crate) async fn password(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(id): Named,
    _posted: Posted,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let user = changeable(console, &visitor, &id).await?;
    let (password, hash) = fresh(&desk, &visitor).await?;
    console
        .store
        .user_set_password(&user.id, &hash, &visitor.id, console.clock.now())
        .await?;
    let secret = Secret {
        name: user.name.into_inner(),
        password,
    };
    render(console, &visitor, None, None, Some(secret)).await
}

/// Replaces somebody's roles.
pub(crate) async fn roles(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(id): Named,
    posted: Posted,
) -> Result<Redirect, PageFault> {
    let console = &desk.console;
    let user = changeable(console, &visitor, &id).await?;
    let roles = asked_roles(console, &visitor, &posted).ok_or(PageFault::Forbidden)?;
    console
        .store
        .user_set_roles(&user.id, &roles, &visitor.id, console.clock.now())
        .await?;
    Ok(back(Done::RolesSaved))
}

/// Ends somebody's sessions and their sign-in.
pub(crate) async fn disable(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(id): Named,
    _posted: Posted,
) -> Result<Redirect, PageFault> {
    let console = &desk.console;
    let user = changeable(console, &visitor, &id).await?;
    console
        .store
        .user_disable(&user.id, &visitor.id, console.clock.now())
        .await?;
    Ok(back(Done::Disabled))
}

fn back(done: Done) -> Redirect {
    Redirect::to(&format!("/people?done={}", done.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::visitor::tests::visitor;

    fn user(roles: &[(&str, Role)]) -> User {
        User {
            id: "u-2".to_owned(),
            login: "p@s.example".to_owned().into(),
            name: "P".to_owned().into(),
            password_hash: String::new().into(),
            roles: roles
                .iter()
                .map(|(school, role)| UserRole {
                    school: (*school).to_owned(),
                    role: *role,
                })
                .collect(),
            created_at: "2026-11-20T09:00:00Z".parse().unwrap(),
            disabled_at: None,
        }
    }

    #[test]
    fn one_school_s_administrator_changes_nobody_of_another() {
        let of_a = visitor(&[(Some("a"), Role::Administrator)]);
        let of_all = visitor(&[(None, Role::Administrator)]);
        let cases = [
            (&[("a", Role::Dsl)][..], true),
            (&[("a", Role::Dsl), ("b", Role::Author)], false),
            (&[("*", Role::Administrator)], false),
            (&[], false),
        ];
        for (roles, may) in cases {
            assert_eq!(may_change(&of_a, &user(roles)), may, "{roles:?}");
            assert!(may_change(&of_all, &user(roles)), "{roles:?}");
        }
        let plain = visitor(&[(Some("a"), Role::Head)]);
        assert!(!may_change(&plain, &user(&[("a", Role::Dsl)])));
    }

    #[test]
    fn an_address_has_a_name_and_a_host() {
        assert!(is_address("j.lee@school.example"));
        for bad in [
            "",
            "j.lee",
            "@school.example",
            "a@b",
            "a b@c.d",
            "a@b@c.d",
            "a@b.c,d@e.f",
            "a@b.",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
