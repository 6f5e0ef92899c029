{# What differs between databases. Each macro takes SQL and gives SQL; one file per database says what it says in its own way. #}

{% macro ekiden_type(kind) -%}
  {{ return(adapter.dispatch('ekiden_type')(kind)) }}
{%- endmacro %}

{% macro ekiden_text(text) -%}
  {{ return(adapter.dispatch('ekiden_text')(text)) }}
{%- endmacro %}

{% macro ekiden_cast(value, kind) -%}
  CAST({{ value }} AS {{ ekiden_type(kind) }})
{%- endmacro %}

{% macro ekiden_number(value) -%}
  {{ return(adapter.dispatch('ekiden_number')(value)) }}
{%- endmacro %}

{% macro ekiden_half_to_the(exponent) -%}
  {{ return(adapter.dispatch('ekiden_half_to_the')(exponent)) }}
{%- endmacro %}

{# A point in time in UTC, by the clock of a time zone, to the second. #}
{% macro ekiden_local(instant, zone) -%}
  {{ return(adapter.dispatch('ekiden_local')(instant, zone)) }}
{%- endmacro %}

{# The seconds since midnight of a point in time. #}
{% macro ekiden_second_of_day(local) -%}
  CAST(EXTRACT(HOUR FROM {{ local }}) * 3600 + EXTRACT(MINUTE FROM {{ local }}) * 60 + FLOOR(EXTRACT(SECOND FROM {{ local }})) AS {{ ekiden_type('integer') }})
{%- endmacro %}

{# Whole seconds from one point in time to another. #}
{% macro ekiden_seconds_between(start, finish) -%}
  {{ return(adapter.dispatch('ekiden_seconds_between')(start, finish)) }}
{%- endmacro %}

{% macro ekiden_add_seconds(local, seconds) -%}
  {{ return(adapter.dispatch('ekiden_add_seconds')(local, seconds)) }}
{%- endmacro %}

{# The same day of the month so many months later, or the last one there is. #}
{% macro ekiden_add_months(local, months) -%}
  {{ return(adapter.dispatch('ekiden_add_months')(local, months)) }}
{%- endmacro %}

{% macro ekiden_add_date_months(date, months) -%}
  {{ return(adapter.dispatch('ekiden_add_date_months')(date, months)) }}
{%- endmacro %}

{# Whole days from one date to another. #}
{% macro ekiden_days_between(start, finish) -%}
  {{ return(adapter.dispatch('ekiden_days_between')(start, finish)) }}
{%- endmacro %}

{% macro ekiden_add_days(date, days) -%}
  {{ return(adapter.dispatch('ekiden_add_days')(date, days)) }}
{%- endmacro %}

{# The first day of the week, month, quarter or year in which a date lies; weeks begin on Monday. #}
{% macro ekiden_period_start(date, period) -%}
  {{ return(adapter.dispatch('ekiden_period_start')(date, period)) }}
{%- endmacro %}

{# A query of every date from the first to the last, in a column named day. #}
{% macro ekiden_days(first, last) -%}
  {{ return(adapter.dispatch('ekiden_days')(first, last)) }}
{%- endmacro %}

{# The moment that numbers are told for: the variable ekiden_now, in UTC, or else now. Of the example it is the end. #}
{% macro ekiden_now() -%}
  {%- set fixed = var('ekiden_now', none) or (var('ekiden_example_ends') if var('ekiden_source') == 'example' else none) -%}
  {%- if fixed -%}
    CAST('{{ fixed }}' AS {{ ekiden_type('instant') }})
  {%- else -%}
    {{ return(adapter.dispatch('ekiden_current')()) }}
  {%- endif -%}
{%- endmacro %}

{# The table that a staging model reads: an example that comes with the project, or one of yours. #}
{% macro ekiden_input(name) -%}
  {%- if var('ekiden_source') == 'example' -%}
    {{ return(ref('raw_' ~ name)) }}
  {%- else -%}
    {{ return(source('ekiden', name)) }}
  {%- endif -%}
{%- endmacro %}

{# A point in time, with or without a zone, as one in UTC without. #}
{% macro ekiden_utc(value) -%}
  {{ return(adapter.dispatch('ekiden_utc')(value)) }}
{%- endmacro %}

{# The first id of a list of them, as a text: `["11", "12"]`, `{11,12}`, `11;12`. #}
{% macro ekiden_first_of(value) -%}
  {{ return(adapter.dispatch('ekiden_first_of')(value)) }}
{%- endmacro %}

{# A list of ids without its brackets and quotes. #}
{% macro ekiden_bare_list(text) -%}
  {%- set bare = namespace(sql="REPLACE(" ~ text ~ ", ';', ',')") -%}
  {%- for mark in ['[', ']', '{', '}', '"', ' '] -%}
    {%- set bare.sql = "REPLACE(" ~ bare.sql ~ ", '" ~ mark ~ "', '')" -%}
  {%- endfor -%}
  {{ return(bare.sql) }}
{%- endmacro %}
