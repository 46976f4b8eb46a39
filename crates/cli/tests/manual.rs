//! Completions and the manual come from the table of commands.

use crate::support::{folder, said};
use std::fs;

/// The commands that `tlbscope help` lists.
fn commands() -> Vec<String> {
    let folder = folder("manual", "help", &[("empty", "")]);
    let help = said(&folder, "help", 0);
    let listed = help.split_once("Commands:\n").and_then(|rest| rest.1.split_once("\n\n")).expect("a list").0;
    let name = |line: &str| {
        line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned)
    };
    listed.lines().filter_map(name).filter(|name| name != "help").collect()
}

#[test]
fn what_help_says_to_begin_with_runs() {
    let folder = folder("manual", "begin", &[("empty", "")]);
    let help = said(&folder, "help", 0);
    let examples = help.split_once("Begin with:\n").expect("it says where to begin").1;
    let commands: Vec<&str> =
        examples.lines().filter_map(|line| line.trim().strip_prefix("tlbscope ")).collect();
    assert!(commands.len() > 2, "{help}");
    for command in commands {
        assert!(!said(&folder, command, 0).is_empty(), "{command}");
    }
}

#[test]
fn each_shell_completes_each_command() {
    let folder = folder("manual", "completions", &[("empty", "")]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(&folder, &format!("completions {shell}"), 0);
        for command in commands() {
            let completed = match shell {
                "bash" => format!("tlbscope,{command})"),
                "zsh" => format!("'{command}:"),
                "fish" => format!("-a \"{command}\""),
                "elvish" => format!("cand {command} "),
                _ => format!("CompletionResult]::new('{command}'"),
            };
            assert!(script.contains(&completed), "{shell}: {completed}");
        }
        let values = ["bash", "zsh", "fish"].contains(&shell);
        assert!(!values || script.contains("storyboard"), "{shell} completes values");
    }
}

#[test]
fn each_command_has_a_page() {
    let folder = folder("manual", "man", &[("empty", "")]);
    assert!(said(&folder, "man", 0).contains(".SH SUBCOMMANDS"));
    assert_eq!(said(&folder, "man --all .", 0), "");
    for command in commands() {
        let page = said(&folder, &format!("man {command}"), 0);
        assert!(page.contains(&format!(".TH tlbscope-{command} 1")), "{page}");
        assert!(page.contains(".SH DESCRIPTION") || page.contains(".SH OPTIONS"), "{command}");
        let file = fs::read_to_string(folder.join(format!("tlbscope-{command}.1"))).expect("it was written");
        assert_eq!(file, page);
    }
    assert!(said(&folder, "man nothing", 2).contains("there is no such command; there are check"));
}

#[cfg(not(feature = "page"))]
#[test]
fn a_program_without_the_page_says_so() {
    let folder = folder("manual", "serve", &[("empty", "")]);
    assert!(said(&folder, "serve", 2).contains("built without the page"));
}
