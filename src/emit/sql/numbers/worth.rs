//! What records are worth, and what is in the pipeline.

use crate::emit::sql::records::{FieldColumn, RecordTable};
use crate::emit::sql::schema::View;
use crate::model::{FieldId, FieldType, Measure, RecordId};

use super::Numbers;

/// The field that tells what a record of this type is worth: the one that a goal sums, else the
/// first amount of money.
fn value_field(numbers: &Numbers<'_>, record: RecordId) -> Option<FieldId> {
    let process = numbers.process();
    let is_money = |id: &FieldId| {
        let field = &process.fields[*id];
        field.record == record && field.ty == FieldType::Money
    };
    let summed = process.goals.values().find_map(|goal| match &goal.measure {
        Some(Measure::Sum { field, .. }) => Some(*field).filter(is_money),
        _ => None,
    });
    summed.or_else(|| process.records[record].fields.iter().copied().find(is_money))
}

fn column<'t>(numbers: &Numbers<'_>, table: &'t RecordTable<'_>) -> Option<&'t FieldColumn> {
    let field = value_field(numbers, table.record)?;
    table.fields.iter().find(|column| column.field == field)
}

/// What every record is worth.
pub(super) fn record_value(numbers: &Numbers<'_>) -> View {
    let number = |value: &str| numbers.dialect().number(value);
    let each: Vec<String> = numbers
        .moving()
        .map(|table| {
            let (root_record, root_id) = numbers.root(table);
            let earlier = || {
                table.links.iter().find_map(|(id, link)| {
                    let of = numbers.table(*id)?;
                    Some((of, link, column(numbers, of)?))
                })
            };
            // What a record says itself comes before what it continues.
            let (amount, join) = match (column(numbers, table), earlier()) {
                (Some(own), _) => (number(&format!("r.{}", own.name)), String::new()),
                (None, Some((of, link, column))) => (
                    number(&format!("e.{}", column.name)),
                    format!("LEFT JOIN {} AS e ON e.{} = r.{link}", of.name, of.id),
                ),
                (None, None) => (numbers.no_number(), String::new()),
            };
            format!(
                "SELECT {} AS record, r.{} AS record_id, {root_record} AS root_record, {root_id} AS root_id,
                {} AS depth, {amount} AS amount
                FROM {} AS r
                {join}",
                numbers.text(table.title),
                table.id,
                table.links.len(),
                table.name
            )
        })
        .collect();
    numbers.view(
        "record_value",
        "What every record is worth as it is now: the amount of money that a goal sums, else the first one the record type has, else that of the record it continues",
        vec![
            ("record", "the record type"),
            ("record_id", "its id"),
            ("root_record", "the record type its journey began as"),
            ("root_id", "the id of the record its journey began as"),
            ("depth", "how many record types it continues"),
            ("amount", "in the currency of the process; none where it is not known"),
        ],
        &each.join("\nUNION ALL\n"),
    )
}

/// What is open, by stage and forecast category.
pub(super) fn pipeline(numbers: &Numbers<'_>) -> View {
    let dialect = numbers.dialect();
    let query = format!(
        "WITH _open AS (
        SELECT s.record AS record, g.ordinal AS ordinal, s.stage AS stage, g.owner_team AS owner_team,
        g.forecast AS forecast, g.probability AS probability, v.amount AS amount, s.is_over_limit AS is_over_limit
        FROM {stay} AS s
        JOIN {stage} AS g ON g.name = s.stage
        LEFT JOIN {value} AS v ON v.record = s.record AND v.record_id = s.record_id
        WHERE s.left_at IS NULL AND g.outcome IS NULL AND NOT g.is_final
        )
        SELECT o.record AS record, o.ordinal AS ordinal, o.stage AS stage, o.owner_team AS owner_team,
        o.forecast AS forecast, o.probability AS probability, COUNT(*) AS records,
        SUM(o.is_over_limit) AS over_limit, COUNT(*) - COUNT(o.amount) AS without_amount,
        {amount} AS amount,
        {weighted} AS weighted_amount
        FROM _open AS o
        GROUP BY o.record, o.ordinal, o.stage, o.owner_team, o.forecast, o.probability",
        stay = numbers.relation("stay"),
        stage = numbers.relation("stage"),
        value = numbers.relation("record_value"),
        amount = dialect.round("SUM(o.amount)", 2),
        weighted = dialect.round(&format!("SUM(o.amount * {} / 100)", dialect.number("o.probability")), 2),
    );
    numbers.view(
        "pipeline",
        "What is open now, by stage and forecast category",
        vec![
            ("record", "the record type"),
            ("ordinal", "the place of the stage in the process"),
            ("stage", "the stage"),
            ("owner_team", "whose it is"),
            ("forecast", "how it counts in the forecast"),
            ("probability", "of being won, as the stage has it; 40 is 40%"),
            ("records", "how many are there"),
            ("over_limit", "how many have been there longer than they may; none without a limit"),
            ("without_amount", "how many of them have no amount: the sums leave them out"),
            ("amount", "what they are worth"),
            ("weighted_amount", "what they are worth times the probability; none without one"),
        ],
        &query,
    )
}
