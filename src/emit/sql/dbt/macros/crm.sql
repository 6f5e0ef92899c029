{# Reads the history of stages from what a CRM exports. The variables ekiden_salesforce and ekiden_hubspot tell where it lies. #}

{% macro ekiden_reads_crm() -%}
  {{ return(var('ekiden_source') in ['salesforce', 'hubspot']) }}
{%- endmacro %}

{# A table of the export. #}
{% macro ekiden_crm_table(name) -%}
  {{ return(api.Relation.create(database=target.database, schema=var('ekiden_source_schema', target.schema), identifier=name)) }}
{%- endmacro %}

{# A column of the export. Tools write OpportunityId or opportunity_id: a name that is not all small letters is quoted. #}
{% macro ekiden_crm_column(alias, name) -%}
  {{ return(alias ~ '.' ~ (name if modules.re.fullmatch('[a-z][a-z0-9_]*', name) else adapter.quote(name))) }}
{%- endmacro %}

{# One row for each value that the stage of a record had: record, record_id, value, changed_at. #}
{% macro ekiden_changes() -%}
  {%- set selects = [] -%}
  {%- for reader in var('ekiden_' ~ var('ekiden_source'), []) -%}
    {%- do selects.extend(ekiden_read(reader)) -%}
  {%- endfor -%}
  {%- if selects -%}
    {{ return(selects | join('\nUNION ALL\n')) }}
  {%- else -%}
    {{ return('SELECT ' ~ ekiden_cast('NULL', 'text') ~ ' AS record, ' ~ ekiden_cast('NULL', 'text') ~ ' AS record_id, ' ~ ekiden_cast('NULL', 'text') ~ ' AS value, ' ~ ekiden_cast('NULL', 'instant') ~ ' AS changed_at FROM (SELECT 1 AS one) AS n WHERE 1 = 0') }}
  {%- endif -%}
{%- endmacro %}

{% macro ekiden_read(reader) -%}
  {%- set table = ekiden_crm_table(reader.table) -%}
  {%- set record = ekiden_text(reader.record) -%}
  {%- set id = ekiden_cast(ekiden_crm_column('c', reader.id), 'text') -%}
  {%- set selects = [] -%}
  {%- if reader.stages is defined -%}
    {#- A column for each stage holds the time at which it was entered. -#}
    {%- for stage in reader.stages -%}
      {%- set at = ekiden_crm_column('c', reader.entered ~ stage) -%}
      {%- do selects.append('SELECT ' ~ record ~ ' AS record, ' ~ id ~ ' AS record_id, ' ~ ekiden_text(stage) ~ ' AS value, ' ~ ekiden_utc(at) ~ ' AS changed_at\nFROM ' ~ table ~ ' AS c WHERE ' ~ at ~ ' IS NOT NULL') -%}
    {%- endfor -%}
  {%- else -%}
    {#- A row for each change. -#}
    {%- set when = (ekiden_crm_column('c', reader.field) ~ ' = ' ~ ekiden_text(reader.property)) if reader.field is defined else '1 = 1' -%}
    {%- set value = ekiden_cast(ekiden_crm_column('c', reader.value), 'text') -%}
    {%- set at = ekiden_utc(ekiden_crm_column('c', reader.at)) -%}
    {%- do selects.append('SELECT ' ~ record ~ ' AS record, ' ~ id ~ ' AS record_id, ' ~ value ~ ' AS value, ' ~ at ~ ' AS changed_at\nFROM ' ~ table ~ ' AS c WHERE ' ~ when) -%}
    {%- if reader.began is defined -%}
      {#- What came before the first change, since the record was created; the present value where nothing changed. -#}
      {%- set began = reader.began -%}
      {%- set old = ekiden_cast(ekiden_crm_column('c', reader.old), 'text') -%}
      {%- do selects.append(
        'SELECT ' ~ record ~ ' AS record, ' ~ ekiden_cast(ekiden_crm_column('b', began.id), 'text') ~ ' AS record_id, '
        ~ 'COALESCE(f.value, ' ~ ekiden_cast(ekiden_crm_column('b', began.value), 'text') ~ ') AS value, '
        ~ ekiden_utc(ekiden_crm_column('b', began.at)) ~ ' AS changed_at\nFROM ' ~ ekiden_crm_table(began.table) ~ ' AS b\n'
        ~ 'LEFT JOIN (SELECT ' ~ id ~ ' AS id, ' ~ old ~ ' AS value, ROW_NUMBER() OVER (PARTITION BY ' ~ ekiden_crm_column('c', reader.id)
        ~ ' ORDER BY ' ~ ekiden_crm_column('c', reader.at) ~ ') AS nth FROM ' ~ table ~ ' AS c WHERE ' ~ when ~ ') AS f\n'
        ~ 'ON f.nth = 1 AND f.id = ' ~ ekiden_cast(ekiden_crm_column('b', began.id), 'text')
      ) -%}
    {%- endif -%}
  {%- endif -%}
  {{ return(selects) }}
{%- endmacro %}

{# The history of stages, from those changes. #}
{% macro ekiden_history() -%}
WITH _named AS (
    SELECT c.record AS record, c.record_id AS record_id, v.stage AS stage, c.changed_at AS changed_at
    FROM {{ ref('stg_ekiden_stage_change') }} AS c
    JOIN {{ ref('ekiden_crm_value') }} AS v ON v.record = c.record AND v.value = c.value
    WHERE v.crm = '{{ var("ekiden_source") }}'
),
_ordered AS (
    SELECT n.record AS record, n.record_id AS record_id, n.stage AS stage, n.changed_at AS changed_at,
        LAG(n.stage) OVER (PARTITION BY n.record, n.record_id ORDER BY n.changed_at, n.stage) AS before
    FROM _named AS n
)
SELECT {{ ekiden_cast('ROW_NUMBER() OVER (ORDER BY o.changed_at, o.record, o.record_id, o.stage)', 'integer') }} AS id,
    o.record AS record, o.record_id AS record_id,
    CASE WHEN o.before IS NOT NULL THEN o.record END AS from_record,
    CASE WHEN o.before IS NOT NULL THEN o.record_id END AS from_record_id,
    o.before AS from_stage, o.stage AS to_stage, m.transition AS transition, o.changed_at AS entered_at
FROM _ordered AS o
LEFT JOIN {{ ref('ekiden_move') }} AS m ON m.from_stage = o.before AND m.to_stage = o.stage
WHERE o.before IS NULL OR o.before <> o.stage
{%- endmacro %}

{# Where each record of a type is, from that history: one row a record, its columns record_id, stage and entered_at. #}
{% macro ekiden_places(record) -%}
(
    SELECT p.record_id AS record_id, p.to_stage AS stage, p.entered_at AS entered_at
    FROM (
        SELECT h.record_id AS record_id, h.to_stage AS to_stage, h.entered_at AS entered_at,
            ROW_NUMBER() OVER (PARTITION BY h.record_id ORDER BY h.entered_at DESC, h.id DESC) AS latest
        FROM {{ ref('stg_ekiden_stage_history') }} AS h
        WHERE h.record = {{ ekiden_text(record) }}
    ) AS p
    WHERE p.latest = 1
)
{%- endmacro %}
