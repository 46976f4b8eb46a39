//! Where the lanes of the diagram are.

use lab::view::columns::Columns;
use scene::view::Timeline;
use std::rc::Rc;

/// Height of the row of numbers above the lanes.
pub(super) const HEAD: i32 = 22;
/// Height of a lane without bands.
pub(super) const LANE: i32 = 40;
/// Height of a track of bands.
pub(super) const TRACK: i32 = 16;

/// Where the lanes are.
pub(super) struct LanePlaces {
    /// Upper edge and number of tracks of bands, per lane.
    pub(super) lanes: Vec<(i32, i32)>,
    /// Of all of them.
    pub(super) height: i32,
    /// Width of a column.
    pub(super) step: i32,
    /// Which column each step has.
    pub(super) columns: Rc<Columns>,
}

impl LanePlaces {
    pub(super) fn new(timeline: &Timeline, step: i32, columns: &Rc<Columns>) -> LanePlaces {
        let mut y = HEAD;
        let mut lanes = Vec::new();
        for lane in 0..timeline.lanes.len() {
            let of_lane = timeline.bands.iter().filter(|band| usize::from(band.lane) == lane);
            let tracks = of_lane.map(|band| i32::from(band.track) + 1).max().unwrap_or(0).min(8);
            lanes.push((y, tracks));
            y += LANE + tracks * TRACK;
        }
        LanePlaces { lanes, height: y, step, columns: columns.clone() }
    }

    pub(super) fn top(&self, lane: u8) -> i32 {
        self.lanes.get(usize::from(lane)).map_or(HEAD, |lane| lane.0)
    }

    /// Height at which the marks of a lane stand.
    pub(super) fn line(&self, lane: u8) -> i32 {
        self.top(lane) + LANE / 2
    }

    /// The middle of a step's column.
    pub(super) fn column(&self, step: u32) -> i32 {
        self.columns.column(step) as i32 * self.step - self.step / 2 + 8
    }

    /// Width of the whole diagram.
    pub(super) fn width(&self, steps: u32) -> i32 {
        self.columns.column(steps) as i32 * self.step + 16
    }
}
