-- Why: backfills and replays bring many events at once, and a round trip, a transaction and a search for plans for each of them cost more
-- than the events do.
-- Locks: none.

set local role ledger_owner;

-- Whether a tombstone may concern one of the events: the customer of an event, or of the order that it is for, was erased.
create function ledger.may_be_erased(stream_ids uuid[], payloads jsonb[]) returns boolean
    language sql
    volatile
    set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select
        from (
            select p #>> '{customer,id}' from unnest(may_be_erased.payloads) p
            union all
            select e.payload #>> '{customer,id}'
            from unnest(may_be_erased.stream_ids) s
            join ledger.event e on e.stream_id = s
        ) c (id)
        join ledger.tombstone t on t.customer_digest = ledger.customer_digest(c.id));
end;

-- Appends the events one by one in their order, each as a subtransaction: the long way, for batches in which something is out of the
-- ordinary. What append refuses is a row with its SQLSTATE as the code.
create function ledger.append_each(
    event_ids         uuid[],
    stream_ids        uuid[],
    types             text[],
    schema_versions   smallint[],
    payloads          jsonb[],
    personal_data     jsonb[],
    metadata          jsonb[],
    occurred_at       timestamptz[],
    expected_versions integer[]
) returns table (ordinal integer, outcome text, "position" bigint, version integer, code text, detail text)
    language plpgsql
    volatile
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    repeats  boolean;
    i        integer;
    violated text;
begin
    perform ledger.lock_streams(append_each.stream_ids);

    -- Stream by stream, as other batches do, so that nobody waits in a circle. Where an ID comes twice, the first one has to be first.
    select count(distinct id) < count(*) into repeats from unnest(append_each.event_ids) id;
    for i in
        select s.ordinal
        from unnest(append_each.stream_ids) with ordinality s (stream_id, ordinal)
        order by case when not repeats then s.stream_id end, s.ordinal
    loop
        append_each.ordinal := i;
        append_each.code := null;
        append_each.detail := null;
        begin
            select a.outcome, a.position, a.version
            into append_each.outcome, append_each."position", append_each.version
            from ledger.append(
                event_ids[i], stream_ids[i], types[i], schema_versions[i], payloads[i], personal_data[i], metadata[i],
                occurred_at[i], expected_versions[i]) a;
        exception
            when sqlstate 'OL001' or sqlstate 'OL002' then
                get stacked diagnostics append_each.detail = pg_exception_detail;
                append_each.code := sqlstate;
            when check_violation then
                get stacked diagnostics append_each.detail = constraint_name;
                append_each.code := sqlstate;
            when not_null_violation then
                get stacked diagnostics append_each.detail = column_name;
                append_each.code := sqlstate;
        end;
        if append_each.code is not null then
            append_each.outcome := 'REFUSED';
            append_each."position" := null;
            append_each.version := null;
        end if;
        return next;
    end loop;
end
$$;

-- Appends many events in one transaction, each as ledger.append would if it were called for one after the other, in their order. Arrays
-- of equal length, one element an event. Returns a row for each event, in their order:
--
--   ordinal   the event's number in the batch, from 1
--   outcome   APPENDED or DUPLICATE with position and version, as append says; or REFUSED
--   code      of a refused one: OL001 or OL002 as append raises it, 23502 or 23514 where the event is malformed
--   detail    of a refused one: what append gives as DETAIL; for 23514 the constraint, for 23502 the column
--
-- all_or_nothing says what happens where an event is refused: nothing of the batch is recorded, and the first refused event is named by an
-- error; or all the others are recorded.
--
-- Raises
--   OL006  all_or_nothing, and an event is refused. DETAIL: ordinal, code and detail, with a blank in between
--   22023  the arrays are missing or not of one length
--   25000  the transaction is not READ COMMITTED: its snapshot shows neither an erasure nor who was faster
--   40001  too many writers of one order; try again
--   40P01  a deadlock, which events under other orders' IDs or a transaction of several appends can make; try again
--   54000  more than 1000 events, or more than 16 MiB of JSON
--
-- The two rules that seal relies on are kept (V003): the transaction gets its ID, then the orders' last versions are read, then the
-- positions are drawn; and they are given out in the order of the streams and their versions.
--
-- Nobody ever sees a later event of an order without an earlier one of the same batch: all rows of an attempt are inserted in one
-- subtransaction, and where one of them cannot be (an ID or a version was lost to somebody who was faster), the subtransaction is rolled
-- back as a whole. The next attempt reads again what is there, under the locks of all its streams, which writers who lost queue for.
--
-- The settings keep the plans to look-ups by index whatever the planner knows of a table that grows fast, and made once a session.
create function ledger.append_batch(
    event_ids         uuid[],
    stream_ids        uuid[],
    types             text[],
    schema_versions   smallint[],
    payloads          jsonb[],
    personal_data     jsonb[],
    metadata          jsonb[],
    occurred_at       timestamptz[],
    expected_versions integer[],
    all_or_nothing    boolean
) returns table (ordinal integer, outcome text, "position" bigint, version integer, code text, detail text)
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set jit = off
as
$$
#variable_conflict use_column
declare
    max_events       constant integer := 1000;
    max_size_bytes   constant integer := 16 * 1024 * 1024;
    max_attempts     constant integer := 100;
    no_longer_new    constant text := 'OL000';
    -- What has been decided, in no order.
    ordinals         integer[];
    outcomes         text[];
    positions        bigint[];
    versions         integer[];
    codes            text[];
    details          text[];
    -- The parameters hold what has not, and in parallel with them:
    event_count      integer;
    inserted         integer;
    left_over        integer[];
    new_versions     integer[];
    new_positions    bigint[];
    ranks            integer[];
    previous         integer[];
    last_digests     bytea[];
    salts            bytea[];
    personal_digests bytea[];
    envelopes        bytea[];
    digests          bytea[];
    drawn            bigint[];
    now_recorded     timestamptz;
    looks_up         boolean;
    is_locked        boolean := false;
    is_plain         boolean;
    refused          record;
begin
    event_count := cardinality(append_batch.event_ids);
    if append_batch.all_or_nothing is null or event_count is null
        or array_fill(event_count, array[8]) is distinct from array[
            cardinality(append_batch.stream_ids), cardinality(append_batch.types), cardinality(append_batch.schema_versions),
            cardinality(append_batch.payloads), cardinality(append_batch.personal_data), cardinality(append_batch.metadata),
            cardinality(append_batch.occurred_at), cardinality(append_batch.expected_versions)]
    then
        raise exception using errcode = '22023', message = 'the arrays of a batch must be there and have one length';
    end if;
    if event_count > max_events
        or pg_column_size(append_batch.payloads) + pg_column_size(append_batch.personal_data)
            + pg_column_size(append_batch.metadata) > max_size_bytes
    then
        raise exception using
            errcode = '54000',
            message = format('a batch has at most %s events and %s bytes of JSON', max_events, max_size_bytes);
    end if;
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception using errcode = '25000', message = 'appending a batch needs a READ COMMITTED transaction';
    end if;

    -- As in append, and like there before anything is looked up: an erasure sees who may not have seen its tombstone.
    lock table ledger.tombstone in row share mode;
    perform pg_current_xact_id();
    left_over := array(select generate_series(1, event_count));

    -- Most batches are new as a whole, and inserting finds that out for nothing. One that is delivered again shows by its first event.
    looks_up := exists (select from ledger.event e where e.event_id = append_batch.event_ids[1]);

    for attempt in 1 .. max_attempts loop
        -- What is in the ledger by now is decided, whatever happens to the rest.
        if looks_up and exists (
            select
            from unnest(append_batch.event_ids) i (event_id)
            cross join lateral (select from ledger.event e where e.event_id = i.event_id limit 1) e)
        then
            with delivered as materialized (
                select
                    i.ordinal, (s.event).position, (s.event).version, (s.event).stream_id, i.metadata,
                    ledger.is_same_content(
                        s.event, p.data, i.stream_id, i.type, i.schema_version, i.payload, i.personal_data) as is_same
                from unnest(
                    left_over, append_batch.event_ids, append_batch.stream_ids, append_batch.types,
                    append_batch.schema_versions, append_batch.payloads, append_batch.personal_data, append_batch.metadata)
                    i (ordinal, event_id, stream_id, type, schema_version, payload, personal_data, metadata)
                cross join lateral (select e as event from ledger.event e where e.event_id = i.event_id limit 1) s
                left join lateral (
                    select p.data from ledger.personal_data p where p.position = (s.event).position limit 1) p on true
            ),
            noted as (
                insert into ledger.duplicate (position, metadata, delivered_at)
                select d.position, d.metadata, clock_timestamp()
                from delivered d
                where d.is_same
                order by d.ordinal
            )
            select
                ordinals || array_agg(d.ordinal),
                outcomes || array_agg(case when d.is_same then 'DUPLICATE' else 'REFUSED' end),
                positions || array_agg(case when d.is_same then d.position end),
                versions || array_agg(case when d.is_same then d.version end),
                codes || array_agg(case when not d.is_same then 'OL001' end),
                details || array_agg(
                    case when not d.is_same then format('It is version %s of order %s.', d.version, d.stream_id) end)
            into ordinals, outcomes, positions, versions, codes, details
            from delivered d;

            select
                array_agg(i.ordinal), array_agg(i.event_id), array_agg(i.stream_id), array_agg(i.type),
                array_agg(i.schema_version), array_agg(i.payload), array_agg(i.personal_data), array_agg(i.metadata),
                array_agg(i.occurred_at), array_agg(i.expected_version), count(*)
            into
                left_over, append_batch.event_ids, append_batch.stream_ids, append_batch.types, append_batch.schema_versions,
                append_batch.payloads, append_batch.personal_data, append_batch.metadata, append_batch.occurred_at,
                append_batch.expected_versions, event_count
            from unnest(
                left_over, append_batch.event_ids, append_batch.stream_ids, append_batch.types, append_batch.schema_versions,
                append_batch.payloads, append_batch.personal_data, append_batch.metadata, append_batch.occurred_at,
                append_batch.expected_versions)
                i (ordinal, event_id, stream_id, type, schema_version, payload, personal_data, metadata, occurred_at,
                    expected_version)
            where i.ordinal <> all (ordinals);
        end if;
        exit when event_count = 0;

        -- The versions that the events get if none of them is refused, and by whom each is preceded in its stream.
        select
            array_agg(n.version), array_agg(n.rank), array_agg(n.previous), array_agg(n.digest),
            coalesce(bool_and(n.expected_version = n.version - 1), true)
        into new_versions, ranks, previous, last_digests, is_plain
        from (
            select
                (coalesce(l.version, 0) + row_number() over one_stream)::integer as version,
                (row_number() over (order by i.stream_id, i.ordinal))::integer as rank,
                (lag(i.ordinal) over one_stream)::integer as previous,
                l.digest,
                i.expected_version
            from unnest(append_batch.stream_ids, append_batch.expected_versions)
                with ordinality i (stream_id, expected_version, ordinal)
            left join lateral (
                select e.version, e.digest
                from ledger.event e
                where e.stream_id = i.stream_id
                order by e.version desc
                limit 1) l on true
            window one_stream as (partition by i.stream_id order by i.ordinal)
            order by i.ordinal
        ) n;

        if append_batch.all_or_nothing and 'REFUSED' = any (outcomes) then
            is_plain := false;
        elsif exists (select from ledger.tombstone) then
            is_plain := is_plain and not ledger.may_be_erased(append_batch.stream_ids, append_batch.payloads);
        end if;
        -- Whether an event is there already comes before anything else about it.
        if not is_plain and not looks_up then
            looks_up := true;
            continue;
        end if;

        if is_plain then
            drawn := array(select nextval('ledger.event_position_seq') from generate_series(1, event_count));
            now_recorded := clock_timestamp();
            select array_agg(h.position), array_agg(h.salt), array_agg(h.personal_digest), array_agg(h.envelope)
            into new_positions, salts, personal_digests, envelopes
            from (
                select
                    s.position, s.salt, d.personal_digest,
                    ledger.event_envelope(
                        s.position, s.event_id, s.stream_id, s.version, s.type, s.schema_version, s.payload, d.personal_digest,
                        s.metadata, s.occurred_at, now_recorded) as envelope
                from (
                    select
                        drawn[i.rank] as position, i.event_id, i.stream_id, i.version, i.type, i.schema_version, i.payload,
                        i.personal_data, i.metadata, least(i.occurred_at, now_recorded) as occurred_at,
                        case
                            when i.personal_data is not null then uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                        end as salt
                    from unnest(
                        ranks, append_batch.event_ids, append_batch.stream_ids, new_versions, append_batch.types,
                        append_batch.schema_versions, append_batch.payloads, append_batch.personal_data, append_batch.metadata,
                        append_batch.occurred_at)
                        i (rank, event_id, stream_id, version, type, schema_version, payload, personal_data, metadata, occurred_at)
                    offset 0
                ) s
                cross join lateral (
                    select case when s.salt is not null then ledger.personal_digest(s.salt, s.personal_data) end
                    offset 0
                ) d (personal_digest)
            ) h;

            digests := null;
            for i in 1 .. event_count loop
                digests[i] := ledger.chained_digest(
                    envelopes[i], case when previous[i] is null then last_digests[i] else digests[previous[i]] end);
            end loop;

            begin
                insert into ledger.event (
                    position, event_id, stream_id, version, type, schema_version, payload, personal_digest, metadata,
                    occurred_at, recorded_at, digest)
                overriding system value
                select
                    i.position, i.event_id, i.stream_id, i.version, i.type, i.schema_version, i.payload, i.personal_digest,
                    i.metadata, least(i.occurred_at, now_recorded), now_recorded, i.digest
                from unnest(
                    new_positions, append_batch.event_ids, append_batch.stream_ids, new_versions, append_batch.types,
                    append_batch.schema_versions, append_batch.payloads, personal_digests, append_batch.metadata,
                    append_batch.occurred_at, digests)
                    i (position, event_id, stream_id, version, type, schema_version, payload, personal_digest, metadata,
                        occurred_at, digest)
                order by i.position
                on conflict do nothing;
                get diagnostics inserted = row_count;
                if inserted < event_count then
                    raise exception using errcode = no_longer_new;
                end if;

                insert into ledger.pending (position) select p from unnest(drawn) p;
                insert into ledger.personal_data (position, salt, data)
                select i.position, i.salt, i.data
                from unnest(new_positions, salts, append_batch.personal_data) i (position, salt, data)
                where i.salt is not null;

                ordinals := ordinals || left_over;
                outcomes := outcomes || array_fill('APPENDED'::text, array[event_count]);
                positions := positions || new_positions;
                versions := versions || new_versions;
                codes := codes || array_fill(null::text, array[event_count]);
                details := details || array_fill(null::text, array[event_count]);
                event_count := 0;
            exception
                when sqlstate 'OL000' then
                    -- An ID comes twice in this batch, or is there already, or an ID or a version went to somebody else just now.
                    is_plain := (select count(distinct id) = count(*) from unnest(append_batch.event_ids) id);
                    if not looks_up then
                        looks_up := true;
                    elsif not is_locked then
                        perform ledger.lock_streams(append_batch.stream_ids);
                        is_locked := true;
                    end if;
                when check_violation or not_null_violation then
                    is_plain := false;
            end;
            exit when event_count = 0;
        end if;

        -- append finds what is there already by itself.
        if not is_plain then
            select
                ordinals || array_agg(left_over[a.ordinal]), outcomes || array_agg(a.outcome), positions || array_agg(a.position),
                versions || array_agg(a.version), codes || array_agg(a.code), details || array_agg(a.detail)
            into ordinals, outcomes, positions, versions, codes, details
            from ledger.append_each(
                append_batch.event_ids, append_batch.stream_ids, append_batch.types, append_batch.schema_versions,
                append_batch.payloads, append_batch.personal_data, append_batch.metadata, append_batch.occurred_at,
                append_batch.expected_versions) a;
            event_count := 0;
            exit;
        end if;
    end loop;

    if event_count > 0 then
        raise exception using
            errcode = '40001',
            message = format('the orders of a batch have too many writers: gave up after %s attempts', max_attempts);
    end if;

    if append_batch.all_or_nothing and 'REFUSED' = any (outcomes) then
        select i.ordinal, i.code, i.detail into refused
        from unnest(ordinals, outcomes, codes, details) i (ordinal, outcome, code, detail)
        where i.outcome = 'REFUSED'
        order by i.ordinal
        limit 1;
        raise exception using
            errcode = 'OL006',
            message = format('event %s of the batch is refused, and nothing of it was appended', refused.ordinal),
            detail = concat_ws(' ', refused.ordinal, refused.code, refused.detail);
    end if;

    return query
        select i.ordinal, i.outcome, i.position, i.version, i.code, i.detail
        from unnest(ordinals, outcomes, positions, versions, codes, details)
            i (ordinal, outcome, position, version, code, detail)
        order by i.ordinal;
end
$$;

grant execute on function ledger.append_batch to ledger_writer;

reset role;
