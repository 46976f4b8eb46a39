//! Why a file is no certificate.

use std::fmt;

/// Why a file is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateRefusal {
    /// It does not begin as one.
    NoCertificate,
    /// It ends too early, or something follows its end.
    Damaged,
    /// It, or what it says of its states, is larger than the checker takes.
    TooLarge,
}

impl fmt::Display for CertificateRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CertificateRefusal::NoCertificate => {
                "this is not a certificate in a format that this version reads"
            }
            CertificateRefusal::Damaged => {
                "the certificate is damaged: its list of states ends too early or makes no sense"
            }
            CertificateRefusal::TooLarge => {
                "the certificate is too large: more than 1 GiB, or states of more than 4 GiB"
            }
        })
    }
}

impl std::error::Error for CertificateRefusal {}
