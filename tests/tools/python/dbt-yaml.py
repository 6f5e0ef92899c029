#!/usr/bin/env python3
"""Holds the YAML of a dbt project against the JSON Schemas that come with dbt-core: dbt itself reads over unknown keys.

  dbt-yaml.py DIR     `ok FILE` or `FAIL FILE reason` for dbt_project.yml and every resource file (schema.yml, …)
"""
import json
import sys
from pathlib import Path


def faults(validator, data):
    """Every deepest fault, as `place: words`."""
    found = []

    def walk(error):
        # Of alternatives, the one that got furthest says most.
        if error.context:
            deepest = max(len(one.absolute_path) for one in error.context)
            for one in error.context:
                if len(one.absolute_path) == deepest:
                    walk(one)
        else:
            place = ".".join(map(str, error.absolute_path)) or "the file"
            found.append(f"{place}: {error.message[:200]}")

    for error in validator.iter_errors(data):
        walk(error)
    return list(dict.fromkeys(found))


def rendered(data):
    """The data as dbt sees it: what turns a part on or off, and how severe a test is, is a value by then."""
    if isinstance(data, dict):
        values = {"enabled": True, "severity": "Warn"}
        jinja = lambda key, value: key in values and isinstance(value, str) and value.startswith("{{")
        return {key: values[key] if jinja(key, value) else rendered(value) for key, value in data.items()}
    return [rendered(one) for one in data] if isinstance(data, list) else data


def main():
    if len(sys.argv) != 2:
        print("usage: dbt-yaml.py DIR", file=sys.stderr)
        return 2
    try:
        import dbt.jsonschemas
        import jsonschema
        import yaml
    except ImportError as error:
        print(f"dbt-yaml: {error}: run tests/setup", file=sys.stderr)
        return 2
    root = Path(sys.argv[1])
    schemas = Path(dbt.jsonschemas.__file__).parent

    def validator(path):
        schema = json.loads((schemas / path).read_text("utf-8"))
        return jsonschema.validators.validator_for(schema)(schema)

    kinds = {"project": validator("project/0.0.110.json"), "resources": validator("resources/latest.json")}

    # The parts of a project where dbt looks for resource files.
    skipped = {"target", "logs", "dbt_packages"}
    files = [file for file in sorted([*root.rglob("*.yml"), *root.rglob("*.yaml")])
             if not skipped & set(file.relative_to(root).parts[:-1]) and file.name not in ("profiles.yml", "packages.yml")]
    if not files:
        print(f"FAIL {root} no YAML file to check")
        return 1
    failed = False
    for file in files:
        kind = "project" if file.name == "dbt_project.yml" else "resources"
        try:
            said = faults(kinds[kind], rendered(yaml.safe_load(file.read_text("utf-8"))))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            said = [" ".join(str(error).split())]
        failed = failed or bool(said)
        print(f"FAIL {file} {'; '.join(said[:5])}" if said else f"ok {file}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
