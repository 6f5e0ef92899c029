//! The formatter: layout, comments, stability.

use ekiden::source::FileId;
use ekiden::syntax::{dsl, format};

fn formatted(source: &str) -> String {
    format::format(FileId(0), source).expect("the source is well formed")
}

/// Formats, and asserts that a second pass changes nothing and that the meaning is kept.
fn check(source: &str, expected: &str) {
    let once = formatted(source);
    assert_eq!(once, expected);
    assert_eq!(formatted(&once), once, "formatting twice changes nothing");
    let tree = |text: &str| dsl::parse(FileId(0), text).file.items;
    assert_eq!(tree(source), tree(&once));
}

#[test]
fn properties_are_aligned_in_groups() {
    check(
        "stage   mql  \"MQL\"{record lead\nowner   sdr\n\nlimit 2   business days\n}",
        "stage mql \"MQL\" {\n  record lead\n  owner  sdr\n\n  limit 2 business days\n}\n",
    );
}

#[test]
fn a_block_begun_beside_its_brace_stays_on_one_line() {
    check(
        "stage won \"Won\" { record deal owner ae\n  outcome won final }",
        "stage won \"Won\" { record deal owner ae outcome won final }\n",
    );
}

#[test]
fn comments_stay_where_they_are() {
    check(
        concat!(
            "# first\n\n\n# second\nteam a { # beside the brace\n  # above\n  mission \"M\"   # behind\n",
            "  role x # inside\n    headcount 2\n  # at the end\n}\n# last"
        ),
        concat!(
            "# first\n\n# second\nteam a {  # beside the brace\n  # above\n  mission \"M\"  # behind\n",
            "  role x  # inside\n      headcount 2\n  # at the end\n}\n# last\n"
        ),
    );
}

#[test]
fn blank_lines_group_and_never_pile_up() {
    check("team a { }\n\n\n\nteam b { }\nteam c { }\n", "team a { }\n\nteam b { }\nteam c { }\n");
}

#[test]
fn fields_line_up_by_name_and_type() {
    check(
        "record r {\n  email text \"E-mail\"\n  company_size number \"Employees\" at least 1\n  kind one of [a, b,] \"Kind\"\n}",
        concat!(
            "record r {\n",
            "  email        text   \"E-mail\"\n",
            "  company_size number \"Employees\" at least 1\n",
            "  kind         one of [\n    a,\n    b,\n  ] \"Kind\"\n",
            "}\n"
        ),
    );
}

#[test]
fn criteria_line_up_by_name_and_title() {
    check(
        "stage s { exit when {\n a \"Short\" x is present\n long_name \"A longer title\" y  >= -3 } }",
        concat!(
            "stage s {\n  exit when {\n    a         \"Short\"          x is present\n",
            "    long_name \"A longer title\" y >= -3\n  }\n}\n"
        ),
    );
}

#[test]
fn a_long_transition_breaks_before_its_clauses() {
    check(
        "stage s { advance to problem handoff within 4 business hours carries [need, meeting_at] accept when meeting_at is present else recycle to nurturing }",
        concat!(
            "stage s {\n",
            "  advance to problem\n",
            "      handoff within 4 business hours carries [need, meeting_at]\n",
            "      accept when meeting_at is present else recycle to nurturing\n",
            "}\n"
        ),
    );
}

#[test]
fn translations_stand_below_each_other_when_they_do_not_fit() {
    let long = "A rather long sentence that leaves no room for anything else on its line";
    check(
        &format!("team t {{ mission \"{long}\" ko \"{long}\" }}"),
        &format!("team t {{\n  mission \"{long}\"\n          ko \"{long}\"\n}}\n"),
    );
}

#[test]
fn signs_are_spaced_alike_and_calendars_stay_tight() {
    check(
        "process p { calendar mon - fri 09:00 - 18:00 }\nstage s { record r advance to t when a+b*2>=c-1 and not(d<-1) }",
        concat!(
            "process p { calendar mon-fri 09:00-18:00 }\n",
            "stage s { record r advance to t when a + b * 2 >= c - 1 and not (d < -1) }\n"
        ),
    );
}

#[test]
fn windows_line_ends_become_plain_ones() {
    check("team a {\r\n  mission \"M\"\r\n}\r\n", "team a {\n  mission \"M\"\n}\n");
}

#[test]
fn a_broken_file_is_refused() {
    assert!(format::format(FileId(0), "stage s { limit }").is_err());
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("# only a comment"), "# only a comment\n");
}

#[test]
fn formatting_is_stable_for_lists_at_any_width() {
    for extra in 0..90 {
        let options: Vec<String> = (0..6).map(|n| format!("option_{n}")).collect();
        let title = "t".repeat(extra);
        for (comma, translated) in
            [("", ""), (",", ""), ("", " ko \"제목\""), (",", " ko \"제목\"")]
        {
            let options: Vec<String> =
                options.iter().map(|o| format!("{o} \"{o}\"{translated}")).collect();
            let list = options.join(", ");
            let source = format!(
                "record r {{ kind one of [{list}{comma}] \"{title}\" ko \"{title}\" required }}"
            );
            let once = formatted(&source);
            assert_eq!(formatted(&once), once, "{source}");
        }
    }
}

#[test]
fn a_carriage_return_ends_a_line_and_its_comment() {
    let lines = "# first\n\nteam a { # beside\n  # above\n  mission \"M\" # behind\n}\n# last";
    for end in ["\r\n", "\r"] {
        let other = lines.replace('\n', end);
        assert_eq!(formatted(&other), formatted(lines), "{other:?}");
    }
    assert_eq!(dsl::parse(FileId(0), "# a\rteam a { }").file.items.len(), 1);
}

#[test]
fn a_long_condition_breaks_outside_of_its_parentheses_first() {
    check(
        "stage s { exit when { a \"A\" (company_size >= 1_000 or industry in [software, finance]) and (decision_maker is present or champion is present) } }",
        concat!(
            "stage s {\n",
            "  exit when {\n",
            "    a \"A\"\n",
            "        (company_size >= 1_000 or industry in [software, finance])\n",
            "        and (decision_maker is present or champion is present)\n",
            "  }\n",
            "}\n"
        ),
    );
}
