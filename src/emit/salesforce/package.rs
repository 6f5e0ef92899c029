//! The frame of a Salesforce project: what it is, and what is in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::emit::xml::Element;

/// `sfdx-project.json`
pub(super) fn project(name: &str, api_version: &str) -> String {
    let project = json!({
        "packageDirectories": [{ "path": "force-app", "default": true }],
        "name": name,
        "namespace": "",
        "sfdcLoginUrl": "https://login.salesforce.com",
        "sourceApiVersion": api_version,
    });
    format!("{project:#}\n")
}

/// The components by metadata type, each list sorted.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    types: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Manifest {
    /// Names a component.
    pub(super) fn add(&mut self, kind: &'static str, member: impl Into<String>) {
        self.types.entry(kind).or_default().insert(member.into());
    }

    /// `package.xml`
    pub(super) fn write(&self, api_version: &str) -> String {
        let mut package = Element::new("Package");
        for (kind, members) in &self.types {
            let mut types = Element::new("types");
            for member in members {
                types = types.text("members", member);
            }
            package.push(types.text("name", *kind));
        }
        package.text("version", api_version).metadata()
    }
}
