-- Why: what an auditor asks should be one line of SQL, and read like the question. docs/audit.md has the questions.
-- Locks: none, all of it is new.
--
-- Whoever reads a view here reads the tables below it with his own rights (security_invoker): a view shows nobody more than he may see
-- anyway. The functions are single statements without a SET clause, so that the planner looks inside: a condition on order_id reaches the
-- index on the events.

create schema audit authorization ledger_owner;

set local role ledger_owner;

comment on schema audit is 'The ledger as an auditor asks about it. Everything here is computed from schema ledger, and nothing is stored.';

-- Of one order, or of a range of positions, it reads what belongs to those events only. A condition on any other column reads everything.
create view audit.order_history with (security_invoker = true) as
select
    e.stream_id as order_id,
    e.version,
    e.type as what,
    e.occurred_at,
    e.recorded_at,
    e.recorded_at - e.occurred_at as delay,
    personal.data ->> 'principal' as who,
    case
        when personal.position is not null then 'KEPT'
        when e.personal_digest is not null then 'ERASED'
        when e.metadata @> '{"personalData": "DROPPED"}' then 'DROPPED'
        else 'NONE'
    end as personal_data,
    erasure.recorded_at as erased_at,
    e.metadata ->> 'path' as path,
    e.metadata ->> 'requestId' as request_id,
    e.metadata ->> 'traceId' as trace_id,
    e.event_id,
    e.position,
    sealed.height as block,
    sealed.sealed_at,
    sealed.tree_size,
    encode(sealed.root, 'hex') as tree_head,
    e.schema_version,
    e.payload,
    encode(e.digest, 'hex') as digest
from ledger.event e
left join ledger.personal_data personal on personal.position = e.position
-- The erasure that took this event's data: the first that follows in the order and reaches back as far as this event.
left join lateral (
    select x.recorded_at
    from ledger.event x
    where e.personal_digest is not null and personal.position is null
        and x.stream_id = e.stream_id and x.version > e.version
        and x.type = 'PersonalDataErased' and x.occurred_at >= e.occurred_at
    order by x.version
    limit 1) erasure on true
left join lateral (
    select b.height, b.sealed_at, b.tree_size, b.root
    from ledger.block b
    where b.height = coalesce(
            (select l.height from ledger.late l where l.position = e.position),
            (select x.height from ledger.block x where x.high >= e.position order by x.high, x.height limit 1))
        and not exists (select from ledger.pending p where p.position = e.position)) sealed on true;

comment on view audit.order_history is
    'One line an event. Give it an order_id, or a range of positions; without either it reads the whole ledger.';
comment on column audit.order_history.delay is 'From when the request came in until it was recorded.';
comment on column audit.order_history.who is
    'Who was signed in, while that is kept: it is personal data. Null when nobody was, or once it is erased.';
comment on column audit.order_history.personal_data is
    'KEPT; ERASED, then erased_at says when; DROPPED: it came after its customer was erased, from before that; NONE: none came.';
comment on column audit.order_history.block is 'Height of the block that the event is sealed in; null while it waits.';
comment on column audit.order_history.tree_head is 'Root of the tree of tree_size leaves that the block ends: compare it with an exported head.';

-- The block that was the newest at a time. Blocks' times rise with their heights, so it looks at some thirty blocks, however many there are.
create function audit.height_at(at timestamptz) returns bigint
    language sql
    stable
begin atomic
    with recursive halving as (
        select 0::bigint as sealed_by, coalesce(max(b.height), 0) + 1 as sealed_after
        from ledger.block b
        union all
        select
            case when found.sealed_at <= height_at.at then middle.height else h.sealed_by end,
            case when found.sealed_at <= height_at.at then h.sealed_after else middle.height end
        from halving h
        cross join lateral (select (h.sealed_by + h.sealed_after) / 2) middle (height)
        left join ledger.block found on found.height = middle.height
        where h.sealed_after - h.sealed_by > 1
    )
    select case when height_at.at is not null then max(h.sealed_by) end from halving h;
end;

comment on function audit.height_at is 'Height of the newest block that was sealed by then; 0 when there was none.';

-- What projection.orders_v1 said, or would have said, at a height: the same rows, worked out from the events alone. Of one order
-- (where order_id = ...) it reads that order's events; otherwise all events up to the height. No order of arrival matters: an order counts
-- as it was placed first, by time and then by event ID, and is cancelled at its earliest cancellation. Items that are no whole numbers give
-- no total, and a placing of a form that is not known here gives no content, instead of an error that would hide all other orders.
-- The height is a subselect each time, so that it is worked out once and not for each row, whatever is passed for it; as an argument a
-- subselect would keep the planner from looking inside.
create function audit.orders_as_of(height bigint)
    returns table (
        order_id     uuid,
        status       text,
        customer_id  text,
        currency     text,
        total        bigint,
        items        jsonb,
        placed_at    timestamptz,
        cancelled_at timestamptz,
        version      integer)
    language sql
    stable
begin atomic
    select
        placed.stream_id,
        case when summary.cancelled_at is null then 'PLACED' else 'CANCELLED' end,
        placed.payload #>> '{customer,id}',
        placed.payload ->> 'currency',
        (
            select
                case
                    when placed.payload is not null and bool_and(item.is_whole) is not false
                        and abs(coalesce(sum(item.amount), 0)) <= 9223372036854775807
                        then coalesce(sum(item.amount), 0)::bigint
                end
            from (
                select
                    each.is_whole,
                    case when each.is_whole then (each.value ->> 'quantity')::numeric * (each.value ->> 'unitPrice')::numeric end as amount
                from (
                    select
                        i.value,
                        coalesce(
                            i.value ->> 'quantity' ~ '^-?[0-9]{1,18}$' and i.value ->> 'unitPrice' ~ '^-?[0-9]{1,18}$', true) as is_whole
                    from jsonb_array_elements(
                        case
                            when jsonb_typeof(placed.payload -> 'items') <> 'array' then '[{"quantity": "?"}]'
                            else placed.payload -> 'items'
                        end) i
                ) each
            ) item
        ),
        placed.payload -> 'items',
        placed.occurred_at,
        summary.cancelled_at,
        summary.newest_version
    from (
        select distinct on (e.stream_id)
            e.stream_id,
            case
                when ledger.upcast_version(e.type, e.schema_version) is not null
                    then ledger.upcast(e.type, e.schema_version, e.payload)
            end as payload,
            e.occurred_at
        from ledger.event e
        where e.type = 'OrderPlaced'
            and e.position <= (select b.high from ledger.block b where b.height = (select orders_as_of.height))
            and not exists (select from ledger.late l where l.position = e.position and l.height > (select orders_as_of.height))
            and not exists (select from ledger.pending p where p.position = e.position)
        order by e.stream_id, e.occurred_at, e.event_id
    ) placed
    join (
        select
            e.stream_id,
            min(e.occurred_at) filter (where e.type = 'OrderCancelled') as cancelled_at,
            max(e.version) as newest_version
        from ledger.event e
        where e.position <= (select b.high from ledger.block b where b.height = (select orders_as_of.height))
            and not exists (select from ledger.late l where l.position = e.position and l.height > (select orders_as_of.height))
            and not exists (select from ledger.pending p where p.position = e.position)
        group by e.stream_id
    ) summary on summary.stream_id = placed.stream_id;
end;

comment on function audit.orders_as_of(bigint) is
    'The list of orders as of a block. No rows at height 0, nor at a height that is not sealed yet.';

create function audit.orders_as_of(at timestamptz)
    returns table (
        order_id     uuid,
        status       text,
        customer_id  text,
        currency     text,
        total        bigint,
        items        jsonb,
        placed_at    timestamptz,
        cancelled_at timestamptz,
        version      integer)
    language sql
    stable
begin atomic
    select o.*
    from audit.orders_as_of(audit.height_at(orders_as_of.at)) o;
end;

comment on function audit.orders_as_of(timestamptz) is
    'The list of orders as it could be read at a time: as of the block that was the newest then. Write orders_as_of(at => ''...'').';

-- Reads the whole ledger: no index has the delay. Bound it by position where that is enough.
create function audit.late_arrivals(longer_than interval default '1 hour')
    returns table (
        order_id    uuid,
        version     integer,
        what        text,
        occurred_at timestamptz,
        recorded_at timestamptz,
        delay       interval,
        path        text,
        event_id    uuid,
        "position"  bigint)
    language sql
    stable
begin atomic
    select
        e.stream_id, e.version, e.type, e.occurred_at, e.recorded_at, e.recorded_at - e.occurred_at, e.metadata ->> 'path',
        e.event_id, e.position
    from ledger.event e
    where e.recorded_at - e.occurred_at > late_arrivals.longer_than;
end;

comment on function audit.late_arrivals is 'Events that were recorded longer than that after they occurred.';

create view audit.late_arrivals with (security_invoker = true) as
select a.order_id, a.version, a.what, a.occurred_at, a.recorded_at, a.delay, a.path, a.event_id, a.position
from audit.late_arrivals(interval '1 hour') a;

comment on view audit.late_arrivals is
    'Events that were recorded more than an hour after they occurred, erasures included. For another limit: audit.late_arrivals(''5 minutes'').';

create view audit.duplicates with (security_invoker = true) as
select
    d.delivery,
    e.stream_id as order_id,
    e.version,
    e.type as what,
    e.event_id,
    e.position,
    e.recorded_at,
    e.metadata ->> 'path' as recorded_path,
    d.delivered_at as delivered_again_at,
    d.metadata ->> 'path' as delivered_path,
    d.metadata ->> 'requestId' as request_id,
    d.metadata ->> 'traceId' as trace_id
from ledger.duplicate d
left join ledger.event e on e.position = d.position;

comment on view audit.duplicates is
    'Each further delivery of an event with the same content: it changed nothing. One line a delivery, the first one not counted.';

create view audit.refusals with (security_invoker = true) as
select
    r.refused_at, r.reason, r.detail, r.path, r.event_id, r.stream_id as order_id, r.message, r.erased_at,
    encode(r.message_digest, 'hex') as message_digest
from ledger.refused r;

comment on view audit.refusals is
    'Messages that were delivered and can never be recorded. The same message is kept once. convert_from(message, ''UTF8'') reads it.';

create view audit.conflicts with (security_invoker = true) as
select
    r.event_id,
    r.refused_at,
    r.path as delivered_path,
    r.stream_id as delivered_order_id,
    r.detail,
    r.message,
    r.erased_at,
    e.stream_id as recorded_order_id,
    e.version as recorded_version,
    e.type as recorded_what,
    e.recorded_at,
    e.payload as recorded_payload,
    e.position
from ledger.refused r
left join ledger.event e on e.event_id = r.event_id
where r.reason = 'CONFLICT';

comment on view audit.conflicts is
    'Messages under the ID of an event that was recorded with other content: what was delivered, beside what is recorded.';

-- Each kind reads one index from end to end; a condition on kind keeps it to that one.
create view audit.gaps with (security_invoker = true) as
select 'HEIGHT' as kind, false as is_normal, null::uuid as order_id, g.before + 1 as first_missing, g.here - 1 as last_missing
from (select b.height as here, lag(b.height, 1, 0::bigint) over (order by b.height) as before from ledger.block b) g
where g.here > g.before + 1
union all
select 'VERSION', false, g.stream_id, g.before + 1, g.here - 1
from (
    select e.stream_id, e.version as here, lag(e.version, 1, 0) over (partition by e.stream_id order by e.version) as before
    from ledger.event e) g
where g.here > g.before + 1
union all
select 'POSITION', true, null, g.before + 1, g.here - 1
from (select e.position as here, lag(e.position, 1, 0::bigint) over (order by e.position) as before from ledger.event e) g
where g.here > g.before + 1;

comment on view audit.gaps is
    'Numbers between others that nothing has. A position is drawn before its transaction ends: one that was rolled back, or that lost a '
    'race against another delivery of the same event, leaves a gap, which is normal. A gap among the heights of blocks or the versions '
    'of an order is not.';

-- Small, unless sealing stopped; under an old snapshot it also passes over the rows that were sealed since.
create view audit.unsealed with (security_invoker = true) as
select
    p.position,
    e.stream_id as order_id,
    e.version,
    e.type as what,
    e.event_id,
    e.recorded_at,
    now() - e.recorded_at as waiting
from ledger.pending p
left join ledger.event e on e.position = p.position;

comment on view audit.unsealed is 'Events that are recorded and in no block yet, so that no view shows them. They wait for less than a second normally.';

-- Reads the whole ledger, unless it is given an order.
create view audit.erasures with (security_invoker = true) as
select
    h.order_id,
    h.version,
    h.recorded_at as erased_at,
    h.occurred_at as reaches_back_from,
    (h.payload ->> 'count')::integer as events_erased,
    h.path,
    h.position,
    h.block
from audit.order_history h
where h.what = 'PersonalDataErased';

comment on view audit.erasures is 'Each erasure of an order''s personal data, and of how many of its events.';

grant usage on schema audit to ledger_auditor;
grant select on all tables in schema audit to ledger_auditor;
grant execute on function
    audit.height_at, audit.orders_as_of(bigint), audit.orders_as_of(timestamptz), audit.late_arrivals
    to ledger_auditor;

reset role;
