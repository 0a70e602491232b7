//! A private NATS server with JetStream, always synced.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::instance::{Instance, PORTS_TRIED_MAX, READY_WITHIN};
use crate::locate::{self, locate};
use crate::process::POLL;
use crate::search::{Found, Origin, Version};
use crate::user::{User, reachable};
use crate::{Options, ServersError, blocking, port, url};

/// The configuration of every development server; port and directory come from the command line.
const CONFIGURATION: &str = include_str!("../../../deploy/nats.conf");

const CONFIGURATION_NAME: &str = "nats.conf";

/// The first line of a server is about 500 bytes; more than this is no NATS server.
const INFO_BYTES_MAX: u64 = 64 * 1024;

/// A NATS server: a private one, which ends when this is dropped, or one named in the environment.
#[derive(Debug)]
pub struct NatsServer {
    url: String,
    found: Found,
    private: Option<Private>,
}

#[derive(Debug)]
struct Private {
    instance: Instance,
    program: PathBuf,
    port: u16,
}

impl NatsServer {
    /// Starts a private server, or asks the one named in the environment whether it will do.
    pub async fn start(options: &Options) -> Result<Self, ServersError> {
        if let Some(url) = &options.search.nats_url {
            return Self::running(url).await;
        }
        let options = options.clone();
        let (found, instance) = blocking(move || prepare(&options)).await?;
        let program = found
            .program()
            .expect("a located program lies somewhere")
            .to_path_buf();
        let mut private = Private {
            instance,
            program,
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
        let url = format!("nats://{}:{}", Ipv4Addr::LOCALHOST, private.port);
        Ok(Self {
            url,
            found,
            private: Some(private),
        })
    }

    async fn running(url: &str) -> Result<Self, ServersError> {
        let told = |source| ServersError::AskNats {
            url: url::without_password(url),
            source,
        };
        let address =
            url::host_and_port(url, 4222).ok_or_else(|| told(io::ErrorKind::InvalidInput.into()))?;
        let info = ask(&address).await.map_err(told)?;
        if info.version < locate::NATS.minimum {
            return Err(ServersError::Unsuitable {
                variable: "LTR_NATS_URL",
                value: url::without_password(url),
                problem: format!(
                    "is version {}, older than {}",
                    info.version,
                    locate::NATS.minimum_text
                ),
            });
        }
        let origin = Origin::Running(url::without_password(url));
        let found = Found {
            origin,
            version: info.version,
            remarks: Vec::new(),
        };
        Ok(Self {
            url: url.to_owned(),
            found,
            private: None,
        })
    }

    /// Its address, such as `nats://127.0.0.1:20417`.
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

    /// The directory of a private server: its log, configuration and data.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        self.private.as_ref().map(|private| private.instance.path())
    }

    /// Kills a private server with SIGKILL, as a crash would.
    pub fn kill(&mut self) -> Result<(), ServersError> {
        self.private()?.instance.kill();
        Ok(())
    }

    /// Starts a private server again on the same port and data, ending it in order first if it still runs.
    pub async fn restart(&mut self) -> Result<(), ServersError> {
        let private = self.private()?;
        private.instance.end().await;
        private.run().await
    }

    /// Ends a private server in order and removes its directory.
    pub async fn stop(mut self) {
        if let Some(private) = &mut self.private {
            private.instance.end().await;
        }
    }

    fn private(&mut self) -> Result<&mut Private, ServersError> {
        self.private.as_mut().ok_or(ServersError::NotOurs {
            server: "the NATS server",
            variable: "LTR_NATS_URL",
        })
    }
}

impl Private {
    /// Starts the server on its port and waits until it answers as itself.
    async fn run(&mut self) -> Result<(), ServersError> {
        let (program, home) = (&self.program, self.instance.path());
        let mut command = Command::new(program);
        command
            .arg("-c")
            .arg(home.join(CONFIGURATION_NAME))
            .arg("-sd")
            .arg(home.join("data"));
        command.args(["-p", &self.port.to_string(), "-n", &self.name()]);
        command.current_dir("/").stdin(Stdio::null());
        self.instance.run(command)?;

        let deadline = Instant::now() + READY_WITHIN;
        let address = format!("{}:{}", Ipv4Addr::LOCALHOST, self.port);
        while Instant::now() < deadline {
            self.instance.check_running()?;
            // Another's server on the same port has another name.
            if ask(&address)
                .await
                .is_ok_and(|info| info.server_name == self.name())
            {
                return Ok(());
            }
            sleep(POLL).await;
        }
        Err(self.instance.silent(self.port))
    }

    fn name(&self) -> String {
        let home = self.instance.path().file_name().unwrap_or_default();
        format!("ltr-{}", home.to_string_lossy())
    }
}

/// Everything before the first start.
fn prepare(options: &Options) -> Result<(Found, Instance), ServersError> {
    let mut found = locate(&locate::NATS, &options.search, User::Ours, &options.tools)?;
    let base = reachable(&options.base, User::Ours)?;
    let (instance, swept) = Instance::claim(&base, options)?;
    found.remarks.extend(swept);
    let configuration = instance.path().join(CONFIGURATION_NAME);
    fs::write(&configuration, CONFIGURATION).map_err(ServersError::io("write", &configuration))?;
    Ok((found, instance))
}

/// What a server says of itself in its first line.
struct Info {
    server_name: String,
    version: Version,
}

async fn ask(address: &str) -> io::Result<Info> {
    let answer = timeout(Duration::from_secs(2), async {
        let stream = TcpStream::connect(address).await?;
        let mut line = String::new();
        BufReader::new(stream.take(INFO_BYTES_MAX))
            .read_line(&mut line)
            .await?;
        Ok::<_, io::Error>(line)
    });
    let line = answer.await??;
    parse(&line).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "its first line is not that of a NATS server",
        )
    })
}

fn parse(line: &str) -> Option<Info> {
    let json: serde_json::Value = serde_json::from_str(line.strip_prefix("INFO ")?.trim()).ok()?;
    let server_name = json["server_name"].as_str().unwrap_or_default().to_owned();
    Some(Info {
        server_name,
        version: Version::first_in(json["version"].as_str()?)?,
    })
}
