//! A reader in whichever engine: what a flow needs that is the same story in all three.

use crate::firefox::Firefox;
use crate::outcome::Outcome;
use crate::person;
use crate::until::{Seen, until};
use crate::visit::Visit;
use crate::webkit::Webkit;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use thirtyfour::prelude::*;

/// The frame of the page's first `<tlb-scope>`.
const FRAME: &str = "return document.querySelector('tlb-scope').shadowRoot.querySelector('iframe')";

/// Somebody who reads.
#[expect(async_fn_in_trait, reason = "flows run on one thread and send none of these away")]
pub trait Reader {
    /// Opens an address.
    async fn goes_to(&self, address: &str) -> Outcome;

    /// What a script says that runs in what is looked at (the body of a function).
    async fn asks<T: DeserializeOwned>(&self, script: &str) -> Outcome<T>;

    /// Clicks in the middle of the element that a selector finds, as soon as it is there.
    async fn clicks(&self, selector: &str) -> Outcome;

    /// From now on, looks into the frame of the page's first `<tlb-scope>`.
    async fn enters_embed(&self) -> Outcome;

    /// From now on, looks into the window that has opened beside the first.
    async fn turns_to_other_window(&self) -> Outcome;

    /// Waits for something that a script says is true.
    async fn waits_for(&self, what: &str, script: &str) -> Outcome {
        until(what, async || {
            let seen: Value = self.asks(script).await?;
            Ok(if seen == Value::Bool(true) { Seen::Yes(()) } else { Seen::NotYet(seen.to_string()) })
        })
        .await
    }
}

impl Reader for Visit {
    async fn goes_to(&self, address: &str) -> Outcome {
        self.open(address).await
    }

    async fn asks<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        self.run(script).await
    }

    async fn clicks(&self, selector: &str) -> Outcome {
        self.click_on(By::Css(selector)).await
    }

    async fn enters_embed(&self) -> Outcome {
        self.into_embed().await
    }

    async fn turns_to_other_window(&self) -> Outcome {
        self.into_other_window().await
    }
}

impl<R: Reader> Reader for Arc<R> {
    async fn goes_to(&self, address: &str) -> Outcome {
        R::goes_to(self, address).await
    }

    async fn asks<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        R::asks(self, script).await
    }

    async fn clicks(&self, selector: &str) -> Outcome {
        R::clicks(self, selector).await
    }

    async fn enters_embed(&self) -> Outcome {
        R::enters_embed(self).await
    }

    async fn turns_to_other_window(&self) -> Outcome {
        R::turns_to_other_window(self).await
    }
}

impl Reader for Firefox {
    async fn goes_to(&self, address: &str) -> Outcome {
        self.open(address).await
    }

    async fn asks<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        self.run(script).await
    }

    async fn clicks(&self, selector: &str) -> Outcome {
        self.click(selector).await
    }

    async fn enters_embed(&self) -> Outcome {
        self.into_embed().await
    }

    async fn turns_to_other_window(&self) -> Outcome {
        self.into_other_window().await
    }
}

impl Reader for Webkit {
    async fn goes_to(&self, address: &str) -> Outcome {
        self.open(address).await
    }

    async fn asks<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        self.run(script).await
    }

    async fn clicks(&self, selector: &str) -> Outcome {
        self.waits_for(selector, &format!("return !!document.querySelector({})", json!(selector))).await?;
        // When it has come to rest: what is above it may still grow.
        let _: [f64; 2] = self.run(&person::place_of(selector)).await?;
        until(&format!("a click on {selector}"), async || {
            self.driver.find(By::Css(selector)).await?.click().await?;
            Ok(Seen::Yes(()))
        })
        .await
    }

    async fn enters_embed(&self) -> Outcome {
        until("the frame of an embed", async || {
            self.driver.execute(FRAME, Vec::new()).await?.element()?.enter_frame().await?;
            Ok(Seen::Yes(()))
        })
        .await
    }

    async fn turns_to_other_window(&self) -> Outcome {
        self.other_window().await
    }
}
