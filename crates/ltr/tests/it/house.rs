//! What the tests share: servers of their own, the real command on them, and a look at what is there afterwards.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use ltr_devservers::{NatsServer, Options as ServerOptions, PostgresServer, Servers};
use ltr_log_nats::{NatsLog, Options};
use ltr_ports::log::{ClockKind, Log, LogReader, StoredMessage, Stream};
use ltr_ports::store::Store;
use ltr_store_pg::PgStore;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::sync::OnceCell;
use tokio::time::{Instant, interval, timeout_at};

/// The key that every test's values are sealed under.
pub(crate) const KEK: [u8; 32] = [7; 32];

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A log and a database of one's own, and a folder for files.
pub(crate) struct House {
    pub(crate) nats: NatsServer,
    pub(crate) nats_url: String,
    pub(crate) database_url: String,
    pub(crate) folder: TempDir,
}

/// A command that has ended. Debug output shows the end of what it printed.
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl House {
    /// With a simulated log.
    pub(crate) async fn simulated() -> Self {
        Self::of(ClockKind::Simulated).await
    }

    /// With a log of that clock, and a database of this process's PostgreSQL server.
    pub(crate) async fn of(clock: ClockKind) -> Self {
        static POSTGRES: OnceCell<PostgresServer> = OnceCell::const_new();
        let start = || async {
            PostgresServer::start(&ServerOptions::in_workspace())
                .await
                .expect("PostgreSQL starts")
        };
        let postgres = POSTGRES.get_or_init(start).await;
        let database_url = postgres
            .fresh_database("ltr_it")
            .await
            .expect("a database can be made");
        Self::on(clock, database_url).await
    }

    /// With a log of that clock, and that database.
    pub(crate) async fn on(clock: ClockKind, database_url: String) -> Self {
        let nats = Servers::start_nats_only(own_servers())
            .await
            .expect("NATS starts");
        let nats_url = nats.url().to_owned();
        NatsLog::open(Options::new(&nats_url).creating(clock))
            .await
            .expect("the streams are made");
        ltr_store_pg::migrate(&database_url)
            .await
            .expect("the tables are made");
        let folder = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o755))
            .tempdir()
            .expect("there is a temporary folder");
        std::fs::write(folder.path().join("kek"), ltr_proto::hex::encode(&KEK)).expect("the folder is ours");
        Self {
            nats,
            nats_url,
            database_url,
            folder,
        }
    }

    /// The real command with these servers in its environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare_command(arguments);
        command
            .env("LTR_NATS_URL", &self.nats_url)
            .env("LTR_DATABASE_URL", &self.database_url)
            .env("LTR_KEK_FILE", self.folder.path().join("kek"))
            .env("HOME", self.folder.path());
        command
    }

    /// Runs the command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments)).await
    }

    /// Runs the command, which must succeed.
    pub(crate) async fn done(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments).await;
        assert!(ran.status.success(), "ltr {arguments:?}: {ran:?}");
        ran
    }

    /// Writes rows as NDJSON.
    pub(crate) fn file(&self, name: &str, rows: &[Value]) -> PathBuf {
        let path = self.folder.path().join(name);
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        std::fs::write(&path, lines).expect("the folder is ours");
        path
    }

    /// Ingests rows of a feed, named `source/feed`, and gives the report.
    pub(crate) async fn ingest(&self, feed: &str, taken_at: &str, rows: &[Value]) -> Value {
        let path = self.file("rows.ndjson", rows);
        self.ingest_file(feed, taken_at, &path).await
    }

    /// Ingests a file and gives the report.
    pub(crate) async fn ingest_file(&self, feed: &str, taken_at: &str, path: &Path) -> Value {
        self.done(&ingest_arguments(feed, taken_at, path)).await.json()
    }

    /// Projects everything that is on the log now.
    pub(crate) async fn project(&self) {
        self.done(&["project", "--until-head"]).await;
    }

    /// What `ltr teacher show --json` says.
    pub(crate) async fn show(&self, id: &str) -> Value {
        self.done(&["teacher", "show", id, "--json"]).await.json()
    }

    /// Checks that `ltr log verify` finds nothing, the store's cursor included.
    pub(crate) async fn verify(&self) {
        let report = self.done(&["log", "verify", "--json"]).await.json();
        assert_eq!(report["faults"], serde_json::json!([]));
        assert_eq!(report["cursor_checked"], true);
    }

    pub(crate) async fn log(&self) -> NatsLog {
        NatsLog::connect(&self.nats_url).await.expect("the log is there")
    }

    pub(crate) async fn store(&self) -> PgStore {
        PgStore::connect(ltr_store_pg::Config::new(&self.database_url))
            .await
            .expect("the store is there")
    }

    /// Starts `ltr serve` on a free port; gives its address.
    pub(crate) async fn serve(&self, more: &[&str]) -> (Running, String) {
        let arguments: Vec<&str> = ["serve", "--grpc-address", "127.0.0.1:0"]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let mut running = Running::start(self.command(&arguments));
        let line = running.says("serving gRPC on ").await;
        let address = line.rsplit(' ').next().unwrap_or_default().to_owned();
        (running, address)
    }
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |text: &str| {
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(40)..].join("\n")
        };
        write!(
            f,
            "{}\nstdout:\n{}\nstderr:\n{}",
            self.status,
            end(&self.stdout),
            end(&self.stderr)
        )
    }
}

impl Ran {
    /// The last line of standard output, which is JSON.
    pub(crate) fn json(&self) -> Value {
        let last = self.stdout.lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Every line of standard output, which are JSON.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.stdout.lines().map(read).collect()
    }

    /// All that it printed.
    pub(crate) fn printed(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }
}

/// A command that runs; killed when this is dropped. What it prints goes to files, so that it never waits for us.
pub(crate) struct Running {
    pub(crate) child: Child,
    output: TempDir,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let output = tempfile::tempdir().expect("there is a temporary folder");
        let file = |name: &str| std::fs::File::create(output.path().join(name)).expect("the folder is ours");
        command
            .stdin(Stdio::null())
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .kill_on_drop(true);
        Self {
            child: command.spawn().expect("the command starts"),
            output,
        }
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.output.path().join(name)).unwrap_or_default()
    }

    /// Waits for a whole line with `text` on either output.
    pub(crate) async fn says(&mut self, text: &str) -> String {
        let what = format!("a line with {text:?}");
        until(&what, async || {
            let all = self.read("stdout") + &self.read("stderr");
            if let Some(ended) = self.child.try_wait().expect("the child is ours") {
                panic!("it ended with {ended} without saying {text:?}: {all}");
            }
            all.split_inclusive('\n')
                .find(|line| line.contains(text) && line.ends_with('\n'))
                .map(|line| line.trim_end().to_owned())
        })
        .await
    }

    pub(crate) fn pid(&self) -> String {
        self.child.id().expect("it is not waited for yet").to_string()
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = std::process::Command::new("kill")
            .args([&format!("-{name}"), &self.pid()])
            .status();
        assert!(sent.expect("every system has kill").success());
    }

    /// Kills it with SIGKILL.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("the child is ours");
    }

    /// Asks it to stop and waits for its end.
    pub(crate) async fn stop(self) -> Ran {
        self.signal("TERM");
        self.ended().await
    }

    /// Waits for its end.
    pub(crate) async fn ended(mut self) -> Ran {
        let status = timeout_at(Instant::now() + PATIENCE, self.child.wait())
            .await
            .expect("it ends in time")
            .expect("the child is ours");
        Ran {
            status,
            stdout: self.read("stdout"),
            stderr: self.read("stderr"),
        }
    }
}

/// Options for servers of one's own, even where the environment names some.
pub(crate) fn own_servers() -> ServerOptions {
    let mut options = ServerOptions::in_workspace();
    options.search.nats_url = None;
    options.search.database_url = None;
    options
}

/// The real command, with nothing of ours in its environment.
pub(crate) fn bare_command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ltr"));
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LTR_") {
            command.env_remove(&name);
        }
    }
    // Servers may be found in the environment of the tests; what they are made of must be found by children too.
    if let Some(bin) = std::env::var_os("LTR_POSTGRES_BIN") {
        command.env("LTR_POSTGRES_BIN", bin);
    }
    command
}

/// Runs a command to its end.
pub(crate) async fn finish(mut command: Command) -> Ran {
    let output = command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("the command starts");
    Ran {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Asks again and again until there is an answer; fails after a minute.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    let mut tick = interval(Duration::from_millis(2));
    loop {
        tick.tick().await;
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
    }
}

/// How a file of a feed, named `source/feed`, is ingested with a report.
pub(crate) fn ingest_arguments<'a>(feed: &'a str, taken_at: &'a str, path: &'a Path) -> [&'a str; 10] {
    let (source, feed) = feed.split_once('/').expect("source/feed");
    let path = path.to_str().expect("our paths are text");
    [
        "ingest",
        "file",
        "--source",
        source,
        "--feed",
        feed,
        "--taken-at",
        taken_at,
        "--json",
        path,
    ]
}

/// Every message of a stream, in order.
pub(crate) async fn messages<L: Log>(log: &L, stream: Stream) -> Vec<StoredMessage> {
    let facts = log.facts(stream).await.expect("the stream is there");
    let mut all: Vec<StoredMessage> = Vec::new();
    if facts.messages == 0 {
        return all;
    }
    let mut reader = log.reader(stream, 1, None).await.expect("it can be read");
    while all.last().map_or(0, |last| last.sequence) < facts.last_sequence {
        let next = reader.next(5_000, 10_000).await.expect("it can be read");
        assert!(!next.is_empty(), "{stream} ends early");
        all.extend(next);
    }
    all
}

/// How far the store is.
pub(crate) async fn projected(store: &PgStore) -> u64 {
    let cursor = store.checkpoint().await.expect("the store answers");
    cursor.map_or(0, |cursor| cursor.sequence)
}

/// `host:port` of an address.
pub(crate) fn place_of(url: &str) -> String {
    let rest = url.split("://").last().unwrap_or_default();
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}
