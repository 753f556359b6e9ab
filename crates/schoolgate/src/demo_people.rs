//! The invented people who sign in to the demo, one for each role. Their passwords are in this file: the demo listens
//! on this machine only and holds nothing real.

use std::net::SocketAddr;

use schoolgate_model::{Clock as _, Role, SystemClock};
use schoolgate_school::service::ServiceSettings;
use schoolgate_store::UserRole;

use crate::{
    cmd::{self, NewPerson},
    exit::say,
};

/// The sample school.
const SCHOOL: &str = "st-hildas";

struct Sample {
    /// As the sample's drafts name their authors.
    id: &'static str,
    email: &'static str,
    name: &'static str,
    password: &'static str,
    role: Role,
    does: &'static str,
}

const PEOPLE: [Sample; 6] = [
    Sample {
        id: "S07",
        email: "d.albright@st-hildas.example",
        name: "Daisy Albright",
        password: "demo-moderator",
        role: Role::Moderator,
        does: "works through the comments and plain drafts",
    },
    Sample {
        id: "S02",
        email: "m.ellison@st-hildas.example",
        name: "Mark Ellison",
        password: "demo-senior-leader",
        role: Role::Slt,
        does: "decides what senior leaders must see",
    },
    Sample {
        id: "S03",
        email: "a.patel@st-hildas.example",
        name: "Anita Patel",
        password: "demo-safeguarding",
        role: Role::Dsl,
        does: "sees safeguarding items, alone",
    },
    Sample {
        id: "S01",
        email: "head@st-hildas.example",
        name: "Catherine Holloway",
        password: "demo-headteacher",
        role: Role::Head,
        does: "sees allegations about staff, and everything open",
    },
    Sample {
        id: "S32",
        email: "h.lyle@st-hildas.example",
        name: "Hannah Lyle",
        password: "demo-author-desk",
        role: Role::Author,
        does: "sees her own drafts and what to change",
    },
    Sample {
        id: "S17",
        email: "l.tattersall@st-hildas.example",
        name: "Lynne Tattersall",
        password: "demo-administrator",
        role: Role::Administrator,
        does: "looks after people, sees no items",
    },
];

/// Makes every account.
///
/// # Errors
/// The store's faults.
pub async fn add_all(settings: &ServiceSettings) -> anyhow::Result<()> {
    let store = cmd::open_user_store(settings).await?;
    for sample in &PEOPLE {
        let person = NewPerson {
            id: Some(sample.id),
            email: sample.email,
            name: sample.name,
            password: sample.password,
            roles: vec![UserRole {
                school: SCHOOL.to_owned(),
                role: sample.role,
            }],
        };
        cmd::add_user(&store, person, SystemClock.now()).await?;
    }
    store.close().await;
    Ok(())
}

/// Prints the address and a sign-in for each role.
///
/// # Errors
/// When nobody reads any more.
pub fn print_all(address: SocketAddr) -> std::io::Result<()> {
    say(format_args!(
        "\nThe console is at http://{address}/ and these people sign in:"
    ))?;
    for sample in &PEOPLE {
        say(format_args!(
            "  {:<15} {:<32} {:<20} {}",
            sample.role.code(),
            sample.email,
            sample.password,
            sample.does
        ))?;
    }
    Ok(())
}
