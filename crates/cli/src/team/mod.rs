//! `check --processes N` and `check --hosts FILE`: the states of a search lie in several processes.
//!
//! All processes do the same: they read the same texts, and take the same steps of the same check. The first one reports, and
//! the others report nothing. [`explore::Apart`] says what they tell one another; here is how it gets there. `mesh`
//! connects each process with each other one. `flow` is the dataflow on timely that carries the letters. `levels` keeps
//! levels in files.
//!
//! A process that is lost ends the run: its connections close, and whoever sees that says so and ends too. A process that
//! says nothing for long counts as lost. So nobody waits without end.

mod flow;
mod levels;
mod mesh;

use crate::stop::{self, Stop};
use clap::Args as Arguments;
use explore::Shared;
use flow::Flow;
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

fn processes(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (1..=256).contains(&count) => Ok(count),
        _ => Err("it is a number from 1 to 256".to_owned()),
    }
}

/// The options.
#[derive(Arguments, Debug)]
pub struct TeamOptions {
    /// Divide the states of a search among so many processes on this machine. Results do not depend on their number. Each
    /// process may use --memory. If one of them is lost, the exit status is 4.
    #[arg(long, value_name = "N", value_parser = processes, conflicts_with_all = ["threads", "certificate", "watch"])]
    processes: Option<usize>,
    /// Divide the states of a search among processes on several machines: each line of the file is HOST:PORT of one, and the
    /// same command with another --process runs on each. The texts must be the same everywhere, and the network one that
    /// you trust. The first process reports.
    #[arg(long, value_name = "FILE", requires = "process", conflicts_with_all = ["processes", "threads", "certificate", "watch"])]
    hosts: Option<PathBuf>,
    /// Which line of --hosts this process is: 0 for the first.
    #[arg(long, value_name = "I", requires = "hosts")]
    process: Option<usize>,
    /// Keep each level of the search in this folder, and begin after the last one that is there. After a process was lost, the
    /// same check, bounds included, continues with any number of processes.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["threads", "certificate", "watch"])]
    resume: Option<PathBuf>,
    /// Seconds after which a process that sends nothing counts as lost.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    patience: u64,
    /// Which of the processes that another one has started this is.
    #[arg(long, hide = true)]
    member: Option<usize>,
}

/// The processes, as one of them sees them.
#[derive(Clone)]
pub struct Processes {
    flow: Rc<RefCell<Flow>>,
    index: usize,
}

impl TeamOptions {
    /// Connects the processes, if there are to be several. (One that keeps levels is a team of one.)
    pub fn start(&self, paths: &[String]) -> Result<Option<Processes>, Stop> {
        let patience = Duration::from_secs(self.patience);
        let mesh = match (&self.hosts, self.processes) {
            (Some(file), _) => mesh::across_hosts(file, self.process.unwrap_or_default(), patience)?,
            (None, Some(count)) => {
                if paths.iter().any(|path| path == "-") {
                    let why = "several processes can't read one standard input: write the text to a file";
                    return Err(Stop::Refused(why.to_owned()));
                }
                match self.member {
                    Some(index) => {
                        let mesh = mesh::as_member(index, count, patience)?;
                        stop::silence();
                        mesh
                    }
                    None => mesh::on_this_machine(count, patience)?,
                }
            }
            (None, None) if self.resume.is_some() => mesh::on_this_machine(1, patience)?,
            (None, None) => return Ok(None),
        };
        let levels = self.resume.as_deref().map(levels::Levels::open).transpose()?;
        let index = mesh.index;
        let flow = Flow::new(mesh, patience, levels)
            .map_err(|why| Stop::Refused(format!("the processes can't be connected: {why}")))?;
        Ok(Some(Processes { flow: Rc::new(RefCell::new(flow)), index }))
    }
}

impl Processes {
    /// Whether this process reports.
    pub fn reports(&self) -> bool {
        self.index == 0
    }

    /// What a search needs to know of the others. `subject` is what is searched, and how. `limits` is all else that the search
    /// depends on.
    pub fn about(&self, subject: &str, limits: &str) -> Shared {
        self.flow.borrow_mut().about(subject, limits);
        self.flow.clone()
    }

    /// All processes have done all of their work.
    pub fn part(self) {
        Flow::part(&self.flow);
    }

    /// This process ends early, and says itself why.
    pub fn leave(self) {
        Flow::leave(&self.flow);
    }
}
