//! What a move back asks. It is a move of the later record, and no lookup leads from the earlier one to
//! it; yet what it asks of fields of the earlier record, that one knows itself.

use crate::emit::crm::{continues, shortened};
use crate::emit::gates::{Ask, Gate};
use crate::model::{
    Expr, ExprKind, FieldId, Process, RecordId, StageId, TransitionId, TransitionKind,
};

use super::super::formula::{all, any};
use super::{MESSAGE, Rule, Unasked, Writer};

/// How the description of such a rule begins.
const BROUGHT_BACK: &str = "Of records that are brought back: ";

impl Writer<'_> {
    /// The rule for records that the moves of a gate bring back as this type.
    pub(super) fn asked_back(
        &self,
        gate: &Gate,
        record: RecordId,
    ) -> Result<Option<Rule>, Unasked> {
        if !reads_only(self.process(), gate, record) {
            return Err(Unasked::LeadsBack);
        }
        let mut ways = Vec::new();
        for to in &gate.to {
            let stands = self.stands_for(*to, &gate.from);
            if stands.is_empty() {
                return Err(Unasked::LeadsBack);
            }
            // Which move brings it back, the record does not know.
            let process = self.process();
            let others: Vec<StageId> = process.stages[*to]
                .incoming
                .iter()
                .map(|way| process.transitions[*way].from)
                .filter(|from| !gate.from.contains(from) && process.stages[*from].record != record)
                .collect();
            let by_others = self.stands_for(*to, &others);
            if stands.iter().any(|stage| by_others.contains(stage)) {
                return Err(Unasked::BroughtByOthers);
            }
            let mut way = self.comes_from(&stands);
            way.push(self.is(self.value(*to)));
            ways.push(all(way));
        }
        let Some(mut rule) = self.refusal(gate, record, &self.formulas, Ok(vec![any(ways)]))?
        else {
            return Ok(None);
        };
        // In front, where it is not cut: the import tells by it that this is no move of the record.
        rule.about = shortened(&format!("{BROUGHT_BACK}{}", rule.about), MESSAGE);
        Ok(Some(rule))
    }
}

/// Whether what is asked is about fields that a record of this type has of its own, or from the one that
/// it continues, and about nothing else.
fn reads_only(process: &Process, gate: &Gate, record: RecordId) -> bool {
    // What a later record fills in anew, it has of its own: the earlier one may hold something else.
    let is_filled_later = |field: &FieldId| {
        let mut later = process
            .stages
            .values()
            .filter(|stage| stage.record != record && continues(process, stage.record, record));
        later.any(|stage| stage.collect.iter().any(|one| one.value == *field))
    };
    let is_own = |field: &FieldId| {
        continues(process, record, process.fields[*field].record) && !is_filled_later(field)
    };
    let said = |expr: &Expr| {
        let mut other = false;
        expr.walk(&mut |part| {
            other |= matches!(
                part.kind,
                ExprKind::Confirmed(_) | ExprKind::IsGrade(..) | ExprKind::Score(_)
            );
        });
        !other && expr.fields().iter().all(is_own)
    };
    let criterion = |id| {
        let criterion = &process.criteria[id];
        said(&criterion.condition) && criterion.applies.as_ref().is_none_or(said)
    };
    let may = |id: TransitionId| {
        let way = &process.transitions[id];
        let clock = way.after.as_ref().and_then(|clock| clock.before);
        way.when.as_ref().is_none_or(said) && clock.as_ref().is_none_or(is_own)
    };
    match &gate.ask {
        Ask::Criterion(id) => criterion(*id),
        Ask::When(id) | Ask::After(id) => may(*id),
        Ask::OneOf(ways) => ways.iter().all(|id| {
            let way = &process.transitions[*id];
            let advances = way.kind == TransitionKind::Advance;
            may(*id) && (!advances || process.stages[way.from].exit.iter().all(|id| criterion(*id)))
        }),
    }
}
