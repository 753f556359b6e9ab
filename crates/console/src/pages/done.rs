//! The line that confirms what was done. It is named in the address by a code, so that no address can put words into
//! our mouth.

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Approved,
    Rejected,
    Hidden,
    Acknowledged,
    Escalated,
    AllAcknowledged,
    Answered,
    SameAnswer,
    Listed,
    Withdrawn,
    Removed,
    PasswordChanged,
    RolesSaved,
    Disabled,
}

impl Done {
    const ALL: [Self; 14] = [
        Self::Approved,
        Self::Rejected,
        Self::Hidden,
        Self::Acknowledged,
        Self::Escalated,
        Self::AllAcknowledged,
        Self::Answered,
        Self::SameAnswer,
        Self::Listed,
        Self::Withdrawn,
        Self::Removed,
        Self::PasswordChanged,
        Self::RolesSaved,
        Self::Disabled,
    ];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Hidden => "hide",
            Self::Acknowledged => "acknowledged",
            Self::Escalated => "escalated",
            Self::AllAcknowledged => "all-acknowledged",
            Self::Answered => "answered",
            Self::SameAnswer => "same-answer",
            Self::Listed => "listed",
            Self::Withdrawn => "withdrawn",
            Self::Removed => "removed",
            Self::PasswordChanged => "password",
            Self::RolesSaved => "roles",
            Self::Disabled => "disabled",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.code() == code)
    }

    /// The line. Of several at once `count` were done and `left` had changed meanwhile.
    pub(crate) fn sentence(self, count: Option<u64>, left: Option<u64>) -> String {
        let single = match self {
            Self::Approved => "Approved. It is recorded.",
            Self::Rejected => "Rejected. The draft will not be published.",
            Self::Hidden => "Rejected. Hiding it on the platform was proposed.",
            Self::Acknowledged => "Acknowledged. Its clock has stopped.",
            Self::Escalated => "Escalated. They are being told now.",
            Self::AllAcknowledged => {
                let count = count.unwrap_or(0);
                let line = match count {
                    1 => "1 comment acknowledged.".to_owned(),
                    _ => format!("{count} comments acknowledged."),
                };
                return match left.unwrap_or(0) {
                    0 => line,
                    1 => format!("{line} 1 had changed meanwhile and was left."),
                    left => format!("{line} {left} had changed meanwhile and were left."),
                };
            }
            Self::Answered => "Your answer is recorded, and the draft was screened again with it.",
            Self::SameAnswer => "The draft says this already. Nothing was changed.",
            Self::Listed => {
                "The picture is on the do-not-publish list. It counts from the next post on."
            }
            Self::Withdrawn => "The picture is taken back. When it comes again, the post is held.",
            Self::Removed => {
                "The picture is removed everywhere here. What was published must be taken down there."
            }
            Self::PasswordChanged => "Your password is changed.",
            Self::RolesSaved => "Saved. It counts from their next click.",
            Self::Disabled => "They are signed out and cannot sign in any more.",
        };
        single.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_by_its_code() {
        for done in Done::ALL {
            assert_eq!(Done::from_code(done.code()), Some(done));
        }
        assert_eq!(
            Done::AllAcknowledged.sentence(Some(48), Some(2)),
            "48 comments acknowledged. 2 had changed meanwhile and were left."
        );
        assert_eq!(
            Done::AllAcknowledged.sentence(Some(1), None),
            "1 comment acknowledged."
        );
    }
}
