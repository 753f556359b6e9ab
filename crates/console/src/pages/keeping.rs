//! Keeping a picture from being published: on the do-not-publish list, taken back, or removed everywhere. Each is asked
//! once, told in full, and done only when it was confirmed.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Redirect, Response},
};
use schoolgate_model::{KnownList, MediumVerdict};
use schoolgate_store::{NewKnown, PictureReason, Removal};

use super::{
    done::Done,
    fault::{PageFault, html},
    form::Posted,
    lists,
    opened::{self, Opened},
    reading::{self, Picture},
    shell::{Section, Shell},
    shots,
    visitor::Visitor,
};
use crate::{Console, Recognised, limits::Desk};

/// What can be done with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    List,
    Withdraw,
    Remove,
}

impl Deed {
    const ALL: [Self; 3] = [Self::List, Self::Withdraw, Self::Remove];

    const fn code(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Withdraw => "withdraw",
            Self::Remove => "remove",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }

    const fn label(self) -> &'static str {
        match self {
            Self::List => "Put this picture on the do-not-publish list",
            Self::Withdraw => "Take it back",
            Self::Remove => "Remove this picture everywhere",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::List => {
                "Whenever it comes again, whole or in part, the post is held for the safeguarding lead."
            }
            Self::Withdraw => {
                "For a picture that was fine once and is not any more. When it comes again, the post is held."
            }
            Self::Remove => {
                "For a picture that nobody should have. Every copy of it here is deleted, and it cannot be brought back."
            }
        }
    }

    /// What will happen, a sentence each.
    fn consequences(self, lists: bool) -> Vec<&'static str> {
        let mut found = match self {
            Self::List | Self::Withdraw => vec![
                "The clean copy is kept, so that the safeguarding lead and senior leaders can compare.",
                "It counts from the next post on. What was published before stays where it is: take it down there yourself.",
                "This item stays as it is. Decide about it separately.",
            ],
            Self::Remove => vec![
                "Every stored copy is deleted: the clean copy, and the picture inside the stored message.",
                "Whoever approved a post with it: that approval ends, and nobody can approve it again.",
                "What stays is a line in the record without the picture: when, who and why.",
                "What was published stays where it is: take it down there yourself. Backups keep it until they run out.",
                "It cannot be undone.",
            ],
        };
        if self == Self::Remove && lists {
            found.insert(3, "Copies of it that come again are held.");
        }
        found
    }

    const fn done(self) -> Done {
        match self {
            Self::List => Done::Listed,
            Self::Withdraw => Done::Withdrawn,
            Self::Remove => Done::Removed,
        }
    }
}

struct Choice {
    value: &'static str,
    label: &'static str,
    about: &'static str,
    is_on: bool,
}

struct Confirm {
    deed: &'static str,
    title: &'static str,
    reason: &'static str,
    reason_words: &'static str,
    lists: bool,
    consequences: Vec<&'static str>,
    grave: bool,
}

#[derive(Template)]
#[template(path = "keeping.html")]
struct KeepingPage {
    shell: Shell,
    back: String,
    action: String,
    number: usize,
    picture: Picture,
    fault: Option<&'static str>,
    deeds: Vec<Choice>,
    reasons: Vec<Choice>,
    confirm: Option<Confirm>,
}

/// A picture that the visitor may keep back.
struct Kept<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    key: String,
    number: usize,
    opened: Opened,
}

type Where = Result<Path<(String, usize)>, PathRejection>;

async fn kept<'a>(
    console: &'a Console,
    visitor: &'a Visitor,
    path: Where,
) -> Result<Kept<'a>, PageFault> {
    let Path((key, number)) = path.map_err(|_| PageFault::NotFound)?;
    let (opened, actor) = opened::by_visitor(console, visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    if !shots::is_entitled(&opened, &actor) {
        return Err(PageFault::NotFound);
    }
    let kept = Kept {
        console,
        visitor,
        key,
        number,
        opened,
    };
    kept.answer().ok_or(PageFault::NotFound)?;
    Ok(kept)
}

/// What can be done.
pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    path: Where,
) -> Result<Response, PageFault> {
    let kept = kept(&desk.console, &visitor, path).await?;
    kept.render(None, None).await
}

/// What was chosen, and, once it is confirmed, the deed.
pub(crate) async fn post(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    path: Where,
    posted: Posted,
) -> Result<Response, PageFault> {
    let kept = kept(&desk.console, &visitor, path).await?;
    let deed = Deed::from_code(posted.text("deed"));
    let reason = PictureReason::from_code(posted.text("reason"));
    let (Some(deed), Some(reason)) = (deed, reason) else {
        let fault = "Choose what shall happen, and why.";
        return kept.render(None, Some(fault)).await;
    };
    let lists = deed != Deed::Remove || !posted.text("also").is_empty();
    if posted.text("go") == "do" {
        return kept.carry_out(deed, reason, lists).await;
    }
    let confirm = Confirm {
        deed: deed.code(),
        title: deed.label(),
        reason: reason.code(),
        reason_words: shots::reason(reason),
        lists,
        consequences: deed.consequences(lists),
        grave: deed == Deed::Remove,
    };
    kept.render(Some(confirm), None).await
}

impl Kept<'_> {
    /// What the screening knows of it; none where it was never read.
    fn answer(&self) -> Option<&MediumVerdict> {
        let at = self.number.checked_sub(1)?;
        let medium = self.opened.item.content.media.get(at)?;
        let answers = &self.opened.view.verdict.verdict.media;
        let answer = answers.iter().find(|answer| answer.id == medium.id)?;
        answer.sha256.as_ref().map(|_| answer)
    }

    fn item_page(&self) -> String {
        format!("/items/{}", self.key)
    }

    async fn render(
        &self,
        confirm: Option<Confirm>,
        fault: Option<&'static str>,
    ) -> Result<Response, PageFault> {
        let (mut shell, _) = lists::frame(self.console, self.visitor, Section::Elsewhere).await?;
        shell.keys = false;
        let verdict = &self.opened.view.verdict.verdict;
        let pictures = reading::pictures(&self.key, &self.opened.item, verdict);
        let picture = pictures.into_iter().nth(self.number - 1);
        let deeds = Deed::ALL.map(|deed| Choice {
            value: deed.code(),
            label: deed.label(),
            about: deed.about(),
            is_on: false,
        });
        let reasons = PictureReason::ALL.map(|reason| Choice {
            value: reason.code(),
            label: shots::reason(reason),
            about: "",
            is_on: false,
        });
        Ok(html(&KeepingPage {
            shell,
            back: self.item_page(),
            action: format!("/items/{}/pictures/{}/keep-back", self.key, self.number),
            number: self.number,
            picture: picture.ok_or(PageFault::NotFound)?,
            fault,
            deeds: deeds.into(),
            reasons: reasons.into(),
            confirm,
        }))
    }

    async fn carry_out(
        &self,
        deed: Deed,
        reason: PictureReason,
        lists: bool,
    ) -> Result<Response, PageFault> {
        let now = self.console.clock.now();
        let school = &self.opened.view.item.school;
        let by = &self.visitor.id;
        let known = match lists {
            true => Some(self.known(deed, reason).await?),
            false => None,
        };
        match (deed, known) {
            (Deed::Remove, known) => self.remove(reason, known.as_ref()).await?,
            (_, Some(known)) => {
                self.console
                    .store
                    .known_add(school, &known, by, now)
                    .await?;
            }
            (_, None) => return Err(PageFault::BadForm),
        }
        tracing::info!(item_key = %self.key, deed = deed.code(), "a picture is kept back");
        let to = format!("{}?done={}", self.item_page(), deed.done().code());
        Ok(Redirect::to(&to).into_response())
    }

    /// The picture as the list keeps it.
    async fn known(&self, deed: Deed, reason: PictureReason) -> Result<NewKnown, PageFault> {
        let answer = self.answer().ok_or(PageFault::NotFound)?;
        let recognised = match &answer.clean_sha256 {
            Some(clean) => self.recognised(clean.clone()).await,
            None => None,
        };
        let recognised = recognised.unwrap_or_default();
        Ok(NewKnown {
            sha256: answer.sha256.clone().ok_or(PageFault::NotFound)?,
            list: match deed {
                Deed::Withdraw => KnownList::Withdrawn,
                Deed::List | Deed::Remove => KnownList::DoNotPublish,
            },
            fingerprint: recognised.fingerprint,
            likeness: recognised.likeness,
            sketch: recognised.sketch,
            copy_sha256: answer.clean_sha256.clone(),
            reason,
        })
    }

    /// What its copies are recognised by. Without it only the same file is.
    async fn recognised(&self, clean: String) -> Option<Recognised> {
        let recognise = self.console.recognise.clone()?;
        let media = self.console.media.clone();
        let bytes = tokio::task::spawn_blocking(move || media.get(&clean));
        let found = recognise(bytes.await.ok()??).await;
        if found.is_none() {
            tracing::warn!(item_key = %self.key, "a listed picture has no likeness; only the same file is recognised");
        }
        found
    }

    async fn remove(
        &self,
        reason: PictureReason,
        list: Option<&NewKnown>,
    ) -> Result<(), PageFault> {
        let answer = self.answer().ok_or(PageFault::NotFound)?;
        let hashes = [&answer.sha256, &answer.clean_sha256];
        let school = &self.opened.view.item.school;
        let removal = Removal {
            school: school.clone(),
            sha256: hashes.into_iter().flatten().cloned().collect(),
            by: self.visitor.id.clone(),
            reason,
        };
        let store = &self.console.store;
        let removed = store
            .remove_pictures(&removal, list, self.console.clock.now())
            .await?;
        for hash in removed.sha256 {
            if store.copy_elsewhere(school, &hash).await? {
                continue;
            }
            let media = self.console.media.clone();
            let gone = tokio::task::spawn_blocking(move || media.remove(&hash)).await;
            if !matches!(gone, Ok(Ok(()))) {
                // the record says so already, and nobody gets it; the sweep deletes the file
                tracing::error!("a removed picture's file could not be deleted yet");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_is_found_by_its_name_and_says_what_it_does() {
        for deed in Deed::ALL {
            assert_eq!(Deed::from_code(deed.code()), Some(deed));
            assert!(deed.consequences(true).len() > 2);
        }
        for lists in [true, false] {
            let last = Deed::Remove.consequences(lists);
            assert_eq!(last.last(), Some(&"It cannot be undone."));
        }
    }
}
