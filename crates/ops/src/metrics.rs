//! The figures of a role, for Prometheus. Names and label values are stable codes: no id, no name, no text, so that
//! nothing about a child reaches a dashboard. What is counted is each role's business, by the functions here.

use std::sync::OnceLock;

use metrics::{counter, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use schoolgate_model::{ItemKind, Outcome};

use crate::Condition;

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts counting. A second call in one process changes nothing; without it every count goes nowhere.
pub fn start_metrics() {
    RECORDER.get_or_init(|| {
        let handle = PrometheusBuilder::new().install_recorder().ok()?;
        describe();
        Some(handle)
    });
}

fn describe() {
    metrics::describe_counter!("schoolgate_items_received_total", "Items taken at a door");
    metrics::describe_counter!(
        "schoolgate_dead_letters_total",
        "Messages that could not be understood"
    );
    metrics::describe_counter!("schoolgate_verdicts_total", "Verdicts recorded");
    metrics::describe_counter!(
        "schoolgate_effects_total",
        "Attempts to carry an effect out"
    );
    metrics::describe_gauge!(
        "schoolgate_ready",
        "1 where the condition of readiness holds"
    );
    metrics::describe_gauge!("schoolgate_waiting", "Rows that wait");
    metrics::describe_gauge!(
        "schoolgate_oldest_seconds",
        "Age of the oldest row that waits"
    );
}

/// Counts items that a door took. `door` is `broker` or `http`, `result` new, duplicate, conflict or unknown.
pub fn received(door: &'static str, kind: &'static str, result: &'static str) {
    counter!("schoolgate_items_received_total", "door" => door, "kind" => kind, "result" => result)
        .increment(1);
}

/// Counts a message that was dead-lettered, by its reason's code.
pub fn dead_letter(reason: &'static str) {
    counter!("schoolgate_dead_letters_total", "reason" => reason).increment(1);
}

/// Counts a verdict.
pub fn verdict(kind: ItemKind, outcome: Outcome) {
    counter!("schoolgate_verdicts_total", "kind" => kind.code(), "outcome" => outcome.code())
        .increment(1);
}

/// Counts an attempt to carry an effect out. `road` is `broker` or `mail`, `result` sent or the fault's code.
pub fn effect(road: &'static str, result: &'static str) {
    counter!("schoolgate_effects_total", "road" => road, "result" => result).increment(1);
}

/// Sets how many rows of a sort wait (`items`, `effects`, `dead_letters`) and how old the oldest is, seconds.
pub fn waiting(what: &'static str, count: u64, oldest_seconds: Option<f64>) {
    // counts stay far below 2^53
    #[expect(
        clippy::cast_precision_loss,
        reason = "a dashboard needs no last digit"
    )]
    gauge!("schoolgate_waiting", "what" => what).set(count as f64);
    gauge!("schoolgate_oldest_seconds", "what" => what).set(oldest_seconds.unwrap_or(0.0));
}

/// The page that Prometheus reads: everything counted so far and each condition of readiness.
pub(crate) fn page(conditions: &[Condition]) -> String {
    let Some(handle) = RECORDER.get().and_then(Option::as_ref) else {
        return String::new();
    };
    for condition in conditions {
        let value = if condition.ok { 1.0 } else { 0.0 };
        gauge!("schoolgate_ready", "condition" => condition.name).set(value);
    }
    handle.run_upkeep();
    handle.render()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_counts_and_conditions() {
        start_metrics();
        start_metrics();
        received("http", "draft", "new");
        verdict(ItemKind::Draft, Outcome::Hold);
        waiting("items", 3, Some(2.5));
        let page = page(&[Condition {
            name: "store",
            ok: false,
            detail: "gone".to_owned(),
        }]);
        for line in [
            "schoolgate_items_received_total{door=\"http\",kind=\"draft\",result=\"new\"} 1",
            "schoolgate_verdicts_total{kind=\"draft\",outcome=\"hold\"} 1",
            "schoolgate_ready{condition=\"store\"} 0",
            "schoolgate_waiting{what=\"items\"} 3",
            "schoolgate_oldest_seconds{what=\"items\"} 2.5",
        ] {
            assert!(page.contains(line), "{line} is not in\n{page}");
        }
        assert!(!page.contains("gone"), "details are for readiness");
    }
}
