//! A table for each record type, and one for each of its `many of` fields.

use std::fmt::Display;

use jiff::tz::TimeZone;

use crate::emit::crm::one_line;
use crate::model::{
    ConfirmationId, Field, FieldId, FieldType, Id, Process, RecordId, StageId, Value,
};

use super::dialect::Dialect;
use super::moves::Crossings;
use super::names::{Ident, Scope};
use super::schema::{Cell, Check, Column, ColumnType, Key, Table, Told};
use super::strangers::LISTED;
use super::writer::{Sql, texts, value};

/// The names of a record type's table and columns.
pub(super) struct RecordTable<'a> {
    pub(super) record: RecordId,
    /// The name of the record type.
    pub(super) title: &'a str,
    pub(super) name: Ident,
    pub(super) id: Ident,
    sequence: Option<Ident>,
    key: Option<Ident>,
    /// The records it continues, nearest first, and the column that holds their id.
    pub(super) links: Vec<(RecordId, Ident)>,
    pub(super) position: Option<Position>,
    pub(super) fields: Vec<FieldColumn>,
    pub(super) confirmations: Vec<(ConfirmationId, Ident)>,
    stages: Vec<StageId>,
    /// The view of what happened to a record and to those it continues.
    pub(super) events: Ident,
}

/// The columns that tell where a record is.
pub(super) struct Position {
    pub(super) stage: Ident,
    pub(super) entered_at: Ident,
    /// When it went on as another record; only where the process has such a move.
    pub(super) left_at: Option<Ident>,
}

/// Where a field is kept.
pub(super) struct FieldColumn {
    pub(super) field: FieldId,
    /// The column, in the record's table or in the one of `many`.
    pub(super) name: Ident,
    pub(super) many: Option<ManyTable>,
}

/// The table of a `many of` field: a row for each chosen option.
pub(super) struct ManyTable {
    pub(super) table: Ident,
    owner: Ident,
}

impl ManyTable {
    /// The column that holds the id of the record.
    pub(super) fn owner(&self) -> &Ident {
        &self.owner
    }
}

/// Gives every record type its names. `relations` holds the names of tables so far.
pub(super) fn name_tables<'a>(
    dialect: &dyn Dialect,
    prefix: &str,
    process: &'a Process,
    crossings: &Crossings,
    relations: &mut Scope,
) -> Vec<RecordTable<'a>> {
    let mut stages: Vec<Vec<StageId>> = vec![Vec::new(); process.records.len()];
    for (id, stage) in process.stages.iter() {
        if let Some(of_record) = stages.get_mut(stage.record.index()) {
            of_record.push(id);
        }
    }
    let mut confirmations: Vec<Vec<ConfirmationId>> = vec![Vec::new(); process.records.len()];
    for (id, confirmation) in process.confirmations.iter() {
        if let Some(of_record) = confirmations.get_mut(confirmation.record.index()) {
            of_record.push(id);
        }
    }
    // All tables first: the name of a record is worth more than that of anything made for it.
    let names: Vec<Ident> = process
        .records
        .values()
        .map(|record| relations.claim_table(dialect, &record.name))
        .collect();
    let mut tables = Vec::with_capacity(names.len());
    for (((id, name), stages), confirmations) in
        process.records.ids().zip(names).zip(stages).zip(confirmations)
    {
        let naming = Naming { dialect, prefix, process, relations, columns: Scope::of_columns() };
        let crosses = crossings.leave(id);
        tables.push(naming.table(id, name, stages, &confirmations, crosses));
    }
    tables
}

struct Naming<'a, 's> {
    dialect: &'s dyn Dialect,
    prefix: &'s str,
    process: &'a Process,
    relations: &'s mut Scope,
    columns: Scope,
}

impl<'a> Naming<'a, '_> {
    fn table(
        mut self,
        id: RecordId,
        name: Ident,
        stages: Vec<StageId>,
        confirmations: &[ConfirmationId],
        crosses: bool,
    ) -> RecordTable<'a> {
        let process = self.process;
        let record = &process.records[id];
        // Fields come first: what the process calls them is what people look for.
        let fields = record.fields.iter().map(|field| self.field(*field, &name)).collect();
        let confirmations = confirmations
            .iter()
            .map(|id| {
                let key = &process.confirmations[*id].key;
                (*id, self.columns.claim(self.dialect, key))
            })
            .collect();
        let key = self.implied(&name, "pkey");
        let column = self.own_column("id");
        let sequence = self.implied(&name, &format!("{}_seq", column.raw()));
        let links = process
            .lineage(id)
            .skip(1)
            .map(|earlier| {
                let wanted = format!("{}_id", process.records[earlier].name);
                (earlier, self.own_column(&wanted))
            })
            .collect();
        let position = (!stages.is_empty()).then(|| Position {
            stage: self.own_column("stage"),
            entered_at: self.own_column("stage_entered_at"),
            left_at: crosses.then(|| self.own_column("stage_left_at")),
        });
        let events =
            self.relations.claim(self.dialect, &format!("{}{}_event", self.prefix, record.name));
        RecordTable {
            record: id,
            title: &record.name,
            name,
            id: column,
            sequence,
            key,
            links,
            position,
            fields,
            confirmations,
            stages,
            events,
        }
    }

    fn field(&mut self, id: FieldId, table: &Ident) -> FieldColumn {
        let field = &self.process.fields[id];
        if !matches!(field.ty, FieldType::ManyOf(_)) {
            let name = self.columns.claim(self.dialect, &field.name);
            return FieldColumn { field: id, name, many: None };
        }
        let mut columns = Scope::of_columns();
        let name = columns.claim(self.dialect, &field.name);
        let owner = columns.claim(self.dialect, &format!("{}_id", table.raw()));
        let wanted = format!("{}_{}", table.raw(), field.name);
        let many = ManyTable { table: self.relations.claim(self.dialect, &wanted), owner };
        FieldColumn { field: id, name, many: Some(many) }
    }

    /// A column that is not a field: with the prefix where a field has its name.
    fn own_column(&mut self, wanted: &str) -> Ident {
        if self.columns.is_free(wanted) {
            return self.columns.claim(self.dialect, wanted);
        }
        self.columns.claim(self.dialect, &format!("{}{wanted}", self.prefix))
    }

    /// The name of a relation that a database makes up for itself, when it must be told another.
    fn implied(&mut self, table: &Ident, ending: &str) -> Option<Ident> {
        let usual = format!("{}_{ending}", table.raw());
        let name = self.relations.claim(self.dialect, &usual);
        (name.raw() != usual).then_some(name)
    }
}

impl RecordTable<'_> {
    /// The stages of the record type, in source order.
    pub(super) fn stages(&self) -> &[StageId] {
        &self.stages
    }

    /// The tables to create, this one first.
    pub(super) fn tables(
        &self,
        dialect: &dyn Dialect,
        process: &Process,
        stage_table: &Ident,
        tables: &[RecordTable<'_>],
        relations: &mut Scope,
    ) -> (Vec<Table>, Vec<UniqueText>) {
        let mut writing = Writing {
            dialect,
            process,
            of: self,
            checks: Scope::default(),
            relations,
            keys: Vec::new(),
            unique_texts: Vec::new(),
        };
        let mut columns = vec![writing.id()];
        columns.extend(self.links.iter().map(|(record, name)| writing.link(*record, name, tables)));
        if let Some(position) = &self.position {
            columns.extend(writing.position(position, stage_table));
        }
        let mut many = Vec::new();
        for column in &self.fields {
            let field = &process.fields[column.field];
            match &column.many {
                None => columns.push(writing.field(column, field)),
                Some(table) => many.push(writing.many(column, table, field)),
            }
        }
        for (id, name) in &self.confirmations {
            columns.push(writing.confirmation(*id, name));
        }
        let record = &process.records[self.record];
        let comment = match &record.about {
            Some(about) => format!("{}: {}", record.title.value, about.value),
            None => record.title.value.clone(),
        };
        let Writing { keys, unique_texts, .. } = writing;
        let table = Table { name: self.name.clone(), comment, columns, keys, rows: Vec::new() };
        let mut all = vec![table];
        all.extend(many);
        (all, unique_texts)
    }
}

/// A unique text column. An empty text is a missing one, and several records may miss it, which no
/// constraint can say: it takes an index of its own.
pub(super) struct UniqueText {
    index: Ident,
    column: Ident,
}

impl UniqueText {
    pub(super) fn write(&self, sql: &mut Sql<'_>, table: &Ident) {
        let Self { index, column } = self;
        if let Some(line) = sql.dialect.unique_text(index, table, column) {
            sql.index_line(index, table, format_args!("{line}"));
        }
    }
}

/// What must hold for a value, for people.
struct Must<'a> {
    /// How the name of the constraint ends.
    what: &'a str,
    /// What the value is.
    title: &'a str,
    said: String,
}

impl<'a> Must<'a> {
    fn new(what: &'a str, title: &'a str, said: String) -> Self {
        Self { what, title, said }
    }
}

struct Writing<'a> {
    dialect: &'a dyn Dialect,
    process: &'a Process,
    of: &'a RecordTable<'a>,
    /// Names of the table's constraints.
    checks: Scope,
    relations: &'a mut Scope,
    keys: Vec<Key>,
    unique_texts: Vec<UniqueText>,
}

impl Writing<'_> {
    fn id(&self) -> Column {
        let (sequence, key) = (self.of.sequence.clone(), self.of.key.clone());
        Column::new(self.of.id.clone(), ColumnType::Id { sequence, key })
    }

    fn link(&self, record: RecordId, name: &Ident, tables: &[RecordTable<'_>]) -> Column {
        let mut column = Column::new(name.clone(), ColumnType::Reference);
        column.references =
            tables.get(record.index()).map(|earlier| (earlier.name.clone(), earlier.id.clone()));
        column.comment = Some(format!("The {} it continues", self.process.records[record].name));
        column
    }

    fn position(&mut self, position: &Position, stage_table: &Ident) -> Vec<Column> {
        let mut stage = Column::new(position.stage.clone(), ColumnType::NAME);
        stage.required = true;
        stage.told_missing = Some(self.missing(&stage, position.stage.raw()));
        stage.references = Some((stage_table.clone(), Ident::new(self.dialect, "name")));
        let names = self.of.stages.iter().map(|id| self.process.stages[*id].name.as_str());
        let known = texts(self.dialect, names);
        let condition = format!("{} IN ({known})", position.stage);
        let wanted = format!("{}_stage_is_of_{}", self.of.name.raw(), self.of.title);
        // The guards tell what is wrong with a stage.
        let name = self.checks.claim(self.dialect, &wanted);
        stage.checks.push(Check { name, condition, told: None });
        let mut entered = Column::new(position.entered_at.clone(), ColumnType::Instant);
        entered.required = true;
        entered.default = Some(self.dialect.now().to_owned());
        self.type_check(&mut entered, position.entered_at.raw());
        let mut columns = vec![stage, entered];
        if let Some(left_at) = &position.left_at {
            let mut left = Column::new(left_at.clone(), ColumnType::Instant);
            left.comment =
                Some("When it went on as another record; none while it is in its stage".to_owned());
            self.type_check(&mut left, left_at.raw());
            columns.push(left);
        }
        columns
    }

    fn confirmation(&mut self, id: ConfirmationId, name: &Ident) -> Column {
        let confirmation = &self.process.confirmations[id];
        let mut column = Column::new(name.clone(), ColumnType::Boolean);
        column.required = true;
        column.default = Some(self.dialect.boolean(false).to_owned());
        column.comment = Some(match confirmation.by {
            Some(by) => {
                format!("{} ({})", confirmation.text.value, self.process.owner_name(by).1.value)
            }
            None => confirmation.text.value.clone(),
        });
        self.type_check(&mut column, &confirmation.text.value);
        column
    }

    fn field(&mut self, at: &FieldColumn, field: &Field) -> Column {
        let mut column = Column::new(at.name.clone(), column_type(&field.ty));
        column.required = field.required;
        if field.required {
            column.told_missing = Some(self.missing(&column, &field.title.value));
        }
        column.comment = Some(self.comment(field));
        self.type_check(&mut column, &field.title.value);
        self.option_check(&mut column, field);
        let name = column.name.clone();
        let is_text = column.ty == ColumnType::Text;
        if is_text && field.unique {
            column.ty = ColumnType::UNIQUE;
        }
        if field.required && is_text {
            let must = Must::new("is_present", &field.title.value, "must not be empty".to_owned());
            self.check(&mut column, must, |column| format!("{column} <> ''"));
        }
        let bounds = [
            ("at_least", ">=", "at least", &field.at_least),
            ("at_most", "<=", "at most", &field.at_most),
        ];
        for (what, operator, words, bound) in bounds {
            let Some(bound) = bound else { continue };
            if let Some(cell) = self.cell(bound) {
                let said = self.process.value_source(bound);
                let must = Must::new(what, &field.title.value, format!("must be {words} {said}"));
                let bound = value(self.dialect, &cell);
                self.check(&mut column, must, |column| format!("{column} {operator} {bound}"));
            }
        }
        if field.unique {
            let wanted = format!("{}_{}_key", self.of.name.raw(), name.raw());
            let key = self.relations.claim(self.dialect, &wanted);
            if is_text {
                self.unique_texts.push(UniqueText { index: key, column: name });
            } else {
                self.keys.push(Key::Unique(key, vec![name]));
            }
        }
        column
    }

    fn many(&mut self, at: &FieldColumn, many: &ManyTable, field: &Field) -> Table {
        let mut owner = Column::new(many.owner.clone(), ColumnType::Reference);
        owner.required = true;
        let mut option = Column::new(at.name.clone(), ColumnType::NAME);
        option.required = true;
        self.option_check(&mut option, field);
        let mut keys = vec![
            Key::Primary(vec![many.owner.clone(), at.name.clone()]),
            Key::Cascade {
                column: many.owner.clone(),
                table: self.of.name.clone(),
                to: self.of.id.clone(),
            },
        ];
        if field.unique {
            let wanted = format!("{}_{}_key", many.table.raw(), at.name.raw());
            let key = self.relations.claim(self.dialect, &wanted);
            keys.push(Key::Unique(key, vec![at.name.clone()]));
        }
        Table {
            name: many.table.clone(),
            comment: format!("{}: a row for each chosen option", self.comment(field)),
            columns: vec![owner, option],
            keys,
            rows: Vec::new(),
        }
    }

    /// What must hold for a value: as a constraint, and as what is said when it does not.
    fn check(
        &mut self,
        column: &mut Column,
        must: Must<'_>,
        condition: impl Fn(&dyn Display) -> String,
    ) {
        let Must { what, title, said } = must;
        let wanted = format!("{}_{}_{what}", self.of.name.raw(), column.name.raw());
        let told = Told {
            condition: condition(&format_args!("NEW.{}", column.name)),
            message: self.refusal(column, title, &said),
        };
        column.checks.push(Check {
            name: self.checks.claim(self.dialect, &wanted),
            condition: condition(&column.name),
            told: Some(told),
        });
    }

    /// What is said when a value of this column is missing.
    fn missing(&self, column: &Column, title: &str) -> Told {
        Told {
            condition: format!("NEW.{} IS NOT NULL", column.name),
            message: self.refusal(column, title, "must be given"),
        }
    }

    /// Says of which value what does not hold.
    fn refusal(&self, column: &Column, title: &str, said: &str) -> String {
        let name = column.name.raw();
        let known = if title == name { String::new() } else { format!(" ({name})") };
        format!("{}: \"{}\"{known} {said}", self.of.title, shortened(&one_line(title)))
    }

    fn type_check(&mut self, column: &mut Column, title: &str) {
        let said = match column.ty {
            ColumnType::Date => "must be a day that exists, written as 2026-04-01",
            ColumnType::Instant => "must be a time in UTC, written as 2026-04-01T09:00:00Z",
            _ => "must be 0 or 1",
        };
        let (dialect, ty) = (self.dialect, column.ty.clone());
        if dialect.type_check(&ty, &column.name).is_some() {
            let of = |column: &dyn Display| dialect.type_check(&ty, column).unwrap_or_default();
            self.check(column, Must::new("type", title, said.to_owned()), of);
        }
    }

    fn option_check(&mut self, column: &mut Column, field: &Field) {
        let options = match &field.ty {
            FieldType::OneOf(options) | FieldType::ManyOf(options) => options,
            _ => return,
        };
        let names = || options.iter().map(|option| option.name.as_str());
        let said = if options.is_empty() {
            "must be left out: it has no options".to_owned()
        } else {
            let more = if options.len() > LISTED { ", …" } else { "" };
            let listed: Vec<&str> = names().take(LISTED).collect();
            format!("must be one of: {}{more}", listed.join(", "))
        };
        let known = texts(self.dialect, names());
        let must = Must::new("known", &field.title.value, said);
        self.check(column, must, |column| {
            if options.is_empty() {
                // `IN ()` is no SQL, and there is nothing to choose.
                format!("{column} IS NULL")
            } else {
                format!("{column} IN ({known})")
            }
        });
    }

    /// A bound as a value of the column.
    fn cell(&self, bound: &Value) -> Option<Cell> {
        match bound {
            Value::Number(number) | Value::Percent(number) => Some((*number).into()),
            Value::Money(money) => Some(money.amount.into()),
            Value::Date(date) => Some((*date).into()),
            Value::DateTime(at) => {
                let zone = TimeZone::get(&self.process.timezone).unwrap_or(TimeZone::UTC);
                at.to_zoned(zone).ok().map(|zoned| Cell::Instant(zoned.timestamp()))
            }
            Value::Text(_) | Value::Boolean(_) | Value::Duration(_) | Value::Option(..) => None,
        }
    }

    /// Title, unit and help of a field.
    fn comment(&self, field: &Field) -> String {
        let mut comment = field.title.value.clone();
        match (&field.ty, self.process.currency) {
            (FieldType::Money, Some(currency)) => comment.push_str(&format!(" ({currency})")),
            (FieldType::Percent, _) => comment.push_str(" (60 is 60%)"),
            _ => {}
        }
        if let Some(help) = &field.help {
            comment.push_str(&format!(". {}", help.value));
        }
        comment
    }
}

/// A title with room for what is said about it: in some databases a message has an end.
fn shortened(title: &str) -> String {
    const LONGEST: usize = 80;
    match title.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", title.get(..end).unwrap_or_default()),
        None => title.to_owned(),
    }
}

fn column_type(ty: &FieldType) -> ColumnType {
    match ty {
        FieldType::Text | FieldType::User => ColumnType::Text,
        FieldType::OneOf(_) | FieldType::ManyOf(_) => ColumnType::NAME,
        FieldType::Number | FieldType::Money | FieldType::Percent => ColumnType::Decimal,
        FieldType::Integer => ColumnType::Integer,
        FieldType::Boolean => ColumnType::Boolean,
        FieldType::Date => ColumnType::Date,
        FieldType::DateTime => ColumnType::Instant,
    }
}
