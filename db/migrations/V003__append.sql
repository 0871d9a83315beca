-- Why: append is the only way into the ledger. One call, one round trip; it waits for nobody but writers of the same order.
-- Locks: none.

set local role ledger_owner;

-- What an event's digest covers, all but the digest of the order's previous event, which comes last. Every field has a fixed width;
-- fields of any length enter as their own SHA-256, so no two different events give the same bytes. An absent personal digest or previous
-- digest is 32 zero bytes. Apart from ledger.event_digest because a batch computes this for all its events at once and then only chains.
-- STABLE and without a SET clause so that the planner inlines it, and what calls it; the body is bound to its functions when it is
-- made, so that no part depends on a session's settings.
create function ledger.event_envelope(
    "position"      bigint,
    event_id        uuid,
    stream_id       uuid,
    version         integer,
    type            text,
    schema_version  smallint,
    payload         jsonb,
    personal_digest bytea,
    metadata        jsonb,
    occurred_at     timestamptz,
    recorded_at     timestamptz
) returns bytea
    language sql
    stable
    parallel safe
    return convert_to('order-ledger event 1', 'UTF8')
        || int8send("position")
        || uuid_send(event_id)
        || uuid_send(stream_id)
        || int4send(version)
        || int2send(schema_version)
        || timestamptz_send(occurred_at)
        || timestamptz_send(recorded_at)
        || sha256(convert_to(type, 'UTF8'))
        || sha256(convert_to(payload::text, 'UTF8'))
        || sha256(convert_to(metadata::text, 'UTF8'))
        || coalesce(personal_digest, decode(repeat('00', 32), 'hex'));

-- The RFC 6962 leaf hash, SHA-256(0x00 || envelope || previous digest).
create function ledger.chained_digest(envelope bytea, previous_digest bytea) returns bytea
    language sql
    stable
    parallel safe
    return sha256(decode('00', 'hex') || envelope || coalesce(previous_digest, decode(repeat('00', 32), 'hex')));

create function ledger.event_digest(
    "position"      bigint,
    event_id        uuid,
    stream_id       uuid,
    version         integer,
    type            text,
    schema_version  smallint,
    payload         jsonb,
    personal_digest bytea,
    metadata        jsonb,
    occurred_at     timestamptz,
    recorded_at     timestamptz,
    previous_digest bytea
) returns bytea
    language sql
    stable
    parallel safe
    return ledger.chained_digest(
        ledger.event_envelope(
            "position", event_id, stream_id, version, type, schema_version, payload, personal_digest, metadata,
            occurred_at, recorded_at),
        previous_digest);

comment on function ledger.event_digest is 'What ledger.event.digest has to be, given the row and the digest of the order''s previous event.';

create function ledger.personal_digest(salt bytea, data jsonb) returns bytea
    language sql
    stable
    parallel safe
    return sha256(salt || convert_to(data::text, 'UTF8'));

comment on function ledger.personal_digest is 'What ledger.event.personal_digest has to be, given the row of ledger.personal_data.';

-- Whether a message is the event that is recorded under its ID: the one definition for single appends and batches. Who asked does not
-- decide it: a retry may come in under a new session. Nor does what is erased, or was never recorded because it was erased before.
-- stored_personal is null where ledger.personal_data has no row. Inlined.
create function ledger.is_same_content(
    stored          ledger.event,
    stored_personal jsonb,
    stream_id       uuid,
    type            text,
    schema_version  smallint,
    payload         jsonb,
    personal_data   jsonb
) returns boolean
    language sql
    stable
    return stored.stream_id is not distinct from stream_id
        and stored.type is not distinct from type
        and stored.schema_version is not distinct from schema_version
        and stored.payload is not distinct from payload
        and (
            stored.personal_digest is not null and stored_personal is null
            or stored.personal_digest is null and stored.metadata @> '{"personalData": "DROPPED"}'
            or coalesce(stored_personal, '{}') - 'principal' = coalesce(personal_data, '{}') - 'principal');

-- Appends one event, or finds that it is there already.
--
-- expected_version: null for any, 0 for "the order has no event yet", n for "its newest event has version n".
-- Returns outcome APPENDED, or DUPLICATE with the position and version of the event that is there. Deduplication comes first:
-- a retried success is a DUPLICATE whatever version it expects. That it was delivered again is noted in ledger.duplicate (V006).
--
-- What occurred before its customer's erasure is recorded without its personal data, and says so in its metadata; what was erased does
-- not count when contents are compared. Tombstones and the functions that look for them are in V009.
--
-- Raises
--   OL001  the event ID is taken by other content (order, type, schema version, payload or personal data)
--   OL002  the order is not at the expected version
--   25000  personal data or a customer comes in a transaction that is not READ COMMITTED: its snapshot may not show an erasure
--   40001  too many writers of one order; try again
--
-- Two rules that seal relies on. The order's last version is read before the position is drawn, so an order's positions rise with
-- its versions. And the transaction has its ID before it draws the position, so whoever reads the sequence and gets a transaction ID
-- after that has a higher one than everybody who drew.
create function ledger.append(
    event_id         uuid,
    stream_id        uuid,
    type             text,
    schema_version   smallint,
    payload          jsonb,
    personal_data    jsonb,
    metadata         jsonb,
    occurred_at      timestamptz,
    expected_version integer,
    out outcome      text,
    out "position"   bigint,
    out version      integer
)
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    max_attempts     constant integer := 100;
    stored           ledger.event%rowtype;
    stored_personal  jsonb;
    last_version     integer;
    last_digest      bytea;
    new_position     bigint;
    new_recorded_at  timestamptz;
    new_occurred_at  timestamptz;
    new_data         jsonb;
    new_metadata     jsonb;
    new_salt         bytea;
    new_personal     bytea;
    erased_at        timestamptz;
begin
    for attempt in 1 .. max_attempts loop
        select * into stored from ledger.event e where e.event_id = append.event_id;
        if found then
            select p.data into stored_personal from ledger.personal_data p where p.position = stored.position;
            if not ledger.is_same_content(
                stored, stored_personal, append.stream_id, append.type, append.schema_version, append.payload,
                append.personal_data)
            then
                raise exception using
                    errcode = 'OL001',
                    message = format('event %s is already recorded with other content', append.event_id),
                    detail = format('It is version %s of order %s.', stored.version, stored.stream_id);
            end if;
            insert into ledger.duplicate (position, metadata, delivered_at)
            values (stored.position, append.metadata, clock_timestamp());
            append.outcome := 'DUPLICATE';
            append."position" := stored.position;
            append.version := stored.version;
            return;
        end if;

        select e.version, e.digest into last_version, last_digest
        from ledger.event e
        where e.stream_id = append.stream_id
        order by e.version desc
        limit 1;
        last_version := coalesce(last_version, 0);

        if append.expected_version <> last_version then
            raise exception using
                errcode = 'OL002',
                message = format('order %s is at version %s, not %s', append.stream_id, last_version, append.expected_version),
                detail = last_version::text;
        end if;

        -- The lock is for erasures to see who may not have seen their tombstone; it waits for nobody. It comes before the look, in a
        -- statement of its own, and lasts until the transaction ends.
        erased_at := null;
        if append.personal_data is not null or append.payload ? 'customer' then
            if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
                raise exception using
                    errcode = '25000',
                    message = 'appending personal data needs a READ COMMITTED transaction',
                    hint = 'An older snapshot does not show that the customer was erased meanwhile.';
            end if;
            lock table ledger.tombstone in row share mode;
            if exists (select from ledger.tombstone) then
                erased_at := ledger.erased_at(append.stream_id, append.payload);
            end if;
            if erased_at is not null then
                perform pg_advisory_xact_lock(hashtextextended(append.stream_id::text, 0));
            end if;
        end if;

        perform pg_current_xact_id();
        new_position := nextval('ledger.event_position_seq');
        new_recorded_at := clock_timestamp();
        new_occurred_at := least(append.occurred_at, new_recorded_at);
        new_data := append.personal_data;
        new_metadata := append.metadata;
        new_personal := null;
        if new_data is not null and erased_at >= new_occurred_at then
            new_data := null;
            new_metadata := new_metadata || '{"personalData": "DROPPED"}';
        end if;
        if new_data is not null then
            new_salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
            new_personal := ledger.personal_digest(new_salt, new_data);
        end if;

        insert into ledger.event (
            position, event_id, stream_id, version, type, schema_version, payload, personal_digest, metadata,
            occurred_at, recorded_at, digest)
        overriding system value
        values (
            new_position, append.event_id, append.stream_id, last_version + 1, append.type, append.schema_version,
            append.payload, new_personal, new_metadata, new_occurred_at, new_recorded_at,
            ledger.event_digest(
                new_position, append.event_id, append.stream_id, last_version + 1, append.type, append.schema_version,
                append.payload, new_personal, new_metadata, new_occurred_at, new_recorded_at, last_digest))
        on conflict do nothing;

        if found then
            insert into ledger.pending (position) values (new_position);
            if new_data is not null then
                insert into ledger.personal_data (position, salt, data)
                values (new_position, new_salt, new_data);
            end if;
            -- Whose order it is may be known only now: what came before its placing belongs to the same customer.
            if erased_at is not null then
                perform ledger.erase_order(append.stream_id, erased_at, 'ledger.append');
                perform ledger.erase_refused(append.stream_id);
            end if;
            append.outcome := 'APPENDED';
            append."position" := new_position;
            append.version := last_version + 1;
            return;
        end if;

        -- Somebody else took the event ID or the version. From here on the writers of this order queue up.
        if attempt = 1 then
            perform pg_advisory_xact_lock(hashtextextended(append.stream_id::text, 0));
        end if;
    end loop;

    raise exception using
        errcode = '40001',
        message = format('order %s has too many writers: gave up after %s attempts', append.stream_id, max_attempts);
end
$$;

grant execute on function ledger.append to ledger_writer;
grant execute on function ledger.event_digest, ledger.event_envelope, ledger.chained_digest, ledger.personal_digest
    to ledger_auditor;

reset role;
