//! What takes moments to articles, and looks after the links there: svg, export, link, open, doctor.

use crate::support::{folder, said};
use std::fs;
use std::path::Path;

const WALK: &str = "1.KNp7pCABwy2zx9w1M4MLbGF6eSttdW5tYXAQAQUACP8P_w__DwgHAAAAQBA";

const MINE: &str = r#"kernel "mine" extends "lazy TLB lab" {
    percpu sleepy: bool = false;
    sys rest() { sleepy = true; }
}
scenario "mine <&\">" {
    use kernel "mine"
    machine { cpus 2; }
    mm A { 0x400000 -> page "data"; }
    setup { cpu 0 { run(A); } }
    cpu 0 { rest(); }
    cpu 1 { rest(); }
}
"#;

#[test]
fn a_picture_is_written_whole() {
    let folder = folder("article", "svg", &[("old.svg", "an old picture")]);
    let svg = said(&folder, &format!("svg {WALK}"), 0);
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(svg.contains("step 16 of 16"));
    assert_eq!(said(&folder, &format!("svg https://host/#{WALK} -o old.svg"), 0), "");
    assert_eq!(fs::read_to_string(folder.join("old.svg")).expect("it is there"), svg);
    let dark = said(&folder, &format!("svg {WALK} --dark --what storyboard --at 3"), 0);
    assert!(dark.contains("#0f1317") && dark.contains("16 steps"), "{dark}");
    assert!(said(&folder, &format!("svg {WALK} --at 17"), 2).contains("--at 17 is beyond the end"));
    // Without such a run a good picture stays as it is.
    let told = said(&folder, "svg lazy+munmap --witness machine_check -o old.svg", 1);
    assert!(told.contains("old.svg is not written"), "{told}");
    said(&folder, "export lazy+munmap --witness machine_check --format json -o old.svg", 1);
    assert_eq!(fs::read_to_string(folder.join("old.svg")).expect("it is there"), svg);
    let said = said(&folder, "svg lazy+munmap --witness machine_check --what stage", 1);
    assert!(said.contains("machine check") && said.contains("step 0 of 0"), "{said}");
}

/// The page draws by this function (`crates/plotter`): a link has one picture, wherever it is made.
#[test]
fn a_link_has_the_same_picture_here_and_in_the_page() {
    let folder = folder("article", "same", &[("mine.tlb", MINE)]);
    let mine = said(&folder, "link mine.tlb --seed 3 --at 4", 0);
    // A case, a run that ends early, and texts of somebody's own, with a kernel that extends one of the library.
    let post = include_str!("../../../docs/post/index.html");
    let linked = post
        .split("<tlb-scope ")
        .skip(1)
        .filter_map(|embed| embed.split(['#', '"']).find(|part| part.starts_with("1.")));
    let links: Vec<&str> = linked.chain([WALK, mine.trim().trim_start_matches('#')]).collect();
    assert_eq!(links.len(), 7);
    for link in links {
        let opened = link::open(&link::decode(link).expect(link)).expect(link);
        for what in figure::PictureKind::ALL {
            let here = said(&folder, &format!("svg {link} --what {}", what.name()), 0);
            assert!(here == figure::of_link(&opened, what, figure::Theme::Light), "{what:?} of {link}");
        }
    }
}

#[test]
fn the_markup_of_an_embed_has_its_picture_and_its_link() {
    let folder = folder("article", "embed", &[("old.html", "an old page")]);
    let markup = said(&folder, &format!("embed {WALK} --page https://host/lab/?x#y --show verdict,stage"), 0);
    // It is written anew, by today's model.
    let link = said(&folder, &format!("link {WALK}"), 0);
    let open = format!(
        "<tlb-scope src=\"https://host/lab/{}\" title=\"lazy+munmap\" show=\"verdict stage\">",
        link.trim()
    );
    assert!(
        markup.contains(&open) && markup.starts_with("<script src=\"https://host/lab/embed.js\" async>"),
        "{markup}"
    );
    let picture = said(&folder, &format!("svg {WALK} --what stage"), 0);
    assert!(markup.contains(&picture) && !markup.contains("\n\n"), "{markup}");
    // The doctor finds the links in it.
    said(&folder, &format!("embed {WALK} --page https://host/lab/ -o post.html"), 0);
    assert!(said(&folder, "doctor post.html", 0).contains("2 links"));
    assert!(said(&folder, &format!("embed {WALK} --page javascript:alert(1)"), 2).contains("--page"));
    assert!(said(&folder, &format!("embed {WALK} --page http://h/ --show stge"), 2).contains("no such part"));
}

#[test]
fn the_markup_of_an_embed_is_what_it_is_whatever_a_text_or_an_address_is_called() {
    for name in ["\\\"><script>alert(1)</script>", "' onload='x", "&quot; & </tlb-scope>", "--> ]]> <b"] {
        let text = MINE.replace("mine <&\\\">", name);
        let folder = folder("article", "hostile", &[("mine.tlb", &text)]);
        let markup = said(&folder, "embed mine.tlb --page https://host/\"><script>x</script>&'/ --at 0", 0);
        let (before, rest) = markup.split_once("<tlb-scope ").expect("an element");
        let shut = "https://host/&quot;&gt;&lt;script&gt;x&lt;/script&gt;&amp;&#39;/";
        assert_eq!(before, format!("<script src=\"{shut}embed.js\" async></script>\n"));
        // Between the quotation marks of a tag stands nothing that ends it.
        let (tag, inside) = rest.split_once('>').expect("a tag");
        let names = tag.split('"').step_by(2).collect::<Vec<_>>().join("");
        assert_eq!(names, "src= title= show=", "{tag}");
        assert_eq!(
            tag.split('"').nth(1).map(|src| src.starts_with(&format!("{shut}#"))),
            Some(true),
            "{tag}"
        );
        assert!(
            !inside.contains("<script") && !inside.contains("<b") && !inside.contains("onload='"),
            "{inside}"
        );
        assert_eq!(inside.matches("</tlb-scope>").count(), 1, "{inside}");
    }
}

#[test]
fn a_scenario_has_a_page_at_an_address_of_its_own() {
    let folder = folder("article", "pages", &[("empty", "")]);
    let only = "lazy+munmap+andy,SB";
    assert_eq!(said(&folder, &format!("pages . --page https://host/lab --only {only}"), 0), "");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    let (html, json) = (read("lazy+munmap+andy.html"), read("lazy+munmap+andy.json"));
    // Whole addresses, in which a plus is no space to anybody.
    let base = "https://host/lab/scenarios/lazy%2Bmunmap%2Bandy";
    for part in [
        format!("<meta property=\"og:url\" content=\"{base}.html\">"),
        format!("<meta property=\"og:image\" content=\"{base}.svg\">"),
        format!("<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{base}.json\""),
        "<a href=\"https://host/lab/#1.".to_owned(),
        "<img src=\"lazy%2Bmunmap%2Bandy.svg\" width=\"1000\"".to_owned(),
    ] {
        assert!(html.contains(&part), "no {part} in {html}");
    }
    assert!(!html.contains("<script") && !html.contains("style=") && read("pages.css").contains("max-width"));
    let answer: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((&answer["version"], &answer["type"]), (&"1.0".into(), &"rich".into()));
    assert_eq!(answer["thumbnail_url"], format!("{base}.svg"));
    let embed = answer["html"].as_str().expect("markup");
    assert!(embed.starts_with("<iframe src=\"https://host/lab/?embed&amp;show="), "{embed}");
    // The link is that of the picture, and it opens.
    let link = html.split_once("lab/#").and_then(|(_, rest)| rest.split('"').next()).expect("a link");
    assert!(embed.contains(&format!("#{link}\"")), "{embed}");
    assert_eq!(read("lazy+munmap+andy.svg"), said(&folder, &format!("svg {link} --what stage"), 0));
    assert!(said(&folder, "doctor .", 0).contains("fine"));
    // What violates nothing has a run by chance.
    assert!(read("SB.html").contains("None in all"), "{}", read("SB.html"));
    assert!(said(&folder, "pages . --page https://h/ --only nothing", 2).contains("no such scenario"));
    assert!(said(&folder, "pages . --page h", 2).contains("--page"));
    // The same page, for a host where a browser opens it (tests/e2e).
    let page = "pages . --page https://example.org/tlbscope/ --only lazy+munmap+andy";
    assert_eq!(said(&folder, page, 0), "");
    for name in ["lazy+munmap+andy.html", "lazy+munmap+andy.json", "lazy+munmap+andy.svg", "pages.css"] {
        let opened = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/e2e/hosts/pages");
        golden::check(Path::new(opened).join(name), &read(name));
    }
}

#[test]
fn a_run_is_exported_in_each_form() {
    let folder = folder("article", "export", &[("empty", "")]);
    let form = |format: &str| said(&folder, &format!("export {WALK} --format {format}"), 0);
    assert!(form("trace").contains("\"traceEvents\""));
    assert!(form("mermaid").contains("sequenceDiagram"));
    assert!(form("json").contains("\"link\": \"#1."));
    let text = form("text");
    assert!(text.contains("16  cpu1 hw") && text.contains("Reproduced"), "{text}");
    assert!(said(&folder, "export SB --format litmus", 0).starts_with("X86_64"));
    assert!(said(&folder, "export lazy+munmap --format promela", 0).contains("Spin"));
    assert!(said(&folder, &format!("export {WALK}"), 2).contains("--format"));
    for line in ["SB --format litmus --seed 3", "SB --format promela --at 2", "SB --format litmus --steps 9"]
    {
        assert!(said(&folder, &format!("export {line}"), 2).contains("have no run"), "{line}");
    }
    for line in ["SB --format litmus --room 1", "SB --format json --room 1"] {
        assert!(said(&folder, &format!("export {line}"), 2).contains("--room"), "{line}");
    }
}

#[test]
fn a_link_keeps_its_moment() {
    let folder = folder("article", "link", &[("empty", "")]);
    let link = said(&folder, &format!("link {WALK} --at 3"), 0);
    let opened = said(&folder, &format!("open {}", link.trim()), 0);
    assert!(opened.contains("moment     after step 3: CPU 1's page walker reads PDPTE"), "{opened}");
    // Without --at it is the moment of the link that was given.
    assert_eq!(said(&folder, &format!("link {}", link.trim()), 0), link);
}

#[test]
fn open_says_what_a_link_holds() {
    let folder = folder("article", "open", &[("empty", "")]);
    let opened = said(&folder, &format!("open {WALK}"), 0);
    for line in [
        "link       format 1, made by model ",
        "scenario   lazy+munmap of the library",
        "case       as written",
        "chosen     nothing",
        "run        16 of 16 steps can be taken",
        "moment     after step 16: CPU 1's page walker reads PTE 0",
        "replay     Reproduced",
    ] {
        assert!(opened.contains(line), "{line}\n{opened}");
    }
    let text = said(&folder, &format!("open {WALK} --text scenario"), 0);
    assert_eq!(text, gallery::scenario("lazy+munmap").expect("it is there").text);
    assert_eq!(said(&folder, &format!("open {WALK} --text kernel -o k.tlb"), 0), "");
    assert!(
        fs::read_to_string(folder.join("k.tlb")).expect("it is there").contains("kernel \"linux-4.14-rc1\"")
    );
    let cut = &WALK[..40];
    assert!(said(&folder, &format!("open {cut}"), 2).contains("has been cut off"));
    assert!(said(&folder, "open nothing", 2).contains("not a link"));
}

/// A link with another schedule than the one its digest belongs to.
fn changed() -> String {
    let mut link = link::decode(WALK).expect("a link");
    link.digest ^= 1;
    link::encode(&link)
}

/// A link whose last step cannot be taken.
fn stopped() -> String {
    let mut link = link::decode(WALK).expect("a link");
    link.schedule.push(machine::Action::Interrupt { cpu: 0 }.code());
    link::encode(&link)
}

/// A link of an older model, whose run still ends as it did.
fn outdated() -> String {
    let mut link = link::decode(WALK).expect("a link");
    link.model = 1;
    link::encode(&link)
}

#[test]
fn doctor_says_what_has_become_of_links() {
    let (changed, stopped, outdated) = (changed(), stopped(), outdated());
    let fine = link::encode(&link::Link { model: machine::MODEL, ..fresh() });
    let article = format!(
        "# A post\n\nIt [walks](https://host/#{fine}).\nIt <a href=\"https://host/?embed&amp;s={changed}\">differs</a>.\n\
         Here it stops: https://host/#{stopped}\n\nAnd #{outdated}, #{}.\n",
        &fine[..40]
    );
    let folder =
        folder("article", "doctor", &[("post.md", &article), ("more/fine.html", &format!("#{fine}"))]);
    let told = said(&folder, "doctor post.md", 1);
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("post.md:4:39: changed: lazy+munmap, step 16 of 16. Every step"), "{told}");
    assert!(
        lines[1].starts_with("post.md:5:30: broken: lazy+munmap, step 16 of 17. Step 17 of 17"),
        "{told}"
    );
    assert!(
        lines[2].starts_with("post.md:7:6: outdated: lazy+munmap, step 16 of 16. It is of model version 1 ("),
        "{told}"
    );
    assert!(
        lines[3].starts_with("post.md:7:") && lines[3].contains("broken: The link has been cut off"),
        "{told}"
    );
    assert_eq!(lines[4], "5 links in 1 article: 1 fine, 1 outdated, 1 changed, 2 broken");
    assert_eq!(
        said(&folder, "doctor more", 0),
        "1 link in 1 article: 1 fine, 0 outdated, 0 changed, 0 broken\n"
    );
    assert!(said(&folder, "doctor --all more", 0).starts_with("more/fine.html:1:2: fine: lazy+munmap"));
    assert!(said(&folder, "doctor none.md", 2).contains("none.md can't be read"));
}

/// The moment of the link, recorded now.
fn fresh() -> link::Link {
    let opened = link::open(&link::decode(WALK).expect("a link")).expect("it opens");
    link::moment(&opened.experiment, &opened.machine, &opened.trace, opened.cursor, link::View::default())
}

#[test]
fn doctor_renews_what_means_the_same_and_nothing_else() {
    let (changed, outdated) = (changed(), outdated());
    let fresh = link::encode(&fresh());
    let (head, tail) = outdated.split_at(33);
    let mail = format!(
        "From: a@b\nContent-Transfer-Encoding: quoted-printable\n\nSee https://host/?s=3D{head}=\n{tail}.\nand https://host/#{changed}\n"
    );
    let folder = folder("article", "fix", &[("mail.eml", &mail), ("a.md", &format!("(#{outdated})"))]);
    let told = said(&folder, "doctor --fix .", 1);
    assert!(told.contains("./a.md:1:3: renewed: ") && told.contains("./mail.eml:4:23: renewed: "), "{told}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("it is there");
    assert_eq!(read("a.md"), format!("(#{fresh})"));
    let mail = read("mail.eml");
    assert!(
        mail.replace("=\n", "")
            .contains(&format!("See https://host/?s=3D{fresh}.\nand https://host/#{changed}")),
        "{mail}"
    );
    // The last line was too long before, and nothing in it is renewed.
    assert!(mail.lines().rev().skip(1).all(|line| line.len() <= 76), "{mail}");
    let again = said(&folder, "doctor .", 1);
    assert!(again.ends_with("2 fine, 0 outdated, 1 changed, 0 broken\n"), "{again}");
}

#[test]
fn what_is_no_mail_is_renewed_as_it_is_written() {
    let (outdated, fresh) = (outdated(), link::encode(&fresh()));
    let post = |link: &str| {
        format!(
            "# Mail\r\n\r\n```\r\nContent-Transfer-Encoding: quoted-printable\r\n```\r\n\
             A very long line before a link to the moment at which something happens: https://host/#{link}.\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n[again](#{link})__\r\n"
        )
    };
    let folder = folder("article", "no-mail", &[("post.md", &post(&outdated))]);
    let told = said(&folder, "doctor --fix post.md", 0);
    assert!(told.ends_with("0 fine, 2 outdated, 0 changed, 0 broken\n"), "{told}");
    assert_eq!(fs::read_to_string(folder.join("post.md")).expect("it is there"), post(&fresh));
}

/// The number of an old link's comparison means something together with the texts of that time.
#[test]
fn a_renewed_link_is_compared_with_the_same() {
    let mut link = link::decode(WALK).expect("a link");
    if let link::Base::Library { hash, .. } = &mut link.base {
        *hash ^= 1;
    }
    // Not every number has a meaning that is certain still.
    let certain = (0..20).find_map(|place| {
        let compared = Some(link::ComparedAs::Numbered(link::Numbered::Setting(place)));
        let link = link::Link { compared, ..link.clone() };
        let before = link::open(&link).ok()?.compared?.ok()?;
        Some((link, before))
    });
    let (link, before) = certain.expect("a number");
    let text = link::encode(&link);
    assert!(text.starts_with("1."));
    let folder = folder("article", "compared", &[("a.md", &format!("https://host/#{text}\n"))]);
    assert!(said(&folder, "doctor --fix a.md", 0).contains(": renewed: "));
    let renewed = fs::read_to_string(folder.join("a.md")).expect("it is there");
    let renewed = link::decode(&renewed).expect("a link");
    assert_eq!(renewed.compared, Some(link::ComparedAs::Named(before)));
}

/// A link may say more than a moment: what the page shows around it, and a table of costs.
#[test]
fn a_renewed_link_says_all_that_it_said() {
    let timed = Some(link::TimedTable { workload: "idle+munmap".to_owned(), ..link::TimedTable::default() });
    let link = link::Link { timed, view: link::View::TRACE, model: 1, ..fresh() };
    let folder = folder("article", "whole", &[("a.md", &format!("#{}\n", link::encode(&link)))]);
    assert!(said(&folder, "doctor --fix a.md", 0).contains(": renewed: "));
    let renewed = fs::read_to_string(folder.join("a.md")).expect("it is there");
    let renewed = link::decode(&renewed).expect("a link");
    assert_eq!(renewed, link::Link { model: machine::MODEL, ..link });
}

#[test]
fn standard_input_is_not_renewed() {
    let folder = folder("article", "stdin", &[("a.md", &format!("(#{})", outdated()))]);
    let told = said(&folder, "doctor --fix a.md -", 2);
    assert!(told.contains("standard input can't be renewed") && !told.contains(": renewed: "), "{told}");
    assert!(said(&folder, "doctor a.md", 0).contains(": outdated: "));
}

#[test]
fn articles_end_in_any_case() {
    let link = format!("#{WALK}");
    let folder = folder("article", "case", &[("A.MD", &link), ("b.Html", &link), ("c.png", &link)]);
    assert!(said(&folder, "doctor .", 0).contains("in 2 articles"));
}

#[cfg(unix)]
#[test]
fn only_files_are_articles() {
    let link = format!("#{WALK}");
    let folder = folder("article", "socket", &[("a.md", &link)]);
    let socket = std::os::unix::net::UnixListener::bind(folder.join("b.md")).expect("a socket can be made");
    assert!(said(&folder, "doctor .", 0).contains("in 1 article:"));
    drop(socket);
}

#[cfg(unix)]
#[test]
fn a_renewed_file_keeps_its_mode_and_its_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("article", "mode", &[("real/a.md", &format!("(#{})", outdated()))]);
    let real = folder.join("real/a.md");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("it is ours");
    symlink("real/a.md", folder.join("link.md")).expect("a link can be made");
    said(&folder, "doctor --fix link.md", 0);
    assert_eq!(fs::read_to_string(&real).expect("it is there"), format!("(#{})", link::encode(&fresh())));
    assert!(fs::symlink_metadata(folder.join("link.md")).expect("it is there").is_symlink());
    assert_eq!(fs::metadata(&real).expect("it is there").permissions().mode() & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn a_new_file_is_as_any_other_one_and_a_link_to_it_stays() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("article", "new", &[("real/empty", "")]);
    symlink("real/b.svg", folder.join("link.svg")).expect("a link can be made");
    for (name, file) in [("a.svg", "a.svg"), ("link.svg", "real/b.svg")] {
        said(&folder, &format!("svg {WALK} -o {name}"), 0);
        let mode = |file: &Path| fs::metadata(folder.join(file)).expect("it is there").permissions().mode();
        assert_eq!(mode(Path::new(file)), mode(Path::new("real/empty")));
    }
    assert!(fs::symlink_metadata(folder.join("link.svg")).expect("it is there").is_symlink());
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 3, "nothing else is left");
    let told = said(&folder, &format!("svg {WALK} -o none/a.svg"), 2);
    assert!(told.contains("none/a.svg can't be written: there is no folder none; make it first"), "{told}");
}
