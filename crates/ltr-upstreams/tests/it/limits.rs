//! The limits, to the request, and over a socket.

use axum::http::StatusCode;
use ltr_upstreams::{Requested, Service};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::house::{House, instant};
use crate::people::{NORTH, SOUTH, everybody};

const MINUTE: &str = "2026-06-15T12:00:00Z";

#[tokio::test]
async fn register_takes_a_hundred_requests_a_minute_by_address_whatever_the_token() {
    let house = House::new(everybody(), "2026-06-15T12:00:10Z");
    for number in 0..100 {
        let provider = if number % 2 == 0 { NORTH } else { SOUTH };
        let answer = house.register(provider, "/info").await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let refused = house.register(NORTH, "/info").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "50");
    let bearer = format!("Bearer {}", house.upstreams.token(Service::Register, NORTH));
    let elsewhere = [
        ("authorization", bearer.as_str()),
        ("x-forwarded-for", "192.0.2.7"),
    ];
    let other = house.send("/api/v2026.1/info", &elsewhere).await;
    assert_eq!(other.status, StatusCode::OK);

    house.clock.advance_to(instant("2026-06-15T12:01:00Z"));
    assert_eq!(house.register(NORTH, "/info").await.status, StatusCode::OK);
    let counted = |client: &str, minute: &str, asked, refused| Requested {
        service: Service::Register,
        client: client.to_owned(),
        minute: instant(minute),
        asked,
        refused,
    };
    assert_eq!(
        house.upstreams.requests(),
        [
            counted("192.0.2.7", MINUTE, 1, 0),
            counted("in-process", MINUTE, 101, 1),
            counted("in-process", "2026-06-15T12:01:00Z", 1, 0),
        ]
    );
}

#[tokio::test]
async fn trs_takes_a_thousand_requests_a_minute_by_key() {
    let house = House::new(everybody(), MINUTE);
    for _ in 0..1000 {
        house.trs("20260120", "/v3/persons/9993000").await;
    }
    let refused = house.trs("20260120", "/v3/persons/9993000").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(!refused.headers.contains_key("retry-after"));
    let bearer = format!("Bearer {}", house.upstreams.token(Service::Trs, "another"));
    let headers = [("authorization", bearer.as_str()), ("x-api-version", "20260120")];
    let other = house.send("/v3/persons/9993000", &headers).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn the_doubles_are_asked_over_a_socket_too() {
    let house = House::new(everybody(), MINUTE);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let upstreams = house.upstreams.clone();
    let server = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        upstreams.serve(listener, stopped).await
    });

    let token = house.upstreams.token(Service::Register, NORTH);
    let mut stream = TcpStream::connect(address).await.expect("the doubles listen");
    let request = format!(
        "GET /api/v2026.1/info HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    stream
        .write_all(request.as_bytes())
        .await
        .expect("the request is sent");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("the answer comes");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert_eq!(house.upstreams.requests()[0].client, "127.0.0.1");

    stop.send(()).expect("the doubles still run");
    server
        .await
        .expect("the server does not panic")
        .expect("the listener holds");
}
