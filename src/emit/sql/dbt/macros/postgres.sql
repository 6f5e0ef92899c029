{% macro postgres__ekiden_type(kind) -%}
  {{ return({
    'text': 'text', 'integer': 'bigint', 'decimal': 'numeric', 'boolean': 'boolean', 'date': 'date', 'instant': 'timestamp',
  }[kind]) }}
{%- endmacro %}

{% macro postgres__ekiden_number(value) -%}
  CAST({{ value }} AS numeric)
{%- endmacro %}

{% macro postgres__ekiden_half_to_the(exponent) -%}
  POWER(CAST(0.5 AS numeric), {{ exponent }})
{%- endmacro %}

{% macro postgres__ekiden_local(instant, zone) -%}
  DATE_TRUNC('second', ({{ instant }} AT TIME ZONE 'UTC') AT TIME ZONE '{{ zone }}')
{%- endmacro %}

{% macro postgres__ekiden_seconds_between(start, finish) -%}
  CAST(FLOOR(EXTRACT(EPOCH FROM {{ finish }} - {{ start }})) AS bigint)
{%- endmacro %}

{% macro postgres__ekiden_add_seconds(local, seconds) -%}
  ({{ local }} + ({{ seconds }}) * INTERVAL '1 second')
{%- endmacro %}

{% macro postgres__ekiden_add_months(local, months) -%}
  ({{ local }} + ({{ months }}) * INTERVAL '1 month')
{%- endmacro %}

{% macro postgres__ekiden_add_date_months(date, months) -%}
  CAST({{ date }} + ({{ months }}) * INTERVAL '1 month' AS date)
{%- endmacro %}

{% macro postgres__ekiden_days_between(start, finish) -%}
  ({{ finish }} - {{ start }})
{%- endmacro %}

{% macro postgres__ekiden_days(first, last) -%}
  SELECT CAST(d AS date) AS day FROM generate_series(TIMESTAMP '{{ first }}', TIMESTAMP '{{ last }}', INTERVAL '1 day') AS d
{%- endmacro %}

{% macro postgres__ekiden_current() -%}
  (now() AT TIME ZONE 'UTC')
{%- endmacro %}

{% macro postgres__ekiden_utc(value) -%}
  CASE WHEN pg_typeof({{ value }}) = CAST('timestamptz' AS regtype) THEN CAST({{ value }} AS timestamptz) AT TIME ZONE 'UTC' ELSE CAST({{ value }} AS timestamp) END
{%- endmacro %}
