//! Colours: their contrast (WCAG), the distance between them (CIE 1976), and how they look to a reader who lacks
//! one kind of cone (Machado, Oliveira and Fernandes 2009, at full severity).

/// A colour, as linear light: red, green and blue from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour([f64; 3]);

/// Kinds of sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Usual,
    Protanopia,
    Deuteranopia,
    Tritanopia,
}

impl Sight {
    pub const ALL: [Sight; 4] = [Sight::Usual, Sight::Protanopia, Sight::Deuteranopia, Sight::Tritanopia];

    fn matrix(self) -> [[f64; 3]; 3] {
        match self {
            Sight::Usual => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Sight::Protanopia => [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
            Sight::Deuteranopia => [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
            Sight::Tritanopia => [
                [1.255528, -0.076749, -0.178779],
                [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ],
        }
    }
}

impl Colour {
    /// `#rrggbb`.
    pub fn from_hex(text: &str) -> Option<Colour> {
        let number =
            u32::from_str_radix(text.strip_prefix('#').filter(|digits| digits.len() == 6)?, 16).ok()?;
        let part = |shift: u32| {
            let value = f64::from(number >> shift & 0xff) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        Some(Colour([part(16), part(8), part(0)]))
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0;
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG's ratio, from 1 to 21.
    pub fn contrast(self, other: Colour) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        (one / two).max(two / one)
    }

    /// As somebody sees it.
    pub fn seen_with(self, sight: Sight) -> Colour {
        let row = |row: [f64; 3]| {
            let sum: f64 = row.iter().zip(self.0).map(|(weight, part)| weight * part).sum();
            sum.clamp(0.0, 1.0)
        };
        Colour(sight.matrix().map(row))
    }

    fn lab(self) -> [f64; 3] {
        let [red, green, blue] = self.0;
        let f = |value: f64| if value > 0.008856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 };
        let x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
        let y = f(self.luminance());
        let z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// How far two colours are apart: 2 is just noticed, side by side.
    pub fn distance(self, other: Colour) -> f64 {
        self.lab().iter().zip(other.lab()).map(|(one, two)| (one - two).powi(2)).sum::<f64>().sqrt()
    }
}

#[test]
fn black_on_white_is_21() {
    let (black, white) = (Colour::from_hex("#000000"), Colour::from_hex("#ffffff"));
    let ratio = black.zip(white).map_or(0.0, |(black, white)| black.contrast(white));
    assert!((ratio - 21.0).abs() < 0.001, "{ratio}");
}
