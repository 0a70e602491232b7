//! Listening, health, reflection, and stopping without cutting anybody off.

use std::net::SocketAddr;

use futures::StreamExt;
use ltr_api::{Config, Exposure, ServeError, bind};
use ltr_ports::log::ClockKind;
use ltr_proto::record::Stage;
use tonic::transport::Channel;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::life::ordinary;
use crate::past::{fall_behind, noticed};
use crate::world::{Served, config, get_as_of};

const SERVICE: &str = "ltr.record.v1.TeacherService";

async fn channel(served: &Served) -> Channel {
    Channel::from_shared(format!("http://{}", served.address))
        .unwrap()
        .connect()
        .await
        .unwrap()
}

/// Watches the health of a service.
async fn watch(served: &Served, service: &str) -> tonic::Streaming<HealthCheckResponse> {
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    HealthClient::new(channel(served).await)
        .watch(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn only_loopback_is_served_unless_told_otherwise() {
    for address in [
        "0.0.0.0:0",
        "[::]:0",
        "192.0.2.1:50051",
        "[::ffff:192.0.2.1]:50051",
    ] {
        let address: SocketAddr = address.parse().unwrap();
        let refused = bind(Config {
            address,
            ..Config::default()
        })
        .await;
        assert!(
            matches!(refused, Err(ServeError::NotLoopback { address: told }) if told == address),
            "{address}"
        );
    }
    let address = "0.0.0.0:0".parse().unwrap();
    let bound = bind(Config {
        address,
        exposure: Exposure::Insecure,
        ..Config::default()
    })
    .await
    .unwrap();
    assert_ne!(bound.address().port(), 0);
}

#[tokio::test]
async fn an_address_that_is_taken_is_said_so() {
    let bound = bind(config()).await.unwrap();
    let taken = bind(Config {
        address: bound.address(),
        ..config()
    })
    .await;
    assert!(matches!(taken, Err(ServeError::Listen { .. })));
}

#[tokio::test]
async fn reflection_lists_the_service() {
    let served = ordinary(ClockKind::Simulated).await.serve(config()).await;
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut client = ServerReflectionClient::new(channel(&served).await);
    let requests = futures::stream::iter([request]);
    let mut answers = client
        .server_reflection_info(requests)
        .await
        .unwrap()
        .into_inner();
    let answer = answers.next().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(listed) = answer else {
        panic!("not a list: {answer:?}")
    };
    let names: Vec<_> = listed
        .service
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    assert!(names.contains(&SERVICE), "{names:?}");
    assert!(names.contains(&"grpc.health.v1.Health"), "{names:?}");
}

#[tokio::test]
async fn draining_tells_those_who_watch_and_lets_requests_in_flight_end() {
    let world = ordinary(ClockKind::Real).await;
    let known = fall_behind(&world).await;
    let (clock, mut asked) = noticed(&world);
    let served = world
        .serve_with(
            Config {
                wait_ms_max: 8_000,
                ..config()
            },
            clock,
            None,
        )
        .await;
    let mut health = [watch(&served, SERVICE).await, watch(&served, "").await];
    for watched in &mut health {
        assert_eq!(
            watched.next().await.unwrap().unwrap().status(),
            ServingStatus::Serving
        );
    }
    let client = served.client.clone();
    let reading = tokio::spawn(async move { get_as_of(&client, "teachers/3100001", "", &known).await });
    asked.recv().await.unwrap();
    served.stop.send(()).unwrap();
    for watched in &mut health {
        assert_eq!(
            watched.next().await.unwrap().unwrap().status(),
            ServingStatus::NotServing
        );
        assert!(
            watched.next().await.is_none(),
            "a watch does not hold up the drain"
        );
    }
    assert!(!reading.is_finished(), "it waits for what is not projected");
    world.project().await;
    assert_eq!(reading.await.unwrap().unwrap().stage(), Stage::InTraining);
    served.ended.await.unwrap().unwrap();
    ltr_api::client::connect(&served.address.to_string())
        .await
        .expect_err("nobody listens any more");
}

#[tokio::test]
async fn a_drain_ends_by_its_deadline() {
    let world = ordinary(ClockKind::Real).await;
    let known = fall_behind(&world).await;
    let (clock, mut asked) = noticed(&world);
    let config = Config {
        wait_ms_max: 600_000,
        request_ms_max: 600_000,
        drain_ms_max: 20,
        ..config()
    };
    let served = world.serve_with(config, clock, None).await;
    let client = served.client.clone();
    let reading = tokio::spawn(async move { get_as_of(&client, "teachers/3100001", "", &known).await });
    asked.recv().await.unwrap();
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
    assert!(!reading.is_finished(), "it was never projected");
}
