//! A given name that belongs to somebody in a lesson: a prophet, a sovereign, whoever a class is finding out about.

use super::{
    super::{
        evidence::{attached_class, praised},
        lists::company::{CHILD, FAITH},
    },
    View,
};

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
        let about = self.before(head, 1) == "about" && verb(2);
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

    pub(super) fn scripture(&self) -> bool {
        let biblical = self.is_biblical();
        let ours = matches!(self.before(self.part.start, 1), "our" | "my");
        biblical
            && !ours
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
