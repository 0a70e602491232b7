-- The schema `ltr` as readable lines: tables with their columns and constraints, then indexes. How columns are
-- compressed is left out: it depends on how the server was built.
with
tables as (
    select
        class.oid,
        class.relname,
        case
            when class.relispartition then
                format(
                    ' partition of %s %s',
                    (select inhparent::regclass from pg_inherits where inhrelid = class.oid),
                    pg_get_expr(class.relpartbound, class.oid)
                )
            else ''
        end as of_parent,
        case when class.relkind = 'p' then ' partition by ' || pg_get_partkeydef(class.oid) else '' end as by_key,
        class.reloptions
    from pg_class as class
    where class.relnamespace = 'ltr'::regnamespace and class.relkind in ('r', 'p')
),

parts as (
    select
        tables.relname,
        1 as section,
        column_.attnum::integer as place,
        format(
            '    %s %s%s%s',
            column_.attname,
            format_type(column_.atttypid, column_.atttypmod),
            case when column_.attnotnull then ' not null' else '' end,
            coalesce(' default ' || pg_get_expr(preset.adbin, preset.adrelid), '')
        ) as line
    from
        tables
        inner join pg_attribute as column_
            on column_.attrelid = tables.oid and column_.attnum > 0 and not column_.attisdropped
        left join pg_attrdef as preset on preset.adrelid = tables.oid and preset.adnum = column_.attnum
    union all
    select
        tables.relname,
        2,
        row_number() over (partition by tables.relname order by rule.conname)::integer,
        format('    constraint %s %s', rule.conname, pg_get_constraintdef(rule.oid))
    from
        tables
        inner join pg_constraint as rule on rule.conrelid = tables.oid and rule.contype <> 'n'
    union all
    select
        tables.relname,
        0,
        0,
        format(
            E'\ntable %s%s%s%s',
            tables.relname,
            tables.of_parent,
            tables.by_key,
            coalesce(' with (' || array_to_string(tables.reloptions, ', ') || ')', '')
        )
    from tables
    union all
    select
        indexes.tablename,
        3,
        row_number() over (partition by indexes.tablename order by indexes.indexname)::integer,
        '    ' || indexes.indexdef
    from pg_indexes as indexes
    where indexes.schemaname = 'ltr'
)

select line
from parts
order by relname collate "C", section, place
