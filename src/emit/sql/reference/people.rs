//! Teams and roles.

use super::{Builder, columns, integer, ordinal, ordinals, row, text};

impl Builder<'_> {
    pub(super) fn people(&mut self) {
        let process = self.process;
        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("mission"),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.teams.len());
        for (ordinal, team) in ordinals().zip(process.teams.values()) {
            rows.push(row![
                team.name.as_str(),
                self.say("team", &team.name, "title", &team.title),
                self.say_maybe("team", &team.name, "mission", team.mission.as_ref()),
                ordinal,
            ]);
        }
        self.table("team", "Teams", specs, &["name"], rows);

        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("team").required().refers("team"),
            integer("headcount"),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.roles.len());
        for (ordinal, role) in ordinals().zip(process.roles.values()) {
            rows.push(row![
                role.name.as_str(),
                self.say("role", &role.name, "title", &role.title),
                process.teams[role.team].name.as_str(),
                role.headcount,
                ordinal,
            ]);
        }
        self.table("role", "Roles in teams", specs, &["name"], rows);
    }
}
