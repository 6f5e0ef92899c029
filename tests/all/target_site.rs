//! The site, checked as a whole: links, ids, markup, size.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use ekiden::emit::{Context, Output, Settings, TARGETS};
use ekiden::model::Process;

use crate::crm_support::WHOLE;
use crate::target_docs::{HOSTILE, check, emit, example, large, process, write};

/// Every element that a page may have. Whatever people write becomes none of the others.
const ELEMENTS: &str = "!doctype html head meta title link script body a header button search input div p ul ol li \
    noscript nav main article section h1 h2 h3 h4 h5 h6 dl dt dd small span strong em code pre br hr s blockquote \
    table caption thead tbody tr th td form fieldset legend label details summary time svg defs marker path g rect \
    circle text tspan";

/// The tags of a page: name and attributes.
fn tags(html: &str) -> Vec<(&str, BTreeMap<&str, String>)> {
    let mut found = Vec::new();
    for part in html.split('<').skip(1) {
        let tag = &part[..part.find('>').unwrap_or_else(|| panic!("`{part}` is no tag"))];
        if tag.starts_with('/') {
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap();
        let mut attributes = BTreeMap::new();
        let mut rest = &tag[name.len()..];
        while let Some((before, after)) = rest.split_once("=\"") {
            let (value, next) = after.split_once('"').unwrap();
            let key = before.split_whitespace().last().unwrap();
            let value = value
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            assert!(attributes.insert(key, value).is_none(), "`{key}` twice in <{tag}>");
            rest = next;
        }
        found.push((name, attributes));
    }
    found
}

/// Checks everything that can be known without a browser, and gives the folder.
fn check_site(name: &str, process: &Process) -> PathBuf {
    let output = emit("site", process);
    assert!(output.diagnostics.is_empty(), "{:?}", output.diagnostics);
    assert_eq!(
        output.artifacts,
        emit("site", process).artifacts,
        "{name}: built twice, it differs"
    );
    check_output(name, &output)
}

/// The same of what has been made.
pub(crate) fn check_output(name: &str, output: &Output) -> PathBuf {
    let folder = write(&format!("site-{name}"), output);
    let elements: BTreeSet<&str> = ELEMENTS.split_whitespace().collect();
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut links = Vec::new();
    for artifact in &output.artifacts {
        let path = artifact.path.to_string();
        let text = String::from_utf8(artifact.contents.clone()).unwrap();
        let mut own = BTreeSet::new();
        if path.ends_with(".html") {
            for (element, attributes) in tags(&text) {
                assert!(elements.contains(element), "{path}: <{element}>");
                for (key, value) in attributes {
                    let inline = key == "style" || key.starts_with("on");
                    assert!(!inline, "{path}: <{element} {key}>");
                    match key {
                        "id" => assert!(own.insert(value.clone()), "{path}: two ids {value}"),
                        "href" | "src" => links.push((path.clone(), element.to_owned(), value)),
                        "aria-controls" => {
                            links.push((path.clone(), "id".to_owned(), format!("#{value}")))
                        }
                        _ => {}
                    }
                }
            }
        }
        ids.insert(path, own);
    }
    for (page, element, link) in links {
        if link.contains("://") || link.starts_with("mailto:") {
            assert_eq!(element, "a", "{page} asks {link} of a network");
            continue;
        }
        let (file, id) = link.split_once('#').map_or((link.as_str(), ""), |(file, id)| (file, id));
        let mut target: Vec<&str> = page.split('/').collect();
        if !file.is_empty() {
            target.pop();
        }
        for part in file.split('/').filter(|part| !part.is_empty()) {
            match part {
                ".." => assert!(target.pop().is_some(), "{page}: {link} leaves the folder"),
                part => target.push(part),
            }
        }
        let known = ids.get(&target.join("/"));
        let known = known.unwrap_or_else(|| panic!("{page}: {link} leads to no file"));
        assert!(id.is_empty() || known.contains(id), "{page}: {link} leads to no id");
    }
    folder
}

pub(crate) fn page<'o>(output: &'o Output, path: &str) -> &'o str {
    let found = output.artifacts.iter().find(|artifact| artifact.path == path);
    let found = found.unwrap_or_else(|| panic!("there is no {path}"));
    std::str::from_utf8(&found.contents).unwrap()
}

#[test]
fn the_sites_of_the_examples_are_sound() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        let folder = check_site(name, &example(name));
        check("node/site-html.mjs", &folder);
        if name == "the_model" {
            check("node/site-print.mjs", &folder);
        }
    }
}

#[test]
fn a_browser_finds_no_fault() {
    // Two languages show what a third would, in less time.
    let text = WHOLE.replace("[en, ko, ja]", "[en, ko]");
    let process = process(&text);
    assert_eq!(process.languages.len(), 2);
    check("node/site-browser.mjs", &check_site("whole", &process));
}

#[test]
fn hostile_texts_stay_texts() {
    let process = process(HOSTILE);
    let folder = check_site("hostile", &process);
    check("node/site-html.mjs", &folder);
    let output = emit("site", &process);
    assert!(
        page(&output, "en/index.html").contains(
            "<h1>&lt;script&gt;alert(&#39;p&#39;)&lt;/script&gt; | *P* &amp; [x](y)</h1>"
        )
    );
    // The index is a script: it holds texts as strings, and no sign in them ends one.
    let index = page(&output, "en/search.js");
    let json = index.strip_prefix("window.ekidenIndex=").unwrap().trim_end().strip_suffix(';');
    let entries: Vec<[String; 4]> = serde_json::from_str(json.unwrap()).unwrap();
    assert!(entries.iter().any(|entry| entry[1] == "Lead | <i>"));
    // A title can be no formula in a table program.
    for artifact in output.artifacts.iter().filter(|file| file.path.as_str().ends_with(".csv")) {
        let text = std::str::from_utf8(&artifact.contents).unwrap();
        for cell in text.split("\r\n").flat_map(|line| line.split("\",\"")) {
            assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

/// Each of the colours stands in one place only.
const COLOURS: &str = r#"
process p "P" {}
team t "T" { role a "Amber" role b "B" }
team u "U" { role c "C" }
record r "R" { f one of [x "Beige", y "Y"] "F" }
stage one "One" { record r owner a entry from ["Coral web"] limit 2d channels ["Denim line"] content ["Ecru sheet"]
  exit when { e "Fawn is agreed" f is present }
  advance to two "Green light" handoff within 1d carries [f] accept when f = y }
stage two "Two" { record r owner c limit 5d outcome won final }
feedback k "K" { from [u] to [t] every 1w about "First.\n\nThen *hazel*." }
score s "S" of r { fit +5 "Indigo" when f is present  grade hot "Jade" at least 3, cold otherwise }
route two { when f = x to c when f = y to pool "Khaki pool" otherwise c }
play q "Q" { for stage one by a about "Lime." steps "1. Mauve\n2. Navy" }
"#;

#[test]
fn the_search_knows_everything() {
    let output = emit("site", &process(COLOURS));
    let index = page(&output, "en/search.js");
    let json = index.strip_prefix("window.ekidenIndex=").unwrap().trim_end().strip_suffix(';');
    let entries: Vec<[String; 4]> = serde_json::from_str(json.unwrap()).unwrap();
    let find = |word: &str| -> Vec<(&str, &str)> {
        let has = |entry: &&[String; 4]| {
            format!("{} {}", entry[1], entry[3]).to_lowercase().contains(word)
        };
        entries.iter().filter(has).map(|entry| (entry[0].as_str(), entry[2].as_str())).collect()
    };
    let stage = ("Stage", "stages/one.html");
    for (word, expected) in [
        ("coral", stage),
        ("denim", stage),
        ("ecru", stage),
        ("fawn", stage),
        ("hazel", ("Feedback", "handoffs.html#feedback-k")),
        ("indigo", ("Score", "scores.html#s")),
        ("jade", ("Score", "scores.html#s")),
        ("khaki", ("Assignment", "routes.html#two")),
        ("lime", ("Play", "plays.html#q")),
        ("navy", ("Play", "plays.html#q")),
    ] {
        assert_eq!(find(word), [expected], "{word}");
    }
    // The options of a field are found there and where a condition asks for them.
    assert!(find("beige").contains(&("Field", "records.html#r-f")), "{:?}", find("beige"));
    assert!(find("green light").contains(&stage), "{:?}", find("green light"));
    let amber = find("amber");
    for part in
        [("Role", "roles/a.html"), ("Card to print", "cards/a.html"), ("Quiz", "quiz/a.html")]
    {
        assert!(amber.contains(&part), "{amber:?}");
    }
}

#[test]
fn long_titles_and_bare_processes_have_a_site() {
    let title = "とても長い段階の題名をもつ過程".repeat(20);
    let word = "W".repeat(400);
    let text = format!(
        "process p \"{title}\" {{ languages [ja, ko] }}\nteam t \"{title}\" {{ role a \"{word}\" }}\n\
         record r \"{title}\" {{ f text \"{word}\" }}\n\
         stage one \"{title}\" ko \"{}\" {{ record r owner a entry collect [f] advance to two }}\n\
         stage two \"{word}\" {{ record r outcome won }}",
        "아주 긴 단계 이름 ".repeat(30),
    );
    check("node/site-html.mjs", &check_site("long", &process(&text)));
    for (name, text) in [
        ("record", "record r \"R\" {}"),
        ("stage", "record r \"R\" {} stage s \"S\" { record r }"),
        ("role", "record r \"R\" {} team t \"T\" { role a \"A\" }"),
    ] {
        check_site(name, &process(text));
    }
}

#[test]
fn a_stage_page_says_what_its_owner_must_know() {
    let output = emit("site", &example("the_model"));
    let mql = page(&output, "en/stages/mql.html");
    for part in [
        "<h1>Marketing-qualified lead</h1>",
        "<section id=\"exit\">",
        "href=\"../roles/sdr.html\"",
        "href=\"../handoffs.html#",
        "class=\"term\"",
        "aria-current=\"page\"",
    ] {
        assert!(mql.contains(part), "{part}\n{mql}");
    }
    assert!(page(&output, "ko/stages/mql.html").contains("<html lang=\"ko\">"));
    // Every role has a playbook, a card and a quiz, in every language.
    for language in ["en", "ko", "ja"] {
        for role in ["sdr", "ae", "csm", "marketer"] {
            for file in ["roles/ROLE.html", "cards/ROLE.html", "quiz/ROLE.html", "quiz/ROLE.csv"] {
                page(&output, &format!("{language}/{}", file.replace("ROLE", role)));
            }
        }
        let quiz = page(&output, &format!("{language}/quiz/sdr.html"));
        assert_eq!(quiz.matches("<fieldset").count(), 12);
    }
}

#[test]
fn an_arrow_of_the_map_is_told_in_the_signs_of_the_language() {
    let output = emit("site", &example("the_model"));
    let told = |language: &str| {
        let map = page(&output, &format!("{language}/index.html"));
        let titles = map.split("<title>").skip(1).filter_map(|rest| rest.split('<').next());
        titles.filter(|title| title.contains('→')).map(str::to_owned).collect::<Vec<_>>()
    };
    for (language, kind) in
        [("en", " (back into the loop)"), ("ko", " (순환 복귀)"), ("ja", "（循環に戻る）")]
    {
        let all = told(language);
        assert!(all.iter().any(|title| title.ends_with(kind)), "{language}: {all:?}");
    }
    assert!(told("ja").iter().all(|title| !title.contains('(')), "{:?}", told("ja"));
}

#[test]
fn a_quiz_has_one_card_for_each_question() {
    let output = emit("site", &example("the_model"));
    let (html, csv) = (page(&output, "en/quiz/ae.html"), page(&output, "en/quiz/ae.csv"));
    assert_eq!(csv.matches("\r\n").count(), html.matches("<fieldset").count() + 1);
    assert!(csv.starts_with("question,answer,page\r\n"));
    assert!(csv.lines().skip(1).all(|line| line.ends_with(".html\"") || line.contains(".html#")));
}

#[test]
fn a_large_process_has_a_site_that_opens_at_once() {
    let process = large(2_000);
    let output = emit("site", &process);
    assert!(output.diagnostics.is_empty(), "{:?}", output.diagnostics);
    let bytes: usize = output.artifacts.iter().map(|artifact| artifact.contents.len()).sum();
    assert!(bytes < 60_000_000, "{bytes} bytes");
    // What opens first shows the teams; the map of all stages is on a page of its own.
    let home = page(&output, "en/index.html");
    assert!(home.len() < 40_000, "{} bytes", home.len());
    assert!(home.contains("href=\"teams/t0.html\""));
    assert!(page(&output, "en/stages/s7.html").len() < 12_000);
    assert!(page(&output, "en/stages.html").matches("class=\"box ").count() >= 2_000);
    // Thousands of parts on one page: a browser lays out those that are looked at.
    assert!(page(&output, "en/print.html").contains("<div class=\"many\">"));
    assert!(!page(&emit("site", &example("the_model")), "en/print.html").contains("\"many\""));
}

#[test]
fn a_stage_page_says_what_is_enforced_where() {
    let process = process(
        "process p \"P\" { currency EUR languages [en, ja] }\n\
         team sales \"Sales\" { role rep \"Rep\" }\n\
         record deal \"Deal\" { amount money \"Amount\" }\n\
         stage open \"Open\" { record deal owner rep entry limit 5d collect [amount]\n\
           exit when { big \"Big <b> | enough\" amount > 10 EUR }\n\
           advance to won lose to lost when amount is missing }\n\
         stage won \"Won\" { record deal owner rep outcome won }\n\
         stage lost \"Lost\" { record deal owner rep outcome lost }",
    );
    let settings = Settings::default();
    let site = TARGETS.iter().find(|known| known.name == "site").unwrap();
    let with = |others: &[(&str, &Settings)]| {
        let (process, languages, settings) = (&process, &process.languages, &settings);
        let context = Context {
            process,
            languages,
            settings,
            others,
            templates: &ekiden::emit::NO_TEMPLATES,
            named: true,
            since: None,
        };
        (site.emit)(&context)
    };
    let output = with(&[("hubspot", &settings), ("sql", &settings), ("site", &settings)]);
    check("node/site-html.mjs", &check_output("held", &output));
    let open = page(&output, "en/stages/open.html");
    let section = open.split("id=\"held\"").nth(1).unwrap().split("</section>").next().unwrap();
    let rows: Vec<String> = section
        .split("<tr>")
        .skip(1)
        .map(|row| {
            let cells = row.split("</t").map(|cell| cell.rsplit("<t").next().unwrap());
            let words = cells.map(|cell| {
                let text = cell.split_once('>').map_or("", |(_, text)| text);
                let mut bare = String::new();
                let mut markup = false;
                for c in text.chars() {
                    markup = c == '<' || (markup && c != '>');
                    bare.extend((!markup && c != '>').then_some(c));
                }
                bare
            });
            words.filter(|word| !word.trim().is_empty()).collect::<Vec<_>>().join(" | ")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "What is asked | PostgreSQL | SQLite | MariaDB | HubSpot",
            "Big &lt;b&gt; | enough | enforced | enforced | enforced | handbook only",
            "Condition → Lost | enforced | enforced | enforced | handbook only",
            "No other moves than these | enforced | enforced | enforced | enforced",
            "Time limit | listed | listed | listed | handbook only",
        ]
    );
    assert!(page(&output, "ja/stages/open.html").contains("<h2>どこで守られるか</h2>"));
    // Nothing is asked of who is at the end, but that nobody leaves.
    assert!(page(&output, "en/stages/won.html").contains("No other moves than these"));
    // Nobody has named a system: none is said to hold anybody.
    for others in [&[][..], &[("site", &settings)]] {
        assert!(!page(&with(others), "en/stages/open.html").contains("id=\"held\""));
    }
}

#[test]
fn a_field_says_where_it_is_kept() {
    let text = format!(
        "process p \"P\" {{ currency EUR languages [en, ja] }}\n\
         team sales \"Sales\" {{ role rep \"Rep\" }}\n\
         record deal \"Deal\" {{ amount money \"Amount\" order text \"Order\"\n\
           many many of [a, b] \"Many\" {} text \"Long\" }}\n\
         stage open \"Open\" {{ record deal owner rep entry limit 5d collect [amount] advance to won }}\n\
         stage won \"Won\" {{ record deal owner rep outcome won }}",
        "x".repeat(70),
    );
    let process = process(&text);
    let settings = Settings::default();
    let with = |target: &str, others: &[(&str, &Settings)]| {
        let (process, languages, settings) = (&process, &process.languages, &settings);
        let target = TARGETS.iter().find(|known| known.name == target).unwrap();
        let templates = &ekiden::emit::NO_TEMPLATES;
        let context =
            Context { process, languages, settings, others, templates, named: true, since: None };
        (target.emit)(&context)
    };
    let all = ["sql", "dbt", "salesforce", "hubspot"].map(|name| (name, &settings));
    let output = with("site", &all);
    check("node/site-html.mjs", &check_output("kept", &output));
    let records = page(&output, "en/records.html");
    let places = |id: &str| {
        let row = records.split(&format!("id=\"deal-{id}\"")).nth(1).unwrap();
        let row = row.split("</tr>").next().unwrap();
        let cells = row.rsplit_once("<td>").unwrap().1.split("</code>");
        let bare = |place: &str| {
            let (system, place) = place.rsplit_once("<code>")?;
            let system = system.rsplit_once("</span>")?.0.rsplit_once('>')?.1;
            Some(format!("{system} {place}"))
        };
        cells.filter_map(bare).collect::<Vec<_>>()
    };
    // The names are those in the files of the targets.
    let amount = places("amount");
    assert_eq!(
        amount,
        [
            "SQL deal.amount",
            "dbt stg_deal.amount",
            "Salesforce Opportunity.Amount",
            "HubSpot deals.amount"
        ]
    );
    assert_eq!(
        places("many"),
        [
            "SQL deal_many.many",
            "dbt stg_deal_many.many",
            "Salesforce Opportunity.Many__c",
            "HubSpot deals.many"
        ]
    );
    // PostgreSQL takes 63 characters, MariaDB 64.
    let long = places(&"x".repeat(70));
    assert!(long[0].starts_with("PostgreSQL deal.x") && long[1].starts_with("SQLite deal.x"));
    assert!(long[2].starts_with("MariaDB deal.x") && long[3].starts_with("dbt stg_deal.x"));
    let sql = with("sql", &[]);
    for (place, dialect) in [(&long[0], "postgres"), (&long[2], "mariadb")] {
        let column = place.rsplit('.').next().unwrap();
        assert!(page(&sql, &format!("{dialect}/schema.sql")).contains(column), "{place}");
    }
    let crm = with("salesforce", &[]);
    assert!(crm.artifacts.iter().any(|it| it.path.as_str().contains("Many__c")));
    let docs = with("docs", &all[..1]);
    assert!(page(&docs, "ja/records.md").contains("| 保存先 |\n"));
    assert!(page(&docs, "en/records.md").contains(" | SQL `deal.order` |\n"));
    // Nobody has named a system.
    assert!(!page(&with("docs", &[]), "en/records.md").contains("Kept in"));
    assert!(!page(&with("site", &[]), "en/records.html").contains("Kept in"));
}
