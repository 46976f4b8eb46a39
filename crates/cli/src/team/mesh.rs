//! Connects each process with every other one, within a limit of time.
//!
//! A process calls those before it, and is called by those behind it. A call begins with a greeting, and the other one answers
//! with a byte. Whoever calls and does not know the greeting is not answered.
//!
//! The processes of one machine are started by the first. Each tells the port that it listens at on its standard output, and
//! reads the ports of all, with a secret that goes into the greeting, on its standard input.

use crate::files;
use crate::stop::Stop;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Between two looks whether somebody calls, or answers.
const NAP: Duration = Duration::from_millis(10);

/// The connections of a process.
pub struct Mesh {
    pub index: usize,
    /// To each process; none to itself.
    pub sockets: Vec<Option<TcpStream>>,
    /// The processes that this one has started, by index; none for itself.
    pub children: Vec<Option<Child>>,
    /// Whether each process has a terminal, or a log, of its own.
    pub apart: bool,
}

/// Waits a moment. Sockets and processes of the standard library can be asked, and do not wake who asks.
#[expect(clippy::disallowed_methods, reason = "each loop that naps has an end in time, and is no test")]
pub fn nap() {
    std::thread::sleep(NAP);
}

fn refused(what: &str, why: impl std::fmt::Display) -> Stop {
    Stop::Refused(format!("{what}: {why}"))
}

/// Starts so many processes less one, with the arguments of this one.
pub fn on_this_machine(count: usize, patience: Duration) -> Result<Mesh, Stop> {
    let late = Instant::now() + patience;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = listener.map_err(|why| refused("no port can be had", why))?;
    let own = listener.local_addr().map_err(|why| refused("no port can be had", why))?.port();
    let mut children = vec![None];
    let mut ports = vec![own];
    for index in 1..count {
        let mut child =
            start(index).map_err(|why| refused(&format!("process {index} can't be started"), why))?;
        ports.push(port_of(&mut child, late).map_err(|why| refused(&format!("process {index}"), why))?);
        children.push(Some(child));
    }
    let secret = RandomState::new().hash_one(own);
    let told: Vec<String> = ports.iter().map(u16::to_string).collect();
    let told = format!("{secret} {}\n", told.join(" "));
    for (index, child) in children.iter_mut().enumerate() {
        let Some(input) = child.as_mut().and_then(|child| child.stdin.take()) else { continue };
        let mut input = input;
        input.write_all(told.as_bytes()).map_err(|why| refused(&format!("process {index}"), why))?;
    }
    let sockets = connect(0, &addresses(&ports), &listener, secret, late)?;
    Ok(Mesh { index: 0, sockets, children, apart: false })
}

fn start(index: usize) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).arg("--member").arg(index.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
}

/// The port that a process tells.
fn port_of(child: &mut Child, late: Instant) -> Result<u16, String> {
    let output = child.stdout.take().ok_or("it has no output")?;
    let (sender, receiver) = channel();
    // Whoever reads can't stop reading. The thread ends with the process that it reads from.
    std::thread::spawn(move || {
        let mut line = String::new();
        let _ = BufReader::new(output).read_line(&mut line);
        let _ = sender.send(line);
    });
    let line = receiver.recv_timeout(late - Instant::now()).map_err(|_| "it does not begin")?;
    line.trim().parse().map_err(|_| "it ended before it began".to_owned())
}

fn addresses(ports: &[u16]) -> Vec<SocketAddr> {
    ports.iter().map(|&port| (Ipv4Addr::LOCALHOST, port).into()).collect()
}

/// Joins the processes of this machine, as one that was started.
pub fn as_member(index: usize, count: usize, patience: Duration) -> Result<Mesh, Stop> {
    let late = Instant::now() + patience;
    let broken = |why: &str| refused("--member is for processes that --processes starts", why);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|why| broken(&why.to_string()))?;
    let own = listener.local_addr().map_err(|why| broken(&why.to_string()))?.port();
    let mut out = io::stdout();
    writeln!(out, "{own}").and_then(|()| out.flush()).map_err(|why| broken(&why.to_string()))?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|why| broken(&why.to_string()))?;
    let mut words = line.split_whitespace();
    let secret = words.next().and_then(|word| word.parse().ok()).ok_or_else(|| broken("nothing was told"))?;
    let ports: Vec<u16> = words.filter_map(|word| word.parse().ok()).collect();
    if ports.len() != count || ports.get(index) != Some(&own) {
        return Err(broken("other ports were told"));
    }
    let sockets = connect(index, &addresses(&ports), &listener, secret, late)?;
    Ok(Mesh { index, sockets, children: Vec::new(), apart: false })
}

/// Joins processes on other machines.
pub fn across_hosts(file: &Path, index: usize, patience: Duration) -> Result<Mesh, Stop> {
    let late = Instant::now() + patience;
    let text = files::read(file)?;
    let name = files::shown(file);
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let hosts: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    if hosts.len() > 256 || index >= hosts.len() {
        let why = format!("it names {} processes, so --process is less than that", hosts.len());
        return Err(refused(
            &name,
            if hosts.len() > 256 { "it names more than 256 processes" } else { &why },
        ));
    }
    let address = |host: &&str| {
        let mut found = host.to_socket_addrs().map_err(|why| refused(&format!("{name}: {host}"), why))?;
        found.next().ok_or_else(|| refused(&format!("{name}: {host}"), "it has no address"))
    };
    let addresses = hosts.iter().map(address).collect::<Result<Vec<SocketAddr>, Stop>>()?;
    let listener = TcpListener::bind(addresses[index])
        .map_err(|why| refused(&format!("process {index} can't listen at {}", hosts[index]), why))?;
    // It keeps strangers out by accident only, and processes of other versions.
    let greeting = format!("{} {} {text}", env!("CARGO_PKG_VERSION"), machine::MODEL);
    let greeting =
        greeting.bytes().fold(0, |sum: u64, byte| sum.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte));
    let sockets = connect(index, &addresses, &listener, greeting, late)?;
    Ok(Mesh { index, sockets, children: Vec::new(), apart: true })
}

/// Calls those before, and waits for those behind.
fn connect(
    index: usize,
    addresses: &[SocketAddr],
    listener: &TcpListener,
    greeting: u64,
    late: Instant,
) -> Result<Vec<Option<TcpStream>>, Stop> {
    let mut sockets: Vec<Option<TcpStream>> = addresses.iter().map(|_| None).collect();
    for (other, address) in addresses[..index].iter().enumerate() {
        let called = call(*address, greeting, index, late);
        sockets[other] = Some(
            called.map_err(|why| refused(&format!("process {other} at {address} does not answer"), why))?,
        );
    }
    listener.set_nonblocking(true).map_err(|why| refused("no port can be had", why))?;
    while let Some(missing) = (index + 1..sockets.len()).find(|&other| sockets[other].is_none()) {
        if Instant::now() > late {
            return Err(refused(
                "the processes can't be connected",
                format!("process {missing} has not called"),
            ));
        }
        match listener.accept() {
            Ok((stream, _)) => {
                if let Ok((other, stream)) = answer(stream, greeting)
                    && other > index
                    && sockets.get(other).is_some_and(Option::is_none)
                {
                    sockets[other] = Some(stream);
                }
            }
            Err(why) if why.kind() == io::ErrorKind::WouldBlock => nap(),
            Err(why) => return Err(refused("the processes can't be connected", why)),
        }
    }
    Ok(sockets)
}

/// Calls until somebody answers.
fn call(address: SocketAddr, greeting: u64, index: usize, late: Instant) -> io::Result<TcpStream> {
    loop {
        let left = late.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let called = TcpStream::connect_timeout(&address, left).and_then(|mut stream| {
            stream.set_nodelay(true)?;
            stream.write_all(&greeting.to_le_bytes())?;
            stream.write_all(&(index as u64).to_le_bytes())?;
            stream.set_read_timeout(Some(left))?;
            stream.read_exact(&mut [0])?;
            stream.set_read_timeout(None)?;
            Ok(stream)
        });
        match called {
            Ok(stream) => return Ok(stream),
            // It may not have begun to listen.
            Err(why) if why.kind() == io::ErrorKind::ConnectionRefused => nap(),
            Err(why) => return Err(why),
        }
    }
}

/// Answers a call, if it is one of ours: who calls.
fn answer(mut stream: TcpStream, greeting: u64) -> io::Result<(usize, TcpStream)> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut said = [[0; 8]; 2];
    stream.read_exact(&mut said[0])?;
    stream.read_exact(&mut said[1])?;
    let [theirs, index] = said.map(u64::from_le_bytes);
    if theirs != greeting {
        return Err(io::ErrorKind::InvalidData.into());
    }
    stream.write_all(&[1])?;
    stream.set_read_timeout(None)?;
    Ok((usize::try_from(index).unwrap_or(usize::MAX), stream))
}
