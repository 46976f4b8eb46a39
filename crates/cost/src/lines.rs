//! Which CPU has which cache line.
//!
//! A line is modified at the CPU that wrote it last, until another one reads or writes it. An access of a CPU that has the
//! line costs nothing here; any other one has to fetch it. A variable has a line of its own, as
//! `____cacheline_aligned` would give it; eight words of a frame share one. Caches are large enough: no line is evicted.

use machine::Loc;

/// Lines of a frame of 4 KiB. Frames of 2 MiB fold theirs onto these.
const OF_FRAME: usize = 64;

/// The CPUs that have each line, as a set.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    cells: Vec<u64>,
    words: Vec<u64>,
}

impl Lines {
    pub(crate) fn new(cells: usize, frames: usize) -> Lines {
        Lines { cells: vec![0; cells], words: vec![0; frames * OF_FRAME] }
    }

    /// The bytes that they take on the heap.
    pub(crate) fn heap(&self) -> usize {
        (self.cells.capacity() + self.words.capacity()) * size_of::<u64>()
    }

    fn at(&mut self, loc: Loc) -> &mut u64 {
        match loc {
            Loc::Cell(cell) => &mut self.cells[usize::from(cell)],
            Loc::Word(frame, word) => {
                let line = (word >> 3) as usize % OF_FRAME;
                &mut self.words[usize::from(frame) * OF_FRAME + line]
            }
        }
    }

    /// A load; whether the line comes from another CPU.
    pub(crate) fn read(&mut self, cpu: u8, loc: Loc) -> bool {
        let owners = self.at(loc);
        let remote = *owners != 0 && *owners >> cpu & 1 == 0;
        *owners |= 1 << cpu;
        remote
    }

    /// A store or a locked operation; whether another CPU has the line.
    pub(crate) fn write(&mut self, cpu: u8, loc: Loc) -> bool {
        let owners = self.at(loc);
        let remote = *owners & !(1 << cpu) != 0;
        *owners = 1 << cpu;
        remote
    }

    /// Whether a store would find the line at another CPU.
    pub(crate) fn elsewhere(&mut self, cpu: u8, loc: Loc) -> bool {
        *self.at(loc) & !(1 << cpu) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use machine::Loc;

    #[test]
    fn a_line_goes_from_cpu_to_cpu() {
        let mut lines = Lines::new(2, 1);
        let mask = Loc::Cell(0);
        assert!(!lines.write(0, mask), "nobody has it yet");
        assert!(!lines.write(0, mask), "it stays");
        assert!(lines.read(1, mask), "the reader fetches it");
        assert!(!lines.read(1, mask) && !lines.read(0, mask), "both have it");
        assert!(lines.write(0, mask), "the writer takes it from the reader");
        assert!(lines.elsewhere(1, mask) && !lines.elsewhere(0, mask));
        assert!(!lines.write(1, Loc::Cell(1)), "another variable is another line");
        lines.write(0, Loc::Word(0, 8));
        assert!(lines.write(1, Loc::Word(0, 15)), "eight words share a line");
        assert!(!lines.write(1, Loc::Word(0, 16)));
    }
}
