{# BigQuery. Not run by the tests of Ekiden. #}

{% macro bigquery__ekiden_type(kind) -%}
  {{ return({
    'text': 'string', 'integer': 'int64', 'decimal': 'numeric', 'boolean': 'bool', 'date': 'date', 'instant': 'datetime',
  }[kind]) }}
{%- endmacro %}

{% macro bigquery__ekiden_text(text) -%}
  '{{ text | replace("\\", "\\\\") | replace("'", "\\'") | replace("\n", "\\n") }}'
{%- endmacro %}

{% macro bigquery__ekiden_number(value) -%}
  CAST({{ value }} AS numeric)
{%- endmacro %}

{% macro bigquery__ekiden_half_to_the(exponent) -%}
  POWER(NUMERIC '0.5', {{ exponent }})
{%- endmacro %}

{% macro bigquery__ekiden_local(instant, zone) -%}
  DATETIME_TRUNC(DATETIME(TIMESTAMP({{ instant }}), '{{ zone }}'), SECOND)
{%- endmacro %}

{% macro bigquery__ekiden_seconds_between(start, finish) -%}
  CAST(FLOOR(DATETIME_DIFF({{ finish }}, {{ start }}, MICROSECOND) / 1000000) AS int64)
{%- endmacro %}

{% macro bigquery__ekiden_add_seconds(local, seconds) -%}
  DATETIME_ADD({{ local }}, INTERVAL {{ seconds }} SECOND)
{%- endmacro %}

{% macro bigquery__ekiden_add_months(local, months) -%}
  DATETIME_ADD({{ local }}, INTERVAL {{ months }} MONTH)
{%- endmacro %}

{% macro bigquery__ekiden_add_date_months(date, months) -%}
  DATE_ADD({{ date }}, INTERVAL {{ months }} MONTH)
{%- endmacro %}

{% macro bigquery__ekiden_days_between(start, finish) -%}
  DATE_DIFF({{ finish }}, {{ start }}, DAY)
{%- endmacro %}

{% macro bigquery__ekiden_add_days(date, days) -%}
  DATE_ADD({{ date }}, INTERVAL {{ days }} DAY)
{%- endmacro %}

{% macro bigquery__ekiden_period_start(date, period) -%}
  DATE_TRUNC({{ date }}, {{ 'WEEK(MONDAY)' if period == 'week' else period | upper }})
{%- endmacro %}

{% macro bigquery__ekiden_days(first, last) -%}
  SELECT day FROM UNNEST(GENERATE_DATE_ARRAY(DATE '{{ first }}', DATE '{{ last }}')) AS day
{%- endmacro %}

{% macro bigquery__ekiden_current() -%}
  CURRENT_DATETIME('UTC')
{%- endmacro %}

{% macro bigquery__ekiden_utc(value) -%}
  {{ ekiden_cast(value, 'instant') }}
{%- endmacro %}

{% macro bigquery__ekiden_first_of(value) -%}
  NULLIF(SPLIT({{ ekiden_bare_list("REPLACE(TO_JSON_STRING(" ~ value ~ "), '\\\\', '')") }}, ',')[SAFE_OFFSET(0)], '')
{%- endmacro %}
