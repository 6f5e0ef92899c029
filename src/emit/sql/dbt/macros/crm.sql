{# Reads records and the history of their stages from what a CRM exports. The variables ekiden_salesforce and ekiden_hubspot tell where it lies. #}

{% macro ekiden_reads_crm() -%}
  {{ return(var('ekiden_source') in ['salesforce', 'hubspot']) }}
{%- endmacro %}

{# A table of the export. #}
{% macro ekiden_crm_table(name) -%}
  {{ return(api.Relation.create(database=target.database, schema=var('ekiden_source_schema', target.schema), identifier=name)) }}
{%- endmacro %}

{# A column of the export. Tools write OpportunityId or opportunity_id: a name that is not all small letters is quoted. #}
{% macro ekiden_crm_column(alias, name) -%}
  {{ return(alias ~ '.' ~ (name if modules.re.fullmatch('[a-z_][a-z0-9_]*', name) else adapter.quote(name))) }}
{%- endmacro %}

{# What the variables say of a record type. #}
{% macro ekiden_crm_reader(record) -%}
  {%- set found = namespace(reader={}) -%}
  {%- for reader in var('ekiden_' ~ var('ekiden_source'), []) if reader.record == record -%}
    {%- set found.reader = reader -%}
  {%- endfor -%}
  {{ return(found.reader) }}
{%- endmacro %}

{# The columns that a table of the export has, in small letters. #}
{% macro ekiden_crm_columns(table) -%}
  {%- if not execute -%}
    {{ return([]) }}
  {%- endif -%}
  {{ return(adapter.get_columns_in_relation(ekiden_crm_table(table)) | map(attribute='name') | map('lower') | list) }}
{%- endmacro %}

{# That a row is not deleted, by a column or several of which a table may have some. #}
{% macro ekiden_crm_there(alias, deleted, columns) -%}
  {%- set where = [] -%}
  {%- for column in ([deleted] if deleted is string else deleted) if column | lower in columns -%}
    {%- do where.append('NOT COALESCE(' ~ ekiden_cast(ekiden_crm_column(alias, column), 'boolean') ~ ', ' ~ ekiden_cast("'false'", 'boolean') ~ ')') -%}
  {%- endfor -%}
  {{ return(where) }}
{%- endmacro %}

{# That columns of a row hold certain texts. #}
{% macro ekiden_crm_only(alias, only) -%}
  {%- set where = [] -%}
  {%- for column, value in only.items() -%}
    {%- do where.append(ekiden_cast(ekiden_crm_column(alias, column), 'text') ~ ' = ' ~ ekiden_text(value | string)) -%}
  {%- endfor -%}
  {{ return(where) }}
{%- endmacro %}

{# The ids of the records of a type that are there: not deleted, the rows that hold now, of the right kind. #}
{% macro ekiden_crm_rows(row, columns, select) -%}
  {%- set where = [] -%}
  {%- do where.extend(ekiden_crm_there('b', row.get('deleted', []), columns)) -%}
  {%- if row.active is defined and row.active | lower in columns -%}
    {%- do where.append('COALESCE(' ~ ekiden_cast(ekiden_crm_column('b', row.active), 'boolean') ~ ', ' ~ ekiden_cast("'true'", 'boolean') ~ ')') -%}
  {%- endif -%}
  {%- if row.only is defined -%}
    {%- do where.append(ekiden_crm_column('b', row.only.by) ~ ' IN (SELECT ' ~ ekiden_crm_column('k', row.only.id) ~ ' FROM ' ~ ekiden_crm_table(row.only.table) ~ ' AS k WHERE ' ~ ekiden_crm_column('k', row.only.name) ~ ' = ' ~ ekiden_text(row.only.value) ~ ')') -%}
  {%- endif -%}
  {{ return('SELECT ' ~ select ~ ' FROM ' ~ ekiden_crm_table(row.table) ~ ' AS b' ~ (' WHERE ' ~ where | join(' AND ') if where else '')) }}
{%- endmacro %}

{# One row for each value that the stage of a record had: record, record_id, value, changed_at. #}
{% macro ekiden_changes() -%}
  {%- set selects = [] -%}
  {%- for reader in var('ekiden_' ~ var('ekiden_source'), []) if reader.table is defined -%}
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
  {#- Records that are gone, or of another kind, have no history here. -#}
  {%- set among = '' -%}
  {%- set began_among = '' -%}
  {%- if reader.row is defined -%}
    {%- set there = ekiden_crm_rows(reader.row, ekiden_crm_columns(reader.row.table), ekiden_crm_column('b', reader.row.id)) -%}
    {%- set among = ' AND ' ~ ekiden_crm_column('c', reader.id) ~ ' IN (' ~ there ~ ')' -%}
    {%- if reader.began is defined -%}
      {%- set began_among = '\nWHERE ' ~ ekiden_crm_column('b', reader.began.id) ~ ' IN (' ~ there ~ ')' -%}
    {%- endif -%}
  {%- endif -%}
  {%- set selects = [] -%}
  {%- if reader.stages is defined -%}
    {#- A column for each stage holds the time at which it was entered. -#}
    {%- for stage in reader.stages -%}
      {%- set at = ekiden_crm_column('c', reader.entered ~ stage) -%}
      {%- do selects.append('SELECT ' ~ record ~ ' AS record, ' ~ id ~ ' AS record_id, ' ~ ekiden_text(stage) ~ ' AS value, ' ~ ekiden_utc(at) ~ ' AS changed_at\nFROM ' ~ table ~ ' AS c WHERE ' ~ at ~ ' IS NOT NULL' ~ among) -%}
    {%- endfor -%}
  {%- else -%}
    {#- A row for each change. -#}
    {%- set when = (ekiden_crm_column('c', reader.field) ~ ' = ' ~ ekiden_text(reader.property)) if reader.field is defined else '1 = 1' -%}
    {%- set value = ekiden_cast(ekiden_crm_column('c', reader.value), 'text') -%}
    {%- set at = ekiden_utc(ekiden_crm_column('c', reader.at)) -%}
    {%- do selects.append('SELECT ' ~ record ~ ' AS record, ' ~ id ~ ' AS record_id, ' ~ value ~ ' AS value, ' ~ at ~ ' AS changed_at\nFROM ' ~ table ~ ' AS c WHERE ' ~ when ~ among) -%}
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
        ~ 'ON f.nth = 1 AND f.id = ' ~ ekiden_cast(ekiden_crm_column('b', began.id), 'text') ~ began_among
      ) -%}
    {%- endif -%}
  {%- endif -%}
  {{ return(selects) }}
{%- endmacro %}

{# Which record continues which: record, record_id, from_record, from_record_id, one row for each record that continues another. #}
{% macro ekiden_links() -%}
  {%- set selects = [] -%}
  {%- for reader in var('ekiden_' ~ var('ekiden_source'), []) if reader.continues is defined -%}
    {%- set link = ekiden_crm_link(reader) -%}
    {%- if link -%}
      {%- set listed = link.list | default('') -%}
      {%- set id = ekiden_crm_column('c', link.id) -%}
      {%- set id = ekiden_first_of(id) if listed == 'id' else ekiden_cast(id, 'text') -%}
      {%- set from = ekiden_crm_column('c', link.from) -%}
      {%- set from = ekiden_first_of(from) if listed == 'from' else ekiden_cast(from, 'text') -%}
      {%- set where = [id ~ ' IS NOT NULL', from ~ ' IS NOT NULL'] + ekiden_crm_only('c', reader.continues.get('only', {})) -%}
      {#- Several leads may be converted into one opportunity: the first of them is the one it continues. -#}
      {%- do selects.append('SELECT ' ~ ekiden_text(reader.record) ~ ' AS record, ' ~ id ~ ' AS record_id, ' ~ ekiden_text(reader.continues.record) ~ ' AS from_record, MIN(' ~ from ~ ') AS from_record_id\nFROM ' ~ ekiden_crm_table(link.table) ~ ' AS c WHERE ' ~ where | join(' AND ') ~ ' GROUP BY ' ~ id) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if selects -%}
    {{ return(selects | join('\nUNION ALL\n')) }}
  {%- else -%}
    {%- set none_of = ekiden_cast('NULL', 'text') -%}
    {{ return('SELECT ' ~ none_of ~ ' AS record, ' ~ none_of ~ ' AS record_id, ' ~ none_of ~ ' AS from_record, ' ~ none_of ~ ' AS from_record_id FROM (SELECT 1 AS one) AS n WHERE 1 = 0') }}
  {%- endif -%}
{%- endmacro %}

{# Where it is told which record one of a type continues: the place that is given, or the first of several that the export has. #}
{% macro ekiden_crm_link(reader) -%}
  {%- set link = reader.continues -%}
  {%- if link.places is not defined -%}
    {{ return(link) }}
  {%- endif -%}
  {%- if not execute -%}
    {{ return(link.places | first) }}
  {%- endif -%}
  {%- set found = namespace(place=none) -%}
  {%- for place in link.places if found.place is none -%}
    {%- set table = ekiden_crm_table(place.table) -%}
    {%- if adapter.get_relation(database=table.database, schema=table.schema, identifier=table.identifier) is not none -%}
      {%- set columns = ekiden_crm_columns(place.table) -%}
      {%- if place.id | lower in columns and place.from | lower in columns -%}
        {%- set found.place = place -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if found.place is none -%}
    {%- do exceptions.warn('the export does not tell which ' ~ link.record ~ ' a ' ~ reader.record ~ ' continues: there is no ' ~ link.places | map(attribute='table') | join(' or ') ~ ' with the columns it needs; say in ekiden_' ~ var('ekiden_source') ~ ' where it is') -%}
  {%- endif -%}
  {{ return(found.place) }}
{%- endmacro %}

{# What happened to records: id, record, record_id, name, occurred_at, a row for each event and record. Labels may associate the two more than once. #}
{% macro ekiden_happened() -%}
  {%- set selects = [] -%}
  {%- for reader in var('ekiden_' ~ var('ekiden_source'), []) -%}
    {%- for event in reader.get('events', []) -%}
      {%- set of = ekiden_cast(ekiden_crm_column('e', event.id), 'text') -%}
      {%- set at = ekiden_utc(ekiden_crm_column('e', event.at)) -%}
      {%- set from = ekiden_crm_table(event.table) ~ ' AS e' -%}
      {%- if event.through is defined -%}
        {%- set id = ekiden_cast(ekiden_crm_column('t', event.through.record), 'text') -%}
        {%- set from = from ~ '\nJOIN ' ~ ekiden_crm_table(event.through.table) ~ ' AS t ON ' ~ ekiden_cast(ekiden_crm_column('t', event.through.event), 'text') ~ ' = ' ~ of -%}
      {%- else -%}
        {%- set id = ekiden_crm_column('e', event.record) -%}
        {%- set id = ekiden_first_of(id) if event.list is defined else ekiden_cast(id, 'text') -%}
      {%- endif -%}
      {%- set where = [id ~ ' IS NOT NULL', at ~ ' IS NOT NULL'] + ekiden_crm_only('e', event.get('only', {})) -%}
      {%- if event.deleted is defined -%}
        {%- do where.extend(ekiden_crm_there('e', event.deleted, ekiden_crm_columns(event.table))) -%}
      {%- endif -%}
      {%- if reader.row is defined -%}
        {%- do where.append(id ~ ' IN (' ~ ekiden_crm_rows(reader.row, ekiden_crm_columns(reader.row.table), ekiden_cast(ekiden_crm_column('b', reader.row.id), 'text')) ~ ')') -%}
      {%- endif -%}
      {%- do selects.append(
        'SELECT ' ~ ekiden_text(reader.record ~ ' ' ~ event.name ~ ' ') ~ ' || ' ~ id ~ " || ' ' || " ~ of ~ ' AS id, ' ~ ekiden_text(reader.record) ~ ' AS record, '
        ~ id ~ ' AS record_id, ' ~ ekiden_text(event.name) ~ ' AS name, MIN(' ~ at ~ ') AS occurred_at\nFROM ' ~ from
        ~ '\nWHERE ' ~ where | join(' AND ') ~ '\nGROUP BY ' ~ id ~ ', ' ~ of
      ) -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- if selects -%}
    {{ return(selects | join('\nUNION ALL\n')) }}
  {%- else -%}
    {%- set none_of = ekiden_cast('NULL', 'text') -%}
    {{ return('SELECT ' ~ none_of ~ ' AS id, ' ~ none_of ~ ' AS record, ' ~ none_of ~ ' AS record_id, ' ~ none_of ~ ' AS name, ' ~ ekiden_cast('NULL', 'instant') ~ ' AS occurred_at FROM (SELECT 1 AS one) AS n WHERE 1 = 0') }}
  {%- endif -%}
{%- endmacro %}

{# The history of stages, from those changes. Where a record continues another, its first move comes from where that one was then. #}
{% macro ekiden_history() -%}
WITH _named AS (
    SELECT c.record AS record, c.record_id AS record_id, v.stage AS stage, c.changed_at AS changed_at
    FROM {{ ref('stg_ekiden_stage_change') }} AS c
    JOIN {{ ref('ekiden_crm_value') }} AS v ON v.record = c.record AND v.value = c.value
    WHERE v.crm = '{{ var("ekiden_source") }}' AND v.stage IS NOT NULL
),
_ordered AS (
    SELECT n.record AS record, n.record_id AS record_id, n.stage AS stage, n.changed_at AS changed_at,
        LAG(n.stage) OVER (PARTITION BY n.record, n.record_id ORDER BY n.changed_at, n.stage) AS before
    FROM _named AS n
),
_crossed AS (
    SELECT o.record AS record, o.record_id AS record_id, l.from_record AS from_record, l.from_record_id AS from_record_id, e.stage AS from_stage,
        ROW_NUMBER() OVER (PARTITION BY o.record, o.record_id ORDER BY e.changed_at DESC, e.stage) AS latest
    FROM _ordered AS o
    JOIN {{ ref('stg_ekiden_link') }} AS l ON l.record = o.record AND l.record_id = o.record_id
    JOIN _named AS e ON e.record = l.from_record AND e.record_id = l.from_record_id AND e.changed_at <= o.changed_at
    WHERE o.before IS NULL
),
_moves AS (
    SELECT o.record AS record, o.record_id AS record_id,
        CASE WHEN o.before IS NOT NULL THEN o.record ELSE x.from_record END AS from_record,
        CASE WHEN o.before IS NOT NULL THEN o.record_id ELSE x.from_record_id END AS from_record_id,
        COALESCE(o.before, x.from_stage) AS from_stage, o.stage AS to_stage, o.changed_at AS entered_at
    FROM _ordered AS o
    LEFT JOIN _crossed AS x ON x.record = o.record AND x.record_id = o.record_id AND x.latest = 1 AND o.before IS NULL
    WHERE o.before IS NULL OR o.before <> o.stage
)
SELECT {{ ekiden_cast('ROW_NUMBER() OVER (ORDER BY o.entered_at, o.record, o.record_id, o.to_stage)', 'integer') }} AS id,
    o.record AS record, o.record_id AS record_id, o.from_record AS from_record, o.from_record_id AS from_record_id,
    o.from_stage AS from_stage, o.to_stage AS to_stage, m.transition AS transition, o.entered_at AS entered_at
FROM _moves AS o
LEFT JOIN {{ ref('ekiden_move') }} AS m ON m.from_stage = o.from_stage AND m.to_stage = o.to_stage
{%- endmacro %}

{# What is known of each record of a type that is in stages: where it is by that history, which record it continues, and its row of the export. #}
{% macro ekiden_places(record, columns) -%}
  {%- set reader = ekiden_crm_reader(record) -%}
(
    SELECT h.record_id AS record_id, h.to_stage AS stage, h.entered_at AS entered_at,
        ROW_NUMBER() OVER (PARTITION BY h.record_id ORDER BY h.entered_at DESC, h.id DESC) AS latest
    FROM {{ ref('stg_ekiden_stage_history') }} AS h
    WHERE h.record = {{ ekiden_text(record) }}
) AS p
LEFT JOIN (
    SELECT h.from_record_id AS record_id, MAX(h.entered_at) AS left_at
    FROM {{ ref('stg_ekiden_stage_history') }} AS h
    WHERE h.from_record = {{ ekiden_text(record) }} AND h.record <> {{ ekiden_text(record) }}
    GROUP BY h.from_record_id
) AS g ON g.record_id = p.record_id
LEFT JOIN {{ ref('stg_ekiden_link') }} AS l ON l.record = {{ ekiden_text(record) }} AND l.record_id = p.record_id
{%- if reader.row is defined %}
LEFT JOIN (
    {{ ekiden_crm_rows(reader.row, columns, 'b.*') }}
) AS r ON {{ ekiden_cast(ekiden_crm_column('r', reader.row.id), 'text') }} = p.record_id
{%- endif %}
{%- endmacro %}

{# The records of a type that is in no stage. #}
{% macro ekiden_things(record, columns) -%}
  {%- set reader = ekiden_crm_reader(record) -%}
  {%- if reader.row is defined -%}
    {{ return('(' ~ ekiden_crm_rows(reader.row, columns, 'b.*') ~ ') AS r LEFT JOIN ' ~ ref('stg_ekiden_link') ~ ' AS l ON l.record = ' ~ ekiden_text(record) ~ ' AND l.record_id = ' ~ ekiden_thing_id(record)) }}
  {%- else -%}
    {{ return('(SELECT 1 AS one FROM (SELECT 1 AS one) AS n WHERE 1 = 0) AS r LEFT JOIN ' ~ ref('stg_ekiden_link') ~ ' AS l ON 1 = 0') }}
  {%- endif -%}
{%- endmacro %}

{% macro ekiden_thing_id(record) -%}
  {%- set reader = ekiden_crm_reader(record) -%}
  {{ return(ekiden_cast(ekiden_crm_column('r', reader.row.id), 'text') if reader.row is defined else ekiden_cast('NULL', 'text')) }}
{%- endmacro %}

{# The columns of the export that the staging model of a record type reads; warns of those that the export does not have. #}
{% macro ekiden_crm_row_columns(record) -%}
  {%- set row = ekiden_crm_reader(record).row -%}
  {%- set columns = ekiden_crm_columns(row.table) if row is defined else [] -%}
  {%- if columns -%}
    {%- for column, name in row.columns.items() if name | lower not in columns -%}
      {%- do exceptions.warn('the table ' ~ row.table ~ ' has no column ' ~ name ~ ': ' ~ record ~ '.' ~ column ~ ' is empty') -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(columns) }}
{%- endmacro %}

{# A field of a record from its row r of the export, or nothing. What the CRM calls an option by its title gets its name. #}
{% macro ekiden_crm_field(record, columns, column, kind, options={}) -%}
  {%- set row = ekiden_crm_reader(record).row -%}
  {%- if row is not defined or row.columns[column] is not defined or row.columns[column] | lower not in columns -%}
    {{ return(ekiden_cast('NULL', kind)) }}
  {%- endif -%}
  {%- set value = ekiden_crm_column('r', row.columns[column]) -%}
  {%- if kind == 'instant' -%}
    {{ return(ekiden_utc(value)) }}
  {%- elif options -%}
    {%- set text = ekiden_cast(value, 'text') -%}
    {%- set cases = [] -%}
    {%- for title, name in options.items() -%}
      {%- do cases.append('WHEN ' ~ ekiden_text(title) ~ ' THEN ' ~ ekiden_text(name)) -%}
    {%- endfor -%}
    {{ return('CASE ' ~ text ~ ' ' ~ cases | join(' ') ~ ' ELSE ' ~ text ~ ' END') }}
  {%- endif -%}
  {{ return(ekiden_cast(value, kind)) }}
{%- endmacro %}

{# The chosen options of a field that may have several: an owner and an option a row. CRMs keep them in one text, with ; between them. #}
{% macro ekiden_crm_chosen(record, column, options) -%}
  {%- set row = ekiden_crm_reader(record).row -%}
  {%- set columns = ekiden_crm_columns(row.table) if row is defined else [] -%}
  {%- set selects = [] -%}
  {%- if row is defined and row.columns[column] is defined and row.columns[column] | lower in columns -%}
    {%- set text = "';' || " ~ ekiden_cast(ekiden_crm_column('r', row.columns[column]), 'text') ~ " || ';'" -%}
    {%- for option, spellings in options.items() -%}
      {%- set holds = [] -%}
      {%- for spelling in spellings -%}
        {%- do holds.append('REPLACE(' ~ text ~ ', ' ~ ekiden_text(';' ~ spelling ~ ';') ~ ", '') <> " ~ text) -%}
      {%- endfor -%}
      {%- do selects.append('SELECT ' ~ ekiden_cast(ekiden_crm_column('r', row.id), 'text') ~ ' AS owner, ' ~ ekiden_text(option) ~ ' AS chosen FROM (' ~ ekiden_crm_rows(row, columns, 'b.*') ~ ') AS r WHERE ' ~ holds | join(' OR ')) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- if not selects -%}
    {%- do selects.append('SELECT ' ~ ekiden_cast('NULL', 'text') ~ ' AS owner, ' ~ ekiden_cast('NULL', 'text') ~ ' AS chosen FROM (SELECT 1 AS one) AS n WHERE 1 = 0') -%}
  {%- endif -%}
  {{ return('(' ~ selects | join('\nUNION ALL\n') ~ ') AS p') }}
{%- endmacro %}
