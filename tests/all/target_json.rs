//! The model as JSON: it follows its schema, and nothing of the model is missing.

use ekiden::model::{Expr, FieldType, Id, NodeRef, Process, Text};
use serde_json::{Value, json};

use crate::crm_support::{
    HOSTILE, WHOLE, chain, check, emit, example, process, root, text, told, written,
};

fn document(process: &Process) -> Value {
    serde_json::from_str(text(&emit("json", process, &[]), "process.json")).unwrap()
}

#[test]
fn every_process_follows_the_schema() {
    let examples = ["the_model", "salesforce_default", "hubspot_default"].map(example);
    for process in examples.iter().chain(&[process(WHOLE), process(HOSTILE), process("")]) {
        let folder = written(&emit("json", process, &[]));
        let schema = folder.path().join("process.schema.json");
        check("json-schema.mjs", &[&schema, &folder.path().join("process.json")]);
    }
}

#[test]
fn the_schema_that_is_written_is_the_one_of_the_repository() {
    let output = emit("json", &process(WHOLE), &[]);
    let kept = std::fs::read_to_string(root().join("schemas/model.schema.json")).unwrap();
    assert_eq!(text(&output, "process.schema.json"), kept);
}

/// Compares two lists one by one.
fn same<T>(json: &Value, parts: impl IntoIterator<Item = T>, mut compare: impl FnMut(&Value, T)) {
    let list = json.as_array().unwrap();
    let mut count = 0;
    for (part, json) in parts.into_iter().zip(list) {
        compare(json, part);
        count += 1;
    }
    assert_eq!(count, list.len());
}

struct Compare<'a>(&'a Process);

impl Compare<'_> {
    fn text(&self, json: &Value, text: &Text) {
        assert_eq!(json[&self.0.languages[0]], text.value.as_str());
        for (language, translation) in &text.translations {
            assert_eq!(json[language], translation.as_str());
        }
        assert_eq!(json.as_object().unwrap().len(), 1 + text.translations.len());
    }

    fn maybe_text(&self, json: &Value, text: Option<&Text>) {
        match text {
            Some(text) => self.text(json, text),
            None => assert!(json.is_null()),
        }
    }

    fn expr(&self, json: &Value, expr: &Expr) {
        assert_eq!(json["source"], self.0.expr_source(expr));
        let mut fields = Vec::new();
        tree_fields(&json["tree"], &mut fields);
        fields.dedup();
        let expected: Vec<String> = expr.fields().iter().map(|id| self.field(*id)).collect();
        let mut unique: Vec<String> = Vec::new();
        for field in fields {
            if !unique.contains(&field) {
                unique.push(field);
            }
        }
        assert_eq!(unique, expected);
    }

    fn maybe_expr(&self, json: &Value, expr: Option<&Expr>) {
        match expr {
            Some(expr) => self.expr(json, expr),
            None => assert!(json.is_null()),
        }
    }

    fn field(&self, id: ekiden::model::FieldId) -> String {
        let field = &self.0.fields[id];
        format!("{}.{}", self.0.records[field.record].name, field.name)
    }

    fn duration(&self, json: &Value, duration: Option<ekiden::model::Duration>) {
        match duration {
            Some(duration) => assert_eq!(json["amount"], duration.amount.normalize().to_string()),
            None => assert!(json.is_null()),
        }
    }
}

fn tree_fields(tree: &Value, fields: &mut Vec<String>) {
    match tree {
        Value::Object(map) => {
            if map.get("kind").is_some_and(|kind| kind == "field" || kind == "elapsed") {
                fields.push(map["field"].as_str().unwrap().to_owned());
            }
            map.iter().filter(|(key, _)| *key != "value").for_each(|(_, v)| tree_fields(v, fields));
        }
        Value::Array(list) => list.iter().for_each(|v| tree_fields(v, fields)),
        _ => {}
    }
}

#[test]
fn every_part_of_the_model_is_there() {
    for p in [process(WHOLE), example("the_model")] {
        stages_and_transitions_are_there(&p);
        declarations_are_there(&p);
    }
}

fn stages_and_transitions_are_there(p: &Process) {
    let (doc, c) = (document(p), Compare(p));
    let keys = p.transition_keys();
    let names = |ids: &[ekiden::model::TransitionId]| -> Vec<String> {
        ids.iter().map(|id| keys[id.index()].1.clone()).collect()
    };
    same(&doc["stages"], p.stages.values(), |json, stage| {
        assert_eq!(json["name"], stage.name.as_str());
        c.text(&json["title"], &stage.title);
        assert_eq!(json["record"], p.records[stage.record].name.as_str());
        assert_eq!(json["entry"].as_array().map(Vec::len), stage.entry.as_ref().map(Vec::len));
        assert_eq!(json["owner"]["name"].as_str(), stage.owner.map(|owner| p.owner_name(owner).0));
        same(&json["owners"], &stage.owners, |json, owner| {
            assert_eq!(json["name"], p.owner_name(owner.value).0);
        });
        same(&json["support"], &stage.support, |json, owner| {
            assert_eq!(json["name"], p.owner_name(*owner).0)
        });
        c.maybe_text(&json["purpose"], stage.purpose.as_ref());
        c.maybe_text(&json["next"], stage.next.as_ref());
        same(&json["channels"], &stage.channels, |json, label| {
            c.text(&json["title"], &label.title)
        });
        same(&json["content"], &stage.content, |json, label| c.text(&json["title"], &label.title));
        same(&json["collect"], &stage.collect, |json, field| {
            assert_eq!(*json, c.field(field.value))
        });
        c.duration(&json["limit"]["duration"], stage.limit.as_ref().map(|limit| limit.duration));
        c.duration(&json["limit"]["target"], stage.limit.as_ref().and_then(|limit| limit.target));
        assert_eq!(
            json["limit"]["escalate_to"].is_object(),
            stage.limit.as_ref().is_some_and(|l| l.escalate_to.is_some())
        );
        for (side, ids) in [("exit", &stage.exit), ("enter", &stage.enter)] {
            same(&json[side], ids, |json, id| {
                let criterion = &p.criteria[*id];
                assert_eq!(json["name"], criterion.name.as_str());
                c.text(&json["title"], &criterion.title);
                c.expr(&json["condition"], &criterion.condition);
                c.maybe_expr(&json["applies"], criterion.applies.as_ref());
                assert_eq!(json["evidence"].as_str(), criterion.evidence.as_deref());
                assert_eq!(json["was"], json!(criterion.was));
            });
        }
        assert_eq!(json["outcome"].as_str(), stage.outcome.map(|outcome| outcome.word()));
        assert_eq!(json["final"], stage.is_final);
        assert_eq!(
            json["probability"].as_str().map(|n| n.parse().unwrap()),
            stage.probability.map(|percent| percent.value)
        );
        assert_eq!(json["forecast"].as_str(), stage.forecast.map(|forecast| forecast.word()));
        same(&json["starts"], &stage.starts, |json, (record, at)| {
            assert_eq!(
                *json,
                json!({ "record": p.records[*record].name, "stage": p.stages[*at].name })
            );
        });
        assert_eq!(json["outgoing"], json!(names(&stage.outgoing)));
        assert_eq!(json["incoming"], json!(names(&stage.incoming)));
        assert_eq!(json["draft"], stage.draft);
        assert_eq!(json["was"], json!(stage.was));
    });
    same(&doc["transitions"], p.transitions.iter(), |json, (id, t)| {
        assert_eq!(json["key"], keys[id.index()].1);
        assert_eq!(json["kind"], t.kind.word());
        assert_eq!(json["from"], p.stages[t.from].name.as_str());
        assert_eq!(json["to"], p.stages[t.to].name.as_str());
        c.maybe_text(&json["title"], t.title.as_ref());
        c.maybe_expr(&json["when"], t.when.as_ref());
        c.duration(&json["after"]["duration"], t.after.as_ref().map(|clock| clock.duration));
        assert_eq!(
            json["after"]["before"].as_str().map(str::to_owned),
            t.after.as_ref().and_then(|clock| clock.before).map(|f| c.field(f))
        );
        assert_eq!(json["at_most"].as_u64(), t.at_most.map(u64::from));
        assert_eq!(json["changes_team"], p.is_handoff(id));
        let handoff = &json["handoff"];
        assert_eq!(handoff.is_object(), t.handoff.is_some());
        if let Some(terms) = &t.handoff {
            c.duration(&handoff["within"], terms.within);
            same(&handoff["carries"], &terms.carries, |json, field| {
                assert_eq!(*json, c.field(field.value))
            });
            c.maybe_expr(
                &handoff["accept"]["when"],
                terms.accept.as_ref().map(|accept| &accept.when),
            );
            let otherwise = terms.accept.as_ref().and_then(|accept| accept.otherwise);
            assert_eq!(
                handoff["accept"]["otherwise"].as_str(),
                otherwise.map(|id| keys[id.index()].1.as_str())
            );
        }
    });
    same(&doc["confirmations"], p.confirmations.values(), |json, confirmation| {
        assert_eq!(json["key"], confirmation.key.as_str());
        assert_eq!(json["record"], p.records[confirmation.record].name.as_str());
        c.text(&json["text"], &confirmation.text);
        assert_eq!(json["by"]["name"].as_str(), confirmation.by.map(|by| p.owner_name(by).0));
    });
}

fn declarations_are_there(p: &Process) {
    let (doc, c) = (document(p), Compare(p));
    let head = &doc["process"];
    assert_eq!(head["name"], p.name.as_str());
    c.text(&head["title"], &p.title);
    c.maybe_text(&head["about"], p.about.as_ref());
    assert_eq!(head["version"].as_str(), p.version.as_deref());
    assert_eq!(head["currency"].as_str(), p.currency.as_ref().map(|currency| currency.code()));
    assert_eq!(head["timezone"], p.timezone.as_str());
    assert_eq!(head["languages"], json!(p.languages));
    assert_eq!(head["calendar"]["holidays"].as_array().unwrap().len(), p.calendar.holidays.len());
    same(&doc["teams"], p.teams.values(), |json, team| {
        assert_eq!(json["name"], team.name.as_str());
        c.text(&json["title"], &team.title);
        c.maybe_text(&json["mission"], team.mission.as_ref());
        assert_eq!(json["was"], json!(team.was));
        same(&json["roles"], &team.roles, |json, id| {
            let role = &p.roles[*id];
            assert_eq!(json["name"], role.name.as_str());
            assert_eq!(json["headcount"].as_u64(), role.headcount.map(u64::from));
            assert_eq!(json["was"], json!(role.was));
        });
    });
    same(&doc["records"], p.records.values(), |json, record| {
        assert_eq!(json["name"], record.name.as_str());
        assert_eq!(json["from"].as_str(), record.from.map(|from| p.records[from].name.as_str()));
        c.maybe_text(&json["about"], record.about.as_ref());
        same(&json["fields"], &record.fields, |json, id| {
            let field = &p.fields[*id];
            assert_eq!(json["name"], field.name.as_str());
            c.text(&json["title"], &field.title);
            c.maybe_text(&json["help"], field.help.as_ref());
            assert_eq!(
                (&json["required"], &json["unique"]),
                (&json!(field.required), &json!(field.unique))
            );
            assert_eq!(json["at_least"].is_object(), field.at_least.is_some());
            assert_eq!(json["at_most"].is_object(), field.at_most.is_some());
            assert_eq!(json["type"] == "many_of", matches!(field.ty, FieldType::ManyOf(_)));
            same(&json["options"], field.ty.options(), |json, option| {
                assert_eq!(json["name"], option.name.as_str());
                c.text(&json["title"], &option.title);
                assert_eq!(json["was"], json!(option.was));
            });
            assert_eq!(json["was"], json!(field.was));
        });
    });
    same(&doc["goals"], p.goals.values(), |json, goal| {
        assert_eq!(json["name"], goal.name.as_str());
        same(&json["shared_by"], &goal.shared_by, |json, by| {
            assert_eq!(json["name"], p.owner_name(by.value).0)
        });
        assert_eq!(json["measure"].is_object(), goal.measure.is_some());
        assert_eq!(json["target"].is_object(), goal.target.is_some());
        c.maybe_text(&json["why"], goal.why.as_ref());
        assert_eq!(json["was"], json!(goal.was));
    });
    same(&doc["feedback"], p.feedback.values(), |json, feedback| {
        assert_eq!(json["name"], feedback.name.as_str());
        same(&json["from"], &feedback.from, |json, who| {
            assert_eq!(json["name"], p.owner_name(*who).0)
        });
        same(&json["to"], &feedback.to, |json, who| assert_eq!(json["name"], p.owner_name(*who).0));
        assert_eq!(json["every"].is_object(), feedback.every.is_some());
        c.maybe_text(&json["about"], feedback.about.as_ref());
        assert_eq!(json["was"], json!(feedback.was));
    });
    same(&doc["scores"], p.scores.values(), |json, score| {
        assert_eq!(json["name"], score.name.as_str());
        same(&json["points"], &score.points, |json, points| {
            assert_eq!(json["points"], points.points.normalize().to_string());
            c.expr(&json["when"], &points.when);
            c.duration(&json["halves_every"], points.halves_every);
            c.duration(&json["expires_after"], points.expires_after);
        });
        assert_eq!(json["caps"].as_array().unwrap().len(), score.caps.len());
        assert_eq!(json["weights"].as_array().unwrap().len(), score.weights.len());
        assert_eq!(json["total_cap"].is_string(), score.total_cap.is_some());
        same(&json["grades"], &score.grades, |json, grade| {
            assert_eq!(json["name"], grade.name.as_str())
        });
        c.maybe_text(&json["about"], score.about.as_ref());
    });
    same(&doc["routes"], p.routes.values(), |json, route| {
        assert_eq!(json["stage"], p.stages[route.stage].name.as_str());
        same(&json["cases"], &route.cases, |json, case| {
            c.expr(&json["when"], &case.when);
            assert_eq!(json["to"]["name"], case.to.name.as_str());
        });
        assert_eq!(
            json["otherwise"]["name"].as_str(),
            route.otherwise.as_ref().map(|to| to.name.as_str())
        );
    });
    same(&doc["terms"], p.terms.values(), |json, term| {
        assert_eq!(json["name"], term.name.as_str());
        c.maybe_text(&json["means"], term.means.as_ref());
        same(&json["see"], &term.see, |json, see| {
            let name = match see {
                NodeRef::Field(id) => c.field(*id),
                see => p.node_name(*see).0.to_owned(),
            };
            assert_eq!(json["name"], name);
        });
        same(&json["also"], &term.also, |json, also| c.text(&json["title"], &also.title));
        assert_eq!(json["was"], json!(term.was));
    });
    same(&doc["plays"], p.plays.values(), |json, play| {
        assert_eq!(json["name"], play.name.as_str());
        let stages: Vec<&str> = play.stages.iter().map(|id| p.stages[*id].name.as_str()).collect();
        assert_eq!(json["stages"], json!(stages));
        c.maybe_expr(&json["when"], play.when.as_ref());
        c.maybe_text(&json["steps"], play.steps.as_ref());
        assert_eq!(json["was"], json!(play.was));
    });
    same(&doc["retired"], &p.retired, |json, retired| {
        assert_eq!(json["name"], retired.name.as_str());
        same(&json["into"], &retired.into, |json, (_, when)| {
            c.maybe_expr(&json["when"], when.as_ref())
        });
        assert_eq!(
            json["since"].as_str().map(str::to_owned),
            retired.since.map(|date| date.to_string())
        );
    });
    same(&doc["waivers"], &p.waivers, |json, waiver| {
        assert_eq!(json["rule"], waiver.rule.value.as_str());
        c.text(&json["reason"], &waiver.reason);
        assert_eq!(json["in"].is_null(), waiver.scope.is_none());
    });
}

#[test]
fn a_few_parts_as_they_are_written() {
    let doc = document(&process(WHOLE));
    assert_eq!((&doc["format"], &doc["format_version"]), (&json!("ekiden-process"), &json!(1)));
    assert_eq!(
        doc["process"]["calendar"]["week"]["sat"],
        json!([{ "start": "10:00", "end": "12:30" }])
    );
    let transitions = doc["transitions"].as_array().unwrap();
    let named = |key: &str| transitions.iter().find(|t| t["key"] == key).unwrap();
    let handoff = named("mql_evaluation");
    assert_eq!(
        handoff["handoff"]["within"],
        json!({ "amount": "4", "unit": "business_hours", "iso8601": null })
    );
    assert_eq!(handoff["handoff"]["carries"], json!(["lead.need", "lead.meeting_at"]));
    let refusal = named(handoff["handoff"]["accept"]["otherwise"].as_str().unwrap());
    assert_eq!(refusal["origin"], json!({ "kind": "refusal", "of": "mql_evaluation" }));
    assert_eq!(named("evaluation_lost")["origin"], json!({ "kind": "any_open", "of": null }));
    assert_eq!(
        named("onboarding_live")["after"],
        json!({ "duration": { "amount": "30", "unit": "days", "iso8601": "P30D" }, "before": "customer.renews_on" })
    );
    assert_eq!(
        named("inquiry_mql")["when"],
        json!({
            "source": "interest is hot and email is present",
            "tree": { "kind": "and", "type": "boolean", "operands": [
                { "kind": "grade", "type": "boolean", "score": "interest", "grade": "hot" },
                { "kind": "presence", "type": "boolean", "present": true,
                  "operand": { "kind": "field", "type": "text", "field": "lead.email" } },
            ] },
        })
    );
    assert_eq!(
        doc["waivers"].as_array().unwrap().iter().map(|waiver| &waiver["in"]).collect::<Vec<_>>(),
        [&Value::Null, &json!({ "kind": "stage", "name": "onboarding" })]
    );
}

#[test]
fn expressions_as_deep_as_the_language_allows_are_written() {
    let sum = ["amount"; 128].join(" + ");
    let source = format!(
        "team t {{ role r }} record deal {{ amount number }}\n\
         stage a {{ record deal entry owner r final exit when {{ c \"c\" {sum} > 1 }} }}"
    );
    // Not read again here: the reader of the tests stops at fewer levels.
    let output = emit("json", &process(&source), &[]);
    assert!(text(&output, "process.json").contains(&format!("\"source\": \"{sum} > 1\"")));
}

#[test]
fn it_has_no_settings() {
    let output = emit("json", &process(WHOLE), &[("indent", "2")]);
    assert_eq!(
        told(&output.diagnostics),
        ["error[invalid-manifest]: target `json` has no setting `indent`"]
    );
}

#[test]
fn thousands_of_stages_are_written_in_no_time() {
    let process = process(&chain("deal", 2_000));
    let started = std::time::Instant::now();
    emit("json", &process, &[]);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
