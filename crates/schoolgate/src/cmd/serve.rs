//! `serve`: the whole house in one process for one box.

use std::{path::Path, sync::Arc};

use clap::Args;
use schoolgate_school::{Schools, service::ServiceSettings};
use tokio::sync::watch;

use super::{
    console,
    serving::{Flags, Logs, check_door, listen, loopback, make_data, open_store},
};
use crate::{
    exit::{Exit, Failure, say},
    readiness::Readiness,
    runtime::{House, Parts, run_service, stop_signal},
};

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate serve --config /etc/schoolgate --data /var/lib/schoolgate --listen 127.0.0.1:8080"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

pub fn run(config: &Path, arguments: &Arguments, logs: Logs) -> Result<Exit, Failure> {
    let (settings, schools) = arguments.flags.load(config, logs)?;
    check_door(&settings)?;
    run_service(serve(&settings, Arc::new(schools), stop_signal()))?;
    Ok(Exit::Success)
}

/// Serves until `stop` resolves.
///
/// # Errors
/// When the house cannot be set up; afterwards every fault is logged and lived with.
pub async fn serve(
    settings: &ServiceSettings,
    schools: Arc<Schools>,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let address = loopback(settings.listen)?;
    make_data(&settings.data)?;
    let (store, _lock) = open_store(settings).await?;
    let listener = listen(address).await?;
    let address = listener.local_addr()?;
    let house = House {
        store: store.clone(),
        schools: Arc::clone(&schools),
        settings: settings.clone(),
    };
    let roles = house.start(Parts::ALL)?;
    let ready = Readiness {
        store: store.clone(),
        schools: Some(Arc::clone(&schools)),
        pulse: roles.pulse(),
        links: roles.links(),
        mail: Some(settings.mail.is_some()),
    };
    let console = console::console(settings, store, schools)?;
    if settings.mail.is_none() {
        tracing::warn!("no mail is configured: alerts wait in the outbox until it is");
    }
    if console.store.users().await?.is_empty() {
        tracing::warn!(
            "nobody can sign in to the console yet: `schoolgate user add` makes the first account"
        );
    }
    say(format_args!("Schoolgate is listening on http://{address}"))?;
    // both at once, so that neither uses up the other's time to finish
    let (stopping, told) = watch::channel(false);
    let stop = async {
        stop.await;
        tracing::info!("stopping");
        stopping.send_replace(true);
    };
    let loops = async {
        until(told.clone()).await;
        roles.stop().await;
    };
    let console = console.serve(listener, ready.check(), until(told.clone()));
    tokio::join!(stop, console, loops);
    Ok(())
}

async fn until(mut told: watch::Receiver<bool>) {
    // a sender that is gone means the same
    let _ = told.wait_for(|stopping| *stopping).await;
}
