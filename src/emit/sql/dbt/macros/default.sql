{# What most databases say; DuckDB says nothing else. #}

{% macro default__ekiden_type(kind) -%}
  {{ return({
    'text': 'varchar', 'integer': 'bigint', 'decimal': 'decimal(38, 9)', 'boolean': 'boolean', 'date': 'date', 'instant': 'timestamp',
  }[kind]) }}
{%- endmacro %}

{% macro default__ekiden_text(text) -%}
  '{{ text | replace("'", "''") }}'
{%- endmacro %}

{% macro default__ekiden_number(value) -%}
  CAST({{ value }} AS double)
{%- endmacro %}

{% macro default__ekiden_half_to_the(exponent) -%}
  POWER(0.5, {{ exponent }})
{%- endmacro %}

{% macro default__ekiden_local(instant, zone) -%}
  DATE_TRUNC('second', timezone('{{ zone }}', timezone('UTC', {{ instant }})))
{%- endmacro %}

{% macro default__ekiden_seconds_between(start, finish) -%}
  CAST(FLOOR((epoch_us({{ finish }}) - epoch_us({{ start }})) / 1000000) AS bigint)
{%- endmacro %}

{% macro default__ekiden_add_seconds(local, seconds) -%}
  ({{ local }} + to_seconds(CAST({{ seconds }} AS bigint)))
{%- endmacro %}

{% macro default__ekiden_add_months(local, months) -%}
  ({{ local }} + to_months({{ months }}))
{%- endmacro %}

{% macro default__ekiden_add_date_months(date, months) -%}
  CAST({{ date }} + to_months({{ months }}) AS date)
{%- endmacro %}

{% macro default__ekiden_days_between(start, finish) -%}
  date_diff('day', {{ start }}, {{ finish }})
{%- endmacro %}

{% macro default__ekiden_add_days(date, days) -%}
  ({{ date }} + CAST({{ days }} AS integer))
{%- endmacro %}

{% macro default__ekiden_period_start(date, period) -%}
  CAST(DATE_TRUNC('{{ period }}', {{ date }}) AS date)
{%- endmacro %}

{% macro default__ekiden_days(first, last) -%}
  SELECT CAST(UNNEST(generate_series(TIMESTAMP '{{ first }}', TIMESTAMP '{{ last }}', INTERVAL '1 day')) AS date) AS day
{%- endmacro %}

{% macro default__ekiden_current() -%}
  CAST(timezone('UTC', now()) AS timestamp)
{%- endmacro %}

{% macro default__ekiden_utc(value) -%}
  CASE WHEN typeof({{ value }}) = 'TIMESTAMP WITH TIME ZONE' THEN timezone('UTC', CAST({{ value }} AS timestamptz)) ELSE CAST({{ value }} AS timestamp) END
{%- endmacro %}

{% macro default__ekiden_first_of(value) -%}
  NULLIF(SPLIT_PART({{ ekiden_bare_list(ekiden_cast(value, 'text')) }}, ',', 1), '')
{%- endmacro %}
