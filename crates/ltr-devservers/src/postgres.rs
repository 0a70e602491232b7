//! A private PostgreSQL server on TCP alone, run as an unprivileged user when we are root.

use std::fs;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use crate::instance::{Instance, PORTS_TRIED_MAX, READY_WITHIN};
use crate::locate::{self, Wanted, locate, named};
use crate::postgres::databases::Databases;
use crate::process::POLL;
use crate::search::{Found, Origin};
use crate::user::{User, reachable};
use crate::{Options, ServersError, blocking, port, url};

mod databases;

/// The settings of every development server beyond the defaults.
const CONFIGURATION: &str = include_str!("../../../deploy/postgres/server.conf");

/// The superuser of a private server.
const SUPERUSER: &str = "ltr_admin";

/// A PostgreSQL server: a private one, which ends when this is dropped, or one named in the environment.
///
/// A private server trusts every connection on loopback and holds nothing but made-up data.
#[derive(Debug)]
pub struct PostgresServer {
    url: String,
    found: Found,
    databases: Databases,
    private: Option<Private>,
}

#[derive(Debug)]
struct Private {
    instance: Instance,
    program: PathBuf,
    user: User,
    port: u16,
}

impl PostgresServer {
    /// Starts a private server and loads the roles, or asks the one named in the environment whether it will do.
    pub async fn start(options: &Options) -> Result<Self, ServersError> {
        if let Some(url) = &options.search.database_url {
            return Self::running(url).await;
        }
        let options = options.clone();
        let (found, instance, user) = blocking(move || prepare(&options)).await?;
        let program = found
            .program()
            .expect("a located program lies somewhere")
            .to_path_buf();
        let mut private = Private {
            instance,
            program,
            user,
            port: 0,
        };
        for attempt in 1.. {
            private.port = port::free();
            match private.run().await {
                Ok(()) => break,
                Err(ServersError::Ended { .. }) if attempt < PORTS_TRIED_MAX => {}
                Err(error) => return Err(error),
            }
        }
        let server = Self {
            url: private.url(),
            found,
            databases: Databases::at(&private.url()),
            private: Some(private),
        };
        server.databases.load_roles("postgres").await?;
        Ok(server)
    }

    async fn running(url: &str) -> Result<Self, ServersError> {
        let databases = Databases::at(url);
        let version = databases.version().await?;
        if version < locate::POSTGRES.minimum {
            return Err(ServersError::Unsuitable {
                variable: "LTR_DATABASE_URL",
                value: url::without_password(url),
                problem: format!(
                    "is version {version}, older than {}",
                    locate::POSTGRES.minimum_text
                ),
            });
        }
        let origin = Origin::Running(url::without_password(url));
        let found = Found {
            origin,
            version,
            remarks: Vec::new(),
        };
        Ok(Self {
            url: url.to_owned(),
            found,
            databases,
            private: None,
        })
    }

    /// The address of its first database as superuser, such as `postgres://ltr_admin@127.0.0.1:20418/postgres`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which program or server it is.
    #[must_use]
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// The process of a private server, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.private.as_ref().and_then(|private| private.instance.pid())
    }

    /// The directory of a private server: its log and data.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        self.private.as_ref().map(|private| private.instance.path())
    }

    /// Makes one more database, whose name begins with `name` and is new on the server, loads the roles' rights
    /// into it and gives its address. Sessions there act as `ltr_owner`; see [`crate::url_as`] for the others.
    pub async fn fresh_database(&self, name: &str) -> Result<String, ServersError> {
        self.databases.fresh(name).await
    }

    /// Kills a private server with SIGKILL, as a crash would; its children notice and follow.
    pub fn kill(&mut self) -> Result<(), ServersError> {
        self.private()?.instance.kill();
        Ok(())
    }

    /// Starts a private server again on the same port and data, ending it in order first if it still runs.
    pub async fn restart(&mut self) -> Result<(), ServersError> {
        let private = self.private()?;
        private.instance.end().await;
        // After a crash the children of the old server may hold its memory for a moment; it will not start before.
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            match private.run().await {
                Err(ServersError::Ended { .. }) if Instant::now() < deadline => sleep(POLL).await,
                other => return other,
            }
        }
    }

    /// Ends a private server in order and removes its directory; drops the databases made on another's.
    pub async fn stop(mut self) {
        match &mut self.private {
            Some(private) => private.instance.end().await,
            None => self.databases.drop_all().await,
        }
    }

    fn private(&mut self) -> Result<&mut Private, ServersError> {
        let not_ours = ServersError::NotOurs {
            server: "the PostgreSQL server",
            variable: "LTR_DATABASE_URL",
        };
        self.private.as_mut().ok_or(not_ours)
    }
}

impl Private {
    fn url(&self) -> String {
        format!(
            "postgres://{SUPERUSER}@{}:{}/postgres",
            Ipv4Addr::LOCALHOST,
            self.port
        )
    }

    /// Starts the server on its port and waits until it answers as itself.
    async fn run(&mut self) -> Result<(), ServersError> {
        let data = data_in(self.instance.path());
        let mut command = self.user.command(&self.program);
        command
            .arg("-D")
            .arg(&data)
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        // The usual directory of the socket belongs to another user, and TCP is what production uses.
        command.args(["-c", "unix_socket_directories=", "-c", "max_connections=200"]);
        self.instance.run(command)?;

        let deadline = Instant::now() + READY_WITHIN;
        let databases = Databases::at(&self.url());
        while Instant::now() < deadline {
            self.instance.check_running()?;
            // Another's server on the same port has its data elsewhere.
            let answer = timeout(Duration::from_secs(2), databases.data_directory()).await;
            if matches!(answer, Ok(Ok(directory)) if Path::new(&directory) == data) {
                return Ok(());
            }
            sleep(POLL).await;
        }
        Err(self.instance.silent(self.port))
    }
}

fn data_in(home: &Path) -> PathBuf {
    home.join("data")
}

/// Everything before the first start.
fn prepare(options: &Options) -> Result<(Found, Instance, User), ServersError> {
    let user = User::without_root();
    let wanted: &Wanted = &locate::POSTGRES;
    let mut found = match &options.search.postgres_bin {
        Some(directory) => named(wanted, directory, user)?,
        None => locate(wanted, &options.search, user, &options.tools)?,
    };
    let base = reachable(&options.base, user)?;
    let (instance, swept) = Instance::claim(&base, options)?;
    found.remarks.extend(swept);
    let data = data_in(instance.path());
    fs::create_dir(&data).map_err(ServersError::io("create the directory", &data))?;
    user.take(&data)
        .map_err(ServersError::io("give PostgreSQL its directory", &data))?;
    let program = found.program().expect("a located program lies somewhere");
    initialise(user.command(&program.with_file_name("initdb")), &data)?;
    configure(&data.join("postgresql.conf"))?;
    Ok((found, instance, user))
}

/// Adds the settings to those that initdb wrote. Of two for one parameter the last counts.
fn configure(file: &Path) -> Result<(), ServersError> {
    let opened = fs::OpenOptions::new().append(true).open(file);
    opened
        .and_then(|mut opened| opened.write_all(CONFIGURATION.as_bytes()))
        .map_err(ServersError::io("write", file))
}

fn initialise(mut initdb: Command, data: &Path) -> Result<(), ServersError> {
    let program = PathBuf::from(initdb.get_program());
    initdb.arg("-D").arg(data).args([
        "-U",
        SUPERUSER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]);
    let output = initdb.output().map_err(ServersError::io("start", &program))?;
    if output.status.success() {
        return Ok(());
    }
    let last_words = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(ServersError::Ended {
        program: program.display().to_string(),
        status: output.status,
        last_words,
    })
}
