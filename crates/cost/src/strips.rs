//! What each CPU is doing, moment by moment: a timed run as a picture of lanes.

/// What a CPU is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Its program computes.
    Computes,
    /// Operations of the kernel or of the program.
    Works,
    /// It waits until its IPIs or INVLPGBs have been carried out.
    WaitsForOthers,
    /// It waits for a variable, a lock, a frame or its store buffer.
    Waits,
    /// It handles an IPI.
    Handles,
    /// It sleeps in C1.
    C1,
    /// It sleeps in C6.
    C6,
    /// An IPI or the end of its sleep has come, and it wakes up.
    Wakes,
    /// The host has preempted it.
    Preempted,
    /// It has nothing to do until its next round.
    Rests,
}

impl Doing {
    /// All of them; their places are their numbers.
    pub const ALL: [Doing; 10] = [
        Doing::Computes,
        Doing::Works,
        Doing::WaitsForOthers,
        Doing::Waits,
        Doing::Handles,
        Doing::C1,
        Doing::C6,
        Doing::Wakes,
        Doing::Preempted,
        Doing::Rests,
    ];

    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Doing::Computes => "computes",
            Doing::Works => "kernel operations",
            Doing::WaitsForOthers => "waits for IPIs",
            Doing::Waits => "waits for memory",
            Doing::Handles => "handles an IPI",
            Doing::C1 => "sleeps in C1",
            Doing::C6 => "sleeps in C6",
            Doing::Wakes => "wakes up",
            Doing::Preempted => "preempted by the host",
            Doing::Rests => "nothing to do",
        }
    }
}

/// From a time on, a CPU is at something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strip {
    /// Since when, in picoseconds.
    pub from: u64,
    /// Which CPU.
    pub cpu: u8,
    /// At what.
    pub doing: Doing,
}

/// What has been recorded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strips {
    /// Changes; those of one CPU in the order of time.
    pub(crate) all: Vec<Strip>,
    /// As many are recorded.
    pub(crate) most: usize,
}

impl Strips {
    /// The bytes that they take on the heap.
    pub(crate) fn heap(&self) -> usize {
        self.all.capacity() * size_of::<Strip>()
    }
}
