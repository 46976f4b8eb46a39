//! The page tells its story to whoever opens it: the verdict, the run that proves it, and what happens in it.

use e2e::visit;

#[test]
fn opening_the_page_shows_the_bad_walk() {
    visit("opening_the_page_shows_the_bad_walk", "/", async |lab| {
        lab.attribute_when("verdict", "data-mood", "reachable").await?;
        let counter = lab.counter_when("the end of a run", |counter| counter.of > 0 && counter.at == counter.of).await?;
        println!("{counter:?} {}", lab.text("caption").await?);
        println!("{}", lab.text("verdict").await?);
        println!("{}", lab.text("choose").await?);
        println!("{}", lab.workers().await?);
        println!("{}", lab.address().await?);
        Err("look".into())
    });
}
