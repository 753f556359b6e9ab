//! The large patterns of this check: most texts have none of the words that one of them needs, and it is then not run. What
//! a match means is its owner's business.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    address, ages, asides, birthdays, born, credential, email,
    finder::Finder,
    identity, keyed, landmarks, lived, marks, opened,
    page::Page,
    parted::{Asked, Parted},
    place, remarks, routine, shapes, shown, tellings, vehicle, whereabouts,
};
use crate::lexicon::literals::Literal;

macro_rules! shapes {
    ($($name:ident = $pattern:expr,)*) => {
        /// The name of a pattern.
        #[derive(Clone, Copy)]
        pub(super) enum Shape { $($name,)* }

        static SHAPES: LazyLock<Parted> = LazyLock::new(|| Parted::new([$($pattern,)*]));
    };
}

shapes! {
    Health = shapes::HEALTH.as_str(),
    HealthTold = tellings::HEALTH.as_str(),
    HealthAside = asides::HEALTH.as_str(),
    HealthRemarked = remarks::HEALTH.as_str(),
    Learned = shapes::LEARNED,
    Sensitive = shapes::SENSITIVE.as_str(),
    SensitiveTold = tellings::SENSITIVE.as_str(),
    SensitiveAside = asides::SENSITIVE.as_str(),
    SensitiveRemarked = remarks::SENSITIVE.as_str(),
    Opened = shown::OPENED,
    Lock = shown::LOCK,
    Pressed = shown::PRESSED,
    UserAndWord = shown::USER_AND_WORD,
    MagicWord = shown::WORD,
    AgeTurned = ages::AGES[0].as_str(),
    AgeReached = ages::AGES[1].as_str(),
    AgeNow = ages::AGES[2].as_str(),
    AgeDoubled = ages::AGES[3].as_str(),
    AgeBigOne = ages::AGES[4].as_str(),
    AgeTeenager = ages::AGES[5].as_str(),
    AgeCelebrated = ages::AGES[6].as_str(),
    AgeFalls = ages::AGES[7].as_str(),
    AgeCandles = ages::AGES[8].as_str(),
    AgeYearsOld = ages::AGES[9].as_str(),
    BornOn = ages::AGES[10].as_str(),
    SharedBirthday = ages::AGES[11].as_str(),
    Youngest = ages::AGES[12].as_str(),
    Frames = credential::FRAMES,
    Account = credential::ACCOUNT,
    Opens = credential::OPENS,
    Told = opened::TOLD.as_str(),
    Ahead = place::AHEAD.as_str(),
    Here = place::HERE,
    There = whereabouts::THERE.as_str(),
    WithUs = whereabouts::WITH_US.as_str(),
    Home = whereabouts::HOME.as_str(),
    Empty = whereabouts::EMPTY,
    Round = whereabouts::ROUND,
    RoundYears = whereabouts::ROUND_YEARS.as_str(),
    Group = whereabouts::GROUP,
    Room = whereabouts::ROOM,
    Fetched = whereabouts::FETCHED,
    AddressNumbered = address::NUMBERED.as_str(),
    AddressReversed = address::REVERSED.as_str(),
    AddressWelsh = address::WELSH,
    AddressUnnumbered = address::UNNUMBERED.as_str(),
    AddressThe = address::THE,
    WelshHouse = address::WELSH_HOUSE,
    Doors = address::DOORS.as_str(),
    AddressRoom = address::ROOM,
    RoomOfAResident = address::ROOM_OF_A_RESIDENT,
    AddressOpen = lived::OPEN,
    Mark = marks::MARK,
    MarkCounted = marks::COUNTED,
    MarkAgain = marks::AGAIN,
    MarkListed = marks::LISTED,
    Results = marks::RESULTS,
    Typed = credential::TYPED,
    WordAndNumber = credential::WORD_AND_NUMBER,
    CredentialNumbered = credential::NUMBERED,
    PlateCurrent = vehicle::CURRENT,
    PlateRadio = vehicle::RADIO.as_str(),
    PlateOlder = vehicle::OLDER,
    PlateDateless = vehicle::DATELESS,
    PlateSpoken = vehicle::SPOKEN.as_str(),
    Fed = keyed::FED,
    Signed = keyed::SIGNED.as_str(),
    KeyedUsed = keyed::USED,
    BirthdayTold = birthdays::TOLD.as_str(),
    BirthdayAge = birthdays::AGE,
    BornOnNamedDay = born::NAMED_DAY,
    BornInYear = born::BORN_YEAR,
    EmptyHome = routine::EMPTY_HOME,
    Worried = routine::WORRIED,
    MailProvider = email::PROVIDER.as_str(),
    MailSpaced = email::SPACED,
    MailLocal = email::LOCAL,
    OfCare = identity::CARE,
    OfALearner = identity::LEARNER,
    HouseBySight = place::BY_SIGHT,
    HouseByLandmark = landmarks::HOUSE,
    Seated = whereabouts::SEATED.as_str(),
}

impl Shape {
    /// Whether the text may hold the pattern.
    pub(super) fn may_match(self, page: &Page<'_>) -> bool {
        SHAPES.may_match(self as usize, &page.asked)
    }

    /// The pattern, where the text may hold it.
    pub(super) fn within(self, page: &Page<'_>) -> Option<&'static Regex> {
        SHAPES.within(self as usize, &page.asked)
    }

    /// The places of the pattern from left to right; of its alternatives only those are run that the text may hold.
    pub(super) fn places(self, page: &Page<'_>) -> Vec<Range<usize>> {
        SHAPES.places(self as usize, &page.asked, page.text)
    }
}

/// What a text is to be searched for.
pub(super) fn words() -> &'static [Literal] {
    SHAPES.words()
}

/// Reads a text once for all patterns; what the finder looks for besides their words is handed on.
pub(super) fn asked(finder: &Finder, text: &str, other: impl FnMut(usize, usize)) -> Asked {
    SHAPES.asked(finder, text, other)
}
