//! “Who is in this picture?”: asked picture by picture, then shown once more with what is permitted, then kept as the
//! draft's next revision, which is screened afresh. What was said goes from page to page in the form itself, so it
//! works without script and nothing is kept of what is never sent.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use schoolgate_model::{Item, Outcome, PupilId, wire::parse_submission};
use schoolgate_policy::{AuditEntry, Refusal, person::may_answer};
use schoolgate_store::{Answer, Answered, NewItem};
use serde::Deserialize;
use serde_json::json;

use super::{
    answered,
    done::Done,
    fault::{PageFault, html},
    form::Posted,
    item::{self, Collision, Context},
    lists::{self, List},
    opened::{self, Actor, Opened},
    permission::{Mark, Pupils, Shown, channel_words},
    reading::{self, Picture},
    said::{self, Said},
    shell::{Section, Shell},
    visitor::Visitor,
    words,
};
use crate::{
    Console,
    asked::{Asked, Named},
    limits::Desk,
};

#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    list: Option<String>,
    picture: Option<usize>,
}

/// One pupil with a box to tick.
struct Tick {
    pupil: Shown,
    found_by: String,
    is_on: bool,
}

/// One class to unfold.
struct Group {
    name: String,
    about: String,
    is_open: bool,
    ticks: Vec<Tick>,
}

#[derive(Template)]
#[template(path = "subjects.html")]
struct PickerPage {
    shell: Shell,
    back: String,
    action: String,
    version: u32,
    list: &'static str,
    title: String,
    lead: String,
    fault: Option<&'static str>,
    picture: Picture,
    number: usize,
    carried: Vec<(usize, String)>,
    channel: String,
    lacks_list: bool,
    strangers: usize,
    find: String,
    found: Option<String>,
    chosen: Vec<Tick>,
    groups: Vec<Group>,
    nobody: bool,
    adults: String,
    same_as: bool,
    submit: &'static str,
}

/// What was said about one picture, for the last look.
struct Line {
    number: usize,
    picture: Picture,
    who: String,
    adults: String,
    has_adults: bool,
    pupils: Vec<Shown>,
    permission: Option<String>,
    stops: bool,
}

#[derive(Template)]
#[template(path = "subjects_check.html")]
struct CheckPage {
    shell: Shell,
    back: String,
    action: String,
    version: u32,
    list: &'static str,
    channel: String,
    answers: Vec<Line>,
    carried: Vec<(usize, String)>,
    revision: u32,
}

/// A draft that somebody may answer about, with what has been said so far.
struct Asking<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    key: String,
    opened: Opened,
    list: List,
    said: Vec<Option<Said>>,
}

/// What the page shows besides the answer.
#[derive(Default)]
struct Shows {
    fault: Option<&'static str>,
    find: Option<String>,
}

/// Whether an item has pictures about which the visitor may be asked.
pub(crate) fn may_be_asked(opened: &Opened, actor: &Actor) -> Result<(), Refusal> {
    let media = &opened.item.content.media;
    if media.is_empty() || reading::is_suspect(&opened.view.verdict.verdict) {
        return Err(Refusal::NothingHeld);
    }
    may_answer(&actor.person(), &opened.matter())
}

/// The picker for one picture.
pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(key): Named,
    Asked(which): Asked<Which>,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let (opened, actor) = opened::by_visitor(console, &visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    may_be_asked(&opened, &actor).map_err(|_| PageFault::NotFound)?;
    let said: Vec<Option<Said>> = media(&opened.item).iter().map(Said::of).collect();
    let unsaid = said.iter().position(Option::is_none).unwrap_or_default();
    let at = match which.picture {
        None => unsaid,
        Some(number) => number.checked_sub(1).ok_or(PageFault::NotFound)?,
    };
    let asking = Asking {
        console,
        visitor: &visitor,
        key,
        opened,
        list: which
            .list
            .as_deref()
            .and_then(List::from_code)
            .unwrap_or(List::DraftsDecide),
        said,
    };
    asking.picker(at, Shows::default()).await
}

/// What was said about one picture, and where to go from there.
pub(crate) async fn post(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(key): Named,
    posted: Posted,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let (opened, actor) = opened::by_visitor(console, &visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    let version: u32 = posted
        .text("version")
        .parse()
        .map_err(|_| PageFault::BadForm)?;
    let list = List::from_code(posted.text("list")).ok_or(PageFault::BadForm)?;
    let refused = match may_be_asked(&opened, &actor) {
        Err(refusal) => Some(refusal.sentence()),
        Ok(()) if opened.view.verdict.review.version != version => Some(CHANGED),
        Ok(()) => None,
    };
    if let Some(why) = refused {
        return collided(console, &visitor, &opened, &actor, list, why).await;
    }
    let count = media(&opened.item).len();
    let said = (1..=count)
        .map(|number| Said::from_field(posted.raw(&format!("said-{number}"))))
        .collect();
    let mut asking = Asking {
        console,
        visitor: &visitor,
        key,
        opened,
        list,
        said,
    };
    let go = posted.text("go");
    if let Some(number) = go.strip_prefix("picture-") {
        let number: usize = number.parse().map_err(|_| PageFault::BadForm)?;
        let at = number.checked_sub(1).ok_or(PageFault::BadForm)?;
        return asking.picker(at, Shows::default()).await;
    }
    if go == "send" {
        return asking.send(&desk, &actor, version).await;
    }
    asking.step(&posted, go).await
}

const CHANGED: &str =
    "The draft changed while you had it open: it was screened again, or somebody decided about it.";

fn media(item: &Item) -> &[schoolgate_model::MediaRef] {
    let all = &item.content.media;
    all.get(..Item::MAX_MEDIA).unwrap_or(all)
}

impl Asking<'_> {
    fn pupils(&self) -> Pupils<'_> {
        let envelope = &self.opened.item.envelope;
        Pupils::of(self.console, &envelope.school, envelope.platform.as_deref())
    }

    /// Takes what the picker's form says and goes on to the next picture, or to the last look.
    async fn step(&mut self, posted: &Posted, go: &str) -> Result<Response, PageFault> {
        let number: usize = posted
            .text("picture")
            .parse()
            .map_err(|_| PageFault::BadForm)?;
        let at = number
            .checked_sub(1)
            .filter(|at| *at < self.said.len())
            .ok_or(PageFault::BadForm)?;
        let classes = self
            .console
            .schools
            .classes(&self.opened.item.envelope.school);
        let (said, unclear) = Said::posted(posted, classes);
        let before = at
            .checked_sub(1)
            .and_then(|before| self.said[before].clone());
        match (go, unclear, before) {
            ("same", _, Some(before)) => self.said[at] = Some(before),
            ("find", ..) => {
                self.said[at] = Some(said);
                let find = posted.text("find").chars().take(80).collect();
                let shows = Shows {
                    find: Some(find),
                    fault: None,
                };
                return self.picker(at, shows).await;
            }
            (_, Some(unclear), _) => {
                self.said[at] = Some(said);
                let shows = Shows {
                    fault: Some(unclear.sentence()),
                    find: None,
                };
                let page = self.picker(at, shows).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
            (_, None, _) => self.said[at] = Some(said),
        }
        match self.said.iter().position(Option::is_none) {
            Some(next) => self.picker(next, Shows::default()).await,
            None => self.check().await,
        }
    }

    fn carried(&self, but: Option<usize>) -> Vec<(usize, String)> {
        let numbered = (0..).zip(&self.said);
        numbered
            .filter(|(at, _)| Some(*at) != but)
            .filter_map(|(at, said)| Some((at + 1, said.as_ref()?.to_field())))
            .collect()
    }

    fn picture(&self, at: usize) -> Option<Picture> {
        let verdict = &self.opened.view.verdict.verdict;
        let all = reading::pictures(&self.key, &self.opened.item, verdict);
        all.into_iter().nth(at)
    }

    async fn shell(&self) -> Result<Shell, PageFault> {
        let (mut shell, _) = lists::frame(self.console, self.visitor, Section::Drafts).await?;
        // a letter here is a letter of a name
        shell.keys = false;
        Ok(shell)
    }

    fn back(&self) -> String {
        format!("/items/{}?list={}", self.key, self.list.code())
    }

    /// The page that asks about one picture.
    async fn picker(&self, at: usize, shows: Shows) -> Result<Response, PageFault> {
        let picture = self.picture(at).ok_or(PageFault::NotFound)?;
        let said = self.said.get(at).ok_or(PageFault::NotFound)?.clone();
        let said = said.unwrap_or_default();
        let pupils = self.pupils();
        let find = shows.find.as_deref().map(key_of).unwrap_or_default();
        let looks = shows.find.is_some();
        let (chosen, groups) = groups(&pupils, &said.pupils, &find, looks);
        let found: usize = groups.iter().map(|group| group.ticks.len()).sum();
        let many = self.said.len() > 1;
        let page = PickerPage {
            shell: self.shell().await?,
            back: self.back(),
            action: format!("/items/{}/subjects", self.key),
            version: self.opened.view.verdict.review.version,
            list: self.list.code(),
            title: match many {
                true => format!("Who is in picture {} of {}?", at + 1, self.said.len()),
                false => "Who is in this picture?".to_owned(),
            },
            lead: "Tick every pupil who can be recognised. Nothing is published by this: you see your answer once more, then the draft is screened again with it.".to_owned(),
            fault: shows.fault,
            picture,
            number: at + 1,
            carried: self.carried(Some(at)),
            channel: channel_words(self.opened.item.envelope.platform.as_deref()),
            lacks_list: pupils.lacks_list(),
            strangers: said.pupils.iter().filter(|id| !pupils.knows(id)).count(),
            found: (looks && !find.is_empty()).then(|| words::count(found as u64, "other pupil")),
            find: shows.find.unwrap_or_default(),
            chosen,
            groups,
            nobody: said.nobody,
            adults: said.adults.to_string(),
            same_as: at > 0 && self.said.get(at - 1).is_some_and(Option::is_some),
            submit: match many {
                true => "Go on",
                false => "Check your answer",
            },
        };
        Ok(html(&page))
    }

    /// The last look before anything is kept.
    async fn check(&self) -> Result<Response, PageFault> {
        let mut answers = Vec::with_capacity(self.said.len());
        let pupils = self.pupils();
        for (at, said) in self.said.iter().enumerate() {
            let said = said.clone().unwrap_or_default();
            let shown = pupils.with_ids(&said.pupils);
            answers.push(Line {
                number: at + 1,
                picture: self.picture(at).ok_or(PageFault::NotFound)?,
                who: match said.pupils.len() {
                    0 => "Nobody who can be recognised".to_owned(),
                    many => words::count(many as u64, "pupil"),
                },
                adults: words::count(u64::from(said.adults), "adult"),
                has_adults: said.adults > 0,
                permission: permission(&shown),
                stops: shown.iter().any(|pupil| pupil.photo != Mark::Yes),
                pupils: shown,
            });
        }
        let page = CheckPage {
            shell: self.shell().await?,
            back: self.back(),
            action: format!("/items/{}/subjects", self.key),
            version: self.opened.view.verdict.review.version,
            list: self.list.code(),
            channel: channel_words(self.opened.item.envelope.platform.as_deref()),
            answers,
            carried: self.carried(None),
            revision: self.opened.item.envelope.revision + 1,
        };
        Ok(html(&page))
    }

    /// Keeps the answer as the next revision.
    async fn send(&self, desk: &Desk, actor: &Actor, version: u32) -> Result<Response, PageFault> {
        let console = self.console;
        let pupils = self.pupils();
        let said: Option<Vec<Said>> = self.said.iter().cloned().collect();
        let known = |said: &Said| said.pupils.iter().all(|id| pupils.knows(id));
        let said = said.filter(|all| all.iter().all(known));
        let said = said.ok_or(PageFault::BadForm)?;
        let item = self.next_revision(&said).ok_or(PageFault::Internal)?;
        let now = console.clock.now();
        let answer = Answer {
            of_key: self.key.clone(),
            version,
            item,
            actor: actor.id.clone(),
            at: now,
            audit: AuditEntry {
                at: now,
                actor: actor.id.clone(),
                action: "said_who_is_in_it".to_owned(),
                detail: self.detail(&said),
            },
        };
        let why = match console.store.answer(&answer).await? {
            Answered::Written { key, .. } => {
                tracing::info!(item_key = %key, "somebody said who is in the pictures");
                console
                    .store
                    .release_review(&self.key, &self.visitor.id)
                    .await?;
                return answered::lead_to(desk, &key, self.list).await;
            }
            Answered::Same => {
                let to = format!("{}&done={}", self.back(), Done::SameAnswer.code());
                return Ok(Redirect::to(&to).into_response());
            }
            Answered::Stale => CHANGED,
            Answered::NotLatest => Refusal::NotLatest.sentence(),
            Answered::Closed => Refusal::Closed.sentence(),
            Answered::NotScreened => return Err(PageFault::NotFound),
        };
        let (opened, actor) = opened::by_visitor(console, self.visitor, &self.key)
            .await?
            .ok_or(PageFault::NotFound)?;
        collided(console, self.visitor, &opened, &actor, self.list, why).await
    }

    fn next_revision(&self, said: &[Said]) -> Option<NewItem> {
        let mut all: Vec<Option<Said>> = said.iter().cloned().map(Some).collect();
        // those beyond what is read stay as they are
        all.resize(self.opened.item.content.media.len(), None);
        let body = said::answered(&self.opened.view.item.body, &all)?;
        let submission = parse_submission(&body).ok()?;
        Some(NewItem::from_submission(
            (self.console.new_key)(),
            &self.opened.item.envelope.school,
            &submission,
            body,
            self.console.clock.now(),
        ))
    }

    /// For the audit trail: ids alone.
    fn detail(&self, said: &[Said]) -> String {
        let pictures = media(&self.opened.item).iter().zip(said);
        let pictures: Vec<_> = pictures
            .map(|(medium, said)| json!({"media": medium.id, "pupils": said.pupils, "staff": said.adults}))
            .collect();
        json!({"of_revision": self.opened.item.envelope.revision, "pictures": pictures}).to_string()
    }
}

/// A name as it is looked for.
fn key_of(find: &str) -> String {
    schoolgate_school::found_by(find)
}

/// The classes with their pupils. Where somebody looks for a name, who is chosen already stands apart, and of the
/// others only those who fit are there.
fn groups(
    pupils: &Pupils<'_>,
    chosen: &[PupilId],
    find: &str,
    looks: bool,
) -> (Vec<Tick>, Vec<Group>) {
    let (mut apart, mut groups) = (Vec::new(), Vec::new());
    for class in pupils.classes {
        let mut ticks = Vec::new();
        let mut on = 0;
        for pupil in &class.pupils {
            let is_on = chosen.contains(&pupil.id);
            on += u64::from(is_on);
            let tick = Tick {
                pupil: pupils.shown(&class.name, pupil),
                found_by: pupil.found_by.expose().clone(),
                is_on,
            };
            match (looks, is_on) {
                (true, true) => apart.push(tick),
                (true, false) if !fits(&tick.found_by, find) => {}
                _ => ticks.push(tick),
            }
        }
        let all = words::count(class.pupils.len() as u64, "pupil");
        if !ticks.is_empty() {
            groups.push(Group {
                name: class.name.clone(),
                about: match on {
                    0 => all,
                    on => format!("{all}, {on} ticked"),
                },
                is_open: (on > 0 && !looks) || (looks && !find.is_empty()),
                ticks,
            });
        }
    }
    (apart, groups)
}

/// Whether each word that is looked for begins a part of the name.
pub(crate) fn fits(name: &str, find: &str) -> bool {
    find.split_whitespace().all(|wanted| {
        name.split(|c: char| c.is_whitespace() || c == '-')
            .any(|part| part.starts_with(wanted))
    })
}

/// How many of these may be shown there, and that the others stop the post.
fn permission(pupils: &[Shown]) -> Option<String> {
    let all = pupils.len();
    let yes = pupils
        .iter()
        .filter(|pupil| pupil.photo == Mark::Yes)
        .count();
    match (all, yes) {
        (0, _) => None,
        (1, 1) => Some("the family has agreed.".to_owned()),
        (all, yes) if all == yes => Some(format!("all {all} families have agreed.")),
        (1, _) => Some("no permission. With this pupil in it, it will be held.".to_owned()),
        (all, yes) => Some(format!(
            "{yes} of {all} have permission. With the others in it, it will be held."
        )),
    }
}

/// The item as it is now. What was said is not kept: it was about something else.
async fn collided(
    console: &Console,
    visitor: &Visitor,
    opened: &Opened,
    actor: &Actor,
    list: List,
    why: &str,
) -> Result<Response, PageFault> {
    let context = Context {
        list,
        done: None,
        collision: Some(Collision {
            title: "Your answer was not recorded",
            why: why.to_owned(),
        }),
        note: String::new(),
        reveals: false,
    };
    let page = item::render(console, visitor, opened, actor, context).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// What the item's page says about the question.
pub(crate) struct Question {
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) label: &'static str,
    pub(crate) open: bool,
}

/// The question, where the visitor may answer it.
pub(crate) fn question(opened: &Opened, actor: &Actor, list: List) -> Option<Question> {
    may_be_asked(opened, actor).ok()?;
    let verdict = &opened.view.verdict.verdict;
    let asks = verdict
        .findings
        .iter()
        .any(|finding| finding.category == schoolgate_model::Category::UndeclaredSubjects);
    let unsaid = media(&opened.item)
        .iter()
        .filter(|medium| medium.pupils.is_none())
        .count();
    let open = asks || unsaid > 0;
    if verdict.outcome == Outcome::Approve {
        return None;
    }
    let many = media(&opened.item).len() > 1;
    Some(Question {
        title: match many {
            true => "Who is in these pictures?",
            false => "Who is in this picture?",
        },
        text: match (open, many) {
            (true, true) => "Somebody who knows the pupils has to say it, picture by picture. The draft is then screened again.",
            (true, false) => "Somebody who knows the pupils has to say it. The draft is then screened again.",
            (false, _) => "If somebody was left out or ticked by mistake, say it anew. The draft is then screened again.",
        }
        .to_owned(),
        href: format!("/items/{}/subjects?list={}", opened.view.item.key, list.code()),
        label: if open { "Say who is in it" } else { "Change who is in it" },
        open,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_the_beginnings_of_its_parts() {
        let cases = [
            ("amelia hart", "ame", true),
            ("amelia hart", "ha am", true),
            ("amelia hart", "elia", false),
            ("mia smith-jones", "jon", true),
            ("mia smith-jones", "", true),
        ];
        for (name, find, expected) in cases {
            assert_eq!(fits(name, find), expected, "{name} {find}");
        }
        assert_eq!(key_of(" Łukasz "), "lukasz");
    }

    #[test]
    fn what_is_permitted_is_counted_and_said() {
        let pupil = |photo| Shown {
            id: PupilId::from("P1"),
            name: "A".to_owned(),
            class: "1".to_owned(),
            photo,
        };
        let (yes, no) = (pupil(Mark::Yes), pupil(Mark::No));
        assert_eq!(permission(&[]), None);
        assert_eq!(
            permission(&[yes.clone(), yes.clone()]).unwrap(),
            "all 2 families have agreed."
        );
        assert_eq!(
            permission(&[yes, no]).unwrap(),
            "1 of 2 have permission. With the others in it, it will be held."
        );
    }
}
