insert into hand_written.orders (
    order_id, status, customer_id, currency, total, items, placed_at, cancelled_at, version, placings)
select
    order_id,
    case when cancelled_at is null then 'PLACED' else 'CANCELLED' end,
    first_placing -> 'customer' ->> 'id',
    first_placing ->> 'currency',
    (select coalesce(sum((item ->> 'quantity')::bigint * (item ->> 'unitPrice')::bigint), 0)::bigint
     from jsonb_array_elements(first_placing -> 'items') item),
    first_placing -> 'items',
    placed_at,
    cancelled_at,
    version,
    placings
from (
    select
        stream_id as order_id,
        (array_agg(payload order by occurred_at, event_id) filter (where type = 'OrderPlaced'))[1] as first_placing,
        min(occurred_at) filter (where type = 'OrderPlaced') as placed_at,
        min(occurred_at) filter (where type = 'OrderCancelled') as cancelled_at,
        max(version) as version,
        count(*) filter (where type = 'OrderPlaced') as placings
    from ledger.current_event
    where stream_id >= $from$ and stream_id <= $to$
    group by stream_id) orders
where placings > 0
