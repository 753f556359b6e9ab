//! What people may see and decide, and what it changes.
