//! The methods of `TeacherService`, as gRPC calls them. What each does is in the file of its name.

use std::sync::Arc;
use std::time::Duration;

use ltr_ports::clock::Clock;
use ltr_ports::log::{ClockKind, Log};
use ltr_ports::next_runs::NextRuns;
use ltr_ports::next_runs::mem::MemNextRuns;
use ltr_ports::store::Store;
use ltr_proto::record::teacher_service_server::TeacherService;
use ltr_proto::record::{
    BatchGetTeachersRequest, BatchGetTeachersResponse, DiffTeacherRequest, DiffTeacherResponse,
    ExplainTeacherRequest, ExplainTeacherResponse, GetTeacherRequest, GetTeacherResponse,
    ListSourceOfTruthChangesRequest, ListSourceOfTruthChangesResponse, ListTeacherHistoryRequest,
    ListTeacherHistoryResponse, LookupTeacherRequest, LookupTeacherResponse,
};
use ltr_proto::seal::KeyEncryptionKey;
use tonic::{Request, Response, Status, async_trait};

use crate::config::{Config, RestrictedFacts};
use crate::policies::Adopted;
use crate::status::Refusal;
use crate::surroundings::{HeardBy, Recent};
use crate::watermark::Lookout;

mod batch;
mod diff;
mod explain;
mod get;
mod list_history;
mod list_sources;
mod lookup;
mod read;

/// The service: what it reads from, and how it is set up.
pub(crate) struct Api<S, L> {
    pub(crate) store: S,
    pub(crate) log: L,
    pub(crate) clock: Arc<dyn Clock>,
    /// Where the log's times come from: fixed when its streams are made, so asked once.
    pub(crate) clock_kind: ClockKind,
    pub(crate) key: Option<KeyEncryptionKey>,
    pub(crate) next_runs: Arc<dyn NextRuns>,
    pub(crate) adopted: Adopted,
    pub(crate) recent: Recent,
    pub(crate) heard_by: HeardBy,
    pub(crate) lookout: Lookout,
    pub(crate) restricted: RestrictedFacts,
    pub(crate) wait_max: Duration,
    pub(crate) request_ms_max: u64,
}

impl<S: Store, L: Log> Api<S, L> {
    pub(crate) fn new(
        config: &Config,
        store: S,
        log: L,
        clock: Arc<dyn Clock>,
        clock_kind: ClockKind,
        key: Option<KeyEncryptionKey>,
    ) -> Self {
        Self {
            store,
            log,
            clock,
            clock_kind,
            key,
            next_runs: Arc::new(MemNextRuns::default()),
            adopted: Adopted::default(),
            recent: Recent::default(),
            heard_by: HeardBy::default(),
            lookout: Lookout::default(),
            restricted: config.restricted,
            wait_max: Duration::from_millis(config.wait_ms_max),
            request_ms_max: config.request_ms_max,
        }
    }

    /// Answers within the time a request may take, or says why not.
    pub(crate) async fn answer<T>(
        &self,
        method: &'static str,
        answering: impl Future<Output = Result<T, Refusal>> + Send,
    ) -> Result<Response<T>, Status> {
        let ms_max = self.request_ms_max;
        let answer = match tokio::time::timeout(Duration::from_millis(ms_max), answering).await {
            Ok(answer) => answer,
            Err(_) => Err(Refusal::TimedOut { ms_max }),
        };
        answer
            .map(Response::new)
            .map_err(|refusal| refusal.into_status(method))
    }
}

#[async_trait]
impl<S: Store, L: Log> TeacherService for Api<S, L> {
    async fn get_teacher(
        &self,
        request: Request<GetTeacherRequest>,
    ) -> Result<Response<GetTeacherResponse>, Status> {
        self.answer("GetTeacher", self.get(request.into_inner())).await
    }

    async fn batch_get_teachers(
        &self,
        request: Request<BatchGetTeachersRequest>,
    ) -> Result<Response<BatchGetTeachersResponse>, Status> {
        self.answer("BatchGetTeachers", self.batch_get(request.into_inner()))
            .await
    }

    async fn lookup_teacher(
        &self,
        request: Request<LookupTeacherRequest>,
    ) -> Result<Response<LookupTeacherResponse>, Status> {
        self.answer("LookupTeacher", self.lookup(request.into_inner()))
            .await
    }

    async fn list_teacher_history(
        &self,
        request: Request<ListTeacherHistoryRequest>,
    ) -> Result<Response<ListTeacherHistoryResponse>, Status> {
        self.answer("ListTeacherHistory", self.list_history(request.into_inner()))
            .await
    }
    async fn explain_teacher(
        &self,
        request: Request<ExplainTeacherRequest>,
    ) -> Result<Response<ExplainTeacherResponse>, Status> {
        self.answer("ExplainTeacher", self.explain(request.into_inner()))
            .await
    }

    async fn list_source_of_truth_changes(
        &self,
        request: Request<ListSourceOfTruthChangesRequest>,
    ) -> Result<Response<ListSourceOfTruthChangesResponse>, Status> {
        self.answer(
            "ListSourceOfTruthChanges",
            self.list_sources(request.into_inner()),
        )
        .await
    }

    async fn diff_teacher(
        &self,
        request: Request<DiffTeacherRequest>,
    ) -> Result<Response<DiffTeacherResponse>, Status> {
        self.answer("DiffTeacher", self.diff(request.into_inner())).await
    }
}
