use jiff::civil::date;

use super::*;

#[test]
fn t23_a_summer_evening_in_utc_is_already_tomorrow_in_london() {
    let at: Timestamp = "2026-07-01T23:30:00Z".parse().unwrap();
    assert_eq!(london_date(at), date(2026, 7, 2));
    let winter: Timestamp = "2026-12-01T23:30:00Z".parse().unwrap();
    assert_eq!(london_date(winter), date(2026, 12, 1));
}

#[test]
fn a_day_ends_just_before_the_next_begins() {
    let end = end_of_london_day(date(2026, 7, 1));
    assert_eq!(end.to_string(), "2026-07-01T22:59:59.999999Z");
    assert_eq!(london_date(end), date(2026, 7, 1));
}

#[test]
fn known_time_never_goes_back() {
    let early = RecordedAt("2026-01-01T00:00:00Z".parse().unwrap());
    let late = KnownAt("2026-01-02T00:00:00Z".parse().unwrap());
    assert_eq!(KnownAt::after(Some(late), early), late);
    assert_eq!(KnownAt::after(None, early).0, early.0);
    let fine = RecordedAt("2026-01-03T00:00:00.000001999Z".parse().unwrap());
    assert_eq!(
        KnownAt::after(Some(late), fine).0.to_string(),
        "2026-01-03T00:00:00.000001Z"
    );
}

#[test]
fn t22_odd_dates_are_kept_as_they_came() {
    assert_eq!(CivilDate::read("2018-09-20").day(), Some(date(2018, 9, 20)));
    for odd in [
        "2018-9-20",
        "-01-01",
        "2018-02-30",
        "",
        "20180920",
        "2018-09-20T00:00:00",
        "2018-09-20T00:00:00Z",
    ] {
        assert_eq!(CivilDate::read(odd), CivilDate::Unreadable(odd.to_owned()));
    }
}
