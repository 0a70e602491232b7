//! Forms of what the Teaching Record System answers.

use ltr_domain::ids::Trn;
use ltr_domain::record::trs::{
    Alert, Answer, HeldStatus, Induction, MandatoryQualification, Route, TrsPerson,
};

use super::fault::Fault;
use super::fields::Raw;
use super::stated::{Wired, wired_list, wired_message};
use crate::event as wire;
use crate::event::TrsOutcome;

wired_message!(TrsPerson as TrsPerson {
    messages { answer = 2 }
    stated {
        qts = 3,
        eyts = 4,
        qtls = 5,
        induction = 6,
        routes = 7,
        alerts = 8,
        mandatory_qualifications = 9,
    }
});

impl Wired for Answer {
    type Form = wire::TrsAnswer;

    fn to_form(&self) -> wire::TrsAnswer {
        let (outcome, merged_into) = match self {
            Self::Found => (TrsOutcome::Found, None),
            Self::MergedInto(trn) => (TrsOutcome::MergedInto, Some(trn.to_form())),
            Self::Deactivated => (TrsOutcome::Deactivated, None),
            Self::NotFound => (TrsOutcome::NotFound, None),
        };
        wire::TrsAnswer {
            outcome: outcome.into(),
            merged_into_trn: merged_into,
        }
    }

    fn read(raw: Raw<'_>, field: &'static str) -> Result<Self, Fault> {
        const OUTCOME: &str = "TrsAnswer.outcome";
        const TRN: &str = "TrsAnswer.merged_into_trn";
        let (mut number, mut merged_into) = (0, None);
        let mut fields = raw.fields(field)?;
        while let Some((field_number, raw)) = fields.next()? {
            match field_number {
                1 => number = raw.int32(OUTCOME)?,
                2 => merged_into = Some(Trn::read(raw, TRN)?),
                _ => {}
            }
        }
        let outcome = TrsOutcome::try_from(number).map_err(|_| Fault::enum_value(OUTCOME, number))?;
        match (outcome, merged_into) {
            (TrsOutcome::Unspecified, _) => Err(Fault::missing(OUTCOME)),
            (TrsOutcome::MergedInto, Some(trn)) => Ok(Self::MergedInto(trn)),
            (TrsOutcome::MergedInto, None) => Err(Fault::missing(TRN)),
            (TrsOutcome::Found | TrsOutcome::Deactivated | TrsOutcome::NotFound, Some(_)) => {
                Err(Fault::invalid(TRN))
            }
            (TrsOutcome::Found, None) => Ok(Self::Found),
            (TrsOutcome::Deactivated, None) => Ok(Self::Deactivated),
            (TrsOutcome::NotFound, None) => Ok(Self::NotFound),
        }
    }
}

wired_message!(HeldStatus as HeldStatus {
    texts { route_types = 3 }
    stated {
        holds_from = 2,
    }
});

wired_message!(Induction as Induction {
    always { status = 2 }
    texts { exemption_reasons = 5 }
    stated {
        start_date = 3,
        completed_date = 4,
    }
});

wired_list!(Route as RouteList.routes);

wired_message!(Route as Route {
    always { key = 2, status = 6 }
    stated {
        type_id = 3,
        type_name = 4,
        leads_to = 5,
        holds_from = 7,
        training_start_date = 8,
        training_end_date = 9,
        subjects = 10,
        provider_ukprn = 11,
        provider_name = 12,
    }
});

wired_list!(Alert as AlertList.alerts);

wired_message!(Alert as Alert {
    always { key = 2 }
    stated {
        type_id = 3,
        category_id = 4,
        start_date = 5,
        end_date = 6,
    }
});

wired_list!(MandatoryQualification as MandatoryQualificationList.mandatory_qualifications);

wired_message!(MandatoryQualification as MandatoryQualification {
    always { key = 2 }
    stated {
        specialism = 3,
        end_date = 4,
    }
});
