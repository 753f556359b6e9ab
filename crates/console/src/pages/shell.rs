//! The frame around every page: name, sections, sign-out.

use super::files;

/// Who is signed in, for the top of the page.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) role: String,
}

/// One entry of the sections.
#[derive(Debug, Clone)]
pub(crate) struct NavEntry {
    pub(crate) href: &'static str,
    pub(crate) label: &'static str,
    pub(crate) count: Option<u64>,
    pub(crate) current: bool,
}

/// The parts of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The comment queue.
    Comments,
    /// Drafts.
    Drafts,
    /// What was escalated to the visitor.
    ForYou,
    /// Who may be in a picture.
    Permissions,
    /// Who may sign in.
    People,
    /// The last 24 hours.
    Day,
    /// None of these.
    Elsewhere,
}

/// What every page shows.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
    pub(crate) person: Option<Who>,
    pub(crate) form_token: String,
    pub(crate) nav: Vec<NavEntry>,
    pub(crate) done: Option<String>,
    pub(crate) keys: bool,
}

impl Shell {
    /// The frame for somebody who is not signed in.
    pub(crate) fn bare() -> Self {
        Self {
            style: &files::STYLE,
            script: &files::SCRIPT,
            person: None,
            form_token: String::new(),
            nav: Vec::new(),
            done: None,
            keys: false,
        }
    }
}
