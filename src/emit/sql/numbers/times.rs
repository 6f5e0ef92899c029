//! How long something took, as goals measure it.

use crate::emit::sql::lookups::Lookups;
use crate::model::{StageId, Statistic};

use super::at_rank;
use super::measures::{Measuring, STAYS};

impl Measuring<'_> {
    /// The times from first entering one stage to entering another, in the period of the latter.
    /// Whoever comes to the second stage again begins anew.
    pub(super) fn cycle(&self, from: StageId, to: StageId) -> String {
        let [key, id] = self.key(from, to);
        let to_here = format!("CASE WHEN s.stage = {} THEN 1 ELSE 0 END", self.stage(to));
        let rounds = format!(
            "SELECT MIN(CASE WHEN n.stage = {from} THEN n.entered_at END) AS began_at,
            MIN(CASE WHEN n.stage = {to} THEN n.entered_at END) AS ended_at
            FROM (
            SELECT s.{key} AS k, s.{id} AS i, s.stage AS stage, s.entered_at AS entered_at,
            SUM({to_here}) OVER (PARTITION BY s.{id}, s.{key} ORDER BY s.step) - {to_here} AS round_of
            FROM {STAYS} AS s
            WHERE s.stage IN ({from}, {to})
            ) AS n
            GROUP BY n.i, n.k, n.round_of",
            from = self.stage(from),
            to = self.stage(to),
        );
        self.timed(&rounds)
    }

    pub(super) fn dwell(&self, stage: StageId) -> String {
        let stays = format!(
            "SELECT s.entered_at AS began_at, s.left_at AS ended_at
            FROM {STAYS} AS s
            WHERE s.stage = {}",
            self.stage(stage)
        );
        self.timed(&stays)
    }

    /// Seconds, or working seconds, of everything that has ended, and the period in which it did.
    fn timed(&self, rows: &str) -> String {
        let numbers = self.numbers;
        let dialect = numbers.dialect();
        let lookups = Lookups::new(dialect);
        let seconds = if self.is_working {
            numbers.world.work.between(&lookups, "b.began_local", "b.ended_local")
        } else {
            // Exact, also where the clocks on the wall are set back or forth in between.
            dialect.seconds_between("b.began_at", "b.ended_at")
        };
        format!(
            "SELECT {period} AS period_start, {seconds} AS seconds
            FROM (
            SELECT a.began_at AS began_at, a.ended_at AS ended_at,
            {began} AS began_local, {ended} AS ended_local
            FROM (
            {rows}
            ) AS a
            WHERE a.began_at IS NOT NULL AND a.ended_at IS NOT NULL
            ) AS b
            {joins}",
            period = dialect.period_start(&dialect.date_of("b.ended_local"), self.period),
            began = numbers.local("a.began_at"),
            ended = numbers.local("a.ended_at"),
            joins = lookups.joins().join("\n"),
        )
    }

    pub(super) fn statistic(&self, statistic: Statistic, timed: &str) -> String {
        let numbers = self.numbers;
        let percent = match statistic {
            Statistic::Median => 50,
            Statistic::P90 => 90,
            Statistic::Average => {
                let mean = format!("AVG({})", numbers.dialect().number("t.seconds"));
                return format!(
                    "SELECT t.period_start AS period_start, COUNT(*) AS base,
                    {} AS value
                    FROM (
                    {timed}
                    ) AS t
                    GROUP BY t.period_start",
                    numbers.hours(&mean)
                );
            }
        };
        format!(
            "SELECT q.period_start AS period_start, COUNT(*) AS base,
            {value} AS value
            FROM (
            SELECT t.period_start AS period_start, t.seconds AS seconds,
            ROW_NUMBER() OVER (PARTITION BY t.period_start ORDER BY t.seconds) AS nth,
            COUNT(*) OVER (PARTITION BY t.period_start) AS number
            FROM (
            {timed}
            ) AS t
            ) AS q
            GROUP BY q.period_start",
            value = numbers.hours(&at_rank(percent, "q.nth", "q.number", "q.seconds")),
        )
    }
}
