//! The dataflow on timely that carries letters between processes, and what watches its connections.
//!
//! There is one worker in each process. A letter is a record with the process that it goes to, which routes it. Each exchange
//! of letters has a timestamp of its own: timely's progress tracking says when all letters of a timestamp have arrived.

use super::levels::Levels;
use super::mesh::{self, Mesh};
use crate::stop::{LOST, Status, say};
use explore::Team;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, ExitStatus};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use timely::WorkerConfig;
use timely::communication::Allocator;
use timely::communication::Hooks;
use timely::communication::allocator::ProcessBuilder;
use timely::communication::allocator::zero_copy::initialize::{
    CommsGuard, initialize_networking_from_sockets,
};
use timely::communication::allocator::zero_copy::stream::Stream;
use timely::dataflow::operators::{Exchange, Input, Inspect, Probe};
use timely::dataflow::{InputHandle, ProbeHandle};
use timely::worker::Worker;

/// To which process, from which, in which exchange, and what.
type Letter = (u64, u64, u64, Vec<u8>);

/// By exchange and sender.
type Arrived = Rc<RefCell<BTreeMap<(u64, u64), Vec<u8>>>>;

/// How long a process waits for news before it looks at the time.
const LOOK: Duration = Duration::from_millis(100);

/// How long after its connections a process may end.
const ENDING: Duration = Duration::from_secs(2);

/// The letters of this process.
pub struct Flow {
    worker: Worker,
    input: InputHandle<u64, timely::container::CapacityContainerBuilder<Vec<Letter>>>,
    probe: ProbeHandle<u64>,
    /// Letters by the exchange that they belong to and their sender: a fast process is one exchange ahead.
    arrived: Arrived,
    _guard: CommsGuard,
    watch: Arc<Watch>,
    patience: Duration,
    index: usize,
    size: usize,
    levels: Option<Levels>,
    /// A hash of what the present searches are about. Levels are kept under it.
    text: u64,
    /// A hash of that and of all else that the present searches depend on: all processes have the same one.
    subject: u64,
}

impl Flow {
    pub fn new(mesh: Mesh, patience: Duration, levels: Option<Levels>) -> io::Result<Flow> {
        let Mesh { index, sockets, children, apart } = mesh;
        let size = sockets.len();
        let watch = Arc::new(Watch {
            ending: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            children: Mutex::new(children),
            tells: apart || index == 0,
            keeps: levels.is_some(),
            size,
        });
        let watched = |(peer, stream): (usize, Option<TcpStream>)| {
            stream.map(|stream| Watched { stream, peer, watch: watch.clone() })
        };
        let sockets: Vec<Option<Watched>> = sockets.into_iter().enumerate().map(watched).collect();
        let hooks = Hooks::default();
        let inner = ProcessBuilder::new_bytes_vector(1, hooks.refill.clone(), None);
        let (mut builders, guard) = initialize_networking_from_sockets(inner, sockets, index, 1, hooks)?;
        let builder = builders.pop().ok_or(io::ErrorKind::NotConnected)?;
        let allocator = Allocator::Tcp(builder.build());
        let mut worker = Worker::new(WorkerConfig::default(), allocator, None);
        let arrived = Arrived::default();
        let mut input = InputHandle::new();
        let probe = ProbeHandle::new();
        worker.dataflow(|scope| {
            let arrived = arrived.clone();
            scope
                .input_from(&mut input)
                .container::<Vec<Letter>>()
                .exchange(|letter: &Letter| letter.0)
                .inspect(move |(_, from, exchange, letter)| {
                    arrived.borrow_mut().insert((*exchange, *from), letter.clone());
                })
                .probe_with(&probe);
        });
        Ok(Flow {
            worker,
            input,
            probe,
            arrived,
            _guard: guard,
            watch,
            patience,
            index,
            size,
            levels,
            text: 0,
            subject: 0,
        })
    }

    /// The searches from now on are about this, within these limits.
    pub fn about(&mut self, subject: &str, limits: &str) {
        let hash = |text: String| {
            text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
            })
        };
        let text = format!("{} {} {subject}", env!("CARGO_PKG_VERSION"), machine::MODEL);
        self.subject = hash(format!("{text} {limits}"));
        self.text = hash(text);
    }

    /// The last exchange.
    pub fn part(whole: &Rc<RefCell<Flow>>) {
        Flow::leave(whole);
        whole.borrow_mut().last();
    }

    /// From now on a connection that closes is no loss. What timely has is left to the end of the process: it would wait for the
    /// others to close in an orderly way.
    pub fn leave(whole: &Rc<RefCell<Flow>>) {
        std::mem::forget(whole.clone());
        whole.borrow().watch.ending.store(true, Ordering::SeqCst);
    }

    /// Waits until the others have come as far, or have gone.
    fn last(&mut self) {
        let letters = vec![Vec::new(); self.size];
        let _ = self.exchange(letters);
    }

    /// What one says of itself if there are several.
    fn name(&self) -> String {
        if self.size > 1 { format!("process {} of {}: ", self.index, self.size) } else { String::new() }
    }
}

impl Team for Flow {
    fn index(&self) -> usize {
        self.index
    }

    fn size(&self) -> usize {
        self.size
    }

    fn exchange(&mut self, letters: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let (me, mut answers) = (self.index as u64, vec![Vec::new(); self.size]);
        let now = *self.input.time();
        for (to, letter) in (0..).zip(letters).filter(|letter| letter.0 != me) {
            self.input.send((to, me, now, letter));
        }
        let next = now + 1;
        self.input.advance_to(next);
        self.input.flush();
        let since = Instant::now();
        while self.probe.less_than(&next) {
            self.worker.step_or_park(Some(LOOK));
            if self.watch.gone.load(Ordering::SeqCst) {
                return answers;
            }
            if since.elapsed() > self.patience {
                let seconds = self.patience.as_secs();
                let here = |other: &u64| *other == me || self.arrived.borrow().contains_key(&(now, *other));
                let missing = (0..self.size as u64).filter(|other| !here(other));
                let missing: Vec<String> = missing.map(|other| other.to_string()).collect();
                self.fail(&format!(
                    "nothing has come from process {} for {seconds} seconds (--patience)",
                    missing.join(", ")
                ));
            }
        }
        for (from, answer) in answers.iter_mut().enumerate() {
            *answer = self.arrived.borrow_mut().remove(&(now, from as u64)).unwrap_or_default();
        }
        answers
    }

    fn subject(&self) -> u64 {
        self.subject
    }

    fn begin(&mut self, identity: u64) -> (u32, u32) {
        let (text, index, size) = (self.text, self.index, self.size);
        let begun = match &mut self.levels {
            None => Ok((0, 0)),
            Some(levels) => levels.begin(identity ^ text, index, size),
        };
        match begun {
            Ok((search, 0)) => (search, 0),
            Ok((search, levels)) => {
                if self.index == 0 {
                    say(format!("tlbscope: search {search} continues after level {}\n", levels - 1));
                }
                (search, levels)
            }
            Err(why) => {
                // Nobody is lost: the others can't use the folder either, and are to say so themselves.
                say(format!("tlbscope: {}{why}\n", self.name()));
                self.watch.ending.store(true, Ordering::SeqCst);
                self.last();
                std::process::exit(Status::BadInput as i32)
            }
        }
    }

    fn keeps(&self) -> bool {
        self.levels.is_some()
    }

    fn keep(&mut self, search: u32, level: u32, bytes: &[u8]) {
        let (index, size) = (self.index, self.size);
        let kept =
            self.levels.as_ref().map_or(Ok(()), |levels| levels.keep(search, level, index, size, bytes));
        if let Err(why) = kept {
            self.fail(&why);
        }
    }

    fn kept(&mut self, search: u32, level: u32) -> Vec<Vec<u8>> {
        let (index, size) = (self.index, self.size);
        let kept =
            self.levels.as_ref().map_or(Ok(Vec::new()), |levels| levels.kept(search, level, index, size));
        kept.unwrap_or_else(|why| self.fail(&why))
    }

    fn fail(&mut self, why: &str) -> ! {
        say(format!("tlbscope: {}{why}\n", self.name()));
        std::process::exit(LOST)
    }
}

/// What the threads of the connections know of the end.
struct Watch {
    /// All work is done, or at least all of this process's own.
    ending: AtomicBool,
    /// A connection has closed since.
    gone: AtomicBool,
    /// The processes that this one has started.
    children: Mutex<Vec<Option<Child>>>,
    /// Whether this process says why the run ends.
    tells: bool,
    keeps: bool,
    size: usize,
}

impl Watch {
    /// A connection is closed. If there was more to do, the run ends.
    fn closed(&self, peer: usize) -> ! {
        if self.ending.load(Ordering::SeqCst) {
            self.gone.store(true, Ordering::SeqCst);
            loop {
                std::thread::park();
            }
        }
        // Whoever comes second waits for the end here.
        let mut children = self.children.lock().unwrap_or_else(PoisonError::into_inner);
        if self.tells {
            let (peer, end) = cause(&mut children, peer);
            let end = end.map_or_else(String::new, |end| format!(" ({end})"));
            let next = if self.keeps {
                "The same command continues after the last level that it has kept."
            } else {
                "With --resume DIR it would keep each level, and could continue."
            };
            say(format!("tlbscope: process {peer} of {} is lost{end}. {next}\n", self.size));
        }
        std::process::exit(LOST)
    }
}

/// Who was lost first, and how it ended, if this process has started it. A process that has lost another one ends too, and its
/// connections may be the first that are seen to close.
fn cause(children: &mut [Option<Child>], peer: usize) -> (usize, Option<ExitStatus>) {
    if !matches!(children.get(peer), Some(Some(_))) {
        return (peer, None);
    }
    let mut end = None;
    let late = Instant::now() + ENDING;
    loop {
        for (index, child) in children.iter_mut().enumerate() {
            match child.as_mut().map(Child::try_wait) {
                Some(Ok(Some(status))) if status.code() != Some(LOST) => return (index, Some(status)),
                Some(Ok(status)) if index == peer => end = status,
                _ => {}
            }
        }
        if Instant::now() > late {
            return (peer, end);
        }
        mesh::nap();
    }
}

/// A connection. timely panics if one closes before the end; here it never learns of that.
struct Watched {
    stream: TcpStream,
    peer: usize,
    watch: Arc<Watch>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.stream.read(buffer) {
            Ok(0) => self.watch.closed(self.peer),
            Ok(count) => Ok(count),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => Err(why),
            Err(_) => self.watch.closed(self.peer),
        }
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stream.write(bytes) {
            Err(why) if why.kind() == io::ErrorKind::Interrupted => Err(why),
            Err(_) => self.watch.closed(self.peer),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Stream for Watched {
    fn try_clone(&self) -> io::Result<Watched> {
        Ok(Watched { stream: self.stream.try_clone()?, peer: self.peer, watch: self.watch.clone() })
    }

    fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        self.stream.set_nonblocking(nonblocking)
    }

    fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.stream.shutdown(how).or_else(|_| self.watch.closed(self.peer))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{LOST, cause};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Command};

    /// A process that has ended.
    fn ended(how: &str) -> Option<Child> {
        let mut child = Command::new("sh").args(["-c", how]).spawn().expect("a shell runs");
        child.wait().expect("it ends");
        Some(child)
    }

    #[test]
    fn who_was_lost_first_is_named() {
        // Whose connections close first has lost another one, wherever that one stands.
        let follows = format!("exit {LOST}");
        let (killed, follows) = ("kill -KILL $$", follows.as_str());
        for (first, children) in [(1, [killed, follows]), (2, [follows, killed])] {
            let mut children = [None, ended(children[0]), ended(children[1])];
            let (peer, end) = cause(&mut children, 3 - first);
            assert_eq!((peer, end.and_then(|end| end.signal())), (first, Some(9)));
        }
        // What ends for a reason of its own says it itself.
        let mut children = [None, ended(follows)];
        let (peer, end) = cause(&mut children, 1);
        assert_eq!((peer, end.and_then(|end| end.code())), (1, Some(LOST)));
    }
}
