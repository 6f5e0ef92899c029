//! Goals by those who reach them: a goal is one number for all who share it, and stands here once
//! for each team.

use crate::emit::sql::schema::View;

use super::{Numbers, same};

/// Every goal, period and team.
pub(super) fn each(numbers: &Numbers<'_>) -> View {
    let query = format!(
        "WITH _owners AS (
        SELECT o.goal AS goal, o.owner_role AS role,
        CASE WHEN o.owner_role IS NULL THEN o.owner_team ELSE p.team END AS team
        FROM {owner} AS o
        LEFT JOIN {role} AS p ON p.name = o.owner_role
        ),
        _teams AS (
        SELECT w.goal AS goal, w.team AS team,
        CASE WHEN COUNT(*) = 1 THEN MIN(w.role) END AS role
        FROM _owners AS w
        GROUP BY w.goal, w.team
        ),
        _sharing AS (
        SELECT t.goal AS goal, COUNT(*) AS teams
        FROM _teams AS t
        GROUP BY t.goal
        )
        SELECT t.team AS team, t.role AS role, n.teams AS teams,
        {result}
        FROM {goal_result} AS r
        JOIN _teams AS t ON t.goal = r.goal
        JOIN _sharing AS n ON n.goal = r.goal",
        owner = numbers.relation("goal_owner"),
        role = numbers.relation("role"),
        goal_result = numbers.relation("goal_result"),
        result = same(
            "r",
            &[
                "goal",
                "period",
                "period_start",
                "base",
                "value",
                "unit",
                "target",
                "is_at_least",
                "is_met",
                "is_settled"
            ]
        ),
    );
    numbers.view(
        "team_goal",
        "Every goal and period, once for each team that shares the goal, by itself or by one of its roles. The number is that of all who share it",
        vec![
            ("team", "the team"),
            ("role", "the role of the team that has the goal; none where the team as a whole has it, or several of its roles"),
            ("teams", "how many teams share it"),
            ("goal", "the goal"),
            ("period", "day, week, month, quarter or year: how often the target is measured"),
            ("period_start", "its first day, in the time zone of the process"),
            ("base", "the records on which the value rests"),
            ("value", "what was measured; none where nothing was"),
            ("unit", "percent, records, money, number, times, hours or working hours: of the value and of the target"),
            ("target", "what was aimed at; none without a target"),
            ("is_at_least", "1 where more is better, 0 where less is"),
            ("is_met", "1 where the target was met, 0 where it was not; none while it can change, and without a target or a value"),
            ("is_settled", "1 when the period is over, and for a conversion in a given time, when that time has passed for all that entered"),
        ],
        &query,
    )
}

/// How many goals of a team were met.
pub(super) fn summary(numbers: &Numbers<'_>) -> View {
    let query = format!(
        "SELECT t.team AS team, t.period AS period, t.period_start AS period_start,
        COUNT(*) AS goals,
        SUM(CASE WHEN t.is_met = 1 THEN 1 ELSE 0 END) AS met,
        SUM(CASE WHEN t.is_met = 0 THEN 1 ELSE 0 END) AS missed,
        SUM(CASE WHEN t.is_met IS NULL THEN 1 ELSE 0 END) AS not_judged,
        {percent} AS percent_met
        FROM {team_goal} AS t
        WHERE t.target IS NOT NULL
        GROUP BY t.team, t.period, t.period_start",
        percent =
            numbers.percent("SUM(CASE WHEN t.is_met = 1 THEN 1 ELSE 0 END)", "COUNT(t.is_met)"),
        team_goal = numbers.relation("team_goal"),
    );
    numbers.view(
        "team_goal_summary",
        "How many of its goals a team met in a period. Goals without a target are left out",
        vec![
            ("team", "the team"),
            (
                "period",
                "day, week, month, quarter or year: goals are counted with those measured as often",
            ),
            ("period_start", "its first day, in the time zone of the process"),
            ("goals", "its goals with a target"),
            ("met", "those that were met"),
            ("missed", "those that were not"),
            ("not_judged", "those that can still change, and those of which nothing was measured"),
            ("percent_met", "met, of those that were met or missed"),
        ],
        &query,
    )
}
