//! Reading JSON fields without losing the difference between absent, null and a value. Strict about meaning: a value
//! of the wrong JSON type is a defect; an odd value of the right type is kept.

use jiff::Timestamp;
use ltr_domain::ids::{IdError, Trn};
use ltr_domain::record::{PersonalField, PersonalValue, PersonalValues, Stated};
use ltr_domain::time::CivilDate;
use serde_json::{Map, Value};

use crate::Defect;

/// One JSON object of a row, with its path for messages.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a> {
    pub(crate) fields: &'a Map<String, Value>,
    pub(crate) path: &'a str,
}

impl<'a> Object<'a> {
    /// Reads `value` as an object.
    pub(crate) fn of(value: &'a Value, path: &'a str) -> Result<Self, Defect> {
        let not_an_object =
            || Defect::new("not_an_object", format!("{} is not an object", name_or_row(path)));
        let fields = value.as_object().ok_or_else(not_an_object)?;
        Ok(Self { fields, path })
    }

    /// The field as it is: absent, null or there.
    pub(crate) fn raw(self, name: &str) -> Stated<&'a Value> {
        match self.fields.get(name) {
            None => Stated::Unstated,
            Some(Value::Null) => Stated::Null,
            Some(value) => Stated::Value(value),
        }
    }

    /// A text field. A number is taken as its digits where a source sends either.
    pub(crate) fn text(self, name: &str) -> Result<Stated<String>, Defect> {
        self.read(name, "text", |value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        })
    }

    /// A whole number, also where it is sent as text.
    pub(crate) fn integer(self, name: &str) -> Result<Stated<u64>, Defect> {
        self.read(name, "a whole number", |value| match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        })
    }

    /// A truth value, also where it is sent as text.
    pub(crate) fn boolean(self, name: &str) -> Result<Stated<bool>, Defect> {
        self.read(name, "true or false", |value| match value {
            Value::Bool(value) => Some(*value),
            Value::String(text) => text.parse().ok(),
            Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
        })
    }

    /// A civil date; one that cannot be read is kept as it came (T22).
    pub(crate) fn date(self, name: &str) -> Result<Stated<CivilDate>, Defect> {
        Ok(self.text(name)?.map(|text| CivilDate::read(&text)))
    }

    /// An instant with an offset or `Z`, normalised to UTC (T23). One that cannot be read counts as not stated.
    pub(crate) fn instant(self, name: &str) -> Result<Stated<Timestamp>, Defect> {
        Ok(match self.text(name)? {
            Stated::Unstated => Stated::Unstated,
            Stated::Null => Stated::Null,
            Stated::Value(text) => read_instant(&text).map_or(Stated::Unstated, Stated::Value),
        })
    }

    /// A list; items as they are.
    pub(crate) fn list(self, name: &str) -> Result<Stated<&'a [Value]>, Defect> {
        match self.fields.get(name) {
            None => Ok(Stated::Unstated),
            Some(Value::Null) => Ok(Stated::Null),
            Some(Value::Array(items)) => Ok(Stated::Value(items)),
            Some(_) => Err(self.wrong_type(name, "a list")),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(self, name: &str) -> Result<Stated<Vec<String>>, Defect> {
        let items = self.list(name)?;
        let Stated::Value(items) = items else {
            return Ok(items.map(|_| Vec::new()));
        };
        let texts: Option<Vec<_>> = items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect();
        texts
            .map(Stated::Value)
            .ok_or_else(|| self.wrong_type(name, "a list of texts"))
    }

    /// A field that must be there.
    pub(crate) fn required<T>(self, name: &str, stated: Stated<T>) -> Result<T, Defect> {
        match stated {
            Stated::Value(value) => Ok(value),
            Stated::Null | Stated::Unstated => Err(Defect::new(
                "missing_field",
                format!("{} is missing", self.path_of(name)),
            )),
        }
    }

    /// The first of several names that the row uses, or the first name: versions of an API name one field differently.
    pub(crate) fn name_in_use(self, names: &[&'static str]) -> &'static str {
        let used = names.iter().find(|name| self.fields.contains_key(**name));
        used.or(names.first()).copied().unwrap_or_default()
    }

    /// An object inside this one.
    pub(crate) fn object(self, name: &'a str) -> Result<Stated<Object<'a>>, Defect> {
        match self.fields.get(name) {
            None => Ok(Stated::Unstated),
            Some(Value::Null) => Ok(Stated::Null),
            Some(Value::Object(fields)) => Ok(Stated::Value(Object { fields, path: name })),
            Some(_) => Err(self.wrong_type(name, "an object")),
        }
    }

    /// A TRN. It must be text: a number has lost its leading zeros (T02).
    pub(crate) fn trn(self, name: &str) -> Result<Stated<Trn>, Defect> {
        let not_text = || Defect::new("trn_not_text", format!("{} is not text", self.path_of(name)));
        try_map(self.raw(name), |value| {
            let text = value.as_str().ok_or_else(not_text)?;
            Trn::parse(text).map_err(|error| self.bad_trn(name, error))
        })
    }

    /// The defect of a TRN that is none.
    fn bad_trn(self, name: &str, error: IdError) -> Defect {
        let code = match error {
            IdError::Empty { .. } => "trn_empty",
            IdError::WrongLength { .. } => "trn_wrong_length",
            IdError::Sentinel { .. } => "trn_sentinel",
            IdError::Malformed { .. } => "trn_malformed",
        };
        Defect::new(code, format!("{}: {error}", self.path_of(name)))
    }

    /// A person's names as one value of three parts. Stated if any part is; a missing part is empty.
    pub(crate) fn names(self, parts: [&str; 3]) -> Result<Stated<PersonalValue>, Defect> {
        let [first, middle, last] = parts;
        let texts = [self.text(first)?, self.text(middle)?, self.text(last)?];
        if texts.iter().all(|text| !text.is_stated()) {
            return Ok(Stated::Unstated);
        }
        if texts.iter().all(|text| text.value().is_none()) {
            return Ok(Stated::Null);
        }
        let parts = texts.iter().map(|text| text.value().cloned().unwrap_or_default());
        Ok(Stated::Value(PersonalValue(parts.collect())))
    }

    /// A personal value of one part.
    pub(crate) fn personal(self, name: &str) -> Result<Stated<PersonalValue>, Defect> {
        Ok(self.text(name)?.map(|text| PersonalValue(vec![text])))
    }

    /// The path of one of its fields, for messages.
    pub(crate) fn path_of(self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    fn read<T>(
        self,
        name: &str,
        wanted: &str,
        with: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Stated<T>, Defect> {
        match self.fields.get(name) {
            None => Ok(Stated::Unstated),
            Some(Value::Null) => Ok(Stated::Null),
            Some(value) => with(value)
                .map(Stated::Value)
                .ok_or_else(|| self.wrong_type(name, wanted)),
        }
    }

    fn wrong_type(self, name: &str, wanted: &str) -> Defect {
        Defect::new("wrong_type", format!("{} is not {wanted}", self.path_of(name)))
    }
}

/// Reads an instant in the forms that occur upstream: RFC 3339 with offset or `Z`, and `2021-05-20 12:34:00 UTC`.
pub(crate) fn read_instant(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let plain = text.strip_suffix(" UTC")?;
        format!("{}Z", plain.replacen(' ', "T", 1)).parse().ok()
    })
}

/// Reads a stated value further, keeping absent and null apart.
pub(crate) fn try_map<T, U>(
    stated: Stated<T>,
    with: impl FnOnce(T) -> Result<U, Defect>,
) -> Result<Stated<U>, Defect> {
    match stated {
        Stated::Unstated => Ok(Stated::Unstated),
        Stated::Null => Ok(Stated::Null),
        Stated::Value(value) => with(value).map(Stated::Value),
    }
}

/// Personal values of a row: those it states, be it as null.
pub(crate) fn personal_values(values: Vec<(PersonalField, Stated<PersonalValue>)>) -> PersonalValues {
    PersonalValues(
        values
            .into_iter()
            .filter(|(_, value)| value.is_stated())
            .collect(),
    )
}

/// A blank value says that there is none: nobody has an empty name or address, and two blanks must never match.
pub(crate) fn blank_is_none(value: Stated<PersonalValue>) -> Stated<PersonalValue> {
    let is_blank = value
        .value()
        .is_some_and(|value| value.0.iter().all(|part| part.trim().is_empty()));
    if is_blank { Stated::Null } else { value }
}

/// A unit made of several fields: a value if any of them has one, null if they are null at most, unstated if none is
/// there.
pub(crate) fn unit<T>(value: T, parts: &[Stated<()>]) -> Stated<T> {
    if parts.contains(&Stated::Value(())) {
        return Stated::Value(value);
    }
    if parts.contains(&Stated::Null) {
        Stated::Null
    } else {
        Stated::Unstated
    }
}

/// Whether a part is stated, without its value.
pub(crate) fn part<T>(stated: &Stated<T>) -> Stated<()> {
    match stated {
        Stated::Unstated => Stated::Unstated,
        Stated::Null => Stated::Null,
        Stated::Value(_) => Stated::Value(()),
    }
}

fn name_or_row(path: &str) -> &str {
    if path.is_empty() { "the row" } else { path }
}
