//! What a place in the source is about: the declaration it stands in, by name.
//!
//! Lines move, files are laid out anew and turned into the other notation; the path of a
//! declaration, `stage mql / advance to problem`, stays.

use crate::source::{FileId, Span};
use crate::syntax::ast::{Criterion, File, Item, StageDecl, TransitionDecl, TransitionEnds};

/// The process as a whole, for places that are in no declaration of its own.
const PROCESS: &str = "process";
/// For places in files that declare nothing, such as the manifest.
const MANIFEST: &str = "manifest";

/// The declarations of a process and their parts, by place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Each file of the process: which it is, and its declarations in the order of their places.
    files: Vec<(FileId, Vec<Declaration>)>,
}

#[derive(Clone, Debug)]
struct Declaration {
    span: Span,
    path: String,
    /// The parts that have a name of their own, in the order of their places; none overlap.
    parts: Vec<(Span, String)>,
}

impl Places {
    /// Indexes the declarations of a process.
    pub(crate) fn new(files: &[File]) -> Self {
        let files = files.iter().map(|file| {
            let mut items: Vec<Declaration> = file.items.iter().map(declaration).collect();
            items.sort_by_key(|item| item.span.key());
            (file.id, items)
        });
        Self { files: files.collect() }
    }

    /// The path of the declaration, or of the part of one, that holds a place.
    pub(crate) fn path(&self, place: Span) -> String {
        let Some((_, items)) = self.files.iter().find(|(file, _)| *file == place.file) else {
            return MANIFEST.to_owned();
        };
        // The start of a file stands for the process, whatever is declared there first.
        let of_process = place.is_empty() && place.start == 0;
        let found = holder(items, place, |item| item.span).filter(|_| !of_process);
        let Some(item) = found else { return PROCESS.to_owned() };
        match holder(&item.parts, place, |(span, _)| *span) {
            Some((_, part)) => format!("{} / {part}", item.path),
            None => item.path.clone(),
        }
    }
}

/// The one of `sorted` that holds a place: the last that begins before it, if it reaches so far.
fn holder<T>(sorted: &[T], place: Span, span: impl Fn(&T) -> Span) -> Option<&T> {
    let after = sorted.partition_point(|item| span(item).start <= place.start);
    sorted.get(after.checked_sub(1)?).filter(|item| place.end <= span(item).end)
}

fn declaration(item: &Item) -> Declaration {
    let path = match item {
        Item::Process(_) => PROCESS.to_owned(),
        Item::Team(d) => format!("team {}", d.name),
        Item::Record(d) => format!("record {}", d.name),
        Item::Stage(d) => format!("stage {}", d.name),
        Item::Goal(d) => format!("goal {}", d.name),
        Item::Feedback(d) => format!("feedback {}", d.name),
        Item::Score(d) => format!("score {}", d.name),
        Item::Route(d) => format!("route {}", d.stage),
        Item::Term(d) => format!("term {}", d.name),
        Item::Play(d) => format!("play {}", d.name),
        Item::Retired(d) => format!("retired {} {}", d.kind.value.word(), d.name.dotted()),
    };
    let mut parts = match item {
        Item::Team(d) => d.roles.iter().map(|r| (r.span, format!("role {}", r.name))).collect(),
        Item::Record(d) => d.fields.iter().map(|f| (f.span, format!("field {}", f.name))).collect(),
        Item::Stage(d) => stage_parts(d),
        Item::Score(d) => {
            let points = |p: &crate::syntax::ast::PointsDecl| match &p.title {
                Some(title) => format!("{} {}", p.category.word(), title.value),
                None => p.category.word().to_owned(),
            };
            d.points.iter().map(|p| (p.span, points(p))).collect()
        }
        Item::Route(d) => {
            d.cases.iter().map(|case| (case.span, format!("to {}", case.to.name))).collect()
        }
        _ => Vec::new(),
    };
    parts.sort_by_key(|(span, _)| span.key());
    Declaration { span: item.span(), path, parts }
}

fn stage_parts(stage: &StageDecl) -> Vec<(Span, String)> {
    let criteria = |side: &str, list: &[Criterion]| -> Vec<(Span, String)> {
        list.iter().map(|c| (c.span, format!("{side} {}", c.name))).collect()
    };
    let mut parts = criteria("exit", &stage.exit);
    parts.extend(criteria("enter", &stage.enter));
    parts.extend(stage.transitions.iter().map(|t| (t.span, transition(t))));
    parts
}

fn transition(decl: &TransitionDecl) -> String {
    match &decl.ends {
        TransitionEnds::To(to) => {
            let verb = decl.kind.map_or("move", |kind| kind.word());
            format!("{verb} to {to}")
        }
        TransitionEnds::FromAnyOpen { record, .. } => format!("from any open of {record}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::source::{FileId, Span};

    #[test]
    fn a_place_is_told_by_what_it_stands_in() {
        let text = "team sales { role ae }\n\
                    stage mql { record lead  exit when { met \"Met\" need is present }\n\
                    advance to won  recycle to mql }\n\
                    process p { }";
        let file = crate::syntax::dsl::parse(FileId(0), text).file;
        let places = Places::new(&[file]);
        let at = |word: &str| {
            let start = text.find(word).unwrap_or_default();
            places.path(Span::new(FileId(0), start, start + word.len()))
        };
        assert_eq!(at("sales"), "team sales");
        assert_eq!(at("ae"), "team sales / role ae");
        assert_eq!(at("record lead"), "stage mql");
        assert_eq!(at("need is"), "stage mql / exit met");
        assert_eq!(at("won"), "stage mql / advance to won");
        assert_eq!(at("recycle"), "stage mql / recycle to mql");
        assert_eq!(at("p {"), "process");
        assert_eq!(places.path(Span::start_of(FileId(0))), "process");
        assert_eq!(places.path(Span::start_of(FileId(1))), "manifest");
    }
}
