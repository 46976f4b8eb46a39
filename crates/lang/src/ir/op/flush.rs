//! Which of its kind an invalidation is: the types of INVPCID and INVVPID, the forms of INVLPGB, what a remote action request
//! asks for, the commands of an IOMMU.

/// Which INVPCID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvpcidOp {
    /// Type 0: one address of one PCID (H39).
    Addr,
    /// Type 1: one PCID (H40).
    Single,
    /// Type 2: everything with globals (H41).
    All,
    /// Type 3: everything but globals (H42).
    AllNonGlobal,
}

/// Which INVLPGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvlpgbOp {
    /// Pages of one PCID (`invlpgb_flush_user_nr_nosync`).
    Range,
    /// All of one PCID (`invlpgb_flush_single_pcid_nosync`).
    Single,
    /// Everything but globals (`invlpgb_flush_all_nonglobals`).
    AllNonGlobal,
    /// Everything (`invlpgb_flush_all`).
    All,
    /// Everything of one ASID but globals and guest-physical mappings.
    Asid,
    /// Everything of one ASID.
    AsidAll,
    /// Everything of every ASID, guest-physical mappings too.
    AllNested,
}

/// Which remote action request of Intel's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RarOp {
    /// INVPCID type 0: one address of one PCID (`rar_flush_one`).
    Addr,
    /// INVPCID type 1: one PCID (`rar_flush_single_context`).
    Single,
}

/// Which command of an IOMMU's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOp {
    /// The IOTLB and the paging-structure caches, of one PASID (`qi_flush_piotlb`).
    Iotlb,
    /// The same for one address of it.
    IotlbAddr,
    /// The TLBs of devices, of one PASID (`qi_flush_dev_iotlb_pasid`).
    DevTlb,
    /// The same for one address of it.
    DevTlbAddr,
}

/// Which INVVPID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvvpidOp {
    /// Type 0: one address of one VPID (H69).
    Addr,
    /// Type 1: one VPID.
    Single,
    /// Type 2: all VPIDs but 0000H.
    All,
    /// Type 3: one VPID but for globals.
    SingleNonGlobal,
}
