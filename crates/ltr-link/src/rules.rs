//! The rules by which two records are compared: one table. Its numbers and sentences are those of `docs/linking.md`; a
//! change of any of them is a new [`VERSION`], because matches on the log name it.

/// The version of the rules, their weights, the thresholds and the blocked values.
pub const VERSION: u32 = 1;

/// From which score on a pair is proposed, if nothing speaks against it.
pub const PROPOSE_AT: u32 = 500;

/// From which score on a pair is proposed although something speaks against it.
pub const PROPOSE_DESPITE_AT: u32 = 720;

/// From which score on a pair is asserted, if nothing speaks against it, the rules of [`ASSERT_TAKES`] hold and neither
/// record has another candidate.
pub const ASSERT_AT: u32 = 830;

/// What must hold for a pair to be asserted, whatever its score.
pub const ASSERT_TAKES: [Rule; 3] = [Rule::DateOfBirthEqual, Rule::FirstNameEqual, Rule::LastNameEqual];

/// A provider as Apply names it is known by a UKPRN once at least so many trainees who name their application say so.
pub const PROVIDER_SEEN_MIN: u32 = 3;

/// A rule of the table, in its order. What each looks at and adds is in [`RULES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// See [`RULES`].
    DateOfBirthEqual,
    /// See [`RULES`].
    DateOfBirthSwapped,
    /// See [`RULES`].
    FirstNameEqual,
    /// See [`RULES`].
    FirstNameAmongGiven,
    /// See [`RULES`].
    FirstNameShortened,
    /// See [`RULES`].
    FirstNameInitial,
    /// See [`RULES`].
    LastNameEqual,
    /// See [`RULES`].
    PreviousLastNameEqual,
    /// See [`RULES`].
    LastNamePart,
    /// See [`RULES`].
    NamesSwapped,
    /// See [`RULES`].
    MiddleNamesAgree,
    /// See [`RULES`].
    ProviderEqual,
    /// See [`RULES`].
    YearEqual,
    /// See [`RULES`].
    EmailEqual,
    /// See [`RULES`].
    DateOfBirthDiffers,
    /// See [`RULES`].
    FirstNameDiffers,
    /// See [`RULES`].
    LastNameDiffers,
    /// See [`RULES`].
    MiddleNamesDiffer,
    /// See [`RULES`].
    ProviderDiffers,
    /// See [`RULES`].
    YearDiffers,
}

/// What a rule that fires does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Adds to the score, in thousandths.
    For(u32),
    /// Adds nothing, keeps the pair from being asserted, and lets it be proposed only from [`PROPOSE_DESPITE_AT`] on.
    Against,
}

/// A rule with its name and weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which rule.
    pub rule: Rule,
    /// Its name on the log and in the docs.
    pub name: &'static str,
    /// What it does.
    pub effect: Effect,
    /// When it fires.
    pub fires: &'static str,
}

const fn speaks_for(rule: Rule, weight: u32, name: &'static str, fires: &'static str) -> Row {
    Row {
        rule,
        name,
        effect: Effect::For(weight),
        fires,
    }
}

const fn speaks_against(rule: Rule, name: &'static str, fires: &'static str) -> Row {
    Row {
        rule,
        name,
        effect: Effect::Against,
        fires,
    }
}

/// Every rule, in the order of [`Rule`].
pub const RULES: [Row; 20] = [
    speaks_for(
        Rule::DateOfBirthEqual,
        400,
        "date_of_birth_equal",
        "the same date of birth",
    ),
    speaks_for(
        Rule::DateOfBirthSwapped,
        200,
        "date_of_birth_swapped",
        "the same, with day and month swapped",
    ),
    speaks_for(
        Rule::FirstNameEqual,
        190,
        "first_name_equal",
        "the same first name, or the same first word of it",
    ),
    speaks_for(
        Rule::FirstNameAmongGiven,
        100,
        "first_name_among_given",
        "the one's first name is among the other's further given names",
    ),
    speaks_for(
        Rule::FirstNameShortened,
        100,
        "first_name_shortened",
        "the one's first name begins with the other's, of three letters or more",
    ),
    speaks_for(
        Rule::FirstNameInitial,
        60,
        "first_name_initial",
        "the one's first name is only the other's initial",
    ),
    speaks_for(Rule::LastNameEqual, 170, "last_name_equal", "the same last name"),
    speaks_for(
        Rule::PreviousLastNameEqual,
        120,
        "previous_last_name_equal",
        "the same last name, of which one is a previous one",
    ),
    speaks_for(
        Rule::LastNamePart,
        100,
        "last_name_part",
        "a word of three letters or more in both last names, of which one has several",
    ),
    speaks_for(
        Rule::NamesSwapped,
        280,
        "names_swapped",
        "first and last name are each other's; instead of the rules on either",
    ),
    speaks_for(
        Rule::MiddleNamesAgree,
        20,
        "middle_names_agree",
        "the first name is the same, and so are the middle names or their initials",
    ),
    speaks_for(
        Rule::ProviderEqual,
        70,
        "provider_equal",
        "the trainee is at a UKPRN under which people of the application's provider are known",
    ),
    speaks_for(
        Rule::YearEqual,
        70,
        "year_equal",
        "the traineeship starts in the cycle's academic year",
    ),
    speaks_for(Rule::EmailEqual, 80, "email_equal", "the same e-mail address"),
    speaks_against(
        Rule::DateOfBirthDiffers,
        "date_of_birth_differs",
        "two dates of birth, not the same swapped",
    ),
    speaks_against(
        Rule::FirstNameDiffers,
        "first_name_differs",
        "two first names, and no rule on them speaks for",
    ),
    speaks_against(
        Rule::LastNameDiffers,
        "last_name_differs",
        "two last names, and no rule on them speaks for",
    ),
    speaks_against(
        Rule::MiddleNamesDiffer,
        "middle_names_differ",
        "the first name is the same, and the middle names are others",
    ),
    speaks_against(
        Rule::ProviderDiffers,
        "provider_differs",
        "people of the application's provider are known under other UKPRNs",
    ),
    speaks_against(
        Rule::YearDiffers,
        "year_differs",
        "the traineeship starts in another academic year",
    ),
];

impl Rule {
    /// Its row in the table.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &RULES[self as usize]
    }

    /// What it adds, in thousandths; nothing if it speaks against.
    #[must_use]
    pub fn weight(self) -> u32 {
        match self.row().effect {
            Effect::For(weight) => weight,
            Effect::Against => 0,
        }
    }

    /// Whether it speaks against a pair.
    #[must_use]
    pub fn is_against(self) -> bool {
        self.row().effect == Effect::Against
    }

    /// Whether it is about names and speaks for a pair: without one of these nothing is ever proposed.
    #[must_use]
    pub fn is_name_alike(self) -> bool {
        match self {
            Self::FirstNameEqual
            | Self::FirstNameAmongGiven
            | Self::FirstNameShortened
            | Self::FirstNameInitial
            | Self::LastNameEqual
            | Self::PreviousLastNameEqual
            | Self::LastNamePart
            | Self::NamesSwapped => true,
            Self::DateOfBirthEqual
            | Self::DateOfBirthSwapped
            | Self::MiddleNamesAgree
            | Self::ProviderEqual
            | Self::YearEqual
            | Self::EmailEqual
            | Self::DateOfBirthDiffers
            | Self::FirstNameDiffers
            | Self::LastNameDiffers
            | Self::MiddleNamesDiffer
            | Self::ProviderDiffers
            | Self::YearDiffers => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_rules_and_its_names_are_unique() {
        for (index, row) in RULES.iter().enumerate() {
            assert_eq!(row.rule as usize, index, "{}", row.name);
        }
        let names: BTreeSet<_> = RULES.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), RULES.len());
    }

    #[test]
    fn everything_together_is_a_thousand() {
        let all = [
            Rule::DateOfBirthEqual,
            Rule::FirstNameEqual,
            Rule::LastNameEqual,
            Rule::MiddleNamesAgree,
            Rule::ProviderEqual,
            Rule::YearEqual,
            Rule::EmailEqual,
        ];
        assert_eq!(all.iter().map(|rule| rule.weight()).sum::<u32>(), 1_000);
    }

    #[test]
    fn an_email_never_decides_alone() {
        assert!(
            Rule::EmailEqual.weight() + Rule::ProviderEqual.weight() + Rule::YearEqual.weight() < PROPOSE_AT
        );
        let twins = [
            Rule::DateOfBirthEqual,
            Rule::LastNameEqual,
            Rule::ProviderEqual,
            Rule::YearEqual,
        ];
        assert!(twins.iter().map(|rule| rule.weight()).sum::<u32>() < PROPOSE_DESPITE_AT);
    }
}
