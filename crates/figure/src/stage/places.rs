//! Where things stand.

use crate::pen::Rect;
use std::collections::BTreeMap;

/// Where things stand, by their ids.
pub(crate) type Places = BTreeMap<String, Rect>;
