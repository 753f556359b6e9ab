//! The pictures that a school keeps in its folder `do-not-publish`, as a list of known pictures. The folder is looked at
//! anew for every question, so that a picture counts as soon as it lies there; what was worked out of it is kept in memory
//! only, as long as the file stays as it is.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use schoolgate_media::{Likeness, Limits, Shelf};
use schoolgate_model::{KnownList, KnownPicture, LookFault, SchoolId};
use tokio::sync::Mutex;

use crate::{
    bounded::read_file,
    child::Asked,
    room::Darkroom,
    shelves::{Finding, Found, Shelves},
};

/// The folder's name below a school's own.
const FOLDER: &str = "do-not-publish";

/// The listed pictures of every school, from its folder.
#[derive(Debug)]
pub struct FolderShelf {
    config: PathBuf,
    darkroom: Darkroom,
    schools: Mutex<HashMap<SchoolId, Arc<Mutex<Listed>>>>,
}

/// What is known of one school's folder.
#[derive(Debug, Default)]
struct Listed {
    files: BTreeMap<String, File>,
    shelf: Shelf,
}

/// A file of the folder and what became of it.
#[derive(Debug)]
struct File {
    stamp: Stamp,
    /// The picture's key on the shelf, or why it is not there.
    outcome: Result<[u8; 32], String>,
}

/// By what a file is taken to be the same as before.
type Stamp = (u64, Option<SystemTime>);

/// A listed picture that cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfFault {
    /// The file, below the configuration folder.
    pub file: String,
    /// Plain words.
    pub why: String,
}

impl FolderShelf {
    /// A list of the folders below `config`. `darkroom` is its own, because it is at work while another one waits for it.
    pub fn new(config: impl Into<PathBuf>, darkroom: Darkroom) -> Self {
        Self {
            config: config.into(),
            darkroom,
            schools: Mutex::default(),
        }
    }

    /// Looks at a school's folder, works out what is new in it, and says what cannot be compared.
    pub async fn faults(&self, school: &SchoolId) -> Vec<ShelfFault> {
        let listed = self.listed(school).await;
        let mut listed = listed.lock().await;
        let below = |file: &str| format!("schools/{school}/{FOLDER}/{file}");
        if let Err(error) = self.refresh(school, &mut listed).await {
            let why = format!("the folder cannot be read: {}", error.kind());
            return vec![ShelfFault {
                file: below(""),
                why,
            }];
        }
        let fault = |(name, file): (&String, &File)| {
            let why = file.outcome.as_ref().err()?.clone();
            let file = below(name);
            Some(ShelfFault { file, why })
        };
        listed.files.iter().filter_map(fault).collect()
    }

    async fn listed(&self, school: &SchoolId) -> Arc<Mutex<Listed>> {
        let mut schools = self.schools.lock().await;
        Arc::clone(schools.entry(school.clone()).or_default())
    }

    /// Brings the list in line with the folder. What is done so far stays when this is given up.
    async fn refresh(&self, school: &SchoolId, listed: &mut Listed) -> io::Result<()> {
        let folder = self
            .config
            .join("schools")
            .join(school.as_str())
            .join(FOLDER);
        let place = folder.clone();
        let there = tokio::task::spawn_blocking(move || entries(&place))
            .await
            .map_err(io::Error::other)??;
        let gone: Vec<_> = listed
            .files
            .iter()
            .filter(|(name, file)| there.get(*name) != Some(&file.stamp))
            .map(|(name, _)| name.clone())
            .collect();
        gone.iter().for_each(|name| listed.forget(name));
        for (name, stamp) in there {
            if listed.files.contains_key(&name) {
                continue;
            }
            let outcome = self.likeness(folder.join(&name)).await;
            let outcome = outcome.map(|(key, likeness)| {
                listed.shelf.put(key, &likeness);
                key
            });
            listed.files.insert(name, File { stamp, outcome });
        }
        Ok(())
    }

    /// What a listed picture can be recognised by, and the SHA-256 of its bytes.
    async fn likeness(&self, path: PathBuf) -> Result<([u8; 32], Likeness), String> {
        let reading = move || read_file(&path, Limits::default().max_bytes);
        let bytes = tokio::task::spawn_blocking(reading)
            .await
            .map_err(|error| error.to_string())?
            .map_err(|unread| unread.to_string())?;
        let asked = Asked {
            likeness: true,
            // a HEIC is opened as the JPEG that is made for its copy
            ..Asked::PROOF
        };
        let developed = self.darkroom.develop_asked(bytes, asked).await;
        let developed = developed.map_err(|fault| fault.describe())?;
        let key = key(&developed.read.sha256).ok_or("its bytes have no name")?;
        match (developed.likeness, developed.read.clean) {
            (Some(likeness), _) => Ok((key, likeness)),
            (None, Err(fault)) => Err(fault.describe()),
            (None, Ok(_)) => Err("the picture could not be opened".to_owned()),
        }
    }

    async fn search(&self, school: &SchoolId, sha256: &str, likeness: Option<&Likeness>) -> Found {
        let listed = self.listed(school).await;
        let mut listed = listed.lock().await;
        if self.refresh(school, &mut listed).await.is_err() {
            let what = "the folder of pictures that are never published cannot be read";
            return Some(Err(LookFault::Failed(what.to_owned())));
        }
        (!listed.files.is_empty()).then(|| listed.search(sha256, likeness))
    }
}

impl Shelves for FolderShelf {
    fn find<'a>(
        &'a self,
        school: &'a SchoolId,
        sha256: &'a str,
        likeness: Option<&'a Likeness>,
    ) -> Finding<'a> {
        Box::pin(self.search(school, sha256, likeness))
    }
}

impl Listed {
    fn forget(&mut self, name: &str) {
        let Some(File {
            outcome: Ok(key), ..
        }) = self.files.remove(name)
        else {
            return;
        };
        // the same picture may lie there under two names
        let elsewhere = self.files.values().any(|file| file.outcome == Ok(key));
        if !elsewhere {
            self.shelf.remove(&key);
        }
    }

    fn search(
        &self,
        sha256: &str,
        likeness: Option<&Likeness>,
    ) -> Result<Vec<KnownPicture>, LookFault> {
        let own = key(sha256);
        let mut found = Vec::new();
        if let Some(key) = own
            && self.files.values().any(|file| file.outcome == Ok(key))
        {
            found.push(known(&key, true, None));
        }
        let sightings = likeness.map(|likeness| self.shelf.find(likeness));
        let others = sightings.unwrap_or_default();
        let others = others.iter().filter(|sighting| Some(sighting.key) != own);
        found.extend(others.map(|sighting| known(&sighting.key, false, sighting.distance)));
        let unread = self.files.values().any(|file| file.outcome.is_err());
        match (found.is_empty(), unread, likeness) {
            (false, ..) => Ok(found),
            (true, true, _) => Err(LookFault::Failed(
                "a picture in the folder of those that are never published cannot be read"
                    .to_owned(),
            )),
            (true, false, None) => Err(LookFault::Unopened),
            (true, false, Some(_)) => Ok(found),
        }
    }
}

fn known(key: &[u8; 32], same_bytes: bool, distance: Option<u32>) -> KnownPicture {
    KnownPicture {
        sha256: key.iter().map(|byte| format!("{byte:02x}")).collect(),
        list: KnownList::DoNotPublish,
        same_bytes,
        distance,
    }
}

/// The bytes of 64 hex digits.
fn key(sha256: &str) -> Option<[u8; 32]> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    let mut key = [0; 32];
    let (pairs, []) = sha256.as_bytes().as_chunks::<2>() else {
        return None;
    };
    if pairs.len() != key.len() {
        return None;
    }
    for (byte, [high, low]) in key.iter_mut().zip(pairs) {
        *byte = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
    }
    Some(key)
}

/// Everything in a folder that is not hidden; nothing where there is no folder.
fn entries(folder: &Path) -> io::Result<BTreeMap<String, Stamp>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries?,
    };
    let mut there = BTreeMap::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // a file that is gone meanwhile, or a link to nowhere, is read again and then told
        let about = fs::metadata(entry.path());
        let stamp = about.map_or((0, None), |about| (about.len(), about.modified().ok()));
        there.insert(name, stamp);
    }
    Ok(there)
}
