//! `worker`: one role against RabbitMQ and PostgreSQL, in as many copies as are wanted.

use std::{path::Path, sync::Arc};

use anyhow::bail;
use clap::{Args, Subcommand};
use schoolgate_school::{Schools, service::ServiceSettings};
use tokio::sync::oneshot;

use super::serving::{Flags, Logs, listen, make_data, open_shared_store};
use crate::{
    exit::{Exit, Failure, say},
    readiness::Readiness,
    runtime::{House, Parts, run_service, stop_signal},
};

/// The roles.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Takes drafts, comments and events from the broker and screens what waits
    Intake(IntakeArguments),
    /// Publishes verdicts, sends alerts and watches the response windows
    Dispatch(DispatchArguments),
}

/// Arguments of `worker intake`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate worker intake --config /etc/schoolgate --broker amqps://intake@rabbit.example:5671 --database postgres://schoolgate@db.example/schoolgate"
)]
pub struct IntakeArguments {
    #[command(flatten)]
    flags: Flags,
}

/// Arguments of `worker dispatch`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate worker dispatch --config /etc/schoolgate --broker amqps://dispatch@rabbit.example:5671 --database postgres://schoolgate@db.example/schoolgate"
)]
pub struct DispatchArguments {
    #[command(flatten)]
    flags: Flags,
}

/// One role: what it runs and what it is called.
struct Role {
    name: &'static str,
    parts: Parts,
}

pub fn run(config: &Path, command: &Command, logs: Logs) -> Result<Exit, Failure> {
    let (flags, role) = match command {
        Command::Intake(arguments) => (
            &arguments.flags,
            Role {
                name: "intake",
                parts: Parts {
                    intake: true,
                    dispatch: false,
                },
            },
        ),
        Command::Dispatch(arguments) => (
            &arguments.flags,
            Role {
                name: "dispatch",
                parts: Parts {
                    intake: false,
                    dispatch: true,
                },
            },
        ),
    };
    let (mut settings, schools) = flags.load(config, logs)?;
    if settings.broker.is_none() {
        return Err(anyhow::anyhow!(
            "a worker needs a broker: name it with --broker amqp://... (for one box without it there is `schoolgate serve`)"
        )
        .into());
    }
    settings.listen = flags.probe_address()?;
    run_service(work(&role, &settings, Arc::new(schools)))?;
    Ok(Exit::Success)
}

async fn work(
    role: &Role,
    settings: &ServiceSettings,
    schools: Arc<Schools>,
) -> anyhow::Result<()> {
    let Parts { intake, dispatch } = role.parts;
    make_data(&settings.data)?;
    let store = open_shared_store(settings).await?;
    let listener = listen(settings.listen).await?;
    let address = listener.local_addr()?;
    let house = House {
        store: store.clone(),
        schools: Arc::clone(&schools),
        settings: settings.clone(),
    };
    let roles = house.start(role.parts)?;
    let ready = Readiness {
        store,
        schools: intake.then_some(schools),
        pulse: roles.pulse(),
        links: roles.links(),
        mail: dispatch.then_some(settings.mail.is_some()),
    };
    if dispatch && settings.mail.is_none() {
        tracing::warn!("no mail is configured: alerts wait in the outbox until it is");
    }
    say(format_args!(
        "Schoolgate's {} worker answers for its health on http://{address}",
        role.name
    ))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let health = tokio::spawn(schoolgate_ops::health::serve(
        listener,
        ready.check(),
        async move {
            // a sender that is gone means the same
            let _ = stopped.await;
        },
    ));
    stop_signal().await;
    tracing::info!("stopping");
    roles.stop().await;
    // nobody listening any more is the same
    let _ = stop.send(());
    match tokio::time::timeout(std::time::Duration::from_secs(1), health).await {
        Ok(Ok(Err(error))) => bail!("health was not served: {error}"),
        // a probe that never closes its connection must not keep the worker
        _ => Ok(()),
    }
}
