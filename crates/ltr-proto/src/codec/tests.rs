//! The numbers that the conversions were given by hand, held against the schema.

use std::collections::BTreeMap;

use ltr_domain::event::Fact;
use ltr_domain::record::apply::{ApplyCandidate, ApplyChoice, ApplyRecruit, ChosenCourse, Form, Interview};
use ltr_domain::record::register::{Course, Placement, RegisterTrainee, Withdrawal};
use ltr_domain::record::trs::{Alert, HeldStatus, Induction, MandatoryQualification, Route, TrsPerson};
use ltr_domain::record::tv::{TvJobApplication, TvPosting, TvVacancy};
use prost::Message;
use prost_types::FileDescriptorSet;

use super::fact::ARMS;
use super::stated::Numbered;

/// Field numbers of the messages of `ltr.event.v1`, by message and field.
fn schema() -> BTreeMap<String, BTreeMap<String, i32>> {
    let files = FileDescriptorSet::decode(crate::FILE_DESCRIPTOR_SET)
        .unwrap()
        .file;
    let ours = files.into_iter().filter(|file| file.package() == "ltr.event.v1");
    ours.flat_map(|file| file.message_type)
        .map(|message| {
            let fields = message
                .field
                .iter()
                .map(|field| (field.name().to_owned(), field.number()));
            (message.name().to_owned(), fields.collect())
        })
        .collect()
}

fn numbers_match<T: Numbered>(schema: &mut BTreeMap<String, BTreeMap<String, i32>>) {
    let fields = schema.remove(T::MESSAGE).unwrap();
    assert_eq!(fields.get("null_fields"), Some(&1), "{}", T::MESSAGE);
    assert_eq!(fields.len(), T::NUMBERS.len() + 1, "{} is read whole", T::MESSAGE);
    for (name, number) in T::NUMBERS {
        assert_eq!(fields.get(*name), Some(number), "{}.{name}", T::MESSAGE);
    }
}

#[test]
fn numbers_of_fields_are_those_of_the_schema() {
    let mut schema = schema();
    numbers_match::<ApplyCandidate>(&mut schema);
    numbers_match::<Form>(&mut schema);
    numbers_match::<ApplyChoice>(&mut schema);
    numbers_match::<ChosenCourse>(&mut schema);
    numbers_match::<Interview>(&mut schema);
    numbers_match::<ApplyRecruit>(&mut schema);
    numbers_match::<RegisterTrainee>(&mut schema);
    numbers_match::<Withdrawal>(&mut schema);
    numbers_match::<Course>(&mut schema);
    numbers_match::<Placement>(&mut schema);
    numbers_match::<TrsPerson>(&mut schema);
    numbers_match::<HeldStatus>(&mut schema);
    numbers_match::<Induction>(&mut schema);
    numbers_match::<Route>(&mut schema);
    numbers_match::<Alert>(&mut schema);
    numbers_match::<MandatoryQualification>(&mut schema);
    numbers_match::<TvJobApplication>(&mut schema);
    numbers_match::<TvVacancy>(&mut schema);
    numbers_match::<TvPosting>(&mut schema);
    let forgotten: Vec<_> = schema
        .iter()
        .filter(|(_, fields)| fields.contains_key("null_fields"))
        .collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

#[test]
fn arms_of_facts_have_the_names_and_numbers_of_the_schema() {
    let event = &schema()["Event"];
    for (name, number) in ARMS {
        assert_eq!(event.get(&snake_case(name)), Some(number), "{name}");
    }
    let known: Vec<_> = Fact::NAMES
        .iter()
        .filter(|name| **name != "Unrecognised")
        .collect();
    assert_eq!(ARMS.len(), known.len());
    for name in known {
        assert!(
            ARMS.iter().any(|(arm, _)| arm == name),
            "{name} has an arm of its own name"
        );
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
