//! The order of the requests, for people and scripts.

use serde_json::{Value, json};

use crate::emit::crm::Use;

/// The requests, in the order in which to send them.
#[derive(Debug, Default)]
pub(super) struct Plan {
    calls: Vec<Value>,
}

/// A request.
pub(super) struct Call<'a> {
    /// What it makes, in words.
    pub(super) makes: String,
    /// Where it goes.
    pub(super) path: &'static str,
    /// The file with the body.
    pub(super) body: String,
    /// The ids that the body needs.
    pub(super) uses: &'a [Use],
    /// What the id of the answer is called.
    pub(super) saves: String,
}

impl Plan {
    /// Adds a request.
    pub(super) fn call(&mut self, call: Call<'_>) {
        // Fields are known by a code, all else by a number.
        let pointer =
            if call.body.starts_with("fields/") { "/data/field_code" } else { "/data/id" };
        self.calls.push(json!({
            "step": self.calls.len() + 1,
            "makes": call.makes,
            "method": "POST",
            "path": call.path,
            "body": call.body,
            "uses": call.uses.iter().map(Use::json).collect::<Vec<_>>(),
            "if_exists": null,
            "saves": [{ "placeholder": call.saves, "pointer": pointer }],
        }));
    }

    /// `plan.json`
    pub(super) fn write(self) -> Value {
        json!({
            "format": "ekiden-pipedrive-plan",
            "format_version": 1,
            "base_url": "https://api.pipedrive.com",
            "calls": self.calls,
        })
    }
}
