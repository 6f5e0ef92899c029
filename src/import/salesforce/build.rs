//! From what is known of the pipelines to what is written: names of fields, moves, criteria.

use std::collections::BTreeSet;

use super::super::names::Names;
use super::super::report::{Report, code};
use super::super::translated::{Of, Translations, titled};
use super::super::{Criterion, Field as Written, Imported, Kept, Onward, Says, Settings};
use super::Options;
use super::condition::Cond;
use super::fields::{self, Field, Fields, Kind};
use super::line::Line;
use super::rules::At;
use super::say::Speaker;
use crate::diag::render::counted;
use crate::emit::is_process_name;
use crate::model::{Outcome, Side};

/// Writes the pipelines into `imported`.
pub(super) fn pipelines(mut lines: Vec<Line>, options: Options<'_>, imported: &mut Imported) {
    let used = used(&lines, options);
    let mut taken: Vec<Names> = Vec::new();
    for at in 0..lines.len() {
        name(&mut lines, at, &used, &mut taken);
    }
    for at in 0..lines.len() {
        onward(&mut lines, at, &mut imported.report);
    }
    let all = lines.len();
    for (at, used) in used.iter().enumerate().take(all) {
        let Some(line) = lines.get(at) else { continue };
        let inherited: Vec<String> = line
            .parent
            .and_then(|parent| lines.get(parent))
            .map(|parent| shared(line, parent, used))
            .unwrap_or_default();
        let Some(line) = lines.get_mut(at) else { continue };
        declare(line, used, &inherited, options.currency, &mut imported.report);
        stages(line, options.currency, &mut imported.report);
        translate(line, at, used, &mut imported.translations);
    }
    imported.settings = Some(settings(&lines, &mut imported.report));
    imported.pipelines = lines.into_iter().map(|line| line.pipeline).collect();
}

/// The fields that each pipeline needs: its own, and those that its records go on with elsewhere.
fn used(lines: &[Line], options: Options<'_>) -> Vec<BTreeSet<String>> {
    let mut used: Vec<BTreeSet<String>> = lines
        .iter()
        .map(|line| {
            let wanted = |field: &&Field| {
                let known = !matches!(field.kind, Kind::Other(_));
                known
                    && (field.by_rule
                        || !field.place.is_empty() && (field.required || options.all_fields))
            };
            let more = line.fields.0.iter().filter(wanted).map(|field| field.api.clone());
            let own = line.used().into_iter().filter_map(|api| line.fields.get(api));
            let own = own.filter(|field| field.confirms.is_none()).map(|field| field.api.clone());
            let stage = |api: &String| api == line.stage_field;
            let confirms =
                |api: &String| line.fields.get(api).is_some_and(|f| f.confirms.is_some());
            own.chain(more).filter(|api| !stage(api) && !confirms(api)).collect()
        })
        .collect();
    for (at, line) in lines.iter().enumerate().rev() {
        let Some((parent, above)) = line.parent.and_then(|at| Some((at, lines.get(at)?))) else {
            continue;
        };
        let down = used.get(at).map(|used| shared(line, above, used)).unwrap_or_default();
        if let Some(used) = used.get_mut(parent) {
            used.extend(down);
        }
    }
    used
}

/// The fields that a pipeline shares with the one it continues: the same name and type there.
fn shared(line: &Line, parent: &Line, used: &BTreeSet<String>) -> Vec<String> {
    let alike = |api: &&String| {
        let (Some(a), Some(b)) = (line.fields.get(api), parent.fields.get(api)) else {
            return false;
        };
        let values = |field: &Field| {
            field.options.iter().map(|option| option.value.clone()).collect::<Vec<_>>()
        };
        a.api.ends_with("__c") && a.kind == b.kind && values(a) == values(b)
    };
    used.iter().filter(alike).cloned().collect()
}

fn name(lines: &mut [Line], at: usize, used: &[BTreeSet<String>], taken: &mut Vec<Names>) {
    let empty = BTreeSet::new();
    let own = used.get(at).unwrap_or(&empty);
    let parent = lines.get(at).and_then(|line| line.parent);
    let mut names = parent.and_then(|parent| taken.get(parent)).cloned().unwrap_or_default();
    let mut known: Vec<(String, Field)> = Vec::new();
    if let (Some(line), Some(above)) = (lines.get(at), parent.and_then(|at| lines.get(at))) {
        for api in shared(line, above, own) {
            known.extend(above.fields.get(&api).map(|field| (api, field.clone())));
        }
    }
    if let Some(line) = lines.get_mut(at) {
        for field in &mut line.fields.0 {
            if let Some((_, above)) = known.iter().find(|(api, _)| *api == field.api) {
                field.name = above.name.clone();
                field.options = above.options.clone();
            }
        }
        let fresh = |field: &Field| {
            own.contains(&field.api) && !known.iter().any(|(api, _)| *api == field.api)
        };
        line.fields.name(&fresh, &mut names);
    }
    taken.push(names);
}

/// Where records go on into another pipeline.
fn onward(lines: &mut [Line], at: usize, report: &mut Report) {
    let Some((parent, begins)) =
        lines.get(at).and_then(|line| Some((line.parent?, line.beginnings())))
    else {
        return;
    };
    let Some(leave) = lines.get(parent).map(Line::leave) else { return };
    let mut origins = lines.get(at).map(|line| line.origins.clone()).unwrap_or_default();
    // The names of the rules change with the first build, the order of the stages does not.
    origins.sort();
    let next = lines.get(at).map(|line| line.pipeline.title.clone()).unwrap_or_default();
    // Rules say which stages lead to which; else it is a guess.
    let ways = origins.iter().flat_map(|(to, from)| from.iter().map(|from| (*from, *to)));
    for (from, to) in ways {
        let Some(line) = lines.get_mut(parent) else { continue };
        // Exit criteria are asked for every advance: what one of them does not guard is none.
        let guarded = |placed: &super::rules::Placed| {
            let way = (placed.name.clone(), (from, at, to));
            placed.at != At::Exit(from) || line.guarded_ways.contains(&way)
        };
        let back = !line.placed.iter().all(guarded);
        if let Some(stage) = line.pipeline.stages.get_mut(from) {
            stage.onward.push(Onward { pipeline: at, stage: to, back, ..Onward::default() });
        }
    }
    for from in leave.into_iter().filter(|_| origins.is_empty()) {
        let Some(stage) = lines.get_mut(parent).and_then(|line| line.pipeline.stages.get_mut(from))
        else {
            continue;
        };
        // What goes on has not ended well yet.
        if stage.id.is_some() && stage.outcome.is_some() {
            let way = |to: &usize| Onward { pipeline: at, stage: *to, ..Onward::default() };
            stage.onward.extend(begins.iter().map(way));
        }
        let text = format!("{} is where records go on as {}", code(&stage.title), code(&next));
        report.guessed(&stage.place, text);
    }
    let converts: Vec<usize> =
        lines.get(parent).filter(|line| line.object == "Lead").map(Line::leave).unwrap_or_default();
    if let Some(line) = lines.get_mut(parent) {
        for from in converts {
            if let Some(stage) = line.pipeline.stages.get_mut(from)
                && stage.outcome.replace(Outcome::Void) != Some(Outcome::Void)
            {
                let text = format!(
                    "{} is void: what is converted is neither won nor lost yet",
                    code(&stage.title)
                );
                report.guessed(&stage.place, text);
            }
        }
    }
    if let Some(line) = lines.get_mut(at) {
        line.pipeline.from = Some(parent);
    }
}

/// The fields of the record type.
fn declare(
    line: &mut Line,
    used: &BTreeSet<String>,
    inherited: &[String],
    currency: Option<&str>,
    report: &mut Report,
) {
    let speaker = Speaker { fields: &line.fields, currency };
    let mut left = 0;
    let mut declared: Vec<Written> = Vec::new();
    for field in &line.fields.0 {
        if inherited.contains(&field.api) {
            continue;
        }
        if !used.contains(&field.api) {
            let counts = !field.place.is_empty() && field.confirms.is_none();
            left += usize::from(counts && field.api != line.stage_field);
            continue;
        }
        declared.push(written(field, speaker, report));
        let is_own = line.object.ends_with("__c") && !line.typed;
        if field.of_all && !is_own {
            let text = format!(
                "{} is required of all records of {}, of whatever record type: a build leaves it to rules, which ask the record types here",
                code(&field.api),
                code(&line.object)
            );
            let place = if field.place.is_empty() { &field.api } else { &field.place };
            report.dropped_once(place, text);
        }
        if let Some((_, values)) = line.chosen.iter().find(|(api, _)| *api == field.api)
            && field.options.iter().any(|option| !values.contains(&option.value))
        {
            let values: Vec<String> = values.iter().map(|value| code(value)).collect();
            let text = format!(
                "records of {} have only these values of {}: {}",
                code(&line.pipeline.title),
                code(&field.api),
                values.join(", ")
            );
            let place = if field.place.is_empty() { &field.api } else { &field.place };
            report.dropped(place, text);
        }
    }
    declared.sort_by(|a, b| a.name.cmp(&b.name));
    line.pipeline.fields = declared;
    if left > 0 {
        let fields = counted(left, "field");
        let text = format!("{fields} that no rule and no path asks for; `--all-fields` takes them");
        report.dropped(line.object.clone(), text);
    }
}

fn written(field: &Field, speaker: Speaker<'_>, report: &mut Report) -> Written {
    let options = field.options.iter().map(|option| {
        let title = if option.label.is_empty() { &option.value } else { &option.label };
        format!("{} {}", option.name, titled(title, &option.labels))
    });
    let options = options.collect::<Vec<_>>().join(", ");
    let place = if field.place.is_empty() { field.api.clone() } else { field.place.clone() };
    let kind = match &field.kind {
        Kind::Text => "text".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Money => "money".to_owned(),
        Kind::Percent => "percent".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::DateTime => "datetime".to_owned(),
        Kind::User => "user".to_owned(),
        Kind::OneOf if !options.is_empty() => format!("one of [{options}]"),
        Kind::ManyOf if !options.is_empty() => format!("many of [{options}]"),
        Kind::OneOf | Kind::ManyOf => {
            let text =
                format!("the options of {} are not in the source: it is a text", code(&field.api));
            report.guessed(&place, text);
            "text".to_owned()
        }
        Kind::Other(kind) => {
            let text = format!("{} is of the type {}: it is a text", code(&field.api), code(kind));
            report.guessed(&place, text);
            "text".to_owned()
        }
    };
    // Rows hold the value, not the label.
    let renamed: Vec<String> = field
        .options
        .iter()
        .filter(|option| option.name != option.value)
        .map(|option| format!("{} by {}", code(&option.value), code(&option.name)))
        .collect();
    if !renamed.is_empty() {
        let text = format!(
            "values of {}, which a build calls by the names of the options: {}",
            code(&field.api),
            renamed.join(", ")
        );
        report.dropped_once(&place, text);
    }
    if !field.inactive.is_empty() {
        let values: Vec<String> = field.inactive.iter().map(|value| code(value)).collect();
        let text =
            format!("values of {} that are not active: {}", code(&field.api), values.join(", "));
        report.dropped_once(&place, text);
    }
    if field.api.ends_with("__c") && !is_api_name(&field.api) {
        let text = format!(
            "{} cannot be a name in the manifest: a build makes a field of its own instead",
            code(&field.api)
        );
        report.dropped_once(&place, text);
    }
    report.understood(place, format!("the field {} is {}", code(&field.api), code(&field.name)));
    Written {
        name: field.name.clone(),
        title: field.label.clone(),
        kind,
        bounds: [("at least", &field.at_least), ("at most", &field.at_most)]
            .into_iter()
            .filter_map(|(word, bound)| Some(format!(" {word} {}", speaker.value(bound.as_ref()?))))
            .collect(),
        required: field.required,
        unique: field.unique,
        help: field.help.clone(),
    }
}

/// Notes the texts in other languages of all that is written.
fn translate(line: &Line, at: usize, used: &BTreeSet<String>, to: &mut Translations) {
    if line.pipeline.named_by_title && !line.typed {
        to.add(at, Of::Record, &line.names);
    }
    for (stage, said) in line.pipeline.stages.iter().zip(&line.titles) {
        to.add(at, Of::Stage(stage.title.clone()), said);
    }
    for placed in line.placed.iter().filter(|placed| !matches!(placed.at, At::Move(..))) {
        to.add(at, Of::Criterion(placed.text.clone()), &placed.texts);
    }
    for field in &line.fields.0 {
        if used.contains(&field.api) {
            to.add(at, Of::Field(field.name.clone()), &field.labels);
            to.add(at, Of::Help(field.name.clone()), &field.helps);
            field.options.iter().for_each(|option| to.languages(&option.labels));
        } else if field.confirms.is_some() {
            to.languages(&field.helps);
        }
    }
}

/// Moves, criteria, and what is collected.
fn stages(line: &mut Line, currency: Option<&str>, report: &mut Report) {
    let mut moves = line.written();
    let begins = line.begins.clone();
    let speaker = Speaker { fields: &line.fields, currency };
    for (at, stage) in line.pipeline.stages.iter_mut().enumerate() {
        for way in &mut stage.onward {
            let here = line.ways.iter().filter(|(of, _)| *of == (at, way.pipeline, way.stage));
            let all: Vec<Cond> = here.map(|(_, cond)| cond.clone()).collect();
            if !all.is_empty() {
                let all = super::simplify::simplified(Cond::And(all));
                way.when = Some(speaker.cond(&all));
            }
        }
    }
    let mut conditions: Vec<((usize, usize), Vec<Cond>)> = Vec::new();
    let mut criteria: Vec<(usize, Criterion)> = Vec::new();
    for placed in &line.placed {
        match (placed.at, &placed.cond) {
            (At::Move(from, to), Some(cond)) => {
                match conditions.iter_mut().find(|(cell, _)| *cell == (from, to)) {
                    Some((_, all)) => all.push(cond.clone()),
                    None => conditions.push(((from, to), vec![cond.clone()])),
                }
            }
            (At::Exit(stage) | At::Entry(stage), cond) => {
                let says = match cond {
                    Some(cond) => {
                        let (holds, only) = speaker.criterion(cond);
                        Says::Holds { holds, only }
                    }
                    None => Says::Confirmed,
                };
                let side = if matches!(placed.at, At::Exit(_)) { Side::Exit } else { Side::Enter };
                let (name, text) = (Some(placed.name.clone()), placed.text.clone());
                criteria.push((stage, Criterion { name, text, side, says }));
            }
            (At::Move(..), None) => {}
        }
    }
    for ((from, to), all) in conditions {
        let all = match all.as_slice() {
            [only] => only.clone(),
            _ => Cond::And(all),
        };
        let said = speaker.cond(&super::simplify::simplified(all));
        for step in moves.iter_mut().filter(|step| (step.from, step.to) == (from, to)) {
            step.when = Some(said.clone());
        }
    }
    criteria.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    let mut collect: Vec<Vec<String>> =
        line.collect.iter().map(|apis| collected(apis, &line.fields)).collect();
    // What a stage asks for before a record leaves is filled in there; a path shows it too.
    let mut asked: Vec<&super::rules::Placed> = line.placed.iter().collect();
    asked.sort_by(|a, b| a.name.cmp(&b.name));
    for placed in asked {
        let (At::Exit(stage), Some(cond)) = (placed.at, &placed.cond) else { continue };
        let apis: Vec<String> = cond.fields().into_iter().map(str::to_owned).collect();
        let Some(list) = collect.get_mut(stage) else { continue };
        for name in collected(&apis, &line.fields) {
            if !list.contains(&name) {
                list.push(name);
            }
        }
    }
    let elsewhere: Vec<bool> =
        (0..line.states.len()).map(|at| line.comes_from_elsewhere(at)).collect();
    if let Some(begins) = &begins {
        let told: Vec<String> = begins.iter().map(|at| code(line.title(*at))).collect();
        if let Some(stage) = line.pipeline.stages.first() {
            report.understood(&stage.place, format!("records begin in {}", told.join(", ")));
        }
    }
    let silent = line.beginnings().iter().any(|at| line.comes_from_elsewhere(*at));
    let known = line.known.clone();
    for (at, stage) in line.pipeline.stages.iter_mut().enumerate() {
        if let Some(begins) = &begins {
            stage.entry = begins.contains(&at);
        }
        let origin = line.origins.iter().any(|(to, _)| *to == at);
        if origin {
            // The rule that says where its records come from says whether they begin on their own, too.
            stage.entry = !line.bound.contains(&at);
        } else {
            stage.entry &= !elsewhere.get(at).copied().unwrap_or_default();
        }
        let moves_on = moves.iter().any(|step| step.from == at) || !stage.onward.is_empty();
        stage.last = !moves_on && stage.outcome.is_none() && !stage.inactive;
        if stage.last && !known.contains(&at) {
            let text = format!("{} is the last stage: nothing follows it", code(&stage.title));
            report.guessed(&stage.place, text);
        }
        // Of one that is no longer in use only a rule says so.
        stage.last |= known.contains(&at) && !moves_on && stage.outcome.is_none();
        stage.collect = collect.get(at).cloned().unwrap_or_default();
        let own = criteria.iter().filter(|(of, _)| *of == at);
        stage.criteria = own.map(|(_, criterion)| criterion.clone()).collect();
    }
    line.pipeline.no_entry = silent && !line.pipeline.stages.iter().any(|stage| stage.entry);
    line.pipeline.moves = Some(moves);
    line.pipeline.gather = true;
}

fn collected(apis: &[String], fields: &Fields) -> Vec<String> {
    let names = apis.iter().filter_map(|api| fields.get(api)).map(|field| field.name.clone());
    names.filter(|name| !name.is_empty()).collect()
}

/// Whether a manifest takes it: names of other people's packages it does not.
fn is_api_name(api: &str) -> bool {
    let base = api.strip_suffix("__c").unwrap_or(api);
    base.len() <= 40 && !base.contains("__") && base.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// What `ekiden build --target salesforce` has to know to give the same names back.
fn settings(lines: &[Line], report: &mut Report) -> Settings {
    let mut settings = Settings::default();
    for (at, line) in lines.iter().enumerate() {
        settings.objects.push((at, line.object.clone()));
        let wanted = line
            .record_type
            .as_ref()
            .map_or_else(|| line.pipeline.title.replace(' ', "_"), |(name, _)| name.clone());
        let good = wanted.starts_with(|c: char| c.is_ascii_alphabetic())
            && wanted.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !wanted.contains("__")
            && !wanted.ends_with('_')
            && wanted.len() <= 80;
        let standard = matches!(line.object.as_str(), "Lead" | "Opportunity");
        if let Some(process) =
            line.process.as_ref().filter(|p| !good || **p != wanted.replace('_', " "))
        {
            if is_process_name(process) {
                settings.processes.push((at, process.clone()));
            } else {
                let text = format!(
                    "the name of the process {}: a build makes one called like the record type",
                    code(process)
                );
                report.dropped(line.object.clone(), text);
            }
        }
        if let Some((name, label)) = &line.record_type
            && (standard || line.typed)
            && *label != name.replace('_', " ")
        {
            let text = format!(
                "the label {} of the record type {}: a build gives it the label {}",
                code(label),
                code(name),
                code(&name.replace('_', " "))
            );
            report.dropped(line.object.clone(), text);
        }
        for (stage, state) in line.states.iter().enumerate() {
            let value = state.value.clone();
            let kept = Kept { pipeline: at, stage, value, by_title: standard };
            if !standard || line.title(stage) != kept.value {
                settings.stages.push(kept);
            }
        }
        if good && (line.typed || standard) {
            settings.record_types.push((at, wanted));
        }
        for field in line.fields.0.iter().filter(|field| !field.name.is_empty()) {
            if !fields::is_default(&line.object, field) && is_api_name(&field.api) {
                settings.fields.push((at, field.name.clone(), field.api.clone()));
            }
        }
        if let Some(permission) = &line.permission {
            settings.bypass.get_or_insert_with(|| permission.clone());
        }
        let converted = line.states.iter().position(|state| state.converted);
        if let Some(at) = converted {
            settings.converted.get_or_insert_with(|| line.title(at).to_owned());
        }
    }
    settings
}
