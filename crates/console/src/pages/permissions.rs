//! “Photo permissions”: who may be in a picture, class by class, before it is taken or posted. Read only.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use schoolgate_model::{Role, SchoolId};
use serde::Deserialize;

use super::{
    fault::{PageFault, html},
    form::Posted,
    item, lists,
    permission::{Mark, Permission, Pupils, channel_words},
    shell::{Section, Shell},
    subjects::fits,
    visitor::Visitor,
};
use crate::{Console, asked::Asked, limits::Desk};

/// Pupils of one search.
const MAX_FOUND: usize = 60;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    school: Option<String>,
    channel: Option<String>,
    class: Option<String>,
}

struct Choice {
    value: String,
    label: String,
    is_on: bool,
}

struct Row {
    name: String,
    class: String,
    permission: Permission,
}

#[derive(Template)]
#[template(path = "permissions.html")]
struct PermissionsPage {
    shell: Shell,
    schools: Vec<Choice>,
    channels: Vec<Choice>,
    classes: Vec<Choice>,
    school: String,
    channel: String,
    channel_words: String,
    find: String,
    title: String,
    summary: String,
    lacks_list: bool,
    has_video: bool,
    rows: Vec<Row>,
}

/// One class.
pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Asked(which): Asked<Which>,
) -> Result<Response, PageFault> {
    render(&desk.console, &visitor, &which, "").await
}

/// Pupils by name. Posted, so that no name stands in an address.
pub(crate) async fn find(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let text = |name: &str| Some(posted.text(name).to_owned()).filter(|text| !text.is_empty());
    let which = Which {
        school: text("school"),
        channel: text("channel"),
        class: None,
    };
    let find: String = posted.text("find").chars().take(80).collect();
    render(&desk.console, &visitor, &which, &find).await
}

/// Whether somebody works with pupils' pictures anywhere.
pub(crate) fn has_part(visitor: &Visitor) -> bool {
    let parts = &visitor.parts;
    parts.iter().any(|part| part.role != Role::Administrator)
}

fn schools(console: &Console, visitor: &Visitor) -> Vec<SchoolId> {
    let works = |school: &SchoolId| {
        let roles = visitor.roles_at(school);
        roles.iter().any(|role| *role != Role::Administrator)
    };
    let slugs = console.schools.by_slug.keys();
    slugs.filter(|school| works(school)).cloned().collect()
}

async fn render(
    console: &Console,
    visitor: &Visitor,
    which: &Which,
    find: &str,
) -> Result<Response, PageFault> {
    let own = schools(console, visitor);
    let wanted = which.school.as_deref().map(SchoolId::from);
    let school = match wanted {
        Some(school) if own.contains(&school) => school,
        Some(_) => return Err(PageFault::NotFound),
        None => own.first().cloned().ok_or(PageFault::Forbidden)?,
    };
    let channels = channels(console, &school);
    let channel = match &which.channel {
        Some(channel) if channels.contains(channel) => channel.clone(),
        Some(_) => return Err(PageFault::NotFound),
        None => channels.first().cloned().unwrap_or_default(),
    };
    let pupils = Pupils::of(console, &school, Some(&channel));
    let class = which.class.clone().or_else(|| {
        let first = pupils.classes.first()?;
        find.is_empty().then(|| first.name.clone())
    });
    let known = |name: &String| pupils.classes.iter().any(|class| class.name == *name);
    if class.as_ref().is_some_and(|class| !known(class)) {
        return Err(PageFault::NotFound);
    }
    let rows = rows(
        &pupils,
        class.as_deref(),
        &schoolgate_school::found_by(find),
    );
    let (shell, _) = lists::frame(console, visitor, Section::Permissions).await?;
    let choice = |value: &str, label: String, on: bool| Choice {
        value: value.to_owned(),
        label,
        is_on: on,
    };
    Ok(html(&PermissionsPage {
        shell,
        schools: own
            .iter()
            .filter(|_| own.len() > 1)
            .map(|slug| {
                choice(
                    slug.as_str(),
                    item::school_name(console, slug),
                    *slug == school,
                )
            })
            .collect(),
        channels: channels
            .iter()
            .map(|name| choice(name, channel_label(name), *name == channel))
            .collect(),
        classes: pupils
            .classes
            .iter()
            .map(|list| {
                choice(
                    &list.name,
                    list.name.clone(),
                    class.as_ref() == Some(&list.name),
                )
            })
            .collect(),
        title: class.unwrap_or_else(|| "Found".to_owned()),
        summary: summary(&rows, &channel),
        lacks_list: pupils.lacks_list(),
        has_video: !matches!(channel.as_str(), "website" | "press"),
        school: school.to_string(),
        channel_words: channel_words(Some(&channel)),
        channel,
        find: find.to_owned(),
        rows,
    }))
}

/// Where the school publishes: its accounts, the website, the press.
fn channels(console: &Console, school: &SchoolId) -> Vec<String> {
    let snapshot = console.schools.get(school);
    let accounts = snapshot.map_or(&[][..], |school| &school.accounts);
    let mut found: Vec<String> = Vec::new();
    let platforms = accounts.iter().map(|account| account.platform.clone());
    for channel in platforms.chain(["website".to_owned(), "press".to_owned()]) {
        if !found.contains(&channel) {
            found.push(channel);
        }
    }
    found
}

fn channel_label(channel: &str) -> String {
    match channel {
        "website" => "Website".to_owned(),
        "press" => "Press".to_owned(),
        platform => super::words::platform(platform),
    }
}

/// The pupils of one class, or those of every class whose names fit.
fn rows(pupils: &Pupils<'_>, class: Option<&str>, find: &str) -> Vec<Row> {
    let lists = pupils
        .classes
        .iter()
        .filter(|list| class.is_none_or(|class| list.name == class));
    let all = lists.flat_map(|list| list.pupils.iter().map(move |pupil| (list, pupil)));
    all.filter(|(_, pupil)| class.is_some() || fits(pupil.found_by.expose(), find))
        .take(if class.is_some() {
            usize::MAX
        } else {
            MAX_FOUND
        })
        .map(|(list, pupil)| Row {
            name: pupils.shown(&list.name, pupil).name,
            class: list.name.clone(),
            permission: pupils.permission(&pupil.id),
        })
        .collect()
}

fn summary(rows: &[Row], channel: &str) -> String {
    let yes = rows
        .iter()
        .filter(|row| row.permission.photo == Mark::Yes)
        .count();
    let channel = channel_words(Some(channel));
    match rows.len() {
        0 => "Nobody found.".to_owned(),
        all if all == yes => format!("All {all} may be in a photo for {channel}."),
        all => format!("{yes} of {all} may be in a photo for {channel}."),
    }
}
