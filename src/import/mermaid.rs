//! A `stateDiagram-v2` of Mermaid, by itself or in the first such block of a Markdown file.

mod blocks;

use rustc_hash::{FxHashMap, FxHashSet};

use self::blocks::Block;
use super::report::code;
use super::{
    Imported, MOST_MOVES, MOST_STAGES, Move, Pipeline, Refused, Stage, called, must_be_text,
    outcome_by_title, settled, title, too_many, word,
};
use crate::model::Outcome;

/// Words that begin a line about looks.
const LOOKS: &[&str] =
    &["classdef", "class", "style", "click", "hide", "scale", "acctitle", "accdescr", "linkstyle"];

/// Reads a diagram.
pub(crate) fn read(text: &str) -> Result<Imported, Refused> {
    must_be_text(text)?;
    let mut reader = Reader::default();
    let mut lines = diagram(text, &mut reader)?.into_iter();
    while let Some((number, line)) = lines.next() {
        reader.line = number;
        if let Some(rest) = line.strip_prefix("note ") {
            let mut note = line.to_owned();
            // A note of several lines has no colon in its first.
            if !rest.contains(':') {
                note.push(':');
                loop {
                    match lines.next() {
                        Some((_, "end note")) => break,
                        Some((_, more)) => note = format!("{note} {more}"),
                        None => {
                            let help = "close it with `end note`";
                            return Err(reader.wrong("a note is never closed", help));
                        }
                    }
                }
            }
            reader.drop_line("a note", &note);
            continue;
        }
        if line.to_lowercase().starts_with("accdescr") && line.ends_with('{') {
            reader.drop_line("a description for screen readers", line);
            if !lines.any(|(_, line)| line == "}") {
                return Err(reader.wrong("a description is never closed", "close it with `}`"));
            }
            continue;
        }
        reader.statement(line)?;
    }
    if let Some(block) = reader.blocks.pop() {
        reader.line = block.line;
        return Err(
            reader.wrong("a block is never closed", "close it with `}`; is the file whole?")
        );
    }
    reader.finish()
}

/// The lines of the diagram with their numbers, trimmed, without comments and head.
fn diagram<'t>(text: &'t str, reader: &mut Reader) -> Result<Vec<(usize, &'t str)>, Refused> {
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())).peekable();
    let fenced = text.lines().any(|line| line.trim_start().starts_with("```mermaid"));
    if fenced {
        while lines.next_if(|(_, line)| !line.starts_with("```mermaid")).is_some() {}
        if let Some((line, _)) = lines.next() {
            called(text, line, &mut reader.imported);
        }
    }
    while lines.next_if(|(_, line)| line.is_empty()).is_some() {}
    if lines.next_if(|(_, line)| *line == "---").is_some() {
        for (_, line) in lines.by_ref() {
            if let Some(title) = line.strip_prefix("title:") {
                reader.title = title.trim().trim_matches('"').to_owned();
                // The title of the diagram itself says more than what stands around it.
                reader.imported.title = None;
            }
            if line == "---" {
                break;
            }
        }
    }
    let mut found = Vec::new();
    let mut head = false;
    for (number, line) in lines {
        if fenced && line.starts_with("```") {
            break;
        }
        if line.is_empty() {
            continue;
        }
        if line.starts_with("%%") {
            reader.line = number;
            reader.drop_line("a comment", line);
        } else if head {
            // A comment may also stand behind a statement.
            let (line, comment) = match line.split_once(" %%") {
                Some((line, comment)) => (line.trim_end(), Some(comment)),
                None => (line, None),
            };
            if let Some(comment) = comment {
                reader.line = number;
                reader.drop_line("a comment", comment.trim());
            }
            found.push((number, line));
        } else if matches!(line, "stateDiagram-v2" | "stateDiagram") {
            head = true;
        } else {
            let message = format!("is no state diagram: line {number} is {}", code(line));
            return Err(Refused::new(message, "the first line has to be `stateDiagram-v2`"));
        }
    }
    if !head {
        return Err(Refused::new(
            "is no state diagram",
            "the first line has to be `stateDiagram-v2`",
        ));
    }
    Ok(found)
}

#[derive(Default)]
struct Reader {
    imported: Imported,
    title: String,
    line: usize,
    stages: Vec<Stage>,
    known: FxHashMap<String, usize>,
    moves: Vec<Move>,
    seen: FxHashMap<(usize, usize, Option<String>), usize>,
    /// The states whose title is written: what is said of them further describes them.
    titled: FxHashSet<usize>,
    /// The blocks that are open, the innermost last, and those that have been closed.
    blocks: Vec<Block>,
    closed: Vec<Block>,
    /// The states that are in a block.
    enclosed: FxHashSet<usize>,
    /// The state that was declared last: its block may begin in the next line.
    declared: Option<usize>,
}

impl Reader {
    fn place(&self) -> String {
        format!("line {}", self.line)
    }

    fn wrong(&self, what: &str, help: &str) -> Refused {
        Refused::new(format!("cannot be read: line {}: {what}", self.line), help)
    }

    fn drop_line(&mut self, what: &str, line: &str) {
        self.imported.report.dropped(self.place(), format!("{what}: {}", code(line)));
    }

    fn statement(&mut self, line: &str) -> Result<(), Refused> {
        let line = line.trim_end_matches(';').trim();
        let first = line.split_whitespace().next().unwrap_or("");
        if line == "{" {
            // The block of a state that was declared in the line before.
            let of = self.declared;
            return self.open(of);
        }
        if line == "}" {
            let Some(block) = self.blocks.pop() else {
                return Err(self.wrong("`}` closes nothing", "remove it"));
            };
            self.closed.push(block);
            return Ok(());
        }
        if let Some((from, rest)) = line.split_once("-->") {
            return self.step(from.trim(), rest.trim());
        }
        if line == "--" {
            self.drop_line("what runs side by side is one after the other", line);
        } else if first == "direction"
            || LOOKS.contains(&first.to_lowercase().trim_end_matches(':'))
        {
            if first != "direction" {
                self.drop_line("about looks", line);
            }
        } else if let Some(rest) = line.strip_prefix("state ") {
            return self.declaration(rest.trim());
        } else if let Some((id, text)) =
            line.split_once(':').filter(|(_, text)| !text.starts_with(':'))
        {
            let at = self.stage(id.trim())?;
            self.entitle(at, text);
        } else {
            self.stage(line)?;
        }
        Ok(())
    }

    /// Behind `state`: `"Title" as x`, `x`, `x <<choice>>`, each perhaps with a block.
    fn declaration(&mut self, rest: &str) -> Result<(), Refused> {
        let (rest, block) = match rest.strip_suffix('{') {
            Some(rest) => (rest.trim(), true),
            None => (rest, false),
        };
        let (rest, kind) = match rest.split_once("<<") {
            Some((rest, kind)) => (rest.trim(), Some(kind.trim_end_matches(">>").to_owned())),
            None => (rest, None),
        };
        let (id, text) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let Some((text, id)) = quoted.rsplit_once('"') else {
                    return Err(
                        self.wrong("a text is never closed", "write `state \"Title\" as name`")
                    );
                };
                let Some(id) = id.trim().strip_prefix("as ") else {
                    return Err(
                        self.wrong("a title has no name", "write `state \"Title\" as name`")
                    );
                };
                (id.trim(), Some(text))
            }
            None => match rest.split_once(':') {
                Some((id, text)) if !text.starts_with(':') => (id.trim(), Some(text)),
                _ => (rest, None),
            },
        };
        let at = self.stage(id)?;
        if let Some(text) = text {
            self.entitle(at, text);
        }
        self.declared = Some(at);
        if block {
            self.open(Some(at))?;
        }
        if let Some(kind) = kind {
            let text = format!("the {kind} {} is kept as a stage of its own", code(id));
            self.imported.report.guessed(self.place(), text);
        }
        Ok(())
    }

    fn step(&mut self, from: &str, rest: &str) -> Result<(), Refused> {
        // `b:::looks` is no label.
        let plain = rest.replace(":::", "\u{1}");
        let (to, label) = match plain.split_once(':') {
            Some((to, label)) => (to.trim().to_owned(), Some(label.trim().to_owned())),
            None => (plain.clone(), None),
        };
        let to = to.replace('\u{1}', ":::");
        let (place, outer) = (self.place(), self.blocks.is_empty());
        let label = label.filter(|label| !label.is_empty());
        let label = label.map(|label| {
            title(
                &label.replace("<br/>", " ").replace("<br>", " "),
                &place,
                &mut self.imported.report,
            )
        });
        match (from, to.as_str()) {
            ("[*]", "[*]") => Err(self.wrong("nothing moves nowhere", "name a state")),
            ("[*]", to) => {
                let at = self.stage(to)?;
                match (self.stages.get_mut(at), self.blocks.last_mut()) {
                    (Some(stage), _) if outer => stage.entry = true,
                    (_, Some(block)) if block.start.is_none() => block.start = Some(at),
                    _ => self.drop_line("where the inside of a block begins", to),
                }
                if let Some(label) = label {
                    self.drop_line("the label of a beginning", &label);
                }
                Ok(())
            }
            (from, "[*]") => {
                let at = self.stage(from)?;
                match (self.stages.get_mut(at), self.blocks.last_mut()) {
                    (Some(stage), _) if outer => stage.last = true,
                    (_, Some(block)) => block.ends.push(at),
                    _ => {}
                }
                if let Some(label) = label {
                    self.drop_line("the label of an end", &label);
                }
                Ok(())
            }
            (from, to) => {
                let (from, to) = (self.stage(from)?, self.stage(to)?);
                if self.seen.insert((from, to, label.clone()), self.line).is_some() {
                    self.imported.report.dropped(place, "a move that was there already");
                    return Ok(());
                }
                self.moves.push(Move {
                    from,
                    to,
                    title: label,
                    word: None,
                    when: None,
                    after: None,
                });
                if self.moves.len() > MOST_MOVES {
                    let message = format!("holds more than {MOST_MOVES} moves");
                    return Err(Refused::new(message, "split the diagram"));
                }
                Ok(())
            }
        }
    }

    /// Begins a block.
    fn open(&mut self, of: Option<usize>) -> Result<(), Refused> {
        let within = self.blocks.last().and_then(|block| block.of);
        self.blocks.push(Block { of, within, line: self.line, ..Block::default() });
        if self.blocks.len() > 50 {
            return Err(self.wrong("blocks are nested too deep", "flatten the diagram"));
        }
        Ok(())
    }

    /// The stage of a state, which is new when its name was not there yet.
    fn stage(&mut self, id: &str) -> Result<usize, Refused> {
        let id = id.split_once(":::").map_or(id, |(id, _)| id).trim();
        let odd = |c: char| c.is_whitespace() || "\"{}[]<>".contains(c);
        if id.is_empty() || id.contains(odd) {
            let what = format!("{} is no name of a state", code(id));
            return Err(
                self.wrong(&what, "write `state \"Title\" as name`, and the name everywhere else")
            );
        }
        if let Some(at) = self.known.get(id).copied() {
            self.enclose(at);
            return Ok(at);
        }
        let at = self.stages.len();
        if at >= MOST_STAGES {
            return Err(too_many());
        }
        self.known.insert(id.to_owned(), at);
        self.enclose(at);
        let (place, id) = (self.place(), id.to_owned());
        self.stages.push(Stage { title: id.clone(), id: Some(id), place, ..Stage::default() });
        Ok(at)
    }

    /// Puts a state into the block that is open: also one that was named outside before, as Mermaid
    /// draws it. One that is in a block already stays there, and a block is not inside itself.
    fn enclose(&mut self, at: usize) {
        if self.blocks.is_empty() || self.blocks.iter().any(|block| block.of == Some(at)) {
            return;
        }
        if self.enclosed.insert(at)
            && let Some(block) = self.blocks.last_mut()
        {
            block.inside.push(at);
        }
    }

    fn entitle(&mut self, at: usize, text: &str) {
        let place = self.place();
        let text = text.replace("<br/>", " ").replace("<br>", " ");
        let text = title(&text, &place, &mut self.imported.report);
        let Some(stage) = self.stages.get_mut(at).filter(|_| !text.is_empty()) else { return };
        // Mermaid draws the first as the head of the box, and the others below.
        if self.titled.insert(at) {
            stage.title = text;
            return;
        }
        let said = stage.purpose.get_or_insert_default();
        if stage.title == text || said.lines().any(|line| line == text) {
            return;
        }
        if !said.is_empty() {
            said.push('\n');
        }
        said.push_str(&text);
        let text =
            format!("{}, which {} says further, is its purpose", code(&text), code(&stage.title));
        self.imported.report.guessed(place, text);
    }

    fn finish(mut self) -> Result<Imported, Refused> {
        let blocks = std::mem::take(&mut self.closed);
        let report = &mut self.imported.report;
        blocks::flatten(&blocks, &mut self.stages, &mut self.moves, report);
        if self.moves.len() > MOST_MOVES {
            let message = format!("holds more than {MOST_MOVES} moves");
            return Err(Refused::new(message, "split the diagram"));
        }
        for stage in &mut self.stages {
            stage.outcome = outcome_of(stage);
            if let Some(outcome) = stage.outcome {
                let by = match (outcome_by_title(&stage.title), &stage.id) {
                    (None, Some(id)) => format!("by the name {} in the diagram", code(id)),
                    _ => "by its name".to_owned(),
                };
                let text = format!("{} is {}, {by}", code(&stage.title), word(outcome));
                self.imported.report.guessed(&stage.place, text);
            }
        }
        for step in &self.moves {
            let (Some(from), Some(to)) = (self.stages.get(step.from), self.stages.get(step.to))
            else {
                continue;
            };
            if step.to <= step.from && to.outcome.is_none() {
                let text = format!(
                    "{} goes back to {}, which the diagram names first: `recycle`",
                    code(&from.title),
                    code(&to.title)
                );
                self.imported.report.guessed(&from.place, text);
            }
        }
        self.imported.pipelines.push(Pipeline {
            title: self.title,
            stages: self.stages,
            moves: Some(self.moves),
            ..Pipeline::default()
        });
        settled(self.imported)
    }
}

/// How a stage ends, by its title or else its name.
fn outcome_of(stage: &Stage) -> Option<Outcome> {
    let by_id = || stage.id.as_deref().and_then(|id| outcome_by_title(&id.replace('_', " ")));
    outcome_by_title(&stage.title).or_else(by_id)
}
