//! `init`: a configuration folder for one school, ready to be filled in.

use std::path::Path;

use anyhow::Context as _;
use clap::Args;

use crate::exit::{Exit, Failure, say};

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate init --config my-school --name \"St Saviour's Primary School\""
)]
pub struct Arguments {
    /// The school's full name
    #[arg(long)]
    name: String,
    /// The folder name under schools/; made from the name where left out
    #[arg(long)]
    slug: Option<String>,
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
    let config = config.display();
    say(format_args!(
        "\nNext:\n  1. put your pupils and staff into {config}/schools/{slug}/pupils.csv and staff.csv (until then everything is held)"
    ))?;
    say(format_args!(
        "  2. fill in {config}/schools/{slug}/school.toml: your own phone numbers, accounts and who is told"
    ))?;
    say(format_args!("  3. schoolgate doctor --config {config}"))?;
    say(format_args!("  4. schoolgate serve --config {config}"))?;
    Ok(Exit::Success)
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
