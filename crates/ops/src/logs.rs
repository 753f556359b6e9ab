//! Tracing set-up and the panic hook. What may be said in a log is each caller's business.

use std::{panic, str::FromStr};

use tracing::{Level, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer as _, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// One readable line an event.
    #[default]
    Text,
    /// One JSON object an event.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("the log format is `text` or `json`".to_owned()),
        }
    }
}

/// The target prefix of our own crates.
const OURS: &str = "schoolgate";
/// lapin logs a message that comes back, with its body. What it has to say we learn as errors, so it is silenced.
const SILENT: &str = "lapin";

/// The AMQP library: it calls each lost connection an error several times over, and our supervisor says it once.
const AMQP: &str = "lapin";

fn filter(level: Level) -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target(AMQP, LevelFilter::OFF)
        .with_target(OURS, level)
        .with_target(SILENT, LevelFilter::OFF)
}

/// Starts logging to standard error and replaces the panic message by the panic's place.
/// A second call in one process changes nothing.
pub fn start_logs(format: LogFormat, level: Level) {
    let registry = tracing_subscriber::registry();
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false);
    let started = match format {
        LogFormat::Text => registry.with(layer.with_filter(filter(level))).try_init(),
        LogFormat::Json => registry
            .with(layer.json().with_filter(filter(level)))
            .try_init(),
    };
    if started.is_err() {
        return;
    }
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(
            || "unknown".to_owned(),
            |at| format!("{}:{}", at.file(), at.line()),
        );
        tracing::error!(target: "schoolgate", place, "a task stopped unexpectedly; its item will be held");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broker_library_that_logs_bodies_is_silent() {
        let filter = filter(Level::TRACE);
        assert!(!filter.would_enable("lapin::returned_messages", &Level::ERROR));
    }

    #[test]
    fn other_crates_are_capped_at_warn_whatever_is_asked() {
        let filter = filter(Level::TRACE);
        assert!(filter.would_enable("schoolgate_store::sql", &Level::TRACE));
        assert!(!filter.would_enable("sqlx::query", &Level::INFO));
        assert!(!filter.would_enable("hyper", &Level::DEBUG));
        assert!(filter.would_enable("hyper", &Level::WARN));
        assert!(!filter.would_enable("lapin::channel", &Level::ERROR));
    }
}
