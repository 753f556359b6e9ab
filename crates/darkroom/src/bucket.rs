//! Clean copies in an S3 bucket, for a service of several machines. Everything goes over one client that follows no
//! redirect and uses no proxy; the bucket's own encryption and retention are its operator's.

use std::{fmt, io, sync::Arc, time::Duration};

use object_store::{
    ClientOptions, ObjectStoreExt as _, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    client::{HttpClient, HttpConnector},
    path::Path,
};
use schoolgate_model::Redacted;
use tokio::runtime::Handle;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long one request may take: a large picture over a slow line.
const REQUEST: Duration = Duration::from_secs(30);
/// How long a request is tried again before it counts as failed; a picture's item has a minute.
const RETRY: Duration = Duration::from_secs(10);

/// Which bucket, and who asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketSettings {
    /// The bucket's name.
    pub bucket: String,
    /// Its region; whatever the service calls it.
    pub region: String,
    /// The service's address, where it is not Amazon's: `https://...`, or plain http on this machine.
    pub endpoint: Option<String>,
    /// What every object's name begins with; may be empty.
    pub prefix: String,
    /// Whether the bucket stands in the path of an address, as most services other than Amazon's want it.
    pub path_style: bool,
    /// The key's name.
    pub access_key: String,
    /// The key.
    pub secret_key: Redacted<String>,
}

/// A bucket of clean copies. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Bucket {
    store: Arc<AmazonS3>,
    prefix: Path,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").finish_non_exhaustive()
    }
}

/// The client of the bucket: the library's own would use a proxy from the environment.
#[derive(Debug)]
struct Plain;

impl HttpConnector for Plain {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(REQUEST)
            .build()
            .map_err(|error| object_store::Error::Generic {
                store: "S3",
                source: Box::new(error),
            })?;
        Ok(HttpClient::new(client))
    }
}

impl Bucket {
    /// Sets it up; nothing is asked yet.
    pub(crate) fn new(settings: &BucketSettings) -> io::Result<Self> {
        // the second call in one process finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = settings
            .endpoint
            .as_deref()
            .is_some_and(|endpoint| endpoint.starts_with("http://"));
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key)
            .with_secret_access_key(settings.secret_key.expose())
            .with_virtual_hosted_style_request(!settings.path_style)
            .with_allow_http(plain)
            // one object at a time is removed, which every service understands
            .with_disable_bulk_delete(true)
            .with_http_connector(Plain)
            .with_retry(RetryConfig {
                max_retries: 3,
                retry_timeout: RETRY,
                ..RetryConfig::default()
            });
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
        }
        Ok(Self {
            store: Arc::new(builder.build().map_err(|error| told(&error))?),
            prefix: Path::from(settings.prefix.as_str()),
        })
    }

    /// Keeps an object; one that is there is written again, which mends one that is wrong.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        let payload = PutPayload::from(bytes.to_vec());
        block_on(async move { store.put(&path, payload).await.map(drop) })
    }

    /// Gives an object back, as long as it is no larger than `most`.
    pub(crate) fn get(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        let found = block_on(async move {
            let found = store.get(&path).await?;
            if found.meta.size > most {
                return Ok(None);
            }
            Ok(Some(found.bytes().await?.to_vec()))
        });
        match found {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            found => found,
        }
    }

    /// Removes an object; one that is not there is no fault.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        match block_on(async move { store.delete(&path).await }) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    fn path(&self, name: &str) -> Path {
        name.split('/')
            .fold(self.prefix.clone(), |path, part| path.join(part))
    }
}

/// Waits for the bucket's answer on a thread of its own, so that it does not matter what the caller's thread is.
fn block_on<T: Send>(
    asking: impl Future<Output = object_store::Result<T>> + Send,
) -> io::Result<T> {
    let runtime = Handle::try_current().map_err(io::Error::other)?;
    std::thread::scope(|scope| {
        scope
            .spawn(|| runtime.block_on(asking))
            .join()
            .map_err(|_| io::Error::other("the bucket's client stopped"))?
            .map_err(|error| told(&error))
    })
}

/// The library's own words can quote an address, so only the sort of fault is told.
fn told(error: &object_store::Error) -> io::Error {
    use object_store::Error;
    match error {
        Error::NotFound { .. } => {
            io::Error::new(io::ErrorKind::NotFound, "there is no such object")
        }
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the bucket does not accept the key",
        ),
        _ => io::Error::other("the bucket cannot be used"),
    }
}
