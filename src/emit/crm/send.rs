//! Plans of requests: which answer a later request needs, and the script that sends them.

use serde_json::{Value, json};

/// A value of an earlier answer that a body needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emit) struct Use {
    /// `stage.won`
    placeholder: String,
    /// Where in the body it stands.
    pointer: String,
    /// Whether it is the name of an entry of the object there, not the value.
    key: bool,
}

impl Use {
    /// The value at a pointer.
    pub(in crate::emit) fn value(placeholder: String, pointer: String) -> Self {
        Self { placeholder, pointer, key: false }
    }

    /// The name of an entry of the object at a pointer.
    pub(in crate::emit) fn key(placeholder: String, pointer: String) -> Self {
        Self { placeholder, pointer, key: true }
    }

    /// What stands there until then: `{stage.won}`.
    pub(in crate::emit) fn text(&self) -> String {
        format!("{{{}}}", self.placeholder)
    }

    /// The entry of the plan.
    pub(in crate::emit) fn json(&self) -> Value {
        json!({ "placeholder": self.placeholder, "pointer": self.pointer, "key": self.key })
    }
}

/// How a system is spoken to.
pub(in crate::emit) struct Access {
    /// `HubSpot`
    pub(in crate::emit) system: &'static str,
    /// The variable that holds the token.
    pub(in crate::emit) token: &'static str,
    /// The header with it, `%s` for the token.
    pub(in crate::emit) header: &'static str,
}

/// `send.sh`: sends the requests of `plan.json` in their order, and goes on where it stopped.
pub(in crate::emit) fn script(access: &Access) -> String {
    SCRIPT
        .replace("@SYSTEM@", access.system)
        .replace("@TOKEN@", access.token)
        .replace("@HEADER@", access.header)
}

const SCRIPT: &str = r#"#!/bin/sh
# Sends the requests of plan.json to @SYSTEM@ in their order. Needs curl, jq and the token in $@TOKEN@.
# What was sent, and the ids in the answers, are noted in sent.json: after a failure, run it again.
# A request that says the same as one that was sent is not sent twice, and what cannot be made again,
# because its id is noted, is left as it is: change that by hand.
set -eu
cd "$(dirname "$0")"
: "${@TOKEN@:?holds no token}"
sent=sent.json
[ -e "$sent" ] || printf '{"done":[],"values":{}}\n' >"$sent"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
base=$(jq -r .base_url plan.json)
count=$(jq '.calls | length' plan.json)

send() { # METHOD PATH BODY: prints the status
  : >"$work/headers"
  printf 'header = "@HEADER@"\n' "$@TOKEN@" |
    curl --silent --show-error --config - --request "$1" --header 'Content-Type: application/json' \
      --data "@$3" --output "$work/answer" --dump-header "$work/headers" --write-out '%{http_code}' "$base$2"
}

at=0
while [ "$at" -lt "$count" ]; do
  jq ".calls[$at]" plan.json >"$work/call"
  at=$((at + 1))
  makes=$(jq -r .makes "$work/call")
  # The ids of earlier answers take the places of placeholders, in the body and in the path.
  if ! jq --slurpfile call "$work/call" --slurpfile sent "$sent" '
    def steps: ltrimstr("/") | split("/") | map(gsub("~1"; "/") | gsub("~0"; "~")) | map(if test("^[0-9]+$") then tonumber else . end);
    def known($name): $sent[0].values[$name] // error("no answer holds " + $name);
    reduce $call[0].uses[] as $use (.;
      known($use.placeholder) as $value | ($use.pointer | steps) as $path
      | if $use.key
        then setpath($path; getpath($path) | with_entries(if .key == "{" + $use.placeholder + "}" then .key = ($value | tostring) else . end))
        else setpath($path; $value) end)
    ' "$(jq -r .body "$work/call")" >"$work/body"; then
    echo "$makes: an id is missing; write it into $sent, under values" >&2
    exit 1
  fi
  path=$(jq -r --slurpfile sent "$sent" '
    reduce ($sent[0].values | to_entries[]) as $one (.path; split("{" + $one.key + "}") | join($one.value | tostring))' "$work/call")
  mark="$path $(cksum <"$work/body")"
  if jq -e --arg mark "$mark" '.done | index($mark)' "$sent" >"$work/null"; then
    continue
  fi
  if jq -e --slurpfile call "$work/call" '
    .values as $values | $call[0] | .method == "POST" and (.if_exists | not) and (.saves | length > 0)
      and all(.saves[]; $values[.placeholder] != null)' "$sent" >"$work/null"; then
    echo "$makes: is there already, and was left as it is"
    continue
  fi
  status=$(send "$(jq -r .method "$work/call")" "$path" "$work/body")
  if [ "$status" = 409 ] && jq -e '.if_exists' "$work/call" >"$work/null"; then
    jq --slurpfile call "$work/call" 'delpaths([$call[0].if_exists.omit[] | [.]])' "$work/body" >"$work/rest"
    status=$(send "$(jq -r .if_exists.method "$work/call")" "$(jq -r .if_exists.path "$work/call")" "$work/rest")
  fi
  case $status in
    2*) ;;
    *)
      echo "$makes: @SYSTEM@ answers $status" >&2
      cat "$work/answer" >&2
      exit 1
      ;;
  esac
  [ -s "$work/answer" ] || echo null >"$work/answer"
  # Some answers tell where the thing is, and nothing else.
  place=$(tr -d '\r' <"$work/headers" | sed -n 's/^[Ll][Oo][Cc][Aa][Tt][Ii][Oo][Nn]: *//p' | tail -n 1)
  jq --arg mark "$mark" --arg place "${place##*/}" --slurpfile call "$work/call" --slurpfile answer "$work/answer" '
    def steps: ltrimstr("/") | split("/") | map(if test("^[0-9]+$") then tonumber else . end);
    .done += [$mark]
    | reduce $call[0].saves[] as $save (.; .values[$save.placeholder] =
        if $save.header then $place else ($answer[0] | getpath($save.pointer | steps)) end)
    ' "$sent" >"$work/sent"
  cp "$work/sent" "$sent"
  echo "$makes"
done
"#;
