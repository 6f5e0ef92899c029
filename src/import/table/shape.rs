//! What spreadsheets make of a table: a title above the head, cells that are merged, signs for "as above".

use crate::import::report::{Report, code};
use crate::import::{Imported, Stage, title};

use super::Row;
use super::heads::{Column, column};

/// In how many rows the head is looked for.
const MOST_ABOVE: usize = 20;
/// "As above", as people write it into a cell.
const DITTO: &[&str] = &["〃", "″", "\"", "同上", "ditto", "상동"];

/// The separator: what the first line says it is, as Excel writes it; else the one that makes a column of
/// stages; else the one that the first line holds.
pub(super) fn delimiter(text: &str) -> u8 {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(MOST_ABOVE).peekable();
    let first = lines.peek().copied().unwrap_or("");
    if let Some(said) = said(first) {
        return said;
    }
    for line in lines {
        let is_head = |mark: &u8| {
            let cells = || line.split(char::from(*mark)).map(|cell| cell.trim().trim_matches('"'));
            cells().count() > 1 && cells().any(|cell| column(cell) == Some(Column::Stage))
        };
        if let Some(found) = [b'\t', b';', b','].into_iter().find(is_head) {
            return found;
        }
    }
    let count = |c: char| first.matches(c).count();
    if count('\t') > 0 {
        b'\t'
    } else if count(';') > count(',') {
        b';'
    } else {
        b','
    }
}

/// `sep=;`: what a line says that the separator is.
fn said(line: &str) -> Option<u8> {
    let line = line.trim_matches(|c| matches!(c, '\u{feff}' | '"' | '\r' | '\n' | ' '));
    let mark = line.to_ascii_lowercase().strip_prefix("sep=")?.bytes().next();
    mark.filter(u8::is_ascii)
}

/// The rows from the head on: the first one that has a column of stages. What stands above is told, and
/// when it is one cell, it is what the whole is called.
pub(super) fn headed(mut rows: Vec<Row>, imported: &mut Imported) -> Vec<Row> {
    let is_said = |row: &Row| {
        row.cells
            .first()
            .is_some_and(|cell| said(cell).is_some() || cell.eq_ignore_ascii_case("sep="))
    };
    if rows.first().is_some_and(is_said) {
        rows.remove(0);
    }
    let is_head = |row: &Row| row.cells.iter().any(|cell| column(cell) == Some(Column::Stage));
    let Some(at) = rows.iter().take(MOST_ABOVE).position(is_head) else { return rows };
    let below = rows.split_off(at);
    for row in rows {
        let place = format!("line {}", row.line);
        let cells: Vec<&String> = row.cells.iter().filter(|cell| !cell.is_empty()).collect();
        match cells.as_slice() {
            [only] if imported.title.is_none() => {
                let title = title(only, &place, &mut imported.report);
                let text =
                    format!("the process is called {}, which stands above the head", code(&title));
                imported.report.guessed(place, text);
                imported.title = Some(title);
            }
            _ => {
                let text = format!("above the head: {}", code(&shown(&row)));
                imported.report.dropped(place, text);
            }
        }
    }
    below
}

/// What a row of sums is called.
const SUMS: &[&str] = &["total", "sum", "合計", "総計", "小計", "計", "합계", "총계"];

/// A remark in a row of its own, by the sign that begins one in Japanese and Korean, or a row of sums.
pub(super) fn note(row: &Row) -> Option<&str> {
    let mut cells = row.cells.iter().filter(|cell| !cell.is_empty());
    let only = cells.next().filter(|_| cells.next().is_none())?;
    (only.starts_with('※') || SUMS.contains(&only.to_lowercase().as_str())).then_some(only.as_str())
}

/// Digits and signs as a keyboard of East Asia may give them, in their plain form.
pub(super) fn narrow(text: &str) -> String {
    let plain = |letter: char| match u32::from(letter) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(letter),
        _ => letter,
    };
    text.chars().map(plain).collect()
}

/// What a row holds.
fn shown(row: &Row) -> String {
    let cells = row.cells.iter().filter(|cell| !cell.is_empty());
    cells
        .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(" | ")
}

/// What stands above a row: a merged cell has its text in the first of its rows only.
#[derive(Default)]
pub(super) struct Above {
    cells: Vec<String>,
}

impl Above {
    /// Fills in what a row leaves to those above it.
    pub(super) fn fill(&mut self, row: &mut Row, columns: &[Option<Column>], report: &mut Report) {
        self.cells.resize(columns.len(), String::new());
        let place = format!("line {}", row.line);
        let stage = columns.iter().position(|kind| *kind == Some(Column::Stage));
        let named =
            stage.and_then(|at| row.cells.get(at)).is_some_and(|cell| !cell.trim().is_empty());
        for ((at, kind), above) in columns.iter().enumerate().zip(&mut self.cells) {
            if row.cells.len() <= at {
                row.cells.push(String::new());
            }
            let Some(cell) = row.cells.get_mut(at) else { continue };
            let ditto = DITTO.contains(&cell.trim());
            match kind {
                // The stage above goes on.
                Some(Column::Stage) if ditto => cell.clear(),
                Some(Column::Pipeline) if cell.trim().is_empty() && !above.is_empty() => {
                    cell.clone_from(above);
                    if named {
                        let text = format!("the pipeline is {}, as in the row above", code(above));
                        report.guessed(&place, text);
                    }
                }
                Some(_) if ditto && !above.is_empty() => {
                    let text = format!("{} is {}, as in the row above", code(cell), code(above));
                    cell.clone_from(above);
                    report.guessed(&place, text);
                }
                _ => {}
            }
            if !cell.trim().is_empty() {
                above.clone_from(cell);
            }
        }
    }
}

/// A row without the name of a stage: what stands in it is the stage's above, whose cell was merged.
pub(super) fn goes_on(more: Stage, pipeline: &str, row: &Row, imported: &mut Imported) {
    let Imported { pipelines, report, .. } = imported;
    let place = &more.place;
    let of = pipelines.iter_mut().find(|known| known.title == pipeline);
    let Some(stage) = of.and_then(|known| known.stages.last_mut()) else {
        let text = format!("a row without the name of a stage: {}", code(&shown(row)));
        report.dropped(place, text);
        return;
    };
    let mut kept = false;
    for criterion in more.criteria {
        kept = true;
        if stage.criteria.iter().all(|known| known.text != criterion.text) {
            stage.criteria.push(criterion);
        }
    }
    for (known, more) in [(&mut stage.next, more.next), (&mut stage.purpose, more.purpose)] {
        let Some(more) = more else { continue };
        kept = true;
        match known {
            Some(known) if known.lines().any(|line| line == more) => {}
            Some(known) => {
                known.push('\n');
                known.push_str(&more);
            }
            None => *known = Some(more),
        }
    }
    let mut lost = Vec::new();
    for (what, taken) in [
        ("owner", take(&mut stage.owner, more.owner)),
        ("limit", take(&mut stage.limit, more.limit)),
        ("probability", take(&mut stage.probability, more.probability)),
        ("forecast category", take(&mut stage.forecast, more.forecast)),
        ("outcome", take(&mut stage.outcome, more.outcome)),
    ] {
        match taken {
            Some(true) => kept = true,
            Some(false) => lost.push(what),
            None => {}
        }
    }
    let title = code(&stage.title);
    if !lost.is_empty() {
        let text =
            format!("{title} has another {} already: {}", lost.join(", "), code(&shown(row)));
        report.dropped(place, text);
    }
    if kept {
        let text = format!("a row without the name of a stage goes on with {title}");
        report.guessed(place, text);
    } else if lost.is_empty() {
        let text = format!("a row without the name of a stage: {}", code(&shown(row)));
        report.dropped(place, text);
    }
}

/// Takes what is said further, unless something else was said before; whether it stands there now.
fn take<T: PartialEq>(known: &mut Option<T>, more: Option<T>) -> Option<bool> {
    let more = more?;
    match known {
        Some(known) => Some(*known == more),
        None => {
            *known = Some(more);
            Some(true)
        }
    }
}
