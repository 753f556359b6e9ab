//! Our own HTTP interface, seen from outside: items are posted to it. What its answers mean is the caller's.

use std::time::Duration;

use reqwest::{
    Client, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER},
    redirect::Policy,
};
use schoolgate_model::Redacted;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take beyond what the service was asked to wait.
const ANSWER: Duration = Duration::from_secs(20);

/// Why nothing was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address is no `http://` or `https://` address.
    #[error("this is not the address of a service; write http://127.0.0.1:8080")]
    Address,
    /// The token has characters that no header can carry.
    #[error("the token has characters in it that cannot be sent")]
    Token,
    /// Nobody answers there.
    #[error("the service cannot be reached")]
    Unreachable,
    /// The answer took too long; whether the item was taken is unknown, and sending it again is safe.
    #[error("the service did not answer in time")]
    TimedOut,
    /// The connection broke or what came was no HTTP.
    #[error("the answer broke off")]
    Broken,
}

/// An answer, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Redacted<Vec<u8>>,
    /// How long the service asks to be left alone.
    pub retry_after: Option<Duration>,
}

/// A service's HTTP interface. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Api {
    client: Client,
    base: String,
    token: Option<Redacted<String>>,
}

impl Api {
    /// Sets the client up for the service at `base`, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// `Address` and `Token`; nothing is sent yet.
    pub fn new(base: &str, token: Option<Redacted<String>>) -> Result<Self, FetchError> {
        // the second call in one process finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = base.trim().trim_end_matches('/');
        let url = reqwest::Url::parse(base).map_err(|_| FetchError::Address)?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(FetchError::Address);
        }
        let sendable = |token: &Redacted<String>| {
            let text = token.expose();
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if !token.as_ref().is_none_or(sendable) {
            return Err(FetchError::Token);
        }
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|_| FetchError::Broken)?;
        Ok(Self {
            client,
            base: base.to_owned(),
            token,
        })
    }

    /// Posts one item or event to `path`, such as `drafts`; with `wait` the service answers with the verdict where that
    /// is there in time.
    ///
    /// # Errors
    /// Nobody answered; the item may have been taken all the same, and may be posted again.
    pub async fn post(
        &self,
        path: &str,
        body: Vec<u8>,
        wait: Option<Duration>,
    ) -> Result<Answer, FetchError> {
        let query = wait.map_or_else(String::new, |wait| format!("?wait={}ms", wait.as_millis()));
        let mut request = self
            .client
            .post(format!("{}/api/v1/{path}{query}", self.base))
            .header(CONTENT_TYPE, "application/json")
            .timeout(ANSWER + wait.unwrap_or_default())
            .body(body);
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.expose()));
        }
        let response = request.send().await.map_err(|error| told(&error))?;
        let status = response.status();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(Duration::from_secs)
            .filter(|_| status != StatusCode::OK);
        let body = response.bytes().await.map_err(|error| told(&error))?;
        Ok(Answer {
            status: status.as_u16(),
            body: Redacted::new(body.to_vec()),
            retry_after,
        })
    }
}

/// The client's own words can quote the address, so only the sort of fault is told.
fn told(error: &reqwest::Error) -> FetchError {
    if error.is_timeout() {
        FetchError::TimedOut
    } else if error.is_connect() {
        FetchError::Unreachable
    } else {
        FetchError::Broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_or_no_token_is_refused_at_once() {
        for bad in ["", "127.0.0.1:8080", "ftp://a", "http://"] {
            assert_eq!(
                Api::new(bad, None).unwrap_err(),
                FetchError::Address,
                "{bad}"
            );
        }
        for bad in ["", "a b", "ä"] {
            let token = Some(Redacted::new(bad.to_owned()));
            let refused = Api::new("http://127.0.0.1", token).unwrap_err();
            assert_eq!(refused, FetchError::Token, "{bad:?}");
        }
    }

    #[tokio::test]
    async fn nobody_there_is_told_as_such() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let api = Api::new(&format!("http://{address}/"), None).unwrap();
        let error = api.post("drafts", Vec::new(), None).await.unwrap_err();
        assert_eq!(error, FetchError::Unreachable);
    }
}
