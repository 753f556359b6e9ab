//! `console`: the pages and the HTTP interface alone, over the store that the workers share.

use std::{path::Path, sync::Arc};

use clap::Args;
use schoolgate_console::{Console, Recognise, Recognised};
use schoolgate_darkroom::Asked;
use schoolgate_school::{Schools, service::ServiceSettings};
use schoolgate_store::Store;

use super::serving::{Flags, Logs, check_door, listen, loopback, make_data, open_shared_store};
use crate::{
    exit::{Exit, Failure, say},
    ids::{new_key, new_secret},
    readiness::Readiness,
    runtime::{Links, clock, darkroom, media_store, run_service, stop_signal},
};

/// Arguments of `console`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate console --config /etc/schoolgate --database postgres://schoolgate@db.example/schoolgate --listen 127.0.0.1:8080"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

pub fn run(config: &Path, arguments: &Arguments, logs: Logs) -> Result<Exit, Failure> {
    let (settings, schools) = arguments.flags.load(config, logs)?;
    check_door(&settings)?;
    run_service(serve(&settings, Arc::new(schools)))?;
    Ok(Exit::Success)
}

/// The console of a process.
///
/// # Errors
/// The media store's settings cannot be used.
pub fn console(
    settings: &ServiceSettings,
    store: Store,
    schools: Arc<Schools>,
) -> anyhow::Result<Console> {
    if settings.tokens.is_empty() {
        tracing::warn!(
            "no tokens are configured: any program on this machine may send items and read verdicts"
        );
    }
    Ok(Console {
        store,
        schools,
        media: media_store(settings)?,
        clock: clock(),
        new_key: Arc::new(new_key),
        tokens: Arc::new(settings.tokens.clone()),
        new_secret: Arc::new(new_secret),
        public_url: settings
            .mail
            .as_ref()
            .and_then(|mail| mail.public_url.clone()),
        recognise: Some(recognise()?),
    })
}

/// What recognises a picture that somebody lists from its page: its likeness, worked out in a child process.
fn recognise() -> anyhow::Result<Recognise> {
    let darkroom = darkroom(None, None)?;
    Ok(Arc::new(move |bytes| {
        let darkroom = darkroom.clone();
        Box::pin(async move {
            let asked = Asked {
                likeness: true,
                ..Asked::PROOF
            };
            let developed = darkroom.develop_asked(bytes, asked).await.ok()?;
            let likeness = developed.likeness?;
            Some(Recognised {
                fingerprint: Some(likeness.fingerprint().to_string()),
                sketch: likeness.sketch_bytes(),
                likeness: likeness.without_sketch().to_bytes(),
            })
        })
    }))
}

async fn serve(settings: &ServiceSettings, schools: Arc<Schools>) -> anyhow::Result<()> {
    let address = loopback(settings.listen)?;
    make_data(&settings.data)?;
    let store = open_shared_store(settings).await?;
    let listener = listen(address).await?;
    let address = listener.local_addr()?;
    let ready = Readiness {
        store: store.clone(),
        schools: None,
        pulse: Vec::new(),
        links: Links::default(),
        mail: None,
    };
    let console = console(settings, store, schools)?;
    say(format_args!(
        "Schoolgate's console is listening on http://{address}"
    ))?;
    console.serve(listener, ready.check(), stop_signal()).await;
    tracing::info!("stopping");
    Ok(())
}
