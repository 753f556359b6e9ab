//! When a window reaches which stage, and who is told.
