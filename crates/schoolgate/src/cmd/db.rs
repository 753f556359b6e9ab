//! `db`: the store's tables, apart from any service.

use std::path::Path;

use clap::{Args, Subcommand};
use schoolgate_school::service::ServiceSettings;

use super::serving::{Flags, make_data, open_store};
use crate::{
    exit::{Exit, Failure, Faults, say},
    runtime::tokio_runtime,
};

/// What to do with the tables.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Brings the tables up to this program's version; every service does the same when it starts
    Migrate(Arguments),
}

/// Arguments of `db migrate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate db migrate --config /etc/schoolgate --database postgres://schoolgate@db.example/schoolgate"
)]
pub struct Arguments {
    /// The database: sqlite://FILE or postgres://...
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The folder for store and media
    #[arg(long, value_name = "DIR")]
    data: Option<std::path::PathBuf>,
}

pub fn run(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let Command::Migrate(arguments) = command;
    let mut settings =
        ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
    let flags = Flags {
        database: arguments.database.clone(),
        data: arguments.data.clone(),
        ..Flags::default()
    };
    flags.overlay(&mut settings)?;
    make_data(&settings.data)?;
    let version = tokio_runtime()?.block_on(async {
        let (store, _lock) = open_store(&settings).await?;
        let version = store.schema_version().await?;
        store.close().await;
        anyhow::Ok(version)
    })?;
    say(format_args!("The tables are at version {version}."))?;
    Ok(Exit::Success)
}
