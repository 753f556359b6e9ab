//! Passwords: hashed with Argon2id so slowly that guessing does not pay, and so few at once that a flood of sign-ins
//! cannot take the memory of the service. Who may sign in is not decided here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use tokio::{
    sync::{AcquireError, Semaphore},
    time::timeout,
};

/// Memory of one hash, KiB (46 MiB, one pass, one lane: OWASP ASVS 5.0, appendix C).
const MEMORY_KIB: u32 = 46 * 1024;
/// The fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// The most: longer ones would only cost time.
pub const MAX_PASSWORD_CHARS: usize = 200;
/// Shorter names are in too many good passwords by chance.
const MIN_NAME_CHARS: usize = 4;
/// Passwords of this length that are tried first, one a line, in lower case.
const COMMON: &str = include_str!("common_passwords.txt");
/// Hashes at once.
const AT_ONCE: usize = 2;
/// Who may wait for one of those places, the ones at work included.
const WAITING: usize = 20;
/// Who may have a place from one address, so that one caller cannot take them all,
const PER_ADDRESS: usize = 2;
/// and how long anybody waits for one.
const PATIENCE: Duration = Duration::from_secs(1);
/// What is compared with when nobody has that name, so that both cases take the same time. Its password is random.
const NOBODY: &str = "$argon2id$v=19$m=47104,t=1,p=1$0QczmkH+IHdcuGMN6RKESw$L1QAZWvu5wihFMPLuFk+0hyChqQok9aooIQVcj9VbPU";

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeakPassword {
    /// Fewer than [`MIN_PASSWORD_CHARS`].
    Short,
    /// More than [`MAX_PASSWORD_CHARS`].
    Long,
    /// One of the first that anybody would try.
    Common,
    /// It holds the person's name or login, or the school's name.
    Personal,
}

impl std::fmt::Display for WeakPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Short => write!(f, "a password has at least {MIN_PASSWORD_CHARS} characters"),
            Self::Long => write!(f, "a password has at most {MAX_PASSWORD_CHARS} characters"),
            Self::Common => f.write_str("that password is one of the first that anybody would try"),
            Self::Personal => f.write_str(
                "a password holds neither your name or e-mail address nor the school's name",
            ),
        }
    }
}

impl std::error::Error for WeakPassword {}

/// Whether a new password may be taken.
///
/// # Errors
/// Too short, too long, too common.
pub fn check_password(password: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    let plain = password.to_lowercase();
    let mut letters: Vec<char> = plain.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if length < MIN_PASSWORD_CHARS {
        Err(WeakPassword::Short)
    } else if length > MAX_PASSWORD_CHARS {
        Err(WeakPassword::Long)
    } else if letters.len() < 4 || COMMON.lines().any(|common| common == plain) {
        Err(WeakPassword::Common)
    } else {
        Ok(())
    }
}

/// Whether a new password may be taken by somebody with these names: the login, the own name, the schools' names.
///
/// # Errors
/// As [`check_password`], and a password that holds one of the names.
pub fn check_own_password<'a>(
    password: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), WeakPassword> {
    check_password(password)?;
    let password = letters(password);
    let parts = names.into_iter().flat_map(|name| {
        let before_at = name.split('@').next().unwrap_or(name);
        [letters(name), letters(before_at)]
    });
    let mut long_ones = parts.filter(|part| part.chars().count() >= MIN_NAME_CHARS);
    match long_ones.any(|part| password.contains(&part)) {
        true => Err(WeakPassword::Personal),
        false => Ok(()),
    }
}

/// The letters and digits of a text, in lower case.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The hash of a password, as text that names its own settings. `None` only where the settings are not accepted, which
/// a test rules out. Takes some 40 ms and 46 MiB.
pub fn hash_password(password: &str, salt: &[u8; 32]) -> Option<String> {
    let params = Params::new(MEMORY_KIB, 1, 1, None).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password_with_salt(password.as_bytes(), &salt[..16])
        .ok()
        .map(|hash| hash.to_string())
}

/// A password of 20 letters and digits that are hard to confuse, in groups of five.
pub fn made_password(secret: &[u8; 32]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let groups: Vec<String> = secret[..20]
        .chunks(5)
        .map(|group| {
            let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
            group.iter().map(letter).collect()
        })
        .collect();
    groups.join("-")
}

/// There is no place for another hash; the caller is told to try again.
#[derive(Debug)]
pub(crate) struct Crowded;

/// The places where passwords are hashed.
#[derive(Debug, Clone)]
pub(crate) struct Hasher {
    waiting: Arc<Semaphore>,
    working: Arc<Semaphore>,
    /// The places of each address that has one now.
    addresses: Arc<Mutex<HashMap<String, Weak<Semaphore>>>>,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(WAITING)),
            working: Arc::new(Semaphore::new(AT_ONCE)),
            addresses: Arc::default(),
        }
    }

    /// The places of one address.
    fn places_of(&self, address: &str) -> Arc<Semaphore> {
        let mut addresses = self
            .addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        addresses.retain(|_, places| places.strong_count() > 0);
        let known = addresses.get(address).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let places = Arc::new(Semaphore::new(PER_ADDRESS));
            addresses.insert(address.to_owned(), Arc::downgrade(&places));
            places
        })
    }

    /// Compares a password with a hash; without a hash the answer is no after the same time. `address` stands for who
    /// asks.
    pub(crate) async fn matches(
        &self,
        address: &str,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Crowded> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let work = move || {
            PasswordHash::new(&hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
        };
        Ok(self.work(address, work).await? && known)
    }

    /// Hashes a new password.
    pub(crate) async fn hash(
        &self,
        address: &str,
        password: String,
        salt: [u8; 32],
    ) -> Result<Option<String>, Crowded> {
        self.work(address, move || hash_password(&password, &salt))
            .await
    }

    async fn work<T: Send + 'static>(
        &self,
        address: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Crowded> {
        let places = self.places_of(address);
        let _own = patiently(places.acquire()).await?;
        let _waiting = self.waiting.try_acquire().map_err(|_| Crowded)?;
        let place = patiently(Arc::clone(&self.working).acquire_owned()).await?;
        let work = move || {
            let result = work();
            drop(place);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Crowded)
    }
}

/// A place, where there is one soon.
async fn patiently<T>(place: impl Future<Output = Result<T, AcquireError>>) -> Result<T, Crowded> {
    let place = timeout(PATIENCE, place).await.map_err(|_| Crowded)?;
    place.map_err(|_| Crowded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_and_no_other() {
        let hash = hash_password("correct horse battery", &[7; 32]).unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"),
            "{hash}"
        );
        let hasher = Hasher::new();
        let ask =
            |password: &str, hash: Option<String>| hasher.matches("a", password.to_owned(), hash);
        assert!(
            ask("correct horse battery", Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!ask("wrong", Some(hash)).await.unwrap());
        assert!(!ask("correct horse battery", None).await.unwrap());
        assert!(!ask("x", Some("not a hash".to_owned())).await.unwrap());
    }

    #[test]
    fn the_hash_that_stands_for_nobody_costs_the_same_as_a_real_one() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let real = hash_password("correct horse battery", &[7; 32]).unwrap();
        assert_eq!(nobody.params, PasswordHash::new(&real).unwrap().params);
    }

    #[tokio::test]
    async fn a_flood_is_turned_away_and_not_queued_without_end() {
        let hasher = Hasher::new();
        let tries: Vec<_> = (0..60)
            .map(|number| {
                let hasher = hasher.clone();
                let address = number.to_string();
                tokio::spawn(async move { hasher.matches(&address, "x".to_owned(), None).await })
            })
            .collect();
        let mut crowded = 0;
        for tried in tries {
            crowded += usize::from(tried.await.unwrap().is_err());
        }
        assert!(crowded >= 30, "{crowded} of 60 were turned away");
    }

    #[tokio::test]
    async fn one_address_cannot_take_every_place() {
        let hasher = Hasher::new();
        let places = hasher.places_of("flood");
        let _held = places.acquire_many(2).await.unwrap();
        let asked = std::time::Instant::now();
        let flood = hasher.matches("flood", "x".to_owned(), None);
        let other = hasher.matches("other", "x".to_owned(), None);
        let (flood, other) = tokio::join!(flood, other);
        assert!(flood.is_err() && other.is_ok());
        assert!(asked.elapsed() < PATIENCE * 3);
        drop(_held);
        drop(places);
        hasher.places_of("x");
        assert_eq!(
            hasher.addresses.lock().unwrap().len(),
            1,
            "nobody is remembered"
        );
    }

    #[test]
    fn a_new_password_is_long_and_not_a_pattern() {
        assert_eq!(check_password("short"), Err(WeakPassword::Short));
        assert_eq!(check_password(&"xy".repeat(200)), Err(WeakPassword::Long));
        assert_eq!(check_password("aaaaaaaaaaaaaa"), Err(WeakPassword::Common));
        assert_eq!(check_password("Password1234"), Err(WeakPassword::Common));
        assert_eq!(check_password("correct horse battery"), Ok(()));
        assert_eq!(
            check_password(&made_password(&[9; 32])),
            Err(WeakPassword::Common)
        );
        for common in COMMON.lines() {
            assert!(common.chars().count() >= MIN_PASSWORD_CHARS, "{common}");
            assert_eq!(common.to_lowercase(), common);
            assert_eq!(check_password(common), Err(WeakPassword::Common));
        }
        let names = [
            "a.patel@st-hildas.example",
            "Anita Patel",
            "St Hilda's School",
        ];
        for own in ["xx-A.Patel-2026-xx", "anitapatel2026!", "sthildasschool7"] {
            let answer = check_own_password(own, names);
            assert_eq!(answer, Err(WeakPassword::Personal), "{own}");
        }
        assert_eq!(check_own_password("correct horse battery", names), Ok(()));
        let varied: [u8; 32] = std::array::from_fn(|n| n as u8 * 7);
        assert_eq!(check_password(&made_password(&varied)), Ok(()));
    }
}
