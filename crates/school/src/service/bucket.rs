//! `[media.s3]`: the bucket that keeps clean copies, where the service has several machines.

use std::path::PathBuf;

use schoolgate_model::{ConfigFault, Redacted};

use super::{FILE, secret_in};

/// Which bucket, and which key opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketKeys {
    /// The bucket's name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// The service's address, where it is not Amazon's.
    pub endpoint: Option<String>,
    /// What every object's name begins with.
    pub prefix: String,
    /// Whether the bucket stands in the path of addresses.
    pub path_style: bool,
    /// The name of the key.
    pub access_key: String,
    /// Where the key is.
    pub secret_key_file: Option<PathBuf>,
    /// The key from the environment, which wins over the file.
    pub(super) secret: Option<Redacted<String>>,
}

impl BucketKeys {
    /// The key, which is read from its file here.
    ///
    /// # Errors
    /// There is none: neither in the environment nor in a file that can be read.
    pub fn secret_key(&self) -> Result<Redacted<String>, ConfigFault> {
        match (&self.secret, &self.secret_key_file) {
            (Some(secret), _) => Ok(secret.clone()),
            (None, Some(path)) => secret_in(path),
            (None, None) => Err(ConfigFault::whole(
                FILE,
                "the key of the bucket in [media.s3] is missing",
            )
            .hint("name its file in `secret_key_file`, or set SCHOOLGATE_MEDIA_SECRET_KEY")),
        }
    }
}
