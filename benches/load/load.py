#!/usr/bin/env python3
"""How long the views of `examples/the_model` take over a long history.

  load.py duckdb|postgres [--moves 2000000] [--keep] [--ekiden PATH] [--folder DIR] [--views NAME…]

Records walk through the process by declared moves, always the same ones. DuckDB is that of the tests; PostgreSQL is a server of
the tests, thrown away afterwards. Every view is written into a table, so that nothing of it can be left out. Run `tests/setup` first.
With --keep, `journey` and `stay` are kept first, as docs/targets/sql-numbers.md says for PostgreSQL; on DuckDB they become tables.
Prints seconds for each view; nothing is judged.
"""
import argparse
import collections
import csv
import datetime
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START = datetime.datetime(2023, 1, 2)
NOW = datetime.datetime(2026, 1, 5)
VIEWS = [
    "journey", "stay", "flow", "conversion", "funnel", "dwell", "handoff", "handoff_summary", "service_level", "service_level_summary",
    "recycling", "not_recycled", "pipeline", "goal_result", "path_violation", "bottleneck",
]


class Duck:
    """The schema in a file of its own."""

    def __init__(self, folder):
        import duckdb

        self.base = duckdb.connect(str(folder / "load.duckdb"))
        self.run("SET TimeZone = 'UTC'")

    def run(self, sql):
        self.base.execute(sql)

    def rows(self, sql):
        return self.base.execute(sql).fetchall()

    def load(self, table, columns, file):
        self.run(f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM read_csv('{file}', header = false, all_varchar = true)")

    def clock(self, now):
        self.run(f"CREATE OR REPLACE VIEW ekiden_clock AS SELECT TIMESTAMP '{now}' AS now")

    def keep(self, view):
        self.run(f"CREATE TABLE ekiden_{view}_kept AS SELECT * FROM ekiden_{view}")
        self.run(f"CREATE OR REPLACE VIEW ekiden_{view} AS SELECT * FROM ekiden_{view}_kept")

    def close(self):
        self.base.close()


class Postgres:
    """A server of the tests."""

    def __init__(self, folder):
        self.folder = folder / "postgres"
        self.tool = ROOT / "tests/tools/postgres"
        subprocess.run([self.tool, "start", self.folder], check=True, stdout=subprocess.DEVNULL)

    def ask(self, sql):
        # Triggers would check every move, one by one; what is loaded was checked where it comes from.
        sql = f"SET session_replication_role = replica; SET work_mem = '256MB';\n{sql}"
        command = [self.tool, "psql", self.folder, "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        return subprocess.run(command, input=sql, text=True, check=True, capture_output=True).stdout

    def run(self, sql):
        self.ask(sql)

    def rows(self, sql):
        told = self.ask(f"SELECT json_agg(q) FROM ({sql}) AS q")
        return [tuple(row.values()) for row in json.loads(told) or []]

    def load(self, table, columns, file):
        self.run(f"\\copy {table} ({', '.join(columns)}) FROM '{file}' CSV\nANALYZE {table};")

    def clock(self, now):
        self.run(f"CREATE OR REPLACE VIEW ekiden_clock AS SELECT TIMESTAMPTZ '{now}+00' AS now")

    def keep(self, view):
        query = self.ask(f"SELECT pg_get_viewdef('ekiden_{view}'::regclass)").strip().rstrip(";")
        self.run(
            f"CREATE MATERIALIZED VIEW ekiden_{view}_kept AS {query};\nANALYZE ekiden_{view}_kept;\n"
            f"CREATE OR REPLACE VIEW ekiden_{view} AS SELECT * FROM ekiden_{view}_kept;"
        )

    def close(self):
        subprocess.run([self.tool, "stop", self.folder], check=True, stdout=subprocess.DEVNULL)


def walk(base, moves, folder):
    """Writes the rows of all records and of the history; gives the files by table."""
    record = dict(base.rows("SELECT name, record FROM ekiden_stage ORDER BY ordinal"))
    entries = [name for name, is_entry in base.rows("SELECT name, is_entry FROM ekiden_stage ORDER BY ordinal") if is_entry]
    continues = dict(base.rows("SELECT name, continues FROM ekiden_record ORDER BY ordinal"))
    ways = collections.defaultdict(list)
    for name, kind, start, end in base.rows("SELECT name, kind, from_stage, to_stage FROM ekiden_transition ORDER BY name"):
        ways[start].append((name, {"advance": 8, "recycle": 2, "lose": 1}[kind], end))
    ways = {start: ([w[0] for w in all], [w[1] for w in all], [w[2] for w in all]) for start, all in ways.items()}

    def line(of):
        while of:
            yield of
            of = continues[of]

    dice = random.Random(1)
    span = (NOW - START).total_seconds()
    records = {name: [] for name in continues}
    history = []
    while len(history) < moves:
        # Where the journey is: the ids of its records by type.
        ids = {}
        stage = dice.choice(entries)
        at = START + datetime.timedelta(seconds=int(dice.random() * span))
        of = record[stage]
        before, name = None, ""
        for _ in range(dice.randint(1, 14)):
            if of not in ids:
                records[of].append(None)
                ids[of] = len(records[of])
            history.append((of, ids[of], before, name, stage, at))
            links = [ids.get(earlier, "") for earlier in list(line(of))[1:]]
            records[of][ids[of] - 1] = (links, stage, at, "")
            if stage not in ways:
                break
            names, weights, ends = ways[stage]
            way = dice.choices(range(len(names)), weights)[0]
            later = at + datetime.timedelta(seconds=int(dice.expovariate(1 / 400_000)) + 60)
            if later >= NOW:
                break
            next_of = record[ends[way]]
            if next_of != of:
                if next_of not in line(of) and of not in line(next_of):
                    break
                records[of][ids[of] - 1] = (*records[of][ids[of] - 1][:3], later)
            before, name = (of, ids[of], stage), names[way]
            stage, of, at = ends[way], next_of, later
    history.sort(key=lambda move: move[5])
    files = {}
    for of, rows in records.items():
        columns = ["id", *(f"{earlier}_id" for earlier in list(line(of))[1:]), "stage", "stage_entered_at", "stage_left_at"]
        texts = {"lead": ["email", "person", "company"]}.get(of, [])
        with open(folder / f"{of}.csv", "w", newline="") as file:
            write = csv.writer(file)
            write.writerows(
                [id, *links, stage, at, left, *(f"{text} {id}" for text in texts), *(["100000"] if of == "deal" else [])]
                for id, (links, stage, at, left) in enumerate(rows, 1)
            )
        files[of] = (columns + texts + (["amount"] if of == "deal" else []), folder / f"{of}.csv")
    with open(folder / "history.csv", "w", newline="") as file:
        write = csv.writer(file)
        for id, (of, number, before, name, stage, at) in enumerate(history, 1):
            from_of, from_id, from_stage = before or ("", "", "")
            write.writerow([id, of, number, from_of, from_id, from_stage, stage, name, at])
    columns = ["id", "record", "record_id", "from_record", "from_record_id", "from_stage", "to_stage", "transition", "entered_at"]
    files["ekiden_stage_history"] = (columns, folder / "history.csv")
    return files, {of: len(rows) for of, rows in records.items()}, len(history)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=["duckdb", "postgres"])
    parser.add_argument("--moves", type=int, default=2_000_000)
    parser.add_argument("--ekiden", default=ROOT / "target/release/ekiden")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--views", nargs="*", default=VIEWS)
    parser.add_argument("--keep", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ekiden-load-", dir=chosen.folder) as folder:
        folder = Path(folder)
        manifest = folder / "ekiden.yaml"
        manifest.write_text(f"targets:\n  sql:\n    dialects: [{chosen.engine}]\n")
        build = [chosen.ekiden, "build", ROOT / "examples/the_model", "--manifest", manifest, "--out", folder / "out"]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        base = {"duckdb": Duck, "postgres": Postgres}[chosen.engine](folder)
        try:
            base.run((folder / f"out/sql/{chosen.engine}/schema.sql").read_text())
            base.clock(NOW)
            began = time.monotonic()
            files, counts, moves = walk(base, chosen.moves, folder)
            print(f"{moves} moves of {counts}, made in {time.monotonic() - began:.1f} s", flush=True)
            began = time.monotonic()
            for table, (columns, file) in files.items():
                base.load(table, columns, file)
            print(f"loaded in {time.monotonic() - began:.1f} s", flush=True)
            for view in ["journey", "stay"] if chosen.keep else []:
                began = time.monotonic()
                base.keep(view)
                print(f"{view + ' kept':24} {time.monotonic() - began:8.2f} s", flush=True)
            for view in chosen.views:
                began = time.monotonic()
                base.run(f"CREATE TEMP TABLE told_{view} AS SELECT * FROM ekiden_{view}")
                print(f"{view:24} {time.monotonic() - began:8.2f} s", flush=True)
        finally:
            base.close()


if __name__ == "__main__":
    sys.exit(main())
