-- Why: the audit's own list of orders says what projection.orders_v2 says, of which V017 tells.
-- Locks: ACCESS EXCLUSIVE on the functions that are replaced, for a moment.

set local role ledger_owner;

drop function audit.orders_as_of(timestamptz);
drop function audit.orders_as_of(bigint);

-- The same rows as projection.orders_v2 had, or would have had, at a height, worked out from the events alone; all that V012 says of its
-- predecessor holds. A cancellation counts unless the order had been dispatched before the earliest one occurred; a delivery says that, too.
-- At the same time the cancellation counts.
create function audit.orders_as_of(height bigint)
    returns table (
        order_id             uuid,
        status               text,
        cancellation_refused boolean,
        channel              text,
        customer_id          text,
        currency             text,
        total                bigint,
        items                jsonb,
        placed_at            timestamptz,
        prepared_at          timestamptz,
        dispatched_at        timestamptz,
        delivered_at         timestamptz,
        cancelled_at         timestamptz,
        version              integer)
    language sql
    stable
begin atomic
    select
        placed.stream_id,
        case
            when summary.cancelled_at is not null and not summary.is_refused then 'CANCELLED'
            when summary.delivered_at is not null then 'DELIVERED'
            when summary.dispatched_at is not null then 'DISPATCHED'
            when summary.prepared_at is not null then 'PREPARED'
            else 'PLACED'
        end,
        summary.is_refused,
        placed.payload ->> 'channel',
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
        summary.prepared_at,
        summary.dispatched_at,
        summary.delivered_at,
        case when not summary.is_refused then summary.cancelled_at end,
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
            min(e.occurred_at) filter (where e.type = 'OrderPrepared') as prepared_at,
            min(e.occurred_at) filter (where e.type = 'OrderDispatched') as dispatched_at,
            min(e.occurred_at) filter (where e.type = 'OrderDelivered') as delivered_at,
            min(e.occurred_at) filter (where e.type = 'OrderCancelled') as cancelled_at,
            coalesce(
                min(e.occurred_at) filter (where e.type in ('OrderDispatched', 'OrderDelivered'))
                    < min(e.occurred_at) filter (where e.type = 'OrderCancelled'),
                false) as is_refused,
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
        order_id             uuid,
        status               text,
        cancellation_refused boolean,
        channel              text,
        customer_id          text,
        currency             text,
        total                bigint,
        items                jsonb,
        placed_at            timestamptz,
        prepared_at          timestamptz,
        dispatched_at        timestamptz,
        delivered_at         timestamptz,
        cancelled_at         timestamptz,
        version              integer)
    language sql
    stable
begin atomic
    select o.*
    from audit.orders_as_of(audit.height_at(orders_as_of.at)) o;
end;

comment on function audit.orders_as_of(timestamptz) is
    'The list of orders as it could be read at a time: as of the block that was the newest then. Write orders_as_of(at => ''...'').';

grant execute on function audit.orders_as_of(bigint), audit.orders_as_of(timestamptz) to ledger_auditor;

reset role;
