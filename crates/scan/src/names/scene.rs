//! What the rules look at: one text with its atoms, its name parts, its adults and its classes.

use std::ops::Range;

use super::{
    classes::{Group, Mention},
    forms::Quality,
    lists::{self, Topic},
    parts::{Part, Parts, Way},
    roster::{Named, Role, Roster},
    stream::{Gap, Stream},
    worlds::Worlds,
};

/// The rules, weakest first: where finds overlap, the strongest stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    Unlisted,
    Given,
    Staff,
    InitialsClass,
    FamilyClass,
    GivenClass,
    Single,
    NameInitial,
    PartOfDouble,
    Full,
}

/// A find that may become a finding.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Where it stands in the folded text.
    pub(super) bytes: Range<usize>,
    pub(super) rule: Rule,
    pub(super) confidence: f32,
    pub(super) pupils: Vec<u32>,
    /// How many pupils there are beyond those.
    pub(super) more: u32,
    pub(super) handle: bool,
}

impl Candidate {
    /// The same, with this many pupils beyond those listed.
    pub(super) fn and_more(mut self, more: u32) -> Self {
        self.more = more;
        self
    }
}

/// Who stands at an atom, where it is not a pupil.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Adult {
    Nobody,
    /// `Chef ...`, `King ...`: a pupil plays the part or holds the office as easily as an adult.
    Role,
    /// `Miss ...` or a staff member's whole name: a pupil's whole name still counts.
    Perhaps,
    /// `Mr`, `Mrs`, `Dr` ... and nobody on the staff list: only a pupil's whole name right after it counts.
    Surely,
    /// The staff list has the name with its title.
    Listed,
}

/// One text and what is known about it.
pub(super) struct Scene<'s> {
    pub(super) stream: &'s Stream<'s>,
    pub(super) roster: &'s Roster,
    pub(super) parts: &'s Parts,
    pub(super) mentions: &'s [Mention],
    /// The classes and years of the whole item.
    pub(super) groups: &'s [Group],
    /// Whether the item has a picture.
    pub(super) pictured: bool,
    /// For each atom, whether it belongs to an adult.
    pub(super) adults: Vec<Adult>,
    /// The worlds of stories and history that the text is in.
    pub(super) worlds: Worlds,
    /// A draft, else a comment.
    pub(super) draft: bool,
    /// A draft that begins its names with capitals.
    pub(super) spelt: bool,
    /// The text gives capitals to everyday words in the middle of its sentences.
    pub(super) free: bool,
}

impl Scene<'_> {
    pub(super) fn candidate(
        &self,
        atoms: Range<usize>,
        rule: Rule,
        confidence: f32,
        pupils: Vec<u32>,
    ) -> Option<Candidate> {
        let first = self.stream.get(atoms.start)?;
        let last = self.stream.get(atoms.end.checked_sub(1)?)?;
        let digits_for_letters = self.stream.loose;
        Some(Candidate {
            bytes: first.bytes.start..last.bytes.end,
            rule,
            confidence,
            handle: first.sigil == Some('@') && !digits_for_letters,
            pupils,
            more: 0,
        })
    }

    pub(super) fn adult(&self, atoms: Range<usize>) -> Adult {
        self.adults
            .get(atoms)
            .and_then(|adults| adults.iter().copied().max())
            .unwrap_or(Adult::Nobody)
    }

    /// The pupils that could be meant although the words are an adult's at this level: a child who may not be
    /// published is never ruled out by a title.
    pub(super) fn despite(&self, adult: Adult, pupils: Vec<u32>) -> Vec<u32> {
        match adult {
            Adult::Nobody => pupils,
            Adult::Role | Adult::Perhaps | Adult::Surely => self.hidden_only(pupils),
            Adult::Listed => Vec::new(),
        }
    }

    /// Those of the pupils who may not be published.
    pub(super) fn hidden_only(&self, mut pupils: Vec<u32>) -> Vec<u32> {
        pupils.retain(|pupil| self.is_hidden(*pupil));
        pupils
    }

    /// Whether the item names a class of somebody called so, or a child who may not be published is: then no story, title
    /// or date beside the name explains it away (contract: "any reference that could be").
    pub(super) fn may_be_meant(&self, part: &Part) -> bool {
        let near = |named: &&Named| named.1 <= Quality::Spelling;
        let names: Vec<Named> = part.names.iter().filter(near).copied().collect();
        let inside = self.roster.bearers_in(&names, self.groups);
        self.roster.is_hidden_name(&names) || !inside.list.is_empty()
    }

    /// Whether a child who may not be published is called so.
    pub(super) fn is_hidden_name(&self, part: &Part) -> bool {
        let near = |named: &&Named| named.1 <= Quality::Spelling;
        let names: Vec<Named> = part.names.iter().filter(near).copied().collect();
        self.roster.is_hidden_name(&names)
    }

    /// Whether nothing of the pupil may be published.
    pub(super) fn is_hidden(&self, pupil: u32) -> bool {
        self.roster.is_hidden(pupil)
    }

    /// The mention that starts at an atom.
    pub(super) fn mention_at(&self, atom: usize) -> Option<&Mention> {
        self.mentions_at(atom).first()
    }

    /// Every mention that starts at an atom.
    pub(super) fn mentions_at(&self, atom: usize) -> &[Mention] {
        let first = self.mentions.partition_point(|m| m.start < atom);
        let last = self.mentions.partition_point(|m| m.start <= atom);
        self.mentions.get(first..last).unwrap_or_default()
    }

    /// Whether an atom lies in a class or year.
    pub(super) fn in_mention(&self, atom: usize) -> bool {
        let next = self.mentions.partition_point(|m| m.start <= atom);
        next.checked_sub(1)
            .and_then(|at| self.mentions.get(at))
            .is_some_and(|m| (m.start..m.end).contains(&atom))
    }

    /// Whether the words of a text may be small although they are names: file names, links, hashtags.
    pub(super) fn loose(&self, part: &Part) -> bool {
        self.stream.loose
            || self
                .stream
                .get(part.start)
                .is_some_and(|atom| atom.sigil.is_some())
    }

    /// Whether the atom is a middle name or another given name of a pupil whose given name is `part`.
    pub(super) fn is_beside(&self, part: &Part, atom: usize) -> bool {
        let same = |other: &Part| {
            other.role == Role::Given
                && other
                    .names
                    .iter()
                    .any(|(name, _)| part.names.iter().any(|(own, _)| own == name))
        };
        self.parts.at(atom).iter().any(same)
            || self.roster.has_beside(&part.names, self.stream.text(atom))
    }

    /// Whether the atom is a given name, registered or in everyday use.
    pub(super) fn is_given(&self, atom: usize) -> bool {
        self.stream.get(atom).is_some_and(|a| a.word.given) || self.parts.given_at(atom)
    }
}

/// How two neighbouring words hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bond {
    /// As the words of one name do.
    Close,
    /// With a comma, a line end, a bracket or a symbol between.
    Loose,
    /// Not at all.
    None,
}

/// How the atom at `at` hangs together with the one before it.
pub(super) fn bond(stream: &Stream<'_>, at: usize) -> Bond {
    let gap = stream.gap(at);
    let initial = at > 0 && stream.get(at - 1).is_some_and(|a| a.is_single());
    if gap.length() > 16 || gap.has(Gap::AND) {
        return Bond::None;
    }
    if gap.has(Gap::STOP) && gap.has(Gap::SPACE) && !initial {
        return Bond::None;
    }
    if gap.has(Gap::COLON | Gap::BULLET) {
        return Bond::None;
    }
    let spaced_dash = gap.has(Gap::DASH) && gap.has(Gap::SPACE);
    if spaced_dash
        || gap.has(Gap::COMMA | Gap::LINE | Gap::BRACKET | Gap::QUOTE | Gap::SYMBOL | Gap::SIGIL)
    {
        return Bond::Loose;
    }
    Bond::Close
}

/// The topic of a part's word, where it is an English word.
pub(super) fn topic(part: &Part) -> Option<Topic> {
    // `jorden` is no country
    if part.way == Way::Heard {
        return None;
    }
    lists::topic(&part.key).or_else(|| lists::is_common(&part.key).then_some(Topic::Function))
}
