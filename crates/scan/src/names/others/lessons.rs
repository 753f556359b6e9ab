//! A given name that belongs to somebody in a lesson: a prophet, a sovereign, whoever a class is finding out about.

use super::{
    super::{
        entries,
        evidence::{attached_class, praised},
        lists::company::{CHILD, FAITH, KIN},
    },
    View,
};

/// How far from a name the words for a book are looked for.
const BOOK_REACH: usize = 24;

impl View<'_> {
    /// `We have been finding out about Jonah`, `In 1415 Henry crossed the Channel`: somebody in a lesson. A child who may
    /// not be published is not explained away.
    pub(super) fn is_studied(&self) -> bool {
        let head = self.head;
        let verb = |from: usize| {
            (from..from + 3).any(|back| {
                matches!(
                    self.before(head, back),
                    "learning"
                        | "learnt"
                        | "learned"
                        | "studying"
                        | "studied"
                        | "researching"
                        | "reading"
                ) || self.before(head, back) == "out"
                    && matches!(self.before(head, back + 1), "find" | "found" | "finding")
            })
        };
        // `In RE we met Martha`
        let met = matches!(self.before(head, 1), "met" | "meet")
            && matches!(self.before(head, 2), "we" | "children" | "year")
            && (self.sentence.start..head).any(|at| {
                self.text(at) == "in"
                    && matches!(
                        self.text(at + 1),
                        "re" | "history" | "english" | "literacy" | "collective" | "our"
                    )
            });
        let about = met || self.before(head, 1) == "about" && verb(2);
        let heard = matches!(self.before(head, 1), "how" | "why")
            && (verb(2)
                || (2..4).any(|back| {
                    matches!(
                        self.before(head, back),
                        "heard" | "asks" | "asked" | "discovered" | "discover"
                    )
                }))
            && self.is_of_old()
            && !self.says(CHILD);
        let lesson = about || heard;
        lesson
            && self.scene.draft
            && !self.part.possessive
            && !self.scene.pictured
            && attached_class(self.scene, self.part).is_none()
            && !self.scene.roster.is_hidden_name(&self.part.names)
    }

    /// `Heidi lives with her grandfather in our class novel`: told in the present, as books are, beside words for a book.
    /// Who only reads or loves it is a pupil.
    pub(super) fn is_in_book(&self) -> bool {
        let end = self.part.end;
        let kin = self.keeps(end, CHILD | KIN) || matches!(self.text(end), "friend" | "friends");
        let friend = self.part.possessive && kin;
        let verb = if friend { end + 1 } else { end };
        let verb = verb + usize::from(friend && self.scene.is_given(verb));
        let word = self.text(verb);
        let reads = matches!(
            word,
            "loves"
                | "likes"
                | "enjoys"
                | "reads"
                | "hates"
                | "knows"
                | "thinks"
                | "says"
                | "wants"
                | "recommends"
                | "reckons"
                | "has"
                | "was"
                | "does"
        );
        let present = self.follows(verb)
            && !reads
            && (word == "is" || word.len() >= 4 && word.ends_with('s') && !word.ends_with("ss"))
            && (!self.part.possessive || friend);
        let stream = self.scene.stream;
        let near = self.part.start.saturating_sub(BOOK_REACH)..stream.len().min(end + BOOK_REACH);
        let book = |at: usize| match self.text(at) {
            "novel" | "act" | "chapter" | "musical" => true,
            "book" | "text" | "reader" | "story" => {
                matches!(
                    self.before(at, 1),
                    "class" | "guided" | "bedtime" | "shared" | "storytime"
                ) || self.before(at, 1) == "the"
                    && !matches!(
                        self.text(at + 1),
                        "corner"
                            | "bag"
                            | "bags"
                            | "box"
                            | "shelf"
                            | "fair"
                            | "swap"
                            | "stall"
                            | "club"
                            | "saying"
                    )
                    && self.is_book_of(at)
            }
            _ => false,
        };
        present
            && self.scene.draft
            && !self.scene.pictured
            && !self.scene.may_be_meant(self.part)
            && attached_class(self.scene, self.part).is_none()
            && near.into_iter().any(book)
    }

    /// `finished the book`, `in the book we are reading`
    fn is_book_of(&self, at: usize) -> bool {
        matches!(
            self.before(at, 2),
            "finished" | "in" | "finish" | "closed" | "reached" | "reading"
        )
    }

    pub(super) fn scripture(&self) -> bool {
        let biblical = self.is_biblical();
        let ours = matches!(self.before(self.part.start, 1), "our" | "my");
        biblical
            && !ours
            && !entries::in_table(self.scene, self.part)
            && self.says(FAITH)
            && !praised(self.scene, self.part.start)
            && attached_class(self.scene, self.part).is_none()
    }

    fn is_biblical(&self) -> bool {
        matches!(
            self.part.key.as_str(),
            "adam"
                | "eve"
                | "noah"
                | "abraham"
                | "isaac"
                | "jacob"
                | "joseph"
                | "moses"
                | "david"
                | "solomon"
                | "samson"
                | "daniel"
                | "jonah"
                | "mary"
                | "elizabeth"
                | "luke"
                | "mark"
                | "matthew"
                | "john"
                | "peter"
                | "paul"
                | "thomas"
                | "simon"
                | "ruth"
                | "esther"
                | "sarah"
                | "rebecca"
                | "rachel"
                | "leah"
                | "naomi"
                | "samuel"
                | "elijah"
                | "james"
                | "andrew"
                | "philip"
                | "gabriel"
                | "michael"
                | "george"
                | "ibrahim"
                | "yusuf"
                | "mohammed"
                | "muhammad"
                | "caleb"
                | "joshua"
                | "gideon"
                | "deborah"
                | "martha"
                | "lydia"
                | "stephen"
                | "timothy"
                | "seth"
                | "levi"
                | "benjamin"
                | "reuben"
                | "judah"
        )
    }

    /// A prophet, a sovereign or an inventor whom lessons call by the given name.
    fn is_of_old(&self) -> bool {
        self.is_biblical()
            || matches!(
                self.part.key.as_str(),
                "charles"
                    | "henry"
                    | "william"
                    | "edward"
                    | "richard"
                    | "victoria"
                    | "harold"
                    | "alfred"
                    | "florence"
                    | "ada"
                    | "rosa"
                    | "neil"
                    | "guy"
                    | "oliver"
            )
    }
}
