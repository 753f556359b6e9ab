//! The stages of response windows: what has been reached is found by a sweep, and written once however many sweep.

use jiff::Timestamp;
use schoolgate_model::{CommentClass, ItemKind, Severity};
use schoolgate_policy::{ResponseWindow, Restricted, Running, Stage, StageDue};

use crate::{Store, StoreError};

/// A window that has reached a stage which nobody has recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueWindow {
    /// The item's row that carries the clock.
    pub item_key: String,
    /// The school's slug.
    pub school: String,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The producer's id.
    pub id: String,
    /// The revision.
    pub revision: u32,
    /// The platform.
    pub platform: Option<String>,
    /// The gravest class.
    pub class: CommentClass,
    /// The gravest finding.
    pub severity: Severity,
    /// Who alone may see it.
    pub restricted: Option<Restricted>,
    /// The window.
    pub window: ResponseWindow,
    /// When somebody acknowledged it: later than it was due, or it would not be here.
    pub acknowledged_at: Option<Timestamp>,
}

impl DueWindow {
    /// The window for `schoolgate_policy::stages_due`.
    pub fn running(&self) -> Running<'_> {
        Running {
            school: &self.school,
            kind: self.kind,
            id: &self.id,
            revision: self.revision,
            platform: self.platform.as_deref(),
            account: None,
            class: self.class,
            severity: self.severity,
            restricted: self.restricted,
            window: &self.window,
            acknowledged_at: self.acknowledged_at,
        }
    }
}

/// A stage as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredStage {
    /// Which.
    pub stage: Stage,
    /// When it was reached.
    pub at: Timestamp,
    /// How late that was noticed, in milliseconds.
    pub late_ms: i64,
    /// Nobody was told, because a later one had been reached too.
    pub superseded: bool,
}

impl Store {
    /// Windows that have reached their next stage, the longest waiting first.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn windows_due(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueWindow>, StoreError> {
        let _ = (now, limit);
        Err(StoreError::SchemaMissing)
    }

    /// Writes stages with their effects, each once, and returns those that were new. What has been acknowledged in
    /// time meanwhile reaches no stage.
    ///
    /// # Errors
    /// `UnknownItem`; the engine's faults.
    pub async fn record_stages(
        &self,
        item_key: &str,
        stages: &[StageDue],
        now: Timestamp,
    ) -> Result<Vec<Stage>, StoreError> {
        let _ = (item_key, stages, now);
        Err(StoreError::SchemaMissing)
    }

    /// The stages that an item's clock has reached.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn stages(&self, item_key: &str) -> Result<Vec<StoredStage>, StoreError> {
        let _ = item_key;
        Err(StoreError::SchemaMissing)
    }
}
