//! try
use e2e::visit;

#[test]
fn it_starts() {
    visit("it_starts", "/", async |visit| {
        visit
            .holds("explorer", "return document.getElementById('explorer')?.textContent.includes('answers')")
            .await?;
        println!("{:?}", visit.workers().await?);
        visit.run::<()>("console.warn('hey'); fetch('http://example.com/').catch(()=>{}); fetch('./nothing'); let s=document.createElement('style'); s.textContent='a{}'; document.head.append(s);").await?;
        Ok(())
    });
}
