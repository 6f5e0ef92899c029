//! A table of stages: CSV, TSV, or a table in Markdown, its columns known by their heads.

mod heads;
mod moves;
mod shape;

use pulldown_cmark::{Event, Parser};
use rust_decimal::Decimal;

use crate::model::Outcome;

use self::heads::{Column, column};
use super::heading;
use super::report::{Report, code};
use super::{
    Criterion, Imported, MOST_STAGES, Pipeline, Refused, Stage, called, must_be_text,
    outcome_by_title, settled, title, too_many,
};

/// The longest cell, in bytes. A longer one is no part of a list of stages, or a quote is missing.
const LONGEST_CELL: usize = 20_000;

/// A row: the line it starts in, and its cells.
struct Row {
    line: usize,
    cells: Vec<String>,
}

/// Reads a table.
pub(crate) fn read(text: &str) -> Result<Imported, Refused> {
    must_be_text(text)?;
    let mut imported = Imported::default();
    let rows = match markdown(text, &mut imported.report)? {
        Some(rows) => {
            let line = rows.first().map_or(0, |head| head.line);
            called(text, line, &mut imported);
            rows
        }
        None => shape::headed(csv(text)?, &mut imported),
    };
    let mut rows = rows.into_iter();
    let Some(head) = rows.next() else { return Err(no_stages(1)) };
    let mut columns: Vec<Option<Column>> = Vec::new();
    for cell in &head.cells {
        let found = column(cell).filter(|found| !columns.contains(&Some(*found)));
        if found.is_none() && !cell.trim().is_empty() {
            let place = format!("line {}", head.line);
            imported.report.dropped(place, format!("the column {} is not read", code(cell)));
        }
        columns.push(found);
    }
    if !columns.contains(&Some(Column::Stage)) {
        return Err(no_stages(head.line));
    }
    let mut above = shape::Above::default();
    for mut row in rows {
        if row.cells == head.cells {
            let text = "the head stands there once more";
            imported.report.dropped(format!("line {}", row.line), text);
            continue;
        }
        if let Some(note) = shape::note(&row) {
            let text = format!("a note: {}", code(note));
            imported.report.dropped(format!("line {}", row.line), text);
            continue;
        }
        above.fill(&mut row, &columns, &mut imported.report);
        self::row(&row, &columns, &mut imported)?;
    }
    for pipeline in &mut imported.pipelines {
        moves::read(pipeline, &mut imported.report);
    }
    settled(imported)
}

fn no_stages(line: usize) -> Refused {
    Refused::new(
        format!("has no column of stages in its head, line {line}"),
        "call one column `Stage`, `ステージ` or `단계`; docs/reference/import.md lists the others",
    )
}

/// The rows of the first table in Markdown whose head has a column of stages. Further ones are told.
fn markdown(text: &str, report: &mut Report) -> Result<Option<Vec<Row>>, Refused> {
    let lines: Vec<&str> = text.lines().collect();
    let mut first_table = None;
    let mut found: Option<(Vec<Row>, bool)> = None;
    // What stands in a block of code is an example, unless there is no other table.
    let inside = heading::fenced(text);
    let all = || lines.windows(2).enumerate().zip(&inside);
    let tables = all().filter(|(_, inside)| !**inside).chain(all().filter(|(_, inside)| **inside));
    for ((index, pair), fenced) in tables {
        let [head, rule] = pair else { continue };
        if !head.contains('|') || !is_rule(rule) {
            continue;
        }
        let head = Row { line: index + 1, cells: cells(head) };
        first_table.get_or_insert(head.line);
        if !head.cells.iter().any(|cell| column(cell) == Some(Column::Stage)) {
            continue;
        }
        if let Some((_, inside)) = &found {
            // Where there are tables, one in a block of code is an example of them.
            if inside == fenced {
                let text = "another table of stages: the first one of the file is read, each other one needs a file";
                report.dropped(format!("line {}", head.line), text);
            }
            continue;
        }
        let mut rows = vec![head];
        for (at, line) in lines.iter().enumerate().skip(index + 2) {
            if !line.contains('|') {
                break;
            }
            if rows.len() > MOST_STAGES {
                return Err(too_many());
            }
            rows.push(Row { line: at + 1, cells: cells(line) });
        }
        found = Some((rows, *fenced));
    }
    match (found, first_table) {
        (Some((rows, _)), _) => Ok(Some(rows)),
        (None, Some(line)) => Err(no_stages(line)),
        (None, None) => Ok(None),
    }
}

fn is_rule(line: &str) -> bool {
    line.contains('-') && line.contains('|') && line.chars().all(|c| "|-: \t".contains(c))
}

/// The cells of a line of Markdown; `\|` is no border, `<br>` a line break.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '|' {
            cells.push(String::new());
            continue;
        }
        let Some(cell) = cells.last_mut() else { continue };
        match (letter, letters.peek()) {
            ('\\', Some('|')) => cell.extend(letters.next()),
            _ => cell.push(letter),
        }
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    let breaks =
        |cell: &String| cell.replace("<br/>", "\n").replace("<br>", "\n").trim().to_owned();
    cells.iter().map(|cell| plain(&breaks(cell))).collect()
}

/// Stands before each line of a cell, so that `1.`, `#` and `>` are no lists, headings and quotes: a sign
/// that nobody writes, and before which emphasis may begin.
const GUARD: char = '\u{2e31}';

/// A cell of Markdown without its looks: bold, code, and where a link leads.
fn plain(cell: &str) -> String {
    let lines: Vec<String> = cell.lines().map(|line| format!("{GUARD}{line}")).collect();
    let mut out = String::with_capacity(cell.len());
    for event in Parser::new(&lines.join("\n")) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::Html(text) => {
                out.push_str(&text)
            }
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            _ => {}
        }
    }
    let bare = |line| str::strip_prefix(line, GUARD).unwrap_or(line);
    out.lines().map(bare).collect::<Vec<_>>().join("\n")
}

fn csv(text: &str) -> Result<Vec<Row>, Refused> {
    let delimiter = shape::delimiter(text);
    // A quote that is never closed swallows the rest: it is found here, for the reader would not say so.
    if let Some(line) = unclosed(text) {
        let message = format!("has a quote in line {line} that is never closed");
        return Err(Refused::new(message, "close it, or export the table once more"));
    }
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut lines = Lines { rest: text.as_bytes(), at: 0, line: 1 };
    for record in reader.records() {
        let record = record.map_err(|error| {
            let message = format!("is no table that can be read: {error}");
            Refused::new(message, "export it as CSV, encoded in UTF-8")
        })?;
        let line = record.position().map_or(0, |place| lines.of(place.byte()));
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if rows.len() > MOST_STAGES {
            return Err(too_many());
        }
        rows.push(Row { line, cells });
    }
    Ok(rows)
}

/// Counts lines. The reader has its own count, which is one short where lines end in `\r\n`, and where
/// empty lines come first.
struct Lines<'t> {
    rest: &'t [u8],
    at: u64,
    line: usize,
}

impl Lines<'_> {
    /// The line, from 1, of the record at this byte; bytes are asked for in their order.
    fn of(&mut self, byte: u64) -> usize {
        while let Some((first, rest)) = self.rest.split_first() {
            // What ends the line before may still stand in front of the record.
            if self.at >= byte && !matches!(first, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*first == b'\n');
            (self.rest, self.at) = (rest, self.at + 1);
        }
        self.line
    }
}

/// The line of the last quote, when their number is odd.
fn unclosed(text: &str) -> Option<usize> {
    if text.matches('"').count().is_multiple_of(2) {
        return None;
    }
    let at = text.rfind('"')?;
    Some(text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1)
}

fn row(row: &Row, columns: &[Option<Column>], imported: &mut Imported) -> Result<(), Refused> {
    let place = format!("line {}", row.line);
    let report = &mut imported.report;
    let mut stage = Stage { place: place.clone(), ..Stage::default() };
    let mut pipeline = String::new();
    if row.cells.len() > columns.len() {
        report.dropped(&place, "there are more cells than the head has columns");
    }
    let mut ended = None;
    for (cell, column) in row.cells.iter().zip(columns) {
        let (text, Some(column)) = (cell.trim(), column) else { continue };
        if text.is_empty() || matches!(text, "-" | "–" | "—" | "n/a" | "N/A") {
            continue;
        }
        if text.len() > LONGEST_CELL {
            let message =
                format!("cannot be read: {place} holds a cell of more than {LONGEST_CELL} bytes");
            return Err(Refused::new(message, "is a quote missing? no stage needs as much text"));
        }
        let unread = |what: &str| format!("{} is no {what} that is known", code(text));
        match column {
            Column::Stage => stage.title = title(text, &place, report),
            Column::Pipeline => pipeline = title(text, &place, report),
            Column::Owner => stage.owner = Some(title(text, &place, report)),
            Column::Purpose => stage.purpose = Some(text.to_owned()),
            Column::Next => stage.next = Some(text.to_owned()),
            Column::Criteria => {
                stage.criteria = criteria(text).into_iter().map(Criterion::confirmed).collect();
            }
            Column::Probability => match percent(text) {
                Some((percent, as_written)) => {
                    stage.probability = Some(percent);
                    if !as_written {
                        let text = format!("{} is read as {}%", code(text), percent.normalize());
                        report.guessed(&place, text);
                    }
                }
                None => report.dropped(&place, unread("probability")),
            },
            Column::Limit => match limit(text) {
                Some((limit, as_written)) => {
                    if !as_written {
                        report
                            .guessed(&place, format!("{} is read as {}", code(text), code(&limit)));
                    }
                    stage.limit = Some(limit);
                }
                None => report.dropped(&place, unread("time")),
            },
            Column::Outcome => match outcome(text) {
                Some(found) => ended = Some(found),
                None => report.dropped(&place, unread("outcome")),
            },
            Column::Forecast => match forecast(text) {
                Some(word) => stage.forecast = Some(word),
                None => report.dropped(&place, unread("forecast category")),
            },
        }
    }
    if stage.title.is_empty() {
        stage.outcome = ended.flatten();
        shape::goes_on(stage, &pipeline, row, imported);
        return Ok(());
    }
    stage.outcome = match ended {
        Some(said) => said,
        None if !columns.contains(&Some(Column::Outcome)) => {
            // What may still come about has not ended.
            let may =
                |percent: &Decimal| *percent > Decimal::ZERO && *percent < Decimal::ONE_HUNDRED;
            let is_open = stage.probability.as_ref().is_some_and(may);
            let found = outcome_by_title(&stage.title).filter(|_| !is_open);
            if let Some(outcome) = found {
                let text =
                    format!("{} is {}, by its name", code(&stage.title), super::word(outcome));
                report.guessed(&place, text);
            }
            found
        }
        None => None,
    };
    let at = imported.pipelines.iter().position(|known| known.title == pipeline);
    match at.and_then(|at| imported.pipelines.get_mut(at)) {
        Some(known) => known.stages.push(stage),
        None => imported.pipelines.push(Pipeline {
            title: pipeline,
            stages: vec![stage],
            ..Pipeline::default()
        }),
    }
    Ok(())
}

/// One criterion a line, or what stands between semicolons; marks of lists are taken off.
fn criteria(text: &str) -> Vec<String> {
    let parts = text.split(['\n', ';', '；']).map(|part| {
        let part = part.trim().trim_start_matches(['-', '*', '•', '・', '●']).trim();
        part.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    let mut found: Vec<String> = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if !found.contains(&part) {
            found.push(part);
        }
    }
    found
}

/// A probability in percent, and whether it was written as one: `0.4` is taken for 40%.
fn percent(text: &str) -> Option<(Decimal, bool)> {
    let text = shape::narrow(text).replace(',', ".");
    let (number, sign) = match text.strip_suffix('%') {
        Some(number) => (number.trim().to_owned(), true),
        None => (text.clone(), false),
    };
    let number: Decimal = number.parse().ok()?;
    let fraction = !sign && number > Decimal::ZERO && number <= Decimal::ONE;
    let percent = if fraction { number * Decimal::ONE_HUNDRED } else { number };
    let inside = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent);
    (inside && percent.scale() <= 6).then_some((percent, !fraction))
}

/// A time in the notation of the language, and whether its unit was written.
fn limit(text: &str) -> Option<(String, bool)> {
    let text = shape::narrow(text.trim()).to_lowercase();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok().filter(|number| (1..=3_650).contains(number))?;
    let unit = text.strip_prefix(&digits)?.trim();
    let unit = match unit {
        "" => return Some((format!("{number}d"), false)),
        "d" | "day" | "days" | "日" | "日間" | "일" => "d",
        "business day" | "business days" | "working days" | "working day" | "営業日" | "영업일" =>
        {
            let days = if number == 1 { "day" } else { "days" };
            return Some((format!("{number} business {days}"), true));
        }
        "h" | "hour" | "hours" | "時間" | "시간" => "h",
        "w" | "week" | "weeks" | "週" | "週間" | "주" => "w",
        "mo" | "month" | "months" | "か月" | "ヶ月" | "カ月" | "개월" => "mo",
        _ => return None,
    };
    Some((format!("{number}{unit}"), true))
}

/// Some(None): it says that work goes on.
fn outcome(text: &str) -> Option<Option<Outcome>> {
    Some(match text.trim().to_lowercase().as_str() {
        "won" | "win" | "closed won" | "受注" | "成約" | "勝ち" | "勝" | "수주" | "성공" => {
            Some(Outcome::Won)
        }
        "lost" | "lose" | "closed lost" | "失注" | "負け" | "敗" | "실주" | "실패" => {
            Some(Outcome::Lost)
        }
        "void" | "cancelled" | "canceled" | "無効" | "取消" | "무효" | "취소" => {
            Some(Outcome::Void)
        }
        "open" | "進行中" | "진행 중" | "진행중" | "no" | "false" => None,
        _ => return None,
    })
}

/// A forecast category as Salesforce or a person calls it.
pub(super) fn forecast(text: &str) -> Option<&'static str> {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    Some(match plain.to_ascii_lowercase().as_str() {
        "omitted" => "omitted",
        "pipeline" => "pipeline",
        "bestcase" => "best_case",
        "mostlikely" => "most_likely",
        "commit" | "forecast" => "commit",
        "closed" => "closed",
        _ => return None,
    })
}
