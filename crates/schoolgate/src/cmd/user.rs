//! `user`: who may sign in to the console. Passwords come from standard input or a file, never from the command line,
//! where other programs of the machine could read them.

use std::{
    fs,
    io::{IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use schoolgate_console::{check_own_password, check_password, hash_password, is_address};
use schoolgate_model::{Clock as _, Role, SchoolId, SystemClock};
use schoolgate_policy::person::is_unseen;
use schoolgate_school::{Schools, service::ServiceSettings};
use schoolgate_store::{EVERY_SCHOOL, NewUser, Store, User, UserAdded, UserRole};

use crate::{
    exit::{Exit, Failure, Faults, complain, say},
    ids::{new_key, new_secret},
    runtime::{load_schools, tokio_runtime},
};

use super::serving::make_data;

/// Who the trail says that it was.
const BY: &str = "cli";
/// The largest password file: nobody types more.
const MAX_PASSWORD_BYTES: u64 = 4 * 1024;

/// Which store.
#[derive(Debug, Args)]
pub struct Place {
    /// The database: sqlite://FILE or postgres://...; by default schoolgate.db in the data folder
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The folder for store and media
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// The commands about people.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Adds somebody; the password is read from standard input
    #[command(
        after_help = "Example:\n  schoolgate user add --email a.patel@st-hildas.example --name \"A Patel\" --role dsl --role slt < password.txt"
    )]
    Add {
        /// The e-mail address to sign in with
        #[arg(long)]
        email: String,
        /// The name that colleagues see
        #[arg(long)]
        name: String,
        /// What they do: author, moderator, slt, dsl, head or administrator; may be given several times
        #[arg(long, required = true)]
        role: Vec<String>,
        /// The school's folder name, or "all"; may be left out where there is one school
        #[arg(long, value_name = "SLUG")]
        school: Option<String>,
        /// The id under which drafts name this author, such as the staff id; nobody decides about their own drafts
        #[arg(long, value_name = "ID")]
        author_id: Option<String>,
        /// A file with the password on its first line, instead of standard input
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Lists everybody with their roles
    #[command(after_help = "Example:\n  schoolgate user list")]
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Signs somebody out for good
    #[command(after_help = "Example:\n  schoolgate user disable --email a.patel@st-hildas.example")]
    Disable {
        /// Whom
        #[arg(long)]
        email: String,
        #[command(flatten)]
        place: Place,
    },
    /// Gives somebody a new password, read from standard input, and signs them out everywhere
    #[command(
        after_help = "Example:\n  schoolgate user password --email a.patel@st-hildas.example < password.txt"
    )]
    Password {
        /// Whose
        #[arg(long)]
        email: String,
        /// A file with the password on its first line, instead of standard input
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
}

/// Somebody to be added.
pub struct NewPerson<'a> {
    /// The account's id, where drafts name the author by one; made where there is none.
    pub id: Option<&'a str>,
    /// The e-mail address.
    pub email: &'a str,
    /// The name.
    pub name: &'a str,
    /// The password, checked by the caller.
    pub password: &'a str,
    /// What they are where.
    pub roles: Vec<UserRole>,
}

pub fn run(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let runtime = tokio_runtime()?;
    runtime.block_on(dispatch(config, command))
}

async fn dispatch(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    match command {
        Command::Add {
            email,
            name,
            role,
            school,
            author_id,
            password_file,
            place,
        } => {
            let schools = load_schools(config)?;
            let roles = roles(&schools, role, school.as_deref())?;
            let password = read_password(password_file.as_deref())?;
            let names = schools.by_slug.values().map(|school| school.name.as_str());
            check_own_password(&password, [email.as_str(), name].into_iter().chain(names))
                .map_err(anyhow::Error::from)?;
            let person = NewPerson {
                id: author_id.as_deref(),
                email,
                name,
                password: &password,
                roles,
            };
            let store = open(config, place).await?;
            match add(&store, person, now).await? {
                UserAdded::Added => say("added")?,
                UserAdded::LoginTaken => {
                    return no("somebody has this e-mail address already; nothing was changed");
                }
            }
        }
        Command::List { place } => list(&open(config, place).await?).await?,
        Command::Disable { email, place } => {
            let store = open(config, place).await?;
            let user = find(&store, email).await?;
            if !store.user_disable(&user.id, BY, now).await? {
                return no("the account was disabled before; nothing was changed");
            }
            say("disabled, and signed out everywhere")?;
        }
        Command::Password {
            email,
            password_file,
            place,
        } => {
            let store = open(config, place).await?;
            let user = find(&store, email).await?;
            let password = read_password(password_file.as_deref())?;
            check_own_password(&password, [email.as_str(), user.name.expose()])
                .map_err(anyhow::Error::from)?;
            let hash = hash(&password)?;
            store.user_set_password(&user.id, &hash, BY, now).await?;
            say("changed, and signed out everywhere")?;
        }
    }
    Ok(Exit::Success)
}

fn no(why: &str) -> Result<Exit, Failure> {
    complain(why);
    Ok(Exit::No)
}

/// Adds somebody to a store.
///
/// # Errors
/// A name or address that cannot be; the store's faults.
pub async fn add(
    store: &Store,
    person: NewPerson<'_>,
    now: Timestamp,
) -> anyhow::Result<UserAdded> {
    let login = person.email.trim().to_lowercase();
    if !is_address(&login) {
        bail!("--email must be an e-mail address such as a.patel@st-hildas.example");
    }
    let name = person.name.trim();
    if name.is_empty() || name.chars().count() > 120 || name.chars().any(is_unseen) {
        bail!("--name must be a name of at most 120 characters that can all be seen");
    }
    let id = person.id.map_or_else(new_key, str::to_owned);
    if id.is_empty() || id.len() > 120 || id.chars().any(|c| is_unseen(c) || c == '/') {
        bail!("--author-id must be an id such as S32");
    }
    if store.user_by_id(&id).await?.is_some() {
        bail!("somebody has this --author-id already");
    }
    let user = NewUser {
        id,
        login,
        name: name.to_owned(),
        password_hash: hash(person.password)?,
        roles: person.roles,
    };
    Ok(store.user_add(&user, BY, now).await?)
}

fn hash(password: &str) -> anyhow::Result<String> {
    hash_password(password, &new_secret()).context("the password cannot be hashed")
}

/// The store that the settings name; other roles may be using it.
async fn open(config: &Path, place: &Place) -> Result<Store, Failure> {
    Ok(open_store(&place.settings(config)?).await?)
}

impl Place {
    /// The service's settings with these flags on top.
    ///
    /// # Errors
    /// Every fault of the settings.
    pub fn settings(&self, config: &Path) -> Result<ServiceSettings, Failure> {
        let mut settings =
            ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
        if let Some(data) = &self.data {
            settings.data.clone_from(data);
        }
        if let Some(database) = &self.database {
            settings.database = Some(database.clone().into());
        }
        Ok(settings)
    }
}

/// Opens and migrates the store of these settings.
///
/// # Errors
/// When it cannot be reached or made.
pub async fn open_store(settings: &ServiceSettings) -> anyhow::Result<Store> {
    make_data(&settings.data)?;
    let store = Store::open(settings.database_url().expose()).await?;
    store.migrate().await?;
    Ok(store)
}

async fn find(store: &Store, email: &str) -> anyhow::Result<User> {
    let user = store.user_by_login(&email.trim().to_lowercase()).await?;
    user.context("nobody has this e-mail address; `schoolgate user list` shows who there is")
}

/// The roles at the school, at the only one, or at all.
fn roles(
    schools: &Schools,
    names: &[String],
    school: Option<&str>,
) -> anyhow::Result<Vec<UserRole>> {
    let place = match school {
        Some("all") => EVERY_SCHOOL.to_owned(),
        Some(slug) if schools.get(&SchoolId::from(slug)).is_some() => slug.to_owned(),
        Some(_) => bail!("--school is not a folder under schools/"),
        None => match schools.only() {
            Some(only) => only.school.to_string(),
            None => bail!(
                "there are several schools; name one with --school, or all of them with --school all"
            ),
        },
    };
    names
        .iter()
        .map(|name| {
            let role = Role::from_code(name).ok_or_else(|| {
                anyhow!("--role must be one of: author, moderator, slt, dsl, head, administrator")
            })?;
            Ok(UserRole {
                school: place.clone(),
                role,
            })
        })
        .collect()
}

/// The first line of the file, or of standard input.
fn read_password(file: Option<&Path>) -> anyhow::Result<String> {
    let mut text = String::new();
    match file {
        Some(file) => {
            let opened =
                fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
            opened.take(MAX_PASSWORD_BYTES).read_to_string(&mut text)
        }
        None => {
            let input = std::io::stdin();
            if input.is_terminal() {
                complain("The password, then Enter (it is shown as you type it):");
                input.read_line(&mut text)
            } else {
                input.take(MAX_PASSWORD_BYTES).read_to_string(&mut text)
            }
        }
    }
    .context("the password cannot be read")?;
    let password = text.lines().next().unwrap_or("").to_owned();
    check_password(&password)?;
    Ok(password)
}

/// A text for a terminal, in which characters that cannot be seen or that steer it stand as their numbers.
fn shown(text: &str) -> String {
    let escaped = |c: char| match is_unseen(c) {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

async fn list(store: &Store) -> anyhow::Result<()> {
    for user in store.users().await? {
        let roles: Vec<_> = user
            .roles
            .iter()
            .map(|held| match held.school.as_str() {
                EVERY_SCHOOL => format!("{}@all", held.role.code()),
                school => format!("{}@{school}", held.role.code()),
            })
            .collect();
        let state = if user.disabled_at.is_some() {
            "  disabled"
        } else {
            ""
        };
        say(format_args!(
            "{:<36} {:<24} {}{state}",
            shown(user.login.expose()),
            shown(user.name.expose()),
            roles.join(" ")
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_a_terminal() {
        assert_eq!(shown("A Patel"), "A Patel");
        assert_eq!(shown("A\u{1b}[31m\u{202e}x"), "A\\u{1b}[31m\\u{202e}x");
    }
}
