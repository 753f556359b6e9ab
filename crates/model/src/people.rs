//! What a person may be at a school. Which rights go with it is decided by the policy.

use serde::{Deserialize, Serialize};

use crate::verdict::coded;

coded!(
    /// A person's part at one school. Several may be held at once.
    Role {
        /// Writes drafts.
        Author = "author",
        /// Works through the comments and the plain drafts.
        Moderator = "moderator",
        /// Senior leader.
        Slt = "slt",
        /// Designated safeguarding lead, or a deputy.
        Dsl = "dsl",
        /// The head: allegations about staff go to the head alone.
        Head = "head",
        /// Looks after people and settings; sees no items.
        Administrator = "administrator",
    }
);
