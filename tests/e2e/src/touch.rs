//! Fingers on a screen.

use crate::outcome::Outcome;
use crate::visit::Visit;
use serde_json::{Value, json};

impl Visit {
    /// Puts fingers down at the first of these places of the viewport each, moves them through the others, and lifts them.
    pub async fn touches(&self, ways: &[&[(f64, f64)]]) -> Outcome {
        let longest = ways.iter().map(|way| way.len()).max().unwrap_or(0);
        for at in 0..longest {
            let finger = |(id, way): (usize, &&[(f64, f64)])| {
                let (x, y) = *way.get(at).or(way.last())?;
                Some(json!({ "x": x, "y": y, "id": id }))
            };
            let points: Vec<Value> = ways.iter().enumerate().filter_map(finger).collect();
            self.touch(if at == 0 { "touchStart" } else { "touchMove" }, points).await?;
        }
        self.touch("touchEnd", Vec::new()).await
    }

    async fn touch(&self, kind: &str, points: Vec<Value>) -> Outcome {
        let event = json!({ "type": kind, "touchPoints": points });
        self.browser.cdp().send_raw("Input.dispatchTouchEvent", event).await?;
        Ok(())
    }
}
