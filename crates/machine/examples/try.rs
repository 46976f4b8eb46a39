//! scratch
use std::time::Instant;
use machine::*; use explore::*; use lang::*;
struct T;
impl Texts for T { fn kernel(&self, name:&str)->Option<&str>{ gallery::kernel(name).map(|t|t.text) } }
fn main(){
  let filter: Vec<String> = std::env::args().skip(1).collect();
  for s in gallery::scenarios(){
    if !filter.is_empty() && !filter.iter().any(|f| s.slug==f) {continue}
    let n = lang::cases(s.text).len();
    for c in 0..n {
      let sel = Selection{ case: (c>0).then(|| c as u8-1), options: vec![]};
      let r = lang::compile(s.text,&T,&sel);
      let Some(p)=r.program else { println!("{} case {c}",s.slug); for d in r.diagnostics { println!("  {:?} {:?} {:?} {} / {:?}", d.severity,d.source,d.span,d.message,d.advice);} continue};
      for d in r.diagnostics { println!("  warn {} {:?} {} / {:?}", s.slug, d.span,d.message,d.advice);}
      let m = match Machine::new(p){Ok(m)=>m,Err(e)=>{println!("{} {c}: refusal {e}",s.slug);continue}};
      let t=Instant::now();
      let mut k = Check::new(&m, Limits::default());
      k.run_to_end();
      let p=k.progress();
      println!("{} case {c} [{}]: {} states {} trans depth {} {:?} {:?} bytes/state {}", s.slug, m.program().kernel, p.states,p.transitions,p.depth,p.completeness,t.elapsed(), p.bytes/p.states as u64);
      for e in &m.program().expectations { println!("    {:?} {} -> {:?}", e.observation,e.property,k.verdict(e)); }
      for f in k.findings(){ if let Some(w)=f.witness { println!("      {} in {}", f.property.name(), w.len()); } }
    }
  }
}
