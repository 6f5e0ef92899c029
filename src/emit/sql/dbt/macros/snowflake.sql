{# Snowflake. Not run by the tests of Ekiden. #}

{% macro snowflake__ekiden_type(kind) -%}
  {{ return({
    'text': 'varchar', 'integer': 'bigint', 'decimal': 'number(38, 9)', 'boolean': 'boolean', 'date': 'date', 'instant': 'timestamp_ntz',
  }[kind]) }}
{%- endmacro %}

{% macro snowflake__ekiden_text(text) -%}
  '{{ text | replace("\\", "\\\\") | replace("'", "''") }}'
{%- endmacro %}

{% macro snowflake__ekiden_local(instant, zone) -%}
  DATE_TRUNC('second', CONVERT_TIMEZONE('UTC', '{{ zone }}', {{ instant }}))
{%- endmacro %}

{% macro snowflake__ekiden_seconds_between(start, finish) -%}
  CAST(FLOOR(DATEDIFF('microsecond', {{ start }}, {{ finish }}) / 1000000) AS bigint)
{%- endmacro %}

{% macro snowflake__ekiden_add_seconds(local, seconds) -%}
  DATEADD('second', {{ seconds }}, {{ local }})
{%- endmacro %}

{% macro snowflake__ekiden_add_months(local, months) -%}
  DATEADD('month', {{ months }}, {{ local }})
{%- endmacro %}

{% macro snowflake__ekiden_add_date_months(date, months) -%}
  DATEADD('month', {{ months }}, {{ date }})
{%- endmacro %}

{% macro snowflake__ekiden_days_between(start, finish) -%}
  DATEDIFF('day', {{ start }}, {{ finish }})
{%- endmacro %}

{% macro snowflake__ekiden_add_days(date, days) -%}
  DATEADD('day', {{ days }}, {{ date }})
{%- endmacro %}

{% macro snowflake__ekiden_days(first, last) -%}
  SELECT DATEADD('day', n.value, DATE '{{ first }}') AS day
  FROM TABLE(FLATTEN(ARRAY_GENERATE_RANGE(0, DATEDIFF('day', DATE '{{ first }}', DATE '{{ last }}') + 1))) AS n
{%- endmacro %}

{% macro snowflake__ekiden_current() -%}
  CAST(CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP()) AS timestamp_ntz)
{%- endmacro %}

{% macro snowflake__ekiden_utc(value) -%}
  {{ ekiden_cast(value, 'instant') }}
{%- endmacro %}
