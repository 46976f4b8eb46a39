//! Prints a text formatted: `fmt FILE`.

fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        match lang::format(&text) {
            Ok(formatted) => print!("{formatted}"),
            Err(diagnostics) => eprintln!("{diagnostics:#?}"),
        }
    }
}
