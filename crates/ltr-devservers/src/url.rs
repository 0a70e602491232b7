//! The few parts of an address that are needed here: its host and port, its password, its database.

/// `host:port` of the first server that `url` names.
pub(crate) fn host_and_port(url: &str, default_port: u16) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', ',']).next()?;
    let host = authority.rsplit('@').next().filter(|host| !host.is_empty())?;
    let has_port = host
        .rsplit(':')
        .next()
        .is_some_and(|port| port.parse::<u16>().is_ok())
        && host.contains(':');
    Some(if has_port {
        host.to_owned()
    } else {
        format!("{host}:{default_port}")
    })
}

/// `url` with any password left out, for people to read.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "(an address without scheme)".to_owned();
    };
    let Some((user, place)) = rest.rsplit_once('@') else {
        return url.to_owned();
    };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}@{place}")
}

/// `url` with its database replaced.
pub(crate) fn with_database(url: &str, database: &str) -> String {
    let (place, parameters) = url
        .split_once('?')
        .map_or((url, None), |(place, rest)| (place, Some(rest)));
    let start = place.find("://").map_or(0, |scheme| scheme + 3);
    let end = place[start..]
        .find('/')
        .map_or(place.len(), |slash| start + slash);
    let parameters = parameters.map(|rest| format!("?{rest}")).unwrap_or_default();
    format!("{}/{database}{parameters}", &place[..end])
}

/// `url` whose sessions act as `role` from their first statement.
pub(crate) fn as_role(url: &str, role: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}options=-c%20role%3D{role}")
}

#[cfg(test)]
mod tests {
    use super::{as_role, host_and_port, with_database, without_password};

    #[test]
    fn host_and_port_are_found() {
        let check =
            |url, expected: Option<&str>| assert_eq!(host_and_port(url, 4222).as_deref(), expected, "{url}");
        check("nats://127.0.0.1:4333", Some("127.0.0.1:4333"));
        check("nats://user:p@ss@log.example", Some("log.example:4222"));
        check("tls://a:1,b:2", Some("a:1"));
        check("nats://[::1]:4222", Some("[::1]:4222"));
        check("somewhere", None);
    }

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(
            without_password("postgres://me:secret@db:5432/x"),
            "postgres://me@db:5432/x"
        );
        assert_eq!(without_password("nats://127.0.0.1:4222"), "nats://127.0.0.1:4222");
        assert_eq!(
            without_password("host=db password=secret"),
            "(an address without scheme)"
        );
    }

    #[test]
    fn database_and_role_are_replaced() {
        assert_eq!(
            with_database("postgres://me@db:5432/x?a=b", "y"),
            "postgres://me@db:5432/y?a=b"
        );
        assert_eq!(with_database("postgres://me@db", "y"), "postgres://me@db/y");
        assert_eq!(
            as_role("postgres://me@db/x", "ltr_serve"),
            "postgres://me@db/x?options=-c%20role%3Dltr_serve"
        );
    }
}
