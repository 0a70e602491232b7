use super::*;

fn keys(rows: &[(Option<&str>, &str, &str)]) -> Vec<(String, String)> {
    let children = rows.iter().map(|(id, group, order)| Child {
        id: id.map(str::to_owned),
        group: (*group).to_owned(),
        order: (*order).to_owned(),
        value: (String::new(), (*order).to_owned()),
    });
    with_keys(children.collect(), |value, key| value.0 = key)
}

#[test]
fn an_id_is_the_key_and_the_nameless_are_counted_within_their_kind() {
    let rows = [
        (Some("b"), "x", "1"),
        (None, "x", "3"),
        (None, "x", "2"),
        (None, "y", "1"),
        (Some("a"), "y", "0"),
    ];
    let keyed = keys(&rows);
    let names: Vec<_> = keyed
        .iter()
        .map(|(key, order)| (key.as_str(), order.as_str()))
        .collect();
    assert_eq!(
        names,
        [("a", "0"), ("b", "1"), ("x#1", "2"), ("x#2", "3"), ("y#1", "1")]
    );
}

#[test]
fn an_id_given_to_several_names_none_of_them() {
    let keyed = keys(&[
        (Some("1"), "hearing", "2022"),
        (Some("1"), "sight", "2023"),
        (Some("2"), "sight", "2021"),
    ]);
    let names: Vec<_> = keyed.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(names, ["2", "hearing#1", "sight#1"]);
}

#[test]
fn the_order_of_the_list_means_nothing() {
    let mut rows = vec![
        (None, "x", "3"),
        (None, "x", "1"),
        (Some("k"), "x", "2"),
        (None, "", "9"),
        (None, "", "9"),
    ];
    let straight = keys(&rows);
    rows.reverse();
    assert_eq!(keys(&rows), straight);
}
