//! JSON to fields, straight from the text: nothing of the message is kept but what a field asks for, so that a body
//! costs a small multiple of its own size. What the fields mean is told by the parent.

use std::fmt;

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{
        IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

use super::{EventType, check_id};
use crate::{ItemKind, Verb};

/// The longest list in an item, entries: a whole school in one picture is some 2,000 declared pupils. Without a bound,
/// three bytes of `{},` would cost more than a hundred in memory.
pub const MAX_LIST: usize = 10_000;

/// What [`Bounded`] says beyond [`MAX_LIST`].
pub(super) const LIST_TOO_LONG: &str = "a list has more than 10000 entries";
/// What [`WireTime`] takes.
pub(super) const A_TIME: &str = "a time such as 2026-11-20T09:00:00Z";
/// What [`StaffWire`] takes.
pub(super) const THE_STAFF: &str = "a list of staff ids or a number of adults";
/// What [`AuthorWire`] takes.
pub(super) const AN_AUTHOR: &str = "an author's name or an object";

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct SubmissionWire {
    pub(super) id: String,
    pub(super) kind: ItemKind,
    pub(super) revision: Option<u32>,
    pub(super) verb: Option<Verb>,
    pub(super) school: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) account: Option<String>,
    pub(super) post: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) author: Option<AuthorWire>,
    pub(super) text: String,
    pub(super) links: Option<Bounded<String>>,
    pub(super) media: Option<Bounded<MediaWire>>,
    pub(super) permalink: Option<String>,
    pub(super) publish_at: Option<WireTime>,
    pub(super) created_at: Option<WireTime>,
    pub(super) unsure: Option<bool>,
}

/// What `kind` must be in an event.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum EventKind {
    Event,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct EventWire {
    pub(super) id: String,
    pub(super) kind: EventKind,
    #[serde(rename = "type")]
    pub(super) event: EventType,
    pub(super) school: Option<String>,
    pub(super) item: Option<String>,
    pub(super) revision: Option<u32>,
    pub(super) actor: Option<String>,
    pub(super) at: Option<WireTime>,
    /// Nobody here reads it, but a changed one is another event.
    pub(super) detail: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct MediaWire {
    pub(super) id: Option<String>,
    pub(super) path: Option<String>,
    pub(super) url: Option<String>,
    pub(super) data: Option<String>,
    pub(super) filename: Option<String>,
    pub(super) alt: Option<String>,
    pub(super) caption: Option<String>,
    pub(super) album: Option<String>,
    pub(super) pupils: Option<Bounded<String>>,
    pub(super) staff: Option<StaffWire>,
}

/// The ids of the adults in a picture, or their number.
pub(super) enum StaffWire {
    Named(Bounded<String>),
    Counted(u32),
}

impl<'de> Deserialize<'de> for StaffWire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = StaffWire;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(THE_STAFF)
            }

            fn visit_u64<E: serde::de::Error>(self, count: u64) -> Result<StaffWire, E> {
                u32::try_from(count)
                    .map(StaffWire::Counted)
                    .map_err(|_| E::invalid_value(Unexpected::Unsigned(count), &self))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<StaffWire, A::Error> {
                Bounded::deserialize(SeqAccessDeserializer::new(list)).map(StaffWire::Named)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct AuthorFull {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
}

/// A name, or an object with id and name. Not an untagged enum, which would first copy whatever stands there.
pub(super) enum AuthorWire {
    Name(String),
    Full(AuthorFull),
}

impl<'de> Deserialize<'de> for AuthorWire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = AuthorWire;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(AN_AUTHOR)
            }

            fn visit_str<E>(self, name: &str) -> Result<AuthorWire, E> {
                Ok(AuthorWire::Name(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AuthorWire, A::Error> {
                AuthorFull::deserialize(MapAccessDeserializer::new(map)).map(AuthorWire::Full)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A list of at most [`MAX_LIST`] entries.
pub(super) struct Bounded<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bounded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(Vec<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Bounded<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Bounded<T>, A::Error> {
                while let Some(entry) = list.next_element()? {
                    if self.0.len() == MAX_LIST {
                        return Err(serde::de::Error::custom(LIST_TOO_LONG));
                    }
                    self.0.push(entry);
                }
                Ok(Bounded(self.0))
            }
        }
        deserializer.deserialize_seq(List(Vec::new()))
    }
}

/// A time. Its fault says what is expected and not, as the parser of times would, what stood there.
pub(super) struct WireTime(pub(super) Timestamp);

impl<'de> Deserialize<'de> for WireTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = WireTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(A_TIME)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<WireTime, E> {
                text.parse()
                    .map(WireTime)
                    .map_err(|_| E::invalid_value(Unexpected::Other("string"), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// The id of a message that is otherwise not an item, where it is one that an item may have.
pub(super) fn rescue_id(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct IdOnly {
        #[serde(default)]
        id: Rescued,
    }
    serde_json::from_str::<IdOnly>(text).ok()?.id.0
}

/// A good id, or anything else skipped without a copy.
#[derive(Default)]
struct Rescued(Option<String>);

impl<'de> Deserialize<'de> for Rescued {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Id;
        impl<'de> Visitor<'de> for Id {
            type Value = Rescued;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id")
            }

            fn visit_str<E>(self, id: &str) -> Result<Rescued, E> {
                Ok(Rescued(check_id(id).is_ok().then(|| id.to_owned())))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Rescued, E> {
                Ok(Rescued(None))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Rescued, E> {
                Ok(Rescued(None))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Rescued, E> {
                Ok(Rescued(None))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Rescued, E> {
                Ok(Rescued(None))
            }

            fn visit_unit<E>(self) -> Result<Rescued, E> {
                Ok(Rescued(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rescued, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Rescued(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Rescued, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Rescued(None))
            }
        }
        deserializer.deserialize_any(Id)
    }
}
