//! Words for operations that no machine could carry out.

use super::Telling;
use machine::Bug;

impl Telling<'_> {
    /// What the kernel text did wrong, as a clause that begins with a verb.
    pub(super) fn bug(&self, bug: Bug) -> String {
        match bug {
            Bug::NoTable(level) => {
                format!("looks below a {} that points to no table", level.entry_name())
            }
            Bug::NoFrame(pfn) => format!("uses frame {pfn:#x}, which does not exist"),
            Bug::OutOfRange => "uses an element, a CPU or an mm that does not exist".to_owned(),
            Bug::DoubleFree(frame) => format!("frees {} twice", self.names.frame(frame)),
            Bug::NotARoot(pfn) => {
                let root = self.names.machine.map().top.table_name();
                format!("loads CR3 with {}, which is no {root}", self.names.pfn(x86::Pfn(pfn)))
            }
            Bug::GeneralProtection(pcid) if self.names.machine.control().pcide => {
                format!("uses PCID {pcid}, but the highest PCID is 4095: #GP")
            }
            Bug::GeneralProtection(_) => "uses a PCID or bit 63 while CR4.PCIDE is clear: #GP".to_owned(),
            Bug::NotCanonical(va) => format!("uses {va:#x}, which is not canonical"),
            Bug::NotToRun(task) => {
                format!("switches to {}, which is not there to be run", self.names.task(task))
            }
            Bug::NoSpace(mm) => format!("ends mm {}, which does not exist", self.names.mm(u64::from(mm))),
            Bug::SpaceExists(mm) => format!("makes mm {}, which exists", self.names.mm(u64::from(mm))),
            Bug::Runaway => "loops for ever without any visible effect".to_owned(),
        }
    }
}
