-- Why: a projection is rebuilt into the table that its view does not show, while everything runs. What a rebuild has done stands in tables,
-- so that it goes on after any interruption. What needs the owner's rights (emptying a table, its indexes, replacing the view) is done by
-- functions that touch the idle table of a projection that is being rebuilt, and nothing else.
-- Locks: SHARE on ledger.block while its index is made; all tables are new.

set local role ledger_owner;

create index block_sealed_at_index on ledger.block (sealed_at, height);

create table projection.rebuild (
    projection      text        not null,
    slot            text        not null,
    height          bigint      not null,
    events          bigint      not null,
    chunk_positions bigint      not null,
    phase           text        not null,
    started_at      timestamptz not null default now(),
    holder          uuid        not null,
    holder_name     text        not null,
    held_since      timestamptz not null default now(),
    constraint rebuild_pk primary key (projection),
    constraint rebuild_checkpoint_fk foreign key (projection, slot) references projection.checkpoint (projection, slot),
    constraint rebuild_chunk_positions_positive check (chunk_positions > 0),
    constraint rebuild_phase_known check (phase in ('SURVEY', 'FOLD', 'STRADDLERS', 'INDEXES', 'CATCH_UP'))
);

comment on table projection.rebuild is 'Rebuilds that are under way or were interrupted.';
comment on column projection.rebuild.height is 'The block as of which the table is filled; it catches up from there.';
comment on column projection.rebuild.events is 'Events up to that block.';
comment on column projection.rebuild.holder is 'Who may work on it: drawn anew by each run, so that an older run notices that it was replaced.';

create table projection.rebuild_chunk (
    projection    text    not null,
    chunk         integer not null,
    from_position bigint  not null,
    to_position   bigint  not null,
    surveyed      boolean not null default false,
    folded        boolean not null default false,
    completed     boolean not null default false,
    constraint rebuild_chunk_pk primary key (projection, chunk),
    constraint rebuild_chunk_rebuild_fk foreign key (projection) references projection.rebuild (projection) on delete cascade
);

comment on table projection.rebuild_chunk is 'Ranges of positions that are folded each by itself.';

create table projection.rebuild_straddler (
    projection text    not null,
    chunk      integer not null,
    order_id   uuid    not null,
    home       boolean not null,
    constraint rebuild_straddler_pk primary key (projection, chunk, order_id)
);

-- Without a foreign key, which would cost as much for each row as the row; the functions below delete the rows together with the rebuild.
comment on table projection.rebuild_straddler is
    'Orders with events in several chunks, in each of these chunks: no chunk can tell of them alone, so they are computed one by one.';
comment on column projection.rebuild_straddler.home is
    'Whether the order''s first event is in this chunk: true in one row of each order, whose completion computes it.';
comment on column projection.rebuild_chunk.completed is 'Whether the straddlers that are at home here were computed.';

-- The slot that a rebuild fills: the one that is not live.
create function projection.idle_slot(projection text) returns text
    language sql
    stable
    set search_path = pg_catalog, pg_temp
    return (
        select case when bool_or(c.live and c.slot = 'b') then 'a' else 'b' end
        from projection.checkpoint c
        where c.projection = idle_slot.projection
        having count(*) > 0);

-- The slot of a rebuild that has begun; refuses everything else.
create function projection.slot_being_rebuilt(projection text) returns text
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
declare
    slot text;
begin
    select r.slot into slot
    from projection.rebuild r
    join projection.checkpoint c on c.projection = r.projection and c.slot = r.slot and not c.live
    where r.projection = slot_being_rebuilt.projection;
    if slot is null then
        raise exception using errcode = 'OL007', message = 'No rebuild of this projection is under way';
    end if;
    return slot;
end
$$;

-- Begins a rebuild as of the newest block, in an empty table. What an earlier rebuild had done is thrown away.
create function projection.begin_rebuild(
    projection      text,
    chunk_positions bigint,
    keep_indexes    boolean,
    holder          uuid,
    holder_name     text
) returns void
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '10s'
as
$$
#variable_conflict use_column
declare
    idle       text := projection.idle_slot(begin_rebuild.projection);
    table_name text := begin_rebuild.projection || '_' || idle;
    index      record;
begin
    if idle is null then
        raise exception using errcode = '22023', message = 'There is no such projection';
    end if;
    delete from projection.rebuild_straddler s where s.projection = begin_rebuild.projection;
    delete from projection.rebuild r where r.projection = begin_rebuild.projection;
    delete from projection.failure f where f.projection = begin_rebuild.projection and f.slot = idle;
    execute format('truncate projection.%I', table_name);
    if not begin_rebuild.keep_indexes then
        for index in
            select i.relname, c.conname
            from pg_index x
            join pg_class i on i.oid = x.indexrelid
            left join pg_constraint c on c.conindid = x.indexrelid and c.contype = 'p'
            where x.indrelid = format('projection.%I', table_name)::regclass
        loop
            if index.conname is null then
                execute format('drop index projection.%I', index.relname);
            else
                execute format('alter table projection.%I drop constraint %I', table_name, index.conname);
            end if;
        end loop;
    end if;

    insert into projection.rebuild (projection, slot, height, events, chunk_positions, phase, holder, holder_name)
    select begin_rebuild.projection, idle, coalesce(max(b.height), 0), coalesce(max(b.tree_size) - max(b.height), 0),
        begin_rebuild.chunk_positions, 'SURVEY', begin_rebuild.holder, begin_rebuild.holder_name
    from (select * from ledger.block order by height desc limit 1) b;

    insert into projection.rebuild_chunk (projection, chunk, from_position, to_position)
    select r.projection, row_number() over (order by p), p, least(p + begin_rebuild.chunk_positions - 1, b.high)
    from projection.rebuild r
    join ledger.block b on b.height = r.height
    cross join generate_series(1, b.high, begin_rebuild.chunk_positions) p
    where r.projection = begin_rebuild.projection;

    -- What could not be read once and can be read now is not found again by a rebuild, which looks at the newest state.
    insert into projection.failure (projection, slot, order_id, since_height, until_height, position, reason, recorded_at)
    select f.projection, idle, f.order_id, f.since_height, f.until_height, f.position, f.reason, f.recorded_at
    from projection.failure f
    join projection.checkpoint c on c.projection = f.projection and c.slot = f.slot and c.live
    join projection.rebuild r on r.projection = f.projection and f.until_height <= r.height
    where f.projection = begin_rebuild.projection;

    update projection.checkpoint c
    set height = r.height
    from projection.rebuild r
    where r.projection = begin_rebuild.projection and c.projection = r.projection and c.slot = idle;
end
$$;

comment on function projection.begin_rebuild is
    'keep_indexes: for tables whose rows are found and changed while chunks are folded. Waits up to 10 s for readers of the idle table.';

-- The indexes that the table being rebuilt has to have, by the catalogue's definitions of the other table's.
create function projection.slot_indexes(
    projection text,
    out index_name text, out definition text, out is_primary boolean, out missing boolean
) returns setof record
    language sql
    stable
    security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    with names as (
        select s.slot,
            slot_indexes.projection || case s.slot when 'a' then '_b' else '_a' end as complete,
            slot_indexes.projection || '_' || s.slot as rebuilt
        from projection.slot_being_rebuilt(slot_indexes.projection) s (slot)
    ), wanted as (
        select replace(i.relname, n.complete || '_', n.rebuilt || '_') as index_name,
            replace(pg_get_indexdef(x.indexrelid), n.complete, n.rebuilt) as definition,
            x.indisprimary as is_primary
        from names n
        join pg_index x on x.indrelid = format('projection.%I', n.complete)::regclass
        join pg_class i on i.oid = x.indexrelid
    )
    select w.index_name, w.definition, w.is_primary, to_regclass(format('projection.%I', w.index_name)) is null
    from wanted w
    order by w.is_primary desc, w.index_name;
end;

-- Makes one index of the table being rebuilt. Several may be made at once.
create function projection.make_slot_index(projection text, index_name text) returns void
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    set maintenance_work_mem = '256MB'
as
$$
#variable_conflict use_column
declare
    definition text;
begin
    select i.definition into definition
    from projection.slot_indexes(make_slot_index.projection) i
    where i.index_name = make_slot_index.index_name and i.missing;
    if definition is not null then
        execute definition;
    end if;
end
$$;

comment on function projection.make_slot_index is 'Sorts in 256 MB at most. Does nothing if there is no such index to be made.';

-- Names the primary key, and gathers what the planner has to know, so that the first reader gets a good plan.
create function projection.finish_slot(projection text) returns void
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '10s'
as
$$
#variable_conflict use_column
declare
    table_name text := finish_slot.projection || '_' || projection.slot_being_rebuilt(finish_slot.projection);
    key_name   text;
begin
    select i.index_name into key_name
    from projection.slot_indexes(finish_slot.projection) i
    where i.is_primary
        and not exists (select from pg_constraint c where c.conname = i.index_name and c.contype = 'p');
    if key_name is not null then
        execute format('alter table projection.%I add constraint %I primary key using index %I', table_name, key_name, key_name);
    end if;
    execute format('analyze projection.%I', table_name);
end
$$;

-- Lets the view show the rebuilt table, which has to take at least as much into account as the one that is shown now.
-- Readers queue behind the lock on the view, so it is not waited for longer than a tenth of a second (55P03): try again.
create function projection.swap(projection text) returns void
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '100ms'
as
$$
#variable_conflict use_column
declare
    rebuilt text := projection.slot_being_rebuilt(swap.projection);
    behind  boolean;
begin
    perform from projection.checkpoint c where c.projection = swap.projection order by c.slot for update;
    select c.height < other.height into behind
    from projection.checkpoint c
    join projection.checkpoint other on other.projection = c.projection and other.slot <> c.slot
    where c.projection = swap.projection and c.slot = rebuilt and other.live;
    if behind then
        raise exception using errcode = 'OL007', message = 'The rebuilt table is behind the one that is shown';
    end if;
    if exists (select from projection.slot_indexes(swap.projection) i where i.missing) then
        raise exception using errcode = 'OL007', message = 'The rebuilt table has not all its indexes';
    end if;
    execute format(
        'create or replace view projection.%I as select %s from projection.%I',
        swap.projection,
        (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
         from pg_attribute a
         where a.attrelid = format('projection.%I', swap.projection)::regclass and a.attnum > 0 and not a.attisdropped),
        swap.projection || '_' || rebuilt);
    update projection.checkpoint c set live = false where c.projection = swap.projection and c.live;
    update projection.checkpoint c set live = true where c.projection = swap.projection and c.slot = rebuilt;
    delete from projection.failure f where f.projection = swap.projection and f.slot <> rebuilt;
    delete from projection.rebuild_straddler s where s.projection = swap.projection;
    delete from projection.rebuild r where r.projection = swap.projection;
end
$$;

create view projection.lag as
select
    c.projection,
    c.live,
    c.height,
    newest.height as newest_height,
    newest.height - c.height as blocks_behind,
    (newest.tree_size - newest.height) - (coalesce(own.tree_size, 0) - c.height) as events_behind,
    coalesce(greatest(extract(epoch from clock_timestamp() - next.sealed_at), 0), 0)::double precision as seconds_behind,
    (select count(*) from projection.failure f where f.projection = c.projection and f.slot = c.slot and f.until_height is null) as failed_orders
from (
    select distinct on (projection) *
    from projection.checkpoint
    order by projection, live desc, slot) c
cross join (
    select coalesce(max(b.height), 0) as height, coalesce(max(b.tree_size), 0) as tree_size
    from (select height, tree_size from ledger.block order by height desc limit 1) b) newest
left join ledger.block own on own.height = c.height
left join ledger.block next on next.height = c.height + 1;

comment on view projection.lag is
    'How far each projection is behind the newest block. One that is not live waits for its first rebuild, and its view shows nothing.';
comment on column projection.lag.seconds_behind is 'How long the oldest block that is not taken into account has been there.';

create function projection.height_at(at timestamptz) returns bigint
    language sql
    stable
    set search_path = pg_catalog, pg_temp
    return coalesce((select b.height from ledger.block b where b.sealed_at <= height_at.at order by b.sealed_at desc, b.height desc limit 1), 0);

comment on function projection.height_at is 'The block that was the newest at a time; 0 before the first.';

-- The query of the projection orders in SQL, for people: the rows that the view had when that block was the newest. Written so that the
-- planner can look into it: with a condition on order_id it reads that order alone.
create function projection.orders_as_of(height bigint) returns setof projection.orders_v1
    language sql
    stable
begin atomic
    select
        o.order_id,
        case when o.cancelled_at is null then 'PLACED' else 'CANCELLED' end,
        o.placing -> 'customer' ->> 'id',
        o.placing ->> 'currency',
        coalesce(
            (select sum((item ->> 'quantity')::bigint * (item ->> 'unitPrice')::bigint)
             from jsonb_array_elements(o.placing -> 'items') item),
            0)::bigint,
        o.placing -> 'items',
        o.placed_at,
        o.cancelled_at,
        o.version,
        o.placings::integer
    from (
        select
            e.stream_id as order_id,
            (array_agg(e.payload order by e.occurred_at, e.event_id) filter (where e.type = 'OrderPlaced'))[1] as placing,
            min(e.occurred_at) filter (where e.type = 'OrderPlaced') as placed_at,
            min(e.occurred_at) filter (where e.type = 'OrderCancelled') as cancelled_at,
            max(e.version) as version,
            count(*) filter (where e.type = 'OrderPlaced') as placings
        from ledger.event e
        where e.position <= (select b.high from ledger.block b where b.height = orders_as_of.height)
            and not exists (select from ledger.late l where l.position = e.position and l.height > orders_as_of.height)
            and not exists (select from ledger.pending p where p.position = e.position)
            and e.stream_id not in (
                select f.order_id
                from projection.failure f
                join projection.checkpoint c on c.projection = f.projection and c.slot = f.slot and c.live
                where f.projection = 'orders_v1' and f.since_height <= orders_as_of.height
                    and (f.until_height is null or f.until_height > orders_as_of.height))
        group by e.stream_id) o
    where o.placings > 0;
end;

comment on function projection.orders_as_of is
    'The rows that projection.orders_v1 had when the block was the newest. See projection.height_at for the block of a time.';

grant execute on function projection.orders_as_of to ledger_projector, ledger_reader, ledger_auditor;
grant select on projection.rebuild, projection.rebuild_chunk to ledger_projector, ledger_reader, ledger_auditor;
grant select on projection.rebuild_straddler to ledger_projector, ledger_auditor;
grant update (phase, holder, holder_name, held_since) on projection.rebuild to ledger_projector;
grant update (surveyed, folded, completed) on projection.rebuild_chunk to ledger_projector;
grant insert on projection.rebuild_straddler to ledger_projector;
grant select on projection.lag to ledger_projector, ledger_reader, ledger_auditor;
grant execute on function projection.height_at to ledger_projector, ledger_reader, ledger_auditor;
grant execute on function
    projection.begin_rebuild, projection.slot_indexes, projection.make_slot_index, projection.finish_slot, projection.swap
    to ledger_projector;

reset role;
