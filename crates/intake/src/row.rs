//! What a message becomes: an item's row or an event's. The receiver treats both alike.

use schoolgate_store::{EventReceipt, NewEvent, NewItem, Receipt, Store, StoreError};

/// A row to be.
pub(crate) trait Row: Sized {
    /// Writes a batch in one transaction; says what became of each.
    async fn store(store: &Store, rows: &[Self]) -> Result<Vec<Taken>, StoreError>;
    /// What it is, for the figures.
    fn kind(&self) -> &'static str;
    /// The message's bytes.
    fn into_body(self) -> Vec<u8>;
}

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was written.
    New,
    /// It was there already.
    Duplicate,
    /// It was written, although its item is not there yet.
    Unknown,
    /// Something else is there under its key.
    Conflict,
}

impl Taken {
    /// The stable name, for the figures.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Duplicate => "duplicate",
            Self::Unknown => "unknown",
            Self::Conflict => "conflict",
        }
    }
}

impl Row for NewItem {
    async fn store(store: &Store, rows: &[Self]) -> Result<Vec<Taken>, StoreError> {
        let receipts = store.receive(rows).await?;
        let taken = |receipt: &Receipt| match receipt {
            Receipt::New { .. } => Taken::New,
            Receipt::Duplicate { .. } => Taken::Duplicate,
            Receipt::Conflict { .. } => Taken::Conflict,
        };
        Ok(receipts.iter().map(taken).collect())
    }

    fn kind(&self) -> &'static str {
        self.kind.code()
    }

    fn into_body(self) -> Vec<u8> {
        self.body
    }
}

impl Row for NewEvent {
    async fn store(store: &Store, rows: &[Self]) -> Result<Vec<Taken>, StoreError> {
        let receipts = store.receive_events(rows).await?;
        let taken = |receipt: &EventReceipt| match receipt {
            EventReceipt::New { .. } => Taken::New,
            EventReceipt::Duplicate => Taken::Duplicate,
            EventReceipt::UnknownItem => Taken::Unknown,
            EventReceipt::Conflict => Taken::Conflict,
        };
        Ok(receipts.iter().map(taken).collect())
    }

    fn kind(&self) -> &'static str {
        "event"
    }

    fn into_body(self) -> Vec<u8> {
        self.body
    }
}
