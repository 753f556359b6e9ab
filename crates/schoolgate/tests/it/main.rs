//! The workspace's integration tests, one binary. Contents:
//!
//! - `alerts`: mails that are fast, silent about the item, and never lost
//! - `arrows`: who may import whom, and what every crate must have
//! - `browser`: the console in a real browser, and its accessibility
//! - `check`: the `check` command on good and hostile input
//! - `commands`: photo, window, policy, rules, init, doctor
//! - `cuts`: what the broker or the database takes away from a worker, and stopping
//! - `darkroom`: words, faces, known pictures and HEIC, with the real programs
//! - `day`: the demo day against a careful human's verdicts
//! - `faults`: every check and every fault ends in a hold that names the check
//! - `hostile`: pictures made to do harm are held, each with its reason
//! - `http`: the HTTP door
//! - `kill`: kill -9 at random moments loses and doubles nothing
//! - `personal`: personal details in short texts
//! - `pictured`: who is in a picture, and which pictures are never let out
//! - `quiet`: logs hold no names, no words, no file names
//! - `readme`: the README's producer in Python
//! - `rig`: the service in its parts, around it programs that are not ours
//! - `road`: the road of an item, sent and heard by other programs
//! - `samples`: every sample configuration loads
//! - `screening`: bad ends, neighbours, and alerts recorded before them
//! - `storm`: kill -9 of every role, the broker and the database; bad workers are seen
//! - `vault`: pictures from the web, pictures that stay closed, that are taken back, that are listed
//! - `world`: what the others share

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod alerts;
mod arrows;
mod browser;
mod check;
mod commands;
mod cuts;
mod darkroom;
mod day;
mod faults;
mod hostile;
mod http;
mod kill;
mod personal;
mod picker;
mod pictured;
mod quiet;
mod readme;
mod rig;
mod road;
mod samples;
mod screening;
mod storm;
mod vault;
mod world;
