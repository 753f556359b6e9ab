//! The lists of work: which there are, who has them, what stands in them and what comes next.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schoolgate_model::{ItemKind, Redacted, Role};
use schoolgate_policy::{ReviewState, Sight};
use schoolgate_store::{
    QueueCounts, QueueList, QueueMark, QueueQuery, QueueRow, QueueScope, Store, StoreError,
};

use super::{
    permissions,
    shell::{NavEntry, Section, Shell, Who},
    visitor::Visitor,
};
use crate::Console;

/// Rows of one page.
pub(crate) const PAGE_ROWS: usize = 50;
/// How far the next item is looked for.
const AHEAD: u32 = 200;

/// The lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// Comments that a person must decide about.
    CommentsDecide,
    /// Comments whose writer waits for words.
    CommentsReply,
    /// Comments that only want to be acknowledged.
    CommentsRest,
    /// Comments that are done.
    CommentsDone,
    /// Held drafts.
    DraftsDecide,
    /// The visitor's own drafts.
    DraftsOwn,
    /// Drafts that are done.
    DraftsDone,
    /// What was escalated to the visitor, or is for them alone.
    ForYou,
}

impl List {
    /// Every list.
    pub(crate) const ALL: [Self; 8] = [
        Self::CommentsDecide,
        Self::CommentsReply,
        Self::CommentsRest,
        Self::CommentsDone,
        Self::DraftsDecide,
        Self::DraftsOwn,
        Self::DraftsDone,
        Self::ForYou,
    ];

    /// The name in addresses.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::CommentsDecide => "comments-decide",
            Self::CommentsReply => "comments-reply",
            Self::CommentsRest => "comments-rest",
            Self::CommentsDone => "comments-done",
            Self::DraftsDecide => "drafts-decide",
            Self::DraftsOwn => "drafts-own",
            Self::DraftsDone => "drafts-done",
            Self::ForYou => "for-you",
        }
    }

    /// The list with this name.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }

    /// Where it is shown.
    pub(crate) const fn href(self) -> &'static str {
        match self {
            Self::CommentsDecide => "/comments",
            Self::CommentsReply => "/comments?show=reply",
            Self::CommentsRest => "/comments?show=rest",
            Self::CommentsDone => "/comments?show=done",
            Self::DraftsDecide => "/drafts",
            Self::DraftsOwn => "/drafts?show=own",
            Self::DraftsDone => "/drafts?show=done",
            Self::ForYou => "/for-you",
        }
    }

    /// What it is called.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::CommentsDecide | Self::DraftsDecide => "Needs a decision",
            Self::CommentsReply => "Needs a reply",
            Self::CommentsRest => "The rest",
            Self::CommentsDone | Self::DraftsDone => "Done",
            Self::DraftsOwn => "Your own",
            Self::ForYou => "For you",
        }
    }

    /// The section it belongs to.
    pub(crate) const fn section(self) -> Section {
        match self {
            Self::CommentsDecide
            | Self::CommentsReply
            | Self::CommentsRest
            | Self::CommentsDone => Section::Comments,
            Self::DraftsDecide | Self::DraftsOwn | Self::DraftsDone => Section::Drafts,
            Self::ForYou => Section::ForYou,
        }
    }
}

/// What a visitor may see at each school.
pub(crate) fn scopes(console: &Console, visitor: &Visitor) -> Vec<QueueScope> {
    narrowed(console, visitor, |sight| sight)
}

fn narrowed(
    console: &Console,
    visitor: &Visitor,
    narrow: impl Fn(Sight) -> Sight,
) -> Vec<QueueScope> {
    let schools = console.schools.by_slug.keys();
    schools
        .map(|school| QueueScope {
            school: school.to_string(),
            sight: narrow(visitor.sight_at(school)),
        })
        .filter(|scope| scope.sight.any())
        .collect()
}

/// At most `limit` rows of a list, those behind `after`.
pub(crate) async fn rows(
    console: &Console,
    visitor: &Visitor,
    list: List,
    limit: u32,
    after: Option<&QueueMark>,
) -> Result<Vec<QueueRow>, StoreError> {
    let (kind, wanted) = match list {
        List::ForYou => return for_you(console, visitor, limit).await,
        List::CommentsDecide => (ItemKind::Comment, QueueList::Held),
        List::CommentsReply | List::CommentsRest => (ItemKind::Comment, QueueList::Waiting),
        List::CommentsDone => (ItemKind::Comment, QueueList::Done),
        List::DraftsDecide => (ItemKind::Draft, QueueList::Held),
        List::DraftsDone => (ItemKind::Draft, QueueList::Done),
        List::DraftsOwn => (ItemKind::Draft, own(visitor)),
    };
    let scopes = match list {
        List::DraftsOwn => own_scopes(console, visitor),
        _ => scopes(console, visitor),
    };
    let query = QueueQuery {
        scopes,
        kind: Some(kind),
        list: wanted,
    };
    let start = match list {
        List::CommentsReply => Rank::Reply.start(),
        List::CommentsRest => Rank::Rest.start(),
        _ => None,
    };
    let found = ask(console, &query, limit, after.cloned().or(start).as_ref()).await?;
    Ok(match list {
        // those that wait for words come before the rest
        List::CommentsReply => found.into_iter().take_while(waits_for_words).collect(),
        _ => found,
    })
}

async fn ask(
    console: &Console,
    query: &QueueQuery,
    limit: u32,
    after: Option<&QueueMark>,
) -> Result<Vec<QueueRow>, StoreError> {
    let store: &Store = &console.store;
    store.queue(query, console.clock.now(), limit, after).await
}

/// The visitor's own drafts: of every school where they are anything.
fn own_scopes(console: &Console, visitor: &Visitor) -> Vec<QueueScope> {
    let schools = console.schools.by_slug.keys();
    schools
        .filter(|school| !visitor.roles_at(school).is_empty())
        .map(|school| QueueScope {
            school: school.to_string(),
            sight: visitor.sight_at(school),
        })
        .collect()
}

fn own(visitor: &Visitor) -> QueueList {
    QueueList::Own {
        authors: vec![Redacted::new(visitor.id.clone()), visitor.login.clone()],
    }
}

/// The parts of the list of what waits, as the store sorts it.
#[derive(Debug, Clone, Copy)]
enum Rank {
    Reply,
    Rest,
}

impl Rank {
    /// A mark before the first row of this part: behind everything that can stand in the part before.
    fn start(self) -> Option<QueueMark> {
        let before = match self {
            Self::Reply => 1,
            Self::Rest => 2,
        };
        QueueMark::from_text(&format!("{before}.{}.~", i64::MAX))
    }
}

/// Whether a row stands among those whose writer waits for words.
fn waits_for_words(row: &QueueRow) -> bool {
    row.needs_response && row.acknowledged_at.is_none() && !row.held
}

/// What is for the visitor alone, what was escalated to them, and drafts that only senior leaders decide.
async fn for_you(
    console: &Console,
    visitor: &Visitor,
    limit: u32,
) -> Result<Vec<QueueRow>, StoreError> {
    let alone = |sight: Sight| Sight {
        plain: false,
        senior: false,
        ..sight
    };
    let leading = |sight: Sight| Sight {
        plain: sight.senior,
        dsl: false,
        head: false,
        ..sight
    };
    let senior = |sight: Sight| Sight {
        senior: sight.senior,
        ..Sight::default()
    };
    let asked = [
        (narrowed(console, visitor, alone), QueueList::Held),
        (narrowed(console, visitor, leading), QueueList::Escalated),
        (narrowed(console, visitor, senior), QueueList::Held),
    ];
    let mut found: Vec<QueueRow> = Vec::new();
    for (scopes, list) in asked {
        let query = QueueQuery {
            scopes,
            kind: None,
            list,
        };
        for row in ask(console, &query, limit, None).await? {
            if found.iter().all(|other| other.key != row.key) {
                found.push(row);
            }
        }
    }
    found.sort_by_key(|row| (row.state != ReviewState::Escalated, row.mark.clone()));
    found.truncate(limit as usize);
    Ok(found)
}

/// The item of a list that comes after this one; nobody else has it open. The first one where this one is the last.
pub(crate) async fn next_after(
    console: &Console,
    visitor: &Visitor,
    list: List,
    key: &str,
) -> Result<Option<String>, StoreError> {
    let now = console.clock.now();
    let rows = rows(console, visitor, list, AHEAD, None).await?;
    let at = rows.iter().position(|row| row.key == key);
    let (before, after) = rows.split_at(at.map_or(0, |at| at + 1));
    let mut free = after
        .iter()
        .chain(before)
        .filter(|row| row.key != key && claimed_by_other(row, visitor, now).is_none());
    Ok(free.next().map(|row| row.key.clone()))
}

/// Who else has a row open now.
pub(crate) fn claimed_by_other<'a>(
    row: &'a QueueRow,
    visitor: &Visitor,
    now: Timestamp,
) -> Option<&'a str> {
    let running = row.claimed_until.is_some_and(|until| until > now);
    row.claimed_by
        .as_deref()
        .filter(|by| running && *by != visitor.id)
}

/// How many comments are escalated, within what the visitor may see.
pub(crate) async fn escalated_comments(
    console: &Console,
    visitor: &Visitor,
) -> Result<u64, StoreError> {
    let query = QueueQuery {
        scopes: scopes(console, visitor),
        kind: Some(ItemKind::Comment),
        list: QueueList::Escalated,
    };
    Ok(ask(console, &query, AHEAD, None).await?.len() as u64)
}

/// The names of everybody, for who did what. An account that is gone keeps its id.
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    pub(crate) async fn read(store: &Store) -> Result<Self, StoreError> {
        let users = store.users().await?;
        let named = users
            .into_iter()
            .map(|user| (user.id, user.name.into_inner()));
        Ok(Self(named.collect()))
    }

    /// The name for an actor of the trail.
    pub(crate) fn of(&self, actor: &str) -> String {
        if let Some(name) = self.0.get(actor) {
            return name.clone();
        }
        match (actor, actor.strip_prefix("token:")) {
            ("machine", _) => "Schoolgate".to_owned(),
            ("clock", _) => "the clock".to_owned(),
            (_, Some(token)) => format!("the program “{token}”"),
            _ => "somebody".to_owned(),
        }
    }
}

/// The frame with its sections and their counts.
pub(crate) async fn frame(
    console: &Console,
    visitor: &Visitor,
    section: Section,
) -> Result<(Shell, QueueCounts), StoreError> {
    let scopes = scopes(console, visitor);
    let counts = match scopes.is_empty() {
        true => QueueCounts::default(),
        false => {
            console
                .store
                .queue_counts(&scopes, console.clock.now())
                .await?
        }
    };
    let sees = !scopes.is_empty();
    let leads = [Role::Slt, Role::Dsl, Role::Head]
        .into_iter()
        .any(|role| visitor.is_anywhere(role));
    let writes = visitor.is_anywhere(Role::Author);
    let yours = match leads {
        true => Some(for_you(console, visitor, AHEAD).await?.len() as u64),
        false => None,
    };
    let entries = [
        (
            sees,
            Section::Comments,
            "/comments",
            "Comments",
            Some(counts.held_comments + counts.needs_response),
        ),
        (
            sees || writes,
            Section::Drafts,
            "/drafts",
            "Drafts",
            sees.then_some(counts.held_drafts),
        ),
        (leads, Section::ForYou, "/for-you", "For you", yours),
        (
            permissions::has_part(visitor),
            Section::Permissions,
            "/permissions",
            "Permissions",
            None,
        ),
        (
            visitor.is_anywhere(Role::Administrator),
            Section::People,
            "/people",
            "People",
            None,
        ),
        (sees, Section::Day, "/day", "Day", None),
    ];
    let nav = entries
        .into_iter()
        .filter(|(has, ..)| *has)
        .map(|(_, of, href, label, count)| NavEntry {
            href,
            label,
            count: count.filter(|count| *count > 0),
            current: of == section,
        });
    let shell = Shell {
        person: Some(Who {
            name: visitor.name.expose().clone(),
            role: visitor.parts_in_words(),
        }),
        form_token: visitor.form_token.expose().clone(),
        nav: nav.collect(),
        keys: sees,
        ..Shell::bare()
    };
    Ok((shell, counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_found_by_its_name() {
        for list in List::ALL {
            assert_eq!(List::from_code(list.code()), Some(list));
        }
        assert_eq!(List::from_code("comments"), None);
        assert!(Rank::Reply.start() < Rank::Rest.start());
    }
}
