//! The process and its working time.

use super::{Builder, boolean, column, columns, integer, row, text};
use crate::emit::sql::schema::ColumnType;

impl Builder<'_> {
    pub(super) fn head(&mut self) {
        let process = self.process;
        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("version"),
            text("currency").about("ISO 4217; of every amount"),
            text("timezone").required().about("IANA name"),
            text("languages").required().about("the language of untranslated texts first"),
            text("about"),
            boolean("is_draft"),
        ];
        let name = &process.name;
        let row = row![
            name.as_str(),
            self.say("process", name, "title", &process.title),
            process.version.as_deref(),
            process.currency.map(|currency| currency.code().to_owned()),
            process.timezone.as_str(),
            process.languages.join(" "),
            self.say_maybe("process", name, "about", process.about.as_ref()),
            process.draft,
        ];
        self.table("process", "The process: one row", specs, &["name"], vec![row]);
        self.working_time();
    }

    fn working_time(&mut self) {
        let calendar = &self.process.calendar;
        let specs = columns![
            integer("weekday").required().about("1 is Monday, 7 is Sunday"),
            integer("start_minute").required().about("minutes after midnight"),
            integer("end_minute").required().about("the first minute after work"),
        ];
        let mut rows = Vec::new();
        for (weekday, hours) in (1_i64..).zip(&calendar.week) {
            for hours in hours {
                rows.push(row![weekday, hours.start, hours.end]);
            }
        }
        self.table(
            "working_hours",
            "When people work, in the time zone of the process",
            specs,
            &["weekday", "start_minute"],
            rows,
        );
        let rows = calendar.holidays.iter().map(|day| row![*day]).collect();
        let specs = columns![column("holiday", ColumnType::Date).required()];
        self.table("holiday", "Days on which nobody works", specs, &["holiday"], rows);
    }
}
