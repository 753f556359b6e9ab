//! When a window reaches which stage, and who is told.

use jiff::SignedDuration;

use super::*;
use crate::window::WindowMode;

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-11-17T10:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(hours)
}

fn window(needs_response: bool) -> ResponseWindow {
    ResponseWindow {
        received_at: at(0),
        due_at: at(20),
        mode: WindowMode::AsWritten,
        division: "england-and-wales".to_owned(),
        calendar_version: "c1".to_owned(),
        needs_response,
        why: String::new(),
    }
}

fn running(window: &ResponseWindow) -> Running<'_> {
    Running {
        school: "st-judes",
        kind: ItemKind::Comment,
        id: "c1",
        revision: 2,
        verb: Verb::Edit,
        platform: None,
        account: None,
        class: CommentClass::Query,
        severity: Severity::Info,
        restricted: None,
        window,
        acknowledged_at: None,
    }
}

/// Stage, superseded, routing keys.
fn seen(running: &Running<'_>, now: Timestamp) -> Vec<(Stage, bool, Vec<String>)> {
    stages_due(running, now)
        .into_iter()
        .map(|due| {
            let keys = due.outbox.into_iter().map(|row| row.routing_key);
            (due.stage, due.superseded, keys.collect())
        })
        .collect()
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[test]
fn a_window_turns_amber_then_red_then_breaches() {
    use Stage::{Amber, Breach, Red};
    let window = window(true);
    let running = running(&window);
    assert_eq!(seen(&running, at(9)), []);
    assert_eq!(
        seen(&running, at(10)),
        [(Amber, false, keys(&["window.amber.st-judes"]))]
    );
    assert_eq!(
        seen(&running, at(16)),
        [
            (Amber, true, Vec::new()),
            (
                Red,
                false,
                keys(&["window.red.st-judes", "alert.moderator.st-judes"])
            )
        ]
    );
    assert_eq!(
        seen(&running, at(30)),
        [
            (Amber, true, Vec::new()),
            (Red, true, Vec::new()),
            (
                Breach,
                false,
                keys(&["window.breach.st-judes", "alert.slt.st-judes"])
            )
        ]
    );
    let late: Vec<i64> = stages_due(&running, at(30))
        .iter()
        .map(|due| due.late_ms / 3_600_000)
        .collect();
    assert_eq!(late, [20, 14, 10]);
}

#[test]
fn what_nobody_waits_on_only_breaches_and_alerts_nobody() {
    let window = window(false);
    let running = running(&window);
    assert_eq!(seen(&running, at(19)), []);
    assert_eq!(
        seen(&running, at(20)),
        [(Stage::Breach, false, keys(&["window.breach.st-judes"]))]
    );
}

#[test]
fn an_acknowledgement_in_time_ends_it_and_a_late_one_does_not_undo_the_breach() {
    let window = window(true);
    let mut running = running(&window);
    running.acknowledged_at = Some(at(12));
    assert_eq!(
        seen(&running, at(40)),
        [(Stage::Amber, false, keys(&["window.amber.st-judes"]))]
    );
    running.acknowledged_at = Some(at(21));
    let last = seen(&running, at(40)).pop();
    assert_eq!(
        last,
        Some((Stage::Breach, false, keys(&["window.breach.st-judes"])))
    );
    assert_eq!(next_stage(&window, None, &[]), Some(at(10)));
    assert_eq!(next_stage(&window, None, &[Stage::Amber]), Some(at(16)));
    assert_eq!(next_stage(&window, None, &Stage::ALL), None);
    assert_eq!(next_stage(&window, Some(at(12)), &[Stage::Amber]), None);
}

#[test]
fn what_is_kept_back_alerts_only_those_who_may_see_it() {
    let window = window(true);
    let mut running = running(&window);
    running.restricted = Some(Restricted::DslAndHead);
    for hours in [16, 20] {
        let told: Vec<Option<Audience>> = stages_due(&running, at(hours))
            .into_iter()
            .flat_map(|due| due.outbox)
            .filter(|row| row.kind == OutboxKind::Alert)
            .map(|row| row.audience)
            .collect();
        assert_eq!(told, [Some(Audience::Dsl), Some(Audience::Head)]);
    }
}

#[test]
fn the_keys_say_item_occasion_and_stage() {
    let window = window(true);
    let found: Vec<String> = stages_due(&running(&window), at(20))
        .into_iter()
        .flat_map(|due| due.outbox)
        .map(|row| row.key)
        .collect();
    assert_eq!(
        found,
        [
            "window/st-judes/comment/c1/2.edit/breach",
            "alert/st-judes/comment/c1/2.edit/window/breach/slt"
        ]
    );
}
