//! Teams and roles.

use crate::model::{Id, Role, Team, TeamId};
use crate::syntax::ast;

use super::Lowering;

impl Lowering<'_, '_> {
    pub(super) fn people(&mut self) {
        let names = self.names;
        for decl in names.teams.values() {
            let title = self.title(decl.title.as_ref(), &decl.name);
            let mission = self.maybe_text(decl.mission.as_ref());
            let was =
                self.was("team", &decl.was, |name| names.teams.get(name).map(|d| d.name.span));
            self.waivers(&decl.waivers, Some(decl.span));
            self.process.teams.push(Team {
                name: decl.name.text.clone(),
                title,
                mission,
                roles: Vec::new(),
                was,
                broken: decl.broken,
                span: decl.name.span,
            });
        }
        for (team, decl) in names.roles.values() {
            self.role(team, decl);
        }
    }

    fn role(&mut self, team: &ast::TeamDecl, decl: &ast::RoleDecl) {
        let names = self.names;
        // A team declared twice: its second roles belong to the first, so that nothing else breaks.
        let team = self.team_id(&team.name.text).unwrap_or(TeamId::from_index(0));
        let title = self.title(decl.title.as_ref(), &decl.name);
        let was =
            self.was("role", &decl.was, |name| names.roles.get(name).map(|(_, d)| d.name.span));
        let id = self.process.roles.push(Role {
            name: decl.name.text.clone(),
            title,
            team,
            headcount: decl.headcount.map(|count| count.value),
            was,
            span: decl.name.span,
        });
        self.process.teams[team].roles.push(id);
    }
}
