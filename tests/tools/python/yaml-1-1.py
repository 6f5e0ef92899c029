"""Reads YAML files as YAML 1.1 and prints one JSON line for each: {"file": …, "documents": […]}.

    yaml-1-1.py FILE…

Many readers still follow YAML 1.1, where `no`, `on`, `1:30`, `0o7` and `2026-04-01` are not what
YAML 1.2 makes of them. Whatever JSON has no word for is printed under a tag, so that a misread
value differs from the text that was meant: {"!date": "2026-04-01"}, and the key `on` as "!bool true".
A duplicate key is an error. Exit code 1 when a file cannot be read.
"""

import base64
import datetime
import json
import sys

import yaml


class StrictLoader(yaml.SafeLoader):
    """The safe loader, but a mapping may not hold a key twice."""


def mapping_without_duplicates(loader, node):
    loader.flatten_mapping(node)
    seen = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        name = key_text(key)
        if name in seen:
            raise yaml.constructor.ConstructorError(
                "in a mapping", node.start_mark, f"key {name!r} stands twice", key_node.start_mark
            )
        seen[name] = loader.construct_object(value_node, deep=True)
    return seen


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping_without_duplicates)


def key_text(key):
    return key if isinstance(key, str) else f"!{type(key).__name__} {json.dumps(plain(key))}"


def plain(value):
    """The value with JSON's types only; others under their tag."""
    if isinstance(value, dict):
        return {key_text(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return {f"!{type(value).__name__}": value.isoformat()}
    if isinstance(value, bytes):
        return {"!bytes": base64.b64encode(value).decode()}
    if isinstance(value, set):
        return {"!set": sorted(map(str, value))}
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"!float": repr(value)}
    return value


def main(paths):
    if not paths:
        sys.exit("usage: yaml-1-1.py FILE…")
    failed = False
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                documents = [plain(document) for document in yaml.load_all(file, StrictLoader)]
        except (OSError, ValueError, yaml.YAMLError) as error:
            failed = True
            print(f"FAIL {path} {' '.join(str(error).split())}")
            continue
        print(json.dumps({"file": path, "documents": documents}, ensure_ascii=False))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
