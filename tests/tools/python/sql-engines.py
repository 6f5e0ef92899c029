#!/usr/bin/env python3
"""SQL engines for tests: JSON lines in, JSON lines out.

  sql-engines.py                               serves requests on stdin until it ends
  sql-engines.py --grammar DIALECT FILE|DIR…   parses files: `ok FILE` or `FAIL FILE reason`
                                               (bigquery, snowflake, databricks, …: what sqlglot knows)

A request:  {"engine": "duckdb", "database": "t1", "script": "several statements", "query": "one select"}
An answer:  {"ok": true, "columns": […], "rows": [[…]]}  or  {"ok": false, "error": "…"}

Engines: sqlite, duckdb, clickhouse, spark; postgres and mariadb with "connection", what
`tests/tools/postgres start` and `tests/tools/mariadb start` print. `script`, `query` or both may be given.
A database is made at its first use; it keeps its contents until this process ends (on a server: until
that ends). {"engine": …, "database": …, "drop": true} throws it away.

Every value comes back as text, in the same way from all engines: NULL is null; booleans are `true` and
`false` (where the engine has any); decimals and doubles are rounded to 9 places and have no zeros at
their end and no exponent; dates are `YYYY-MM-DD`; timestamps are `YYYY-MM-DD HH:MM:SS`, in UTC.
"""
import datetime
import decimal
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

UTC = datetime.timezone.utc
SETUP = "run tests/setup"
TOOLS = Path(__file__).resolve().parents[3] / "target/test-tools"



class Refused(Exception):
    """What is told to the caller."""


def need(module):
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise Refused(f"Python module {module} cannot be loaded ({error}): {SETUP}") from None


# --- Statements ----------------------------------------------------------------------------------


def statements(script, backslash, delimiters=False, dollar=False):
    """Cuts a script at its semicolons: not at those within texts, names and comments."""
    result, start, at, delimiter = [], 0, 0, ";"

    def cut(end):
        text = script[start:end].strip()
        if not only_comments(text):
            result.append(text)

    while at < len(script):
        char = script[at]
        if delimiters and (at == 0 or script[at - 1] == "\n"):
            command = re.compile(r"[ \t]*delimiter[ \t]+(\S+)[^\n]*(\n|$)", re.I).match(script, at)
            if command:
                cut(at)
                delimiter, at = command.group(1), command.end()
                start = at
                continue
        if script.startswith(delimiter, at):
            cut(at)
            at += len(delimiter)
            start = at
        elif char in "'\"`":
            at += 1
            while at < len(script) and script[at] != char:
                at += 2 if backslash and char != "`" and script[at] == "\\" else 1
            at += 1  # a doubled quote begins a next text at once
        elif script.startswith("--", at) or (delimiters and char == "#"):
            end = script.find("\n", at)
            at = len(script) if end < 0 else end
        elif script.startswith("/*", at):
            end = script.find("*/", at + 2)
            at = len(script) if end < 0 else end + 2
        elif dollar and (tag := re.compile(r"\$\w*\$").match(script, at)):
            end = script.find(tag.group(), tag.end())
            at = len(script) if end < 0 else end + len(tag.group())
        else:
            at += 1
    cut(len(script))
    return result


def only_comments(text):
    return not re.sub(r"--[^\n]*|/\*(?![!+]).*?\*/", "", text, flags=re.S).strip()


# --- Values --------------------------------------------------------------------------------------


def number(value):
    """Nine places, half away from zero; no zeros at the end, no exponent."""
    value = decimal.Decimal(repr(value)) if isinstance(value, float) else decimal.Decimal(value)
    with decimal.localcontext() as context:
        context.prec = 100
        value = value.quantize(decimal.Decimal(1).scaleb(-9), rounding=decimal.ROUND_HALF_UP)
        text = format(value, "f").rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def shown(value):
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return str(value)
        return number(value)
    if isinstance(value, decimal.Decimal):
        return number(value) if value.is_finite() else str(value).lower()
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        text = value.strftime("%H:%M:%S")
        return f"{value.date().isoformat()} {text}" + (f".{value.microsecond:06d}".rstrip("0") if value.microsecond else "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return number(decimal.Decimal(value // datetime.timedelta(microseconds=1)) / 1_000_000)
    if isinstance(value, (bytes, bytearray, memoryview)):
        value = bytes(value)
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    if hasattr(value, "item"):  # a number of numpy
        return shown(value.item())
    if isinstance(value, dict):
        return json.dumps({str(key): shown(one) for key, one in value.items()}, ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        return json.dumps([shown(one) for one in value], ensure_ascii=False)
    return str(value)


def table(columns, rows):
    return list(columns), [[shown(value) for value in row] for row in rows]


# --- Engines -------------------------------------------------------------------------------------


def one_query(sql, *dialect):
    cut = statements(sql, *dialect)
    if len(cut) != 1:
        raise Refused(f"a query is one statement, these are {len(cut)}")
    return cut[0]


def identifier(name):
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise Refused(f"`{name}` is no name of a database")
    return name


class Sqlite:
    def __init__(self):
        self.databases = {}

    def open(self, name):
        import sqlite3

        if name not in self.databases:
            # Each statement stands for itself: no transaction is begun behind its back.
            self.databases[name] = sqlite3.connect(":memory:", isolation_level=None)
        return self.databases[name]

    def script(self, name, sql, connection):
        self.open(name).executescript(sql)

    def query(self, name, sql, connection):
        cursor = self.open(name).execute(one_query(sql, False))
        return table((one[0] for one in cursor.description or ()), cursor.fetchall())

    def drop(self, name, connection):
        if name in self.databases:
            self.databases.pop(name).close()


class Duckdb:
    def __init__(self):
        self.duckdb = need("duckdb")
        self.databases = {}

    def open(self, name):
        if name not in self.databases:
            made = self.duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "threads": 2})
            made.execute("SET TimeZone = 'UTC'")
            self.databases[name] = made
        return self.databases[name]

    def script(self, name, sql, connection):
        self.open(name).execute(sql)

    def query(self, name, sql, connection):
        cursor = self.open(name).execute(one_query(sql, False, False, True))
        return table((one[0] for one in cursor.description or ()), cursor.fetchall())

    def drop(self, name, connection):
        if name in self.databases:
            self.databases.pop(name).close()


class Clickhouse:
    def __init__(self):
        self.chdb = need("chdb")
        need("chdb.session")
        self.folder = tempfile.TemporaryDirectory(prefix="ekiden-chdb-", ignore_cleanup_errors=True)
        # There can be only one session in a process; databases keep tests apart.
        self.session = self.chdb.session.Session(self.folder.name)
        self.known = set()

    def use(self, name):
        if name not in self.known:
            self.run(f"CREATE DATABASE IF NOT EXISTS `{identifier(name)}`")
            self.known.add(name)
        self.run(f"USE `{identifier(name)}`")

    def run(self, sql, form="Null"):
        return self.session.query(sql, form)

    def script(self, name, sql, connection):
        self.use(name)
        for one in statements(sql, True):
            self.run(one)

    def query(self, name, sql, connection):
        self.use(name)
        # Numbers as texts: JSON would lose digits of decimals.
        said = self.run(
            one_query(sql, True)
            + "\nSETTINGS output_format_json_quote_decimals=1, output_format_json_quote_64bit_integers=1,"
            + " output_format_json_quote_denormals=1, output_format_json_quote_64bit_floats=1",
            "JSONCompact",
        )
        said = json.loads(bytes(said.bytes()).decode())
        kinds = [one["type"] for one in said["meta"]]
        rows = [[self.value(kind, value) for kind, value in zip(kinds, row)] for row in said["data"]]
        return table((one["name"] for one in said["meta"]), rows)

    @staticmethod
    def value(kind, value):
        while kind.startswith(("Nullable(", "LowCardinality(")):
            kind = kind[kind.index("(") + 1 : -1]
        if value is None or isinstance(value, bool):
            return value
        if kind.startswith(("Decimal", "Float")) and re.fullmatch(r"[-+0-9.eE]+", str(value)):
            return decimal.Decimal(str(value))
        zone = re.search(r"'([^']+)'", kind) if kind.startswith("DateTime") else None
        if kind.startswith("DateTime"):
            import zoneinfo

            moment = datetime.datetime.fromisoformat(value)
            # A DateTime without a zone is shown in that of the server.
            return moment.replace(tzinfo=zoneinfo.ZoneInfo(zone.group(1))) if zone else moment
        return value

    def drop(self, name, connection):
        self.run("USE default")
        self.run(f"DROP DATABASE IF EXISTS `{identifier(name)}`")
        self.known.discard(name)


class Spark:
    def __init__(self):
        # A folder of its own: it is half as large as everything else together.
        sys.path.append(str(TOOLS / "spark"))
        need("pyspark")
        sql = need("pyspark.sql")
        if not any(os.access(Path(folder) / "java", os.X_OK) for folder in os.environ.get("PATH", "").split(":")):
            raise Refused(f"Spark needs Java: {SETUP}")
        self.folder = tempfile.TemporaryDirectory(prefix="ekiden-spark-", ignore_cleanup_errors=True)
        folder = Path(self.folder.name)
        (folder / "log4j2.properties").write_text(
            "rootLogger.level = off\nrootLogger.appenderRef.stderr.ref = stderr\nappender.stderr.type = Console\n"
            "appender.stderr.name = stderr\nappender.stderr.target = SYSTEM_ERR\n"
            "appender.stderr.layout.type = PatternLayout\nappender.stderr.layout.pattern = %p %m%n\n"
        )
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.environ["SPARK_LOCAL_DIRS"] = self.folder.name
        java = (
            f"-Dlog4j2.configurationFile={folder}/log4j2.properties -Dderby.system.home={folder}"
            " -Duser.timezone=UTC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:-UsePerfData"
        )
        settings = {
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.default.parallelism": "2",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.sql.catalogImplementation": "in-memory",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.driver.extraJavaOptions": java,
            "spark.ui.showConsoleProgress": "false",
            # Compiling a query takes longer than asking a hundred rows without.
            "spark.sql.codegen.wholeStage": "false",
            "spark.hadoop.fs.file.impl.disable.cache": "false",
        }
        builder = sql.SparkSession.builder.master("local[2]").appName("ekiden")
        for key, value in settings.items():
            builder = builder.config(key, value)
        self.session = builder.getOrCreate()
        self.known = set()

    def use(self, name):
        if name not in self.known:
            self.session.sql(f"CREATE DATABASE IF NOT EXISTS `{identifier(name)}`")
            self.known.add(name)
        self.session.sql(f"USE `{identifier(name)}`")

    def script(self, name, sql, connection):
        self.use(name)
        for one in statements(sql, True):
            self.session.sql(one)

    def query(self, name, sql, connection):
        self.use(name)
        frame = self.session.sql(one_query(sql, True))
        # Timestamps come as local time of this process, which is UTC, see main().
        return table(frame.columns, (list(row) for row in frame.collect()))

    def drop(self, name, connection):
        self.session.sql("USE default")
        self.session.sql(f"DROP DATABASE IF EXISTS `{identifier(name)}` CASCADE")
        self.known.discard(name)


def fields(connection):
    if not connection:
        raise Refused("a server needs a `connection`, what its `start` printed")
    return dict(part.split("=", 1) for part in connection.split())


class Postgres:
    def __init__(self):
        self.driver = need("psycopg2")
        self.open_ones = {}

    def connect(self, name, connection):
        given = fields(connection)
        key = (given["port"], name)
        if key not in self.open_ones:
            given.pop("dbname", None)
            admin = self.driver.connect(dbname="postgres", **given)
            admin.autocommit = True
            with admin.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
                if not cursor.fetchone():
                    cursor.execute(f'CREATE DATABASE "{identifier(name)}"')
            admin.close()
            made = self.driver.connect(dbname=name, **given)
            made.autocommit = True
            self.open_ones[key] = made
        return self.open_ones[key]

    def script(self, name, sql, connection):
        # One by one, each of its own transaction, as psql does.
        with self.connect(name, connection).cursor() as cursor:
            for one in statements(sql, False, False, True):
                cursor.execute(one)

    def query(self, name, sql, connection):
        with self.connect(name, connection).cursor() as cursor:
            cursor.execute(one_query(sql, False, False, True))
            return table((one[0] for one in cursor.description or ()), cursor.fetchall() if cursor.description else ())

    def drop(self, name, connection):
        made = self.connect(name, connection)
        self.open_ones.pop((fields(connection)["port"], name))
        made.close()
        with_admin = self.connect("postgres", connection)
        with with_admin.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{identifier(name)}"')


class Mariadb:
    """Scripts go through the client program, which has the DELIMITER command; queries through a driver, for the types."""

    def __init__(self):
        self.driver = need("pymysql")
        self.known = set()
        self.open_ones = {}

    def client(self, connection, sql, *arguments):
        given = fields(connection)
        command = ["mariadb", "--no-defaults", "--protocol=tcp", f"--host={given['host']}", f"--port={given['port']}",
                   f"--user={given['user']}", "--default-character-set=utf8mb4", "--batch", *arguments]
        try:
            ran = subprocess.run(command, input=sql.encode(), capture_output=True)
        except FileNotFoundError:
            raise Refused(f"no program `mariadb`: {SETUP}") from None
        if ran.returncode != 0:
            raise Refused(ran.stderr.decode(errors="replace").strip())

    def use(self, name, connection):
        key = (fields(connection)["port"], name)
        if key not in self.known:
            self.client(connection, f"CREATE DATABASE IF NOT EXISTS `{identifier(name)}`;")
            self.known.add(key)

    def script(self, name, sql, connection):
        self.use(name, connection)
        self.client(connection, sql, name)

    def query(self, name, sql, connection):
        self.use(name, connection)
        given = fields(connection)
        key = (given["port"], name)
        if key not in self.open_ones:
            self.open_ones[key] = self.driver.connect(
                host=given["host"], port=int(given["port"]), user=given["user"], database=name, charset="utf8mb4",
                autocommit=True)
        with self.open_ones[key].cursor() as cursor:
            cursor.execute(one_query(sql, True, True))
            return table((one[0] for one in cursor.description or ()), cursor.fetchall() if cursor.description else ())

    def drop(self, name, connection):
        key = (fields(connection)["port"], name)
        if key in self.open_ones:
            self.open_ones.pop(key).close()
        self.client(connection, f"DROP DATABASE IF EXISTS `{identifier(name)}`;")
        self.known.discard(key)


KINDS = {"sqlite": Sqlite, "duckdb": Duckdb, "clickhouse": Clickhouse, "spark": Spark, "postgres": Postgres,
         "mariadb": Mariadb}
running = {}


def told(error):
    """The words of an error, without Java's stack."""
    if isinstance(error, UnicodeDecodeError):
        return str(error)
    text = getattr(error, "desc", None) if type(error).__module__.startswith("pyspark") else None
    text = (text or str(error) or type(error).__name__).strip()
    return re.split(r"\n\s*at |\nJVM stacktrace", text)[0]


def answer(line):
    try:
        request = json.loads(line)
        kind = request.get("engine")
        if kind not in KINDS:
            raise Refused(f"no engine `{kind}`: there are {', '.join(KINDS)}")
        unknown = set(request) - {"engine", "database", "connection", "script", "query", "drop"}
        if unknown:
            raise Refused(f"unknown in a request: {', '.join(sorted(unknown))}")
        if kind not in running:
            running[kind] = KINDS[kind]()
        engine, name, connection = running[kind], request.get("database", ""), request.get("connection")
        identifier(name)
        columns, rows = [], []
        if request.get("script") is not None:
            engine.script(name, request["script"], connection)
        if request.get("query") is not None:
            columns, rows = engine.query(name, request["query"], connection)
        if request.get("drop"):
            engine.drop(name, connection)
        return {"ok": True, "columns": columns, "rows": rows}
    except Exception as error:  # an engine has its own kinds of errors; all of them are answers
        return {"ok": False, "error": told(error)}


def serve():
    # Python, and with it Spark's driver, shows timestamps in the zone of the process.
    import time

    os.environ["TZ"] = "UTC"
    time.tzset()
    # Engines and Java print to file 1; only answers may go where the caller reads.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        if line.strip():
            out.write(json.dumps(answer(line), ensure_ascii=False) + "\n")
            out.flush()
    return 0


# --- Grammar only --------------------------------------------------------------------------------


def grammar(dialect, paths):
    import logging

    sqlglot = need("sqlglot")
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    files = []
    for path in map(Path, paths):
        files += sorted(path.rglob("*.sql")) if path.is_dir() else [path]
    if not files:
        print("no .sql file to check")
        return 1
    failed = False
    for file in files:
        reason = None
        try:
            trees = [tree for tree in sqlglot.parse(file.read_text("utf-8"), read=dialect) if tree is not None]
            # A `Command` is what sqlglot could not parse and keeps as text.
            opaque = [one for tree in trees for one in tree.find_all(sqlglot.exp.Command)]
            if opaque:
                reason = f"not understood: {opaque[0].sql(dialect)[:120]}"
            elif not trees:
                reason = "no statement"
        except (sqlglot.errors.SqlglotError, ValueError, OSError) as error:
            reason = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
        if reason is None:
            print(f"ok {file}")
        else:
            failed = True
            print(f"FAIL {file} {' '.join(reason.split())}")
    return 1 if failed else 0


def main():
    arguments = sys.argv[1:]
    if not arguments:
        return serve()
    if len(arguments) >= 3 and arguments[0] == "--grammar":
        try:
            return grammar(arguments[1], arguments[2:])
        except Refused as error:
            print(f"sql-engines: {error}", file=sys.stderr)
            return 2
    print("usage: sql-engines.py, or sql-engines.py --grammar DIALECT FILE|DIR…", file=sys.stderr)
    return 2


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.exit(code)
