//! One message on its way out, and what may be known about one that came in. lapin's types stop here.

use crate::{BrokerError, Exchange, Incoming};
use lapin::{
    BasicProperties,
    types::{AMQPValue, FieldTable, LongString, ShortString},
};
use schoolgate_model::Redacted;

/// Why a dead letter is one.
pub(crate) const REASON: &str = "x-schoolgate-reason";
/// The header with the sentence that belongs to the reason.
pub(crate) const DETAIL: &str = "x-schoolgate-detail";
/// Where a dead letter was going.
pub(crate) const ROUTING_KEY: &str = "x-schoolgate-routing-key";
const TRACEPARENT: &str = "traceparent";
/// Delivery mode 2: survives a restart of the broker.
const PERSISTENT: u8 = 2;

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
    /// `x-schoolgate-detail`: what is wrong in a sentence of our own, on dead letters only.
    pub detail: Option<String>,
    /// `x-schoolgate-routing-key`: where a dead letter was going, so that `dead retry` can send it there again.
    pub original_routing_key: Option<String>,
    /// The body. Never shown.
    pub body: Redacted<Vec<u8>>,
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
            detail: None,
            original_routing_key: None,
            body: Redacted::new(body),
        }
    }

    /// A dead letter: the body as it came, why it could not be understood (a code, no text of the message) and where it
    /// was going.
    pub fn dead(incoming: &Incoming, message_id: impl Into<String>, reason: &str) -> Self {
        let properties = incoming.properties();
        Self {
            correlation_id: properties.correlation_id.clone(),
            traceparent: properties.traceparent.clone(),
            reason: Some(reason.to_owned()),
            original_routing_key: Some(properties.routing_key.clone()),
            ..Self::new(
                Exchange::Dead,
                &properties.routing_key,
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

impl Outgoing {
    /// The properties as they go over the wire.
    pub(crate) fn wire_properties(&self) -> Result<BasicProperties, BrokerError> {
        let mut properties = BasicProperties::default()
            .with_content_type(CONTENT_TYPE.into())
            .with_delivery_mode(PERSISTENT)
            .with_message_id(short("the message id", &self.message_id)?);
        if !self.kind.is_empty() {
            properties = properties.with_type(short("the message type", &self.kind)?);
        }
        if let Some(id) = &self.correlation_id {
            properties = properties.with_correlation_id(short("the correlation id", id)?);
        }
        let mut headers = FieldTable::default();
        for (name, value) in [
            (TRACEPARENT, &self.traceparent),
            (REASON, &self.reason),
            (DETAIL, &self.detail),
            (ROUTING_KEY, &self.original_routing_key),
        ] {
            if let Some(value) = value {
                let value = AMQPValue::LongString(LongString::from(value.as_str()));
                headers.insert(name.into(), value);
            }
        }
        if !headers.inner().is_empty() {
            properties = properties.with_headers(headers);
        }
        Ok(properties)
    }
}

impl Properties {
    /// Reads what came with a delivery.
    pub(crate) fn read(routing_key: &str, redelivered: bool, wire: &BasicProperties) -> Self {
        let headers = wire.headers().as_ref();
        Self {
            routing_key: routing_key.to_owned(),
            message_id: own(wire.message_id()),
            correlation_id: own(wire.correlation_id()),
            kind: own(wire.kind()),
            content_type: own(wire.content_type()),
            traceparent: headers.and_then(|table| header(table, TRACEPARENT)),
            reason: headers.and_then(|table| header(table, REASON)),
            original_routing_key: headers.and_then(|table| header(table, ROUTING_KEY)),
            redelivered,
        }
    }
}

/// Makes an AMQP short string, which holds 255 bytes.
pub(crate) fn short(what: &'static str, value: &str) -> Result<ShortString, BrokerError> {
    ShortString::try_new(value).map_err(|_| BrokerError::TooLong(what))
}

/// A property that is there and says something.
fn own(value: &Option<ShortString>) -> Option<String> {
    let value = value.as_ref()?.as_str();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Reads a header as text. A number, a table or bytes that are no UTF-8 count as missing.
pub(crate) fn header(table: &FieldTable, name: &str) -> Option<String> {
    match table.inner().get(name)? {
        AMQPValue::LongString(value) => String::from_utf8(value.as_bytes().to_vec()).ok(),
        AMQPValue::ShortString(value) => Some(value.as_str().to_owned()),
        AMQPValue::ByteArray(value) => String::from_utf8(value.as_slice().to_vec()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut out = Outgoing::new(
            Exchange::Dead,
            "draft",
            "d-1",
            "schoolgate.draft.v1",
            vec![],
        );
        out.correlation_id = Some("c".to_owned());
        out.traceparent =
            Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
        out.reason = Some("unknown_version".to_owned());
        out.original_routing_key = Some("draft".to_owned());
        let wire = out.wire_properties().unwrap();
        let read = Properties::read("draft", false, &wire);
        assert_eq!(read.message_id.as_deref(), Some("d-1"));
        assert_eq!(read.kind.as_deref(), Some("schoolgate.draft.v1"));
        assert_eq!(read.content_type.as_deref(), Some(CONTENT_TYPE));
        assert_eq!(read.correlation_id, out.correlation_id);
        assert_eq!(read.traceparent, out.traceparent);
        assert_eq!(read.reason, out.reason);
        assert_eq!(read.original_routing_key, out.original_routing_key);
        assert_eq!(wire.delivery_mode(), &Some(2));
    }

    #[test]
    fn an_id_that_amqp_cannot_carry_is_an_error_and_no_panic() {
        let long = "é".repeat(128);
        for out in [
            Outgoing::new(Exchange::Out, "k", long.as_str(), "t", vec![]),
            Outgoing::new(Exchange::Out, "k", "i", long.as_str(), vec![]),
        ] {
            assert!(matches!(
                out.wire_properties(),
                Err(BrokerError::TooLong(_))
            ));
        }
    }

    #[test]
    fn odd_headers_count_as_missing() {
        let mut table = FieldTable::default();
        let bytes = LongString::from(vec![0xff, 0xfe, 0x00]);
        table.insert(TRACEPARENT.into(), AMQPValue::LongString(bytes));
        table.insert(REASON.into(), AMQPValue::LongInt(4));
        let wire = BasicProperties::default().with_headers(table);
        let read = Properties::read("draft", true, &wire);
        let expected = Properties {
            routing_key: "draft".to_owned(),
            redelivered: true,
            ..Properties::default()
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn no_body_shows_in_debug() {
        let out = Outgoing::new(Exchange::In, "k", "i", "t", b"Amelia Whitcombe".to_vec());
        let shown = format!("{out:?}");
        assert!(
            !shown.contains("Amelia") && !shown.contains("65, 109"),
            "{shown}"
        );
    }
}
