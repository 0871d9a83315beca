insert into hand_written.orders (
    order_id, status, cancellation_refused, channel, customer_id, currency, total, items, placed_at, prepared_at, dispatched_at, delivered_at,
    cancelled_at, version, placings, placed_position)
select
    order_id,
    case
        when cancelled_at is not null and not is_refused then 'CANCELLED'
        when delivered_at is not null then 'DELIVERED'
        when dispatched_at is not null then 'DISPATCHED'
        when prepared_at is not null then 'PREPARED'
        else 'PLACED'
    end,
    is_refused,
    first_placing ->> 'channel',
    first_placing -> 'customer' ->> 'id',
    first_placing ->> 'currency',
    (select coalesce(sum((item ->> 'quantity')::bigint * (item ->> 'unitPrice')::bigint), 0)::bigint
     from jsonb_array_elements(first_placing -> 'items') item),
    first_placing -> 'items',
    placed_at,
    prepared_at,
    dispatched_at,
    delivered_at,
    case when not is_refused then cancelled_at end,
    version,
    placings,
    placed_position
from (
    select
        *,
        coalesce(least(dispatched_at, delivered_at) < cancelled_at, false) as is_refused
    from (
        select
            stream_id as order_id,
            (array_agg(payload order by occurred_at, event_id) filter (where type = 'OrderPlaced'))[1] as first_placing,
            min(occurred_at) filter (where type = 'OrderPlaced') as placed_at,
            min(occurred_at) filter (where type = 'OrderPrepared') as prepared_at,
            min(occurred_at) filter (where type = 'OrderDispatched') as dispatched_at,
            min(occurred_at) filter (where type = 'OrderDelivered') as delivered_at,
            min(occurred_at) filter (where type = 'OrderCancelled') as cancelled_at,
            max(version) as version,
            count(*) filter (where type = 'OrderPlaced') as placings,
            min(position) filter (where type = 'OrderPlaced') as placed_position
        from ledger.current_event
        where stream_id >= $from$ and stream_id <= $to$
        group by stream_id) folded) orders
where placings > 0
