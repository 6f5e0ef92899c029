{# Spark, and Databricks, which takes these too. The time zone of the session must be UTC. #}

{% macro spark__ekiden_type(kind) -%}
  {{ return({
    'text': 'string', 'integer': 'bigint', 'decimal': 'decimal(38, 9)', 'boolean': 'boolean', 'date': 'date', 'instant': 'timestamp',
  }[kind]) }}
{%- endmacro %}

{% macro spark__ekiden_text(text) -%}
  '{{ text | replace("\\", "\\\\") | replace("'", "\\'") | replace("\n", "\\n") | replace("${", "\\u0024{") }}'
{%- endmacro %}

{% macro spark__ekiden_local(instant, zone) -%}
  DATE_TRUNC('second', from_utc_timestamp({{ instant }}, '{{ zone }}'))
{%- endmacro %}

{% macro spark__ekiden_seconds_between(start, finish) -%}
  CAST(FLOOR((unix_micros({{ finish }}) - unix_micros({{ start }})) / 1000000) AS bigint)
{%- endmacro %}

{% macro spark__ekiden_add_seconds(local, seconds) -%}
  timestamp_micros(unix_micros({{ local }}) + CAST({{ seconds }} AS bigint) * 1000000)
{%- endmacro %}

{% macro spark__ekiden_add_months(local, months) -%}
  ({{ local }} + make_interval(0, {{ months }}))
{%- endmacro %}

{% macro spark__ekiden_add_date_months(date, months) -%}
  add_months({{ date }}, {{ months }})
{%- endmacro %}

{% macro spark__ekiden_days_between(start, finish) -%}
  datediff({{ finish }}, {{ start }})
{%- endmacro %}

{% macro spark__ekiden_add_days(date, days) -%}
  date_add({{ date }}, CAST({{ days }} AS int))
{%- endmacro %}

{% macro spark__ekiden_days(first, last) -%}
  SELECT explode(sequence(DATE '{{ first }}', DATE '{{ last }}', INTERVAL 1 DAY)) AS day
{%- endmacro %}

{% macro spark__ekiden_current() -%}
  current_timestamp()
{%- endmacro %}

{% macro spark__ekiden_utc(value) -%}
  {{ ekiden_cast(value, 'instant') }}
{%- endmacro %}

{# Rows of a seed. The adapter's own macro, where Spark runs within dbt, writes a missing value as the text None, and does not escape quotes. #}
{% macro spark__load_csv_rows(model, agate_table) %}
  {%- set kinds = [] -%}
  {%- for name in agate_table.column_names -%}
    {%- do kinds.append(model['config'].get('column_types', {}).get(name, adapter.convert_type(agate_table, loop.index0))) -%}
  {%- endfor -%}
  {%- set statements = [] -%}
  {%- for chunk in agate_table.rows | batch(1000) -%}
    {%- set rows = [] -%}
    {%- for row in chunk -%}
      {%- set cells = [] -%}
      {%- for value in row -%}
        {%- do cells.append('CAST(' ~ ('NULL' if value is none else ekiden_text(value | string)) ~ ' AS ' ~ kinds[loop.index0] ~ ')') -%}
      {%- endfor -%}
      {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set sql = 'INSERT INTO ' ~ this.render() ~ ' VALUES\n' ~ rows | join(',\n') -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- do statements.append(sql) -%}
  {%- endfor -%}
  {{ return(statements | first) }}
{% endmacro %}
