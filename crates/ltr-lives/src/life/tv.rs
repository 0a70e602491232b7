//! Job applications. Whoever a candidate declares to be is sealed, and joins nobody.

use std::collections::BTreeSet;

use ltr_domain::event::{Link, LinkStrength};
use ltr_domain::ids::{RecordId, RecordKind, Trn};
use ltr_domain::record::{
    Body, JobApplicationStatus, KeyedDigest, PersonalDigests, PersonalField, Stated, TvJobApplication,
};
use ltr_domain::time::start_of_london_day;

use super::Life;
use crate::{Incident, Snapshot};

impl Life<'_> {
    pub(super) fn tv(&mut self, trn: Option<Trn>) {
        use JobApplicationStatus as S;
        let key = uuid::Uuid::from_u128(0x7000 + u128::from(self.number)).to_string();
        let record = RecordId::new(RecordKind::TvJobApplication, key);
        let mut on = self.dice.day_after(self.on(1, 1, 10), 0, 120);
        let submitted_at = Stated::Value(start_of_london_day(on));
        let ends = [S::Unsuccessful, S::Offered, S::Withdrawn, S::Declined];
        let mut way = vec![S::Submitted];
        if self.dice.one_in(2) {
            way.push(S::Shortlisted);
            way.push(self.dice.of(&ends).clone());
        }
        // One's own TRN, or somebody else's by mistake.
        let declared = match self.dice.below(3) {
            0 => None,
            1 => trn,
            _ => Some(self.other_trn()),
        };
        for status in way {
            let application = TvJobApplication {
                status,
                vacancy_id: Stated::Value("vacancy-1".to_owned()),
                application_type: Stated::Unstated,
                submitted_at,
                interviewing_at: Stated::Unstated,
                offered_at: Stated::Unstated,
                declined_at: Stated::Unstated,
                qualified_teacher_status: Stated::Value("yes".to_owned()),
                induction_complete: Stated::Unstated,
            };
            let mut snapshot = Snapshot::ordinary(record.clone(), on, Body::TvJobApplication(application));
            if let Some(trn) = declared {
                snapshot.digests = declared_digest(trn);
                snapshot.links = BTreeSet::from([Link {
                    to: RecordId::trs_person(trn),
                    strength: LinkStrength::Declared,
                }]);
                snapshot.incident = Some(Incident::Declared);
            }
            self.snapshots.push(snapshot);
            on = self.dice.day_after(on, 5, 30);
        }
    }

    /// The first TRN of one of the first people of the case.
    fn other_trn(&mut self) -> Trn {
        let number = self.dice.below(3);
        Trn::parse(&format!("{}", 3_100_000 + 10 * number)).expect("seven digits")
    }
}

/// Stands for the keyed digest of a declared TRN: equal for equal TRNs of one record.
fn declared_digest(trn: Trn) -> PersonalDigests {
    let mut digest = [0; 32];
    digest[..7].copy_from_slice(trn.as_str().as_bytes());
    PersonalDigests::from([(PersonalField::DeclaredTrn, KeyedDigest(digest))])
}
