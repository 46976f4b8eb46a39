//! The page's few pictograms: strokes on a grid of 16, in the colour of the text around them.

use yew::prelude::*;

/// Which pictogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// To the start.
    Start,
    /// One step back.
    Back,
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// One step on.
    Forward,
    /// To the end.
    End,
    /// A violation.
    Violation,
    /// Share.
    Share,
    /// Embed.
    Embed,
    /// Theme.
    Theme,
    /// Help.
    Help,
    /// A list to choose from.
    List,
    /// Close.
    Close,
    /// It holds.
    Check,
    /// Not settled.
    Open,
    /// Copy.
    Copy,
    /// Back to what was.
    Undo,
    /// Leads elsewhere.
    Out,
    /// There is more.
    More,
    /// A path with stops: the tour.
    Tour,
    /// A screen to talk at.
    Screen,
    /// A pen: the texts.
    Write,
}

/// Draws one. It says nothing to a screen reader: the control it stands in has a name.
pub fn pictogram(icon: Icon) -> Html {
    let filled = matches!(icon, Icon::Play | Icon::Pause);
    let path = match icon {
        Icon::Write => "M3 13v-3l7-7 3 3-7 7z",
        Icon::Start => "M3.5 3v10M13 3.5 6.5 8l6.5 4.5z",
        Icon::Back => "M10.5 3.5 4.5 8l6 4.5z",
        Icon::Play => "M4.5 2.8v10.4L13.5 8z",
        Icon::Pause => "M4 3h3v10H4zM9 3h3v10H9z",
        Icon::Forward => "M5.5 3.5 11.5 8l-6 4.5z",
        Icon::End => "M12.5 3v10M3 3.5 9.5 8 3 12.5z",
        Icon::Violation => "M1.5 11.5 4 6l2.5 5L9 4l2.5 7L14.5 5",
        Icon::Share => "M8 10V2M4.8 4.8 8 1.8l3.2 3M3 8v6h10V8",
        Icon::Embed => "M5.5 4 1.8 8l3.7 4M10.5 4l3.7 4-3.7 4",
        Icon::Theme => "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
        Icon::Help => "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 10M8 12.5v.5",
        Icon::List => "M3 4h10M3 8h10M3 12h10",
        Icon::Close => "M4 4l8 8M12 4l-8 8",
        Icon::Check => "M3 8.5 6.5 12 13 4.5",
        Icon::Open => "M8 3v6M8 12v.5",
        Icon::Copy => "M5.5 5.5V2.5h8v8h-3M2.5 5.5h8v8h-8z",
        Icon::Undo => "M3 7h7a3 3 0 0 1 0 6H6M6 4 3 7l3 3",
        Icon::Out => "M6.5 3H3v10h10V9.5M9 3h4v4M13 3 7.5 8.5",
        Icon::More => "M8 3.5v.1M8 8v.1M8 12.5v.1",
        Icon::Screen => "M2 3h12v8H2zM8 11v3M5 14h6",
        Icon::Tour => {
            "M3 13a1.5 1.5 0 1 0 0-.1M4.5 13H10a2.5 2.5 0 0 0 0-5H6a2.5 2.5 0 0 1 0-5h5.5M13 3a1.5 1.5 0 1 0 0-.1"
        }
    };
    html! {
        <svg class={classes!("icon", filled.then_some("filled"))} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={path} />
        </svg>
    }
}
