//! How stages end on objects that do not say it themselves, leads among them: a build writes it into the
//! description of the rule that says which moves leave the stage.

use crate::model::Outcome;

use super::super::super::report::{Report, code};
use super::super::super::word;
use super::super::formula::Node;
use super::super::line::Line;
use super::{Answers, Hint, Rule};

const OUTCOMES: [Outcome; 3] = [Outcome::Won, Outcome::Lost, Outcome::Void];

/// The outcome that the description of a rule about moves names.
pub(super) fn of(about: &str) -> Option<Outcome> {
    let stated = matches!(Hint::of(about), Some(Hint::Moves | Hint::MovesAndBack));
    // Behind the name of the stage, which is no word between commas.
    let rest = about.split('`').nth(2).filter(|_| stated)?;
    let is_named = |outcome: &Outcome| rest.starts_with(&format!(", which is {}", word(*outcome)));
    OUTCOMES.into_iter().find(is_named)
}

/// Gives the stages the outcomes that rules tell. Where rules of the object tell any, a stage of whose
/// moves another one speaks has none, whatever it is called. What is left is guessed by the name.
pub(super) fn take(
    line: &mut Line,
    read: &[(usize, Answers)],
    rules: &mut [Rule],
    report: &mut Report,
) {
    let count = line.states.len();
    let tells = line.object != "Opportunity" && rules.iter().any(|rule| rule.ends.is_some());
    for at in 0..count {
        let speaks = |answers: &Answers| {
            answers.moves.get(at).and_then(|row| row.get(count)) == Some(&Node::Bool(true))
        };
        let mut here = read.iter().filter(|(_, answers)| speaks(answers));
        let rule = here.find_map(|(rule, _)| rules.get(*rule).filter(|rule| rule.says_moves()));
        let by_name = line.by_name.contains(&at);
        let converts = line.states.get(at).is_some_and(|state| state.converted);
        let Some(stage) = line.pipeline.stages.get_mut(at) else { continue };
        match rule.filter(|_| tells && !converts) {
            Some(rule) => {
                stage.outcome = rule.ends;
                line.told.push(at);
                if let Some(outcome) = rule.ends {
                    let text = format!(
                        "{} is {}: the description of the rule {} says so",
                        code(&stage.title),
                        word(outcome),
                        code(&rule.name)
                    );
                    report.understood(&stage.place, text);
                }
            }
            None => {
                if let (Some(outcome), true) = (stage.outcome, by_name) {
                    let text = format!("{} is {} by its name", code(&stage.title), word(outcome));
                    report.guessed(&stage.place, text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, of};

    #[test]
    fn the_description_of_a_rule_about_moves_tells_the_outcome() {
        let told = "Moves from stage `unfit`, which is lost, of the process p";
        assert_eq!(of(told), Some(Outcome::Lost));
        let parts = "Moves, also of records that are brought back, from stage `on`, which is won, part 1 of 2 of the process p";
        assert_eq!(of(parts), Some(Outcome::Won));
        let shorter = "Moves from stage `on`, which is void (part 2 of 2) of the process p";
        assert_eq!(of(shorter), Some(Outcome::Void));
        assert_eq!(of("Moves from stage `met` of the process p"), None);
        assert_eq!(
            of("Entry criterion `s` of stage `unfit`, which is lost, of the process p"),
            None
        );
    }
}
