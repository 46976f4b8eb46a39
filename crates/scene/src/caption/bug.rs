//! Words for operations that no machine could carry out.

use super::Telling;
use machine::{Bug, LAST_PASID, VmFault};
use x86::{Pcid, Vendor};

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
            Bug::GeneralProtection(pcid) => self.general_protection(pcid),
            Bug::TooManyPages(pages) => {
                let most = self.names.machine.program().machine.invlpgb_count_max;
                format!("names {pages} pages in one INVLPGB, but the processor takes 1 to {most}: #GP")
            }
            Bug::NoSuchDevice(device) => format!("gives a PASID to {device}, which is no device"),
            Bug::NoSuchPasid(pasid) => {
                format!("uses PASID {pasid:#x}, but the highest one here is {LAST_PASID}")
            }
            Bug::NotCanonical(va) => format!("uses {va:#x}, which is not canonical"),
            Bug::NotToRun(task) => {
                format!("switches to {}, which cannot run here", self.names.task(task))
            }
            Bug::NoSpace(mm) => format!("ends mm {}, which does not exist", self.names.mm(u64::from(mm))),
            Bug::SpaceExists(mm) => format!("makes mm {}, which exists", self.names.mm(u64::from(mm))),
            Bug::NotGuestMemory(gpa) => {
                format!("uses guest-physical address {gpa:#x}, where the guest has no memory")
            }
            Bug::NotBacked(gpa) => {
                format!("looks at guest-physical address {gpa:#x}, which the second dimension does not map")
            }
            Bug::Vm(why) => match why {
                VmFault::NoGuest => "names no guest, or has loaded none",
                VmFault::InGuest => "does in a guest what only the host can do",
                VmFault::NotInGuest => "leaves a guest, but none runs",
                VmFault::OtherVendor => match self.names.machine.map().vendor {
                    Vendor::Intel => "uses an instruction that only AMD has (`machine { vendor amd; }`): #UD",
                    Vendor::Amd => {
                        "uses an instruction that only Intel has (`machine { vendor intel; }`): #UD"
                    }
                },
                VmFault::Reserved => "uses a reserved value of TLB_CONTROL",
                VmFault::TagOfHost => "uses VPID or ASID 0, which is the host's",
                VmFault::TagTooLarge => "uses a VPID or ASID beyond 255, the last one here: #GP",
                VmFault::InHandler => "enters a guest in a handler",
            }
            .to_owned(),
            Bug::Runaway => "loops for ever without any visible effect".to_owned(),
        }
    }

    /// Which instruction named a PCID that it may not name, as the form of its operation says.
    fn general_protection(&self, pcid: Pcid) -> String {
        let form = self.row().form;
        let what = match form.split(' ').next() {
            Some("write_cr3") => "loads CR3 with",
            Some("invpcid") => "executes INVPCID for",
            Some("invlpgb") => "executes INVLPGB for",
            Some("rar") => "asks other CPUs for INVPCID of",
            _ => "uses",
        };
        match self.names.machine.control().pcide {
            true => format!("{what} PCID {pcid}, but the highest PCID is 4095: #GP"),
            // Without PCIDs a load of CR3 ignores the tag.
            false if form.starts_with("write_cr3") && pcid.0 <= 4095 => {
                format!("{what} bit 63 set while CR4.PCIDE is clear: #GP")
            }
            false => format!("{what} PCID {pcid} while CR4.PCIDE is clear: #GP"),
        }
    }
}
