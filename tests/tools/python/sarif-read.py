#!/usr/bin/env python3
"""Reads SARIF files with sarif-tools and prints one JSON line for each: what that tool sees in them."""
import json
import sys

from sarif import loader

if len(sys.argv) < 2:
    sys.exit("usage: sarif-read.py FILE...")
for path in sys.argv[1:]:
    files = loader.load_sarif_files(path)
    records = [
        [record["Severity"], record["Code"], record["Location"], record["Line"]]
        for record in files.get_records()
    ]
    print(json.dumps({"file": path, "tools": files.get_distinct_tool_names(), "records": records}))
