//! scratch
use explore::*;
use lang::*;
use machine::*;
use tests::*;
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let s = gallery::scenario(&a[0]).unwrap();
    let c: usize = a[1].parse().unwrap();
    let sel = Selection { case: (c > 0).then(|| c as u8 - 1), options: vec![] };
    let m = machine(s.text, &Kernels::default(), &sel).unwrap();
    let mut k = Check::new(&m, Limits::default());
    k.run_to_end();
    let p = a[2].as_str();
    let (_, w) = k.witness(by_name(p).unwrap()).unwrap();
    let (t, _) = Trace::replay(&m, &w);
    println!(
        "{}",
        scene::text(
            &m,
            &t,
            scene::Sources { scenario: s.text, kernel: gallery::kernel(&m.program().kernel).unwrap().text }
        )
    );
    let mut st = m.initial();
    for (i, step) in t.steps().iter().enumerate() {
        let after = t.state(&m, i + 1);
        let cap = scene::caption(&m, &st, step, &after);
        println!("{} {}\n     because: {} {:?}", i + 1, cap.sentence, cap.because, cap.laws);
        st = after;
    }
}
