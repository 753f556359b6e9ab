//! One message on its way out, and what may be known about one that came in. lapin's types stop here.

use crate::Exchange;

/// The content type of every message of the contract.
pub const CONTENT_TYPE: &str = "application/json";

/// A message to publish: persistent, `application/json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Where to.
    pub exchange: Exchange,
    /// With which routing key.
    pub routing_key: String,
    /// The item's id on the way in, the effect's idempotency key on the way out.
    pub message_id: String,
    /// The item's id, on the way out.
    pub correlation_id: Option<String>,
    /// The `type` property, for example `schoolgate.verdict.v1`.
    pub kind: String,
    /// W3C trace context, carried through.
    pub traceparent: Option<String>,
    /// `x-schoolgate-reason`: a code, on dead letters only.
    pub reason: Option<String>,
    /// `x-schoolgate-routing-key`: where a dead letter was going, so that `dead retry` can send it there again.
    pub original_routing_key: Option<String>,
    /// The body. Never shown.
    pub body: schoolgate_model::Redacted<Vec<u8>>,
}

impl Outgoing {
    /// A message with the properties that every message has.
    pub fn new(
        exchange: Exchange,
        routing_key: impl Into<String>,
        message_id: impl Into<String>,
        kind: impl Into<String>,
        body: Vec<u8>,
    ) -> Self {
        Self {
            exchange,
            routing_key: routing_key.into(),
            message_id: message_id.into(),
            correlation_id: None,
            kind: kind.into(),
            traceparent: None,
            reason: None,
            original_routing_key: None,
            body: schoolgate_model::Redacted::new(body),
        }
    }

    /// A dead letter: the body as it came, why it could not be understood (a code, no text of the message) and where it
    /// was going.
    pub fn dead(incoming: &crate::Incoming, message_id: impl Into<String>, reason: &str) -> Self {
        let properties = incoming.properties();
        Self {
            correlation_id: properties.correlation_id.clone(),
            traceparent: properties.traceparent.clone(),
            reason: Some(reason.to_owned()),
            original_routing_key: Some(properties.routing_key.clone()),
            ..Self::new(
                Exchange::Dead,
                properties.routing_key.clone(),
                message_id,
                properties.kind.clone().unwrap_or_default(),
                incoming.body().to_vec(),
            )
        }
    }
}

/// What came with a message. Every field is the sender's word and may be missing or odd; text that is not UTF-8 counts
/// as missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties {
    /// The routing key that it was sent with.
    pub routing_key: String,
    /// The `message_id` property.
    pub message_id: Option<String>,
    /// The `correlation_id` property.
    pub correlation_id: Option<String>,
    /// The `type` property.
    pub kind: Option<String>,
    /// The `content_type` property.
    pub content_type: Option<String>,
    /// The `traceparent` header.
    pub traceparent: Option<String>,
    /// The `x-schoolgate-reason` header.
    pub reason: Option<String>,
    /// The `x-schoolgate-routing-key` header.
    pub original_routing_key: Option<String>,
    /// Seen before by some consumer, as far as the broker knows. Not set does not mean new.
    pub redelivered: bool,
}
