//! Costs on the page, without a browser: the table is opened, the explorer answers, and the question of the thread has its
//! answer; with other assumptions, the reverse one.

use lab::model::jobs::Purpose;
use lab::model::timed::TimedAct;
use lab::{Act, Lab};
use protocol::{Server, ToExplorer, from_bytes, to_bytes};

mod challenges;
mod later;
mod links;
mod overview;
mod picture;
mod rounds;
mod table;

/// The page and its explorer.
struct Page {
    lab: Lab,
    server: Server,
    asked: [u32; 2],
    steps: u32,
    states: u32,
}

impl Page {
    fn new(link: Option<&str>) -> Page {
        let mut server = Server::default();
        server.handle(&to_bytes(&ToExplorer::hello()));
        Page {
            lab: Lab::open(link).expect("a scenario compiles"),
            server,
            asked: [0; 2],
            steps: 10_000,
            states: 2_000,
        }
    }

    /// Does something, and lets the explorer answer what that asks about costs until nothing is asked any more.
    fn does(&mut self, act: Act) {
        self.lab = self.lab.after(act);
        self.settles(&[Purpose::Timed, Purpose::Curve]);
    }

    /// The same, and lets it answer for the table alone.
    fn does_in_the_table(&mut self, act: Act) {
        self.lab = self.lab.after(act);
        self.settles(&[Purpose::Timed]);
    }

    /// Lets the explorer answer what is asked about the stage.
    fn checks(&mut self) {
        let request = self.lab.request(Purpose::Check).expect("it is asked");
        let mut said: Vec<Vec<u8>> = self.server.handle(&to_bytes(&request));
        while self.server.busy() {
            said.extend(self.server.run(100_000));
        }
        let said = said.iter().map(|bytes| from_bytes(bytes).expect("the server's own words")).collect();
        self.lab = self.lab.after(Act::Heard(said));
    }

    fn settles(&mut self, purposes: &[Purpose]) {
        loop {
            let mut news = false;
            for (place, &purpose) in purposes.iter().enumerate() {
                let job = self.lab.job(purpose);
                if self.asked[place] != job
                    && let Some(request) = self.lab.request(purpose)
                {
                    self.asked[place] = job;
                    self.server.handle(&to_bytes(&short(request, self.steps, self.states)));
                    news = true;
                }
            }
            let mut said = Vec::new();
            while self.server.busy() {
                let replies = self.server.run(100_000);
                said.extend(replies.iter().map(|bytes| from_bytes(bytes).expect("the server's own words")));
            }
            if !said.is_empty() {
                self.lab = self.lab.after(Act::Heard(said));
            } else if !news {
                return;
            }
        }
    }
}

/// Fewer steps, and mostly no verdicts: the tests are about what the lab does with the answers.
fn short(request: ToExplorer, most: u32, states: u32) -> ToExplorer {
    match request {
        ToExplorer::Timed { job, curve, texts, selection, costs, runs, steps, states: wanted } => {
            let states = wanted.min(states);
            let steps = steps.min(most);
            ToExplorer::Timed { job, curve, texts, selection, costs, runs, steps, states }
        }
        other => other,
    }
}

fn timed(what: TimedAct) -> Act {
    Act::Timed(what)
}
