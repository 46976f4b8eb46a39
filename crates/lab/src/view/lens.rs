//! How wide a step of the diagram is: as the room allows, or as the reader chooses; and what stays in its place meanwhile.

/// Widths that a reader can choose by a key or a button, in pixels.
const WIDTHS: [i32; 8] = [8, 12, 18, 26, 40, 60, 90, 130];
/// Width in a run that does not fit anyway.
const LONG: i32 = 30;
/// The least and the most that a step gets where all fit.
const FITTED: (i32, i32) = (14, 54);
/// What the titles of the lanes take.
const TITLES: i32 = 76;
/// What lies between the titles and the first column.
const EDGE: i32 = 8;
/// Parts of a pixel: fingers move by less than a pixel a step, and nothing of that shall be lost.
const PARTS: i32 = 256;
/// A notch of a wheel, in hundredths of a pixel: it makes steps half as wide again. Nothing turns by more at once.
const NOTCH: i32 = 10_000;

/// How a reader can change the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Wider steps.
    In,
    /// Narrower ones.
    Out,
    /// As wide as the space allows.
    Fit,
    /// As a wheel turns, or two fingers move: so many hundredths of a pixel, towards the reader if there are more.
    Turn(i32),
}

impl Zoom {
    /// What a key asks for.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Zoom> {
        match key {
            "+" | "=" => Some(Zoom::In),
            "-" => Some(Zoom::Out),
            "0" => Some(Zoom::Fit),
            _ => None,
        }
    }
}

/// The width that a reader has chosen, in parts of a pixel; nothing for whatever fits. What is asked counts from the choice before,
/// drawn or not: keys and fingers may be faster than pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen(Option<i32>);

impl Chosen {
    /// The choice after another one, where `fitted` pixels would fit.
    #[must_use]
    pub fn after(self, asked: Zoom, fitted: i32) -> Chosen {
        let parts = self.0.unwrap_or(fitted * PARTS);
        let [least, .., most] = WIDTHS;
        Chosen(match asked {
            Zoom::Fit => None,
            Zoom::In => Some(WIDTHS.into_iter().find(|&wider| wider * PARTS > parts).unwrap_or(most) * PARTS),
            Zoom::Out => {
                Some(WIDTHS.into_iter().rfind(|&narrower| narrower * PARTS < parts).unwrap_or(least) * PARTS)
            }
            Zoom::Turn(by) => {
                let by = by.clamp(-NOTCH, NOTCH);
                let (more, one) = (2 * NOTCH + by.abs(), 2 * NOTCH);
                let parts = if by < 0 { parts * more / one } else { parts * one / more };
                Some(parts.clamp(least * PARTS, most * PARTS))
            }
        })
    }

    /// The width in pixels; nothing for whatever fits.
    #[must_use]
    pub fn width(self) -> Option<i32> {
        self.0.map(|parts| (parts + PARTS / 2) / PARTS)
    }
}

/// The width of a step where `room` is what the diagram has; as long as that is not known, what is usual.
#[must_use]
pub fn fitted(steps: u32, room: i32) -> i32 {
    let aside = TITLES + 2 * EDGE + 2;
    let room = if room == 0 { 900 } else { room - aside };
    let each = room / steps.clamp(1, 10_000) as i32;
    if each < FITTED.0 && steps > 60 { LONG } else { each.clamp(FITTED.0, FITTED.1) }
}

/// A place in the run that stays under the pointer, or between two fingers, while the width changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinnedPlace {
    /// The place, in parts of a step.
    place: i64,
    /// Where it is: so many pixels from the left edge of the diagram.
    at: i32,
}

impl PinnedPlace {
    /// What lies there in a diagram that is scrolled by so many pixels, where a step is so wide.
    #[must_use]
    pub fn new(at: i32, scrolled: i32, step: i32) -> PinnedPlace {
        let pixels = i64::from(scrolled + at - TITLES - EDGE);
        PinnedPlace { place: pixels * i64::from(PARTS) / i64::from(step.max(1)), at }
    }

    /// The same place, elsewhere in the diagram.
    #[must_use]
    pub fn moved(self, at: i32) -> PinnedPlace {
        PinnedPlace { at, ..self }
    }

    /// How far the diagram has to be scrolled where a step is so wide.
    #[must_use]
    pub fn scrolled(self, step: i32) -> i32 {
        let pixels = self.place * i64::from(step) / i64::from(PARTS);
        i32::try_from(pixels).unwrap_or(i32::MAX / 2) + TITLES + EDGE - self.at
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, NOTCH, PARTS, PinnedPlace, WIDTHS, Zoom, fitted};

    #[test]
    fn zooming_ends_at_both_ends() {
        let all_the_way = |zoom: Zoom| (0..20).fold(Chosen::default(), |chosen, _| chosen.after(zoom, 36));
        for (zoom, end) in [
            (Zoom::Out, WIDTHS[0]),
            (Zoom::In, WIDTHS[7]),
            (Zoom::Turn(NOTCH), WIDTHS[0]),
            (Zoom::Turn(-5 * NOTCH), WIDTHS[7]),
        ] {
            assert_eq!(all_the_way(zoom).width(), Some(end), "{zoom:?}");
        }
        assert_eq!(Chosen::default().after(Zoom::In, 36).after(Zoom::Fit, 36).width(), None);
        assert_eq!(Chosen::default().after(Zoom::In, 36).width(), Some(40));
        assert_eq!(Chosen::default().after(Zoom::Out, 36).width(), Some(26));
    }

    #[test]
    fn small_turns_add_up_and_lead_back() {
        let turned = |from: Chosen, by: i32, times: usize| {
            (0..times).fold(from, |chosen, _| chosen.after(Zoom::Turn(by), 36))
        };
        // One of them is less than a pixel, and yet they count.
        assert_eq!(turned(Chosen::default(), -100, 1).width(), Some(36));
        let wider = turned(Chosen::default(), -100, 100).width().expect("a width was chosen");
        assert!((58..=60).contains(&wider), "{wider}");
        let back = turned(turned(Chosen::default(), -100, 100), 100, 100).width();
        assert!(back.is_some_and(|back| (35..=37).contains(&back)), "{back:?}");
        assert_eq!(turned(Chosen::default(), -NOTCH, 1).width(), Some(54));
        assert_eq!(turned(Chosen::default(), 0, 3).width(), Some(36));
    }

    #[test]
    fn a_place_stays_where_it_is_held() {
        for (at, scrolled, step) in [(300, 0, 36), (84, 0, 54), (612, 20_000, 8), (200, 12_999_000, 130)] {
            let held = PinnedPlace::new(at, scrolled, step);
            assert!((held.scrolled(step) - scrolled).abs() <= 1, "nothing changes where the width does not");
            for wider in [8, 17, 60, 130] {
                let under = |step: i32| PinnedPlace::new(at, held.scrolled(step), step).place;
                let error = (under(wider) - held.place).abs() * i64::from(wider);
                assert!(error <= i64::from(2 * PARTS), "{at} {scrolled} {step} {wider}: {error}");
            }
            // Two fingers that move along take it with them.
            assert_eq!(held.moved(at + 40).scrolled(step), held.scrolled(step) - 40);
        }
    }

    #[test]
    fn short_runs_fit() {
        for (steps, room) in [(1, 300), (25, 700), (25, 1400), (40, 900)] {
            let width = fitted(steps, room);
            assert!(width >= 14 && (width * steps as i32 <= room || width == 14), "{width} for {steps}");
        }
        assert_eq!(fitted(5000, 900), 30);
    }
}
