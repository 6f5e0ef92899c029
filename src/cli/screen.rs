//! Standard output and standard error.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use super::Failure;
use super::options::{Color, Format};
use crate::diag::Diagnostic;
use crate::diag::render::{RuleInfo, Style, Summary, concise, full, github, json, junit, sarif};
use crate::lint;
use crate::project;
use crate::source::{SourceFile, SourceMap};

/// Findings shown in full; a person reads no more at once, and the other formats show them all.
const MOST_IN_FULL: usize = 100;
/// Paragraphs are not wrapped wider than this, however wide the terminal.
const WIDEST: usize = 120;

/// Where output goes.
pub(super) struct Screen {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    out_style: Style,
    err_style: Style,
    trouble: Option<io::Error>,
    silenced: usize,
}

/// How many files a process was read from: what is known of it is none of them.
pub(super) fn read_from(sources: &SourceMap) -> usize {
    let is_known = |file: &SourceFile| {
        file.name().ends_with(".json") && project::baseline::is_baseline(file.text())
    };
    sources.iter().filter(|(_, file)| !is_known(file)).count()
}

/// Which of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Standard output: what the verb is for.
    Data,
    /// Standard error: what is said about it.
    Talk,
}

impl Screen {
    pub(super) fn new(color: Color) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = width.unwrap_or(100).clamp(40, WIDEST);
        let style = |choice| Style { color: choice != ColorChoice::Never, width };
        let out_choice = settle(choice, AutoStream::choice(&io::stdout()));
        let err_choice = settle(choice, AutoStream::choice(&io::stderr()));
        Self {
            out: AutoStream::new(io::stdout(), out_choice),
            err: AutoStream::new(io::stderr(), err_choice),
            out_style: style(out_choice),
            err_style: style(err_choice),
            trouble: None,
            silenced: 0,
        }
    }

    /// Tells how many findings a baseline has silenced: the summary says so.
    pub(super) fn silenced(&mut self, count: usize) {
        self.silenced = count;
    }

    /// Writes to standard output. What goes wrong is told by [`Screen::finish`].
    pub(super) fn data(&mut self, text: &str) {
        if self.trouble.is_none() {
            self.trouble = self.out.write_all(text.as_bytes()).err();
        }
    }

    /// Writes a line to standard error. If that fails there is nobody to tell.
    pub(super) fn talk(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}");
    }

    /// How text for standard output is drawn.
    pub(super) fn style(&self) -> Style {
        self.out_style
    }

    /// Prints findings, and for people a summary.
    pub(super) fn findings(
        &mut self,
        found: &[Diagnostic],
        sources: &SourceMap,
        format: Format,
        stream: Stream,
    ) {
        let files = read_from(sources);
        let style = if stream == Stream::Data { self.out_style } else { self.err_style };
        let shown = found.get(..found.len().min(MOST_IN_FULL)).unwrap_or(found);
        let text = match format {
            Format::Full => full::render(shown, sources, style),
            Format::Concise => concise::render(found, sources, style),
            Format::Json => json::render(found, sources, files),
            Format::Sarif => sarif::render(found, sources, &rule_info),
            Format::Github => github::render(found, sources),
            Format::Junit => junit::render(found, sources),
        };
        match stream {
            Stream::Data => self.data(&text),
            Stream::Talk => {
                let _ = self.err.write_all(text.as_bytes());
            }
        }
        if format.is_document() {
            return;
        }
        if format == Format::Full && shown.len() < found.len() {
            let (most, all) = (shown.len(), found.len());
            self.talk(&format!("the first {most} of {all} findings; `--format concise` shows all"));
        }
        let mut line = Summary::of(found, files).line();
        if self.silenced > 0 {
            line.push_str(&format!(", {} silenced by the baseline", self.silenced));
        }
        self.talk(&line);
    }

    /// Tells why a verb failed.
    pub(super) fn failure(&mut self, failure: &Failure) {
        let error = if self.err_style.color { "\x1b[1;31merror\x1b[0m" } else { "error" };
        self.talk(&format!("{error}: {}", failure.message));
        for item in &failure.list {
            self.talk(&format!("  {item}"));
        }
        if let Some(help) = &failure.help {
            self.talk(&format!("  help: {help}"));
        }
    }

    /// Flushes standard output and tells what went wrong with it. A reader that has closed the
    /// pipe has seen what it wanted: that is no failure.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        let flushed = self.out.flush().err();
        match self.trouble.take().or(flushed) {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let reason = project::reason(&error);
                Err(Failure::new(format!("cannot write to standard output: {reason}")))
            }
            _ => Ok(()),
        }
    }
}

/// What a report tells of a rule.
fn rule_info(name: &str) -> Option<RuleInfo> {
    lint::explain(name).map(|rule| RuleInfo {
        family: rule.family.word(),
        summary: rule.summary,
        level: rule.level,
        page: rule.page,
    })
}

/// What was asked for, or else what the terminal and the environment say.
fn settle(asked: ColorChoice, found: ColorChoice) -> ColorChoice {
    if asked == ColorChoice::Auto { found } else { asked }
}
