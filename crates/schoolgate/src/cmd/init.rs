//! `init`: a configuration folder for one school, ready to be filled in, and the first administrator.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use schoolgate_console::made_password;
use schoolgate_model::{Clock as _, Role, SystemClock};
use schoolgate_school::service::ServiceSettings;
use schoolgate_store::{EVERY_SCHOOL, UserAdded, UserRole};

use super::user::{self, NewPerson};
use crate::{
    exit::{Exit, Failure, Faults, say},
    ids::new_secret,
    runtime::tokio_runtime,
};

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate init --config my-school --name \"St Saviour's Primary School\" --admin-email office@st-saviours.example"
)]
pub struct Arguments {
    /// The school's full name
    #[arg(long)]
    name: String,
    /// The folder name under schools/; made from the name where left out
    #[arg(long)]
    slug: Option<String>,
    /// The first administrator's e-mail address; makes the store and prints a password for them, once
    #[arg(long, value_name = "ADDRESS")]
    admin_email: Option<String>,
    /// The first administrator's name
    #[arg(long, value_name = "NAME", default_value = "Administrator")]
    admin_name: String,
    /// The folder for store and media, where it is not the one of schoolgate.toml
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub fn run(config: &Path, arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.name.trim().is_empty() {
        return Err(anyhow::anyhow!("--name is the school's full name and cannot be empty").into());
    }
    let slug = arguments
        .slug
        .clone()
        .unwrap_or_else(|| slug_of(&arguments.name));
    if slug.is_empty()
        || !slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        return Err(anyhow::anyhow!(
            "give the school a short name for its folder with --slug: small letters, digits and hyphens, such as st-saviours"
        )
        .into());
    }
    let written = schoolgate_school::scaffold(config, &arguments.name, &slug)
        .with_context(|| format!("cannot write {}", config.display()))?;
    for file in written {
        say(format_args!("wrote {}", file.display()))?;
    }
    if let Some(email) = &arguments.admin_email {
        first_administrator(config, arguments, email)?;
    }
    let config = config.display();
    say(format_args!(
        "\nNext:\n  1. put your pupils and staff into {config}/schools/{slug}/pupils.csv and staff.csv (until then everything is held)"
    ))?;
    say(format_args!(
        "  2. fill in {config}/schools/{slug}/school.toml: your own phone numbers, accounts and who is told"
    ))?;
    say(format_args!("  3. schoolgate doctor --config {config}"))?;
    say(format_args!("  4. schoolgate serve --config {config}"))?;
    if arguments.admin_email.is_none() {
        say(format_args!(
            "  5. schoolgate user add --config {config} --role administrator ... for the first person of the console"
        ))?;
    }
    Ok(Exit::Success)
}

/// Makes the store and the one account that can make the others.
fn first_administrator(config: &Path, arguments: &Arguments, email: &str) -> Result<(), Failure> {
    let mut settings =
        ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
    if let Some(data) = &arguments.data {
        settings.data.clone_from(data);
    }
    let password = made_password(&new_secret());
    let person = NewPerson {
        id: None,
        email,
        name: &arguments.admin_name,
        password: &password,
        roles: vec![UserRole {
            school: EVERY_SCHOOL.to_owned(),
            role: Role::Administrator,
        }],
    };
    let added = tokio_runtime()?.block_on(async {
        let store = user::open_store(&settings).await?;
        user::add(&store, person, SystemClock.now()).await
    })?;
    match added {
        UserAdded::Added => say(format_args!(
            "\nThe first administrator signs in as {email} with the password\n  {password}\nIt is shown this once; change it after the first sign-in."
        ))?,
        UserAdded::LoginTaken => {
            say("\nThat administrator is there already and keeps the password.")?
        }
    }
    Ok(())
}

/// `St Saviour's Primary School` becomes `st-saviours-primary-school`.
fn slug_of(name: &str) -> String {
    let plain: String = schoolgate_scan::fold(name)
        .text()
        .chars()
        .filter(|c| *c != '\'')
        .collect();
    plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_plain_words() {
        assert_eq!(
            slug_of("St Saviour’s Primary School"),
            "st-saviours-primary-school"
        );
        assert_eq!(slug_of("Ysgol Llŷn"), "ysgol-llyn");
    }
}
