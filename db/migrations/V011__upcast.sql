-- Why: events keep the form that they were recorded in, and readers should know the newest form alone. What turns an old form into the
-- newest is here, in one place, and runs where the ledger is read. See docs/adr/0005-upcast-where-the-ledger-is-read.md, and
-- docs/events.md for how to add a version.
-- Locks: none.

set local role ledger_owner;

-- In PL/pgSQL, so that the planner neither looks inside nor runs it ahead. It never returns; the type is for its callers.
create function ledger.refuse_unknown_form(type text, schema_version smallint) returns jsonb
    language plpgsql
    stable
    parallel safe
    set search_path = pg_catalog, pg_temp
as
$$
begin
    raise exception using
        errcode = 'OL008',
        message = format('no form of %L in schema version %s is known', type, schema_version),
        hint = 'A newer release recorded it: migrate this database to it, or leave the event''s payload unread.';
end
$$;

comment on function ledger.refuse_unknown_form is 'Raises OL008, with the event''s type and schema version and nothing of its content.';

-- The two functions that follow know the same forms, each type with its newest version first. They are STABLE, one expression, and
-- without a SET clause, so that the planner puts them in place of their calls: the newest form costs two comparisons.
create function ledger.upcast(type text, schema_version smallint, payload jsonb) returns jsonb
    language sql
    stable
    parallel safe
    return case type
        when 'OrderPlaced' then
            case schema_version
                when 2 then payload
                when 1 then payload || '{"channel": "NOT_ASKED"}'
                else ledger.refuse_unknown_form(type, schema_version)
            end
        when 'OrderCancelled' then
            case schema_version
                when 1 then payload
                else ledger.refuse_unknown_form(type, schema_version)
            end
        when 'PersonalDataErased' then
            case schema_version
                when 1 then payload
                else ledger.refuse_unknown_form(type, schema_version)
            end
        else ledger.refuse_unknown_form(type, schema_version)
    end;

comment on function ledger.upcast is 'The payload in the newest form of its type. Raises OL008 for a type or a version that is not known.';

create function ledger.upcast_version(type text, schema_version smallint) returns smallint
    language sql
    stable
    parallel safe
    return case
        when type = 'OrderPlaced' and schema_version between 1 and 2 then 2::smallint
        when type = 'OrderCancelled' and schema_version = 1 then 1::smallint
        when type = 'PersonalDataErased' and schema_version = 1 then 1::smallint
    end;

comment on function ledger.upcast_version is 'The schema version that ledger.upcast gives the payload of; null for a type or a version that is not known.';

create view ledger.current_event as
select
    e.position,
    e.event_id,
    e.stream_id,
    e.version,
    e.type,
    ledger.upcast_version(e.type, e.schema_version) as schema_version,
    ledger.upcast(e.type, e.schema_version, e.payload) as payload,
    e.personal_digest,
    e.metadata,
    e.occurred_at,
    e.recorded_at,
    e.digest
from ledger.event e;

comment on view ledger.current_event is
    'ledger.event with each payload in the newest form of its type: what to read when the content matters. What was recorded, '
    'and what digests are of, is in ledger.event.';
comment on column ledger.current_event.schema_version is
    'Of the payload as it is shown here; null when the recorded form is not known.';
comment on column ledger.current_event.payload is
    'In the newest form. Reading it raises OL008 when the recorded form is not known; the other columns can be read all the same.';

-- Whoever reads a view calls its functions with the reader's own rights.
grant execute on function ledger.upcast, ledger.upcast_version, ledger.refuse_unknown_form
    to ledger_projector, ledger_reader, ledger_auditor;
grant select on ledger.current_event to ledger_projector, ledger_reader, ledger_auditor;

reset role;
