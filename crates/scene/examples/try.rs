//! scratch
use explore::*; use machine::*; use lang::*;
struct T;
impl Texts for T { fn kernel(&self, name:&str)->Option<&str>{ gallery::kernel(name).map(|t|t.text) } }
fn main(){
  let a: Vec<String> = std::env::args().skip(1).collect();
  let s = gallery::scenario(&a[0]).unwrap();
  let case = a[1].parse::<u8>().unwrap();
  let sel = Selection{case:(case>0).then(||case-1), options: vec![]};
  let p = lang::compile(s.text,&T,&sel).program.unwrap();
  let k = gallery::kernel(&p.kernel).unwrap().text;
  let m = Machine::new(p).unwrap();
  let mut c = Check::new(&m, Limits::default());
  c.run_to_end();
  let src = scene::Sources{scenario:s.text,kernel:k};
  for f in c.findings() {
    println!("{}", scene::verdict_sentence(&m, f.property.name(), f.observation, f.witness.as_ref().map(Vec::len), &c.progress()));
    if a.get(2).is_some_and(|n| n==f.property.name()) {
     let Some(w) = f.witness else {continue};
     let (t,_) = Trace::replay(&m,&w);
     println!("{}", scene::text(&m,&t,src));
     let mut b = m.initial();
     for step in t.steps() { let mut n=b.clone(); m.step(&mut n, step.action,&mut ()); let c=scene::caption(&m,&b,step,&n); println!("{:?} {} | {} {:?}", c.tone, c.sentence, c.because, c.laws); b=n; }
     println!("{:#?}", scene::timeline(&m,&t).bands);
    }
  }
}
