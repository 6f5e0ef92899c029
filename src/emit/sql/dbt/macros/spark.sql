{# Spark, and Databricks, which takes these too. The time zone of the session must be UTC. #}

{% macro spark__ekiden_type(kind) -%}
  {{ return({
    'text': 'string', 'integer': 'bigint', 'decimal': 'decimal(38, 9)', 'boolean': 'boolean', 'date': 'date', 'instant': 'timestamp',
  }[kind]) }}
{%- endmacro %}

{% macro spark__ekiden_text(text) -%}
  '{{ text | replace("\\", "\\\\") | replace("'", "\\'") | replace("\n", "\\n") }}'
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
