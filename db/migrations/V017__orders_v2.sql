-- Why: other services of the team say when an order was prepared, dispatched and delivered, and the list of orders shows it. A cancellation
-- then no longer always counts: one that occurred after the order had been dispatched does not. That is another query and another shape, so
-- it is version 2 of the projection orders, beside version 1, which goes on as it is.
-- Locks: ACCESS EXCLUSIVE on the functions that are replaced, for a moment; all tables are new.

set local role ledger_owner;

-- As in V011, with the new types: version 1 of each has no content beside its type and time.
create or replace function ledger.upcast(type text, schema_version smallint, payload jsonb) returns jsonb
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
        when 'OrderPrepared' then
            case schema_version
                when 1 then payload
                else ledger.refuse_unknown_form(type, schema_version)
            end
        when 'OrderDispatched' then
            case schema_version
                when 1 then payload
                else ledger.refuse_unknown_form(type, schema_version)
            end
        when 'OrderDelivered' then
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

create or replace function ledger.upcast_version(type text, schema_version smallint) returns smallint
    language sql
    stable
    parallel safe
    return case
        when type = 'OrderPlaced' and schema_version between 1 and 2 then 2::smallint
        when type in ('OrderCancelled', 'OrderPrepared', 'OrderDispatched', 'OrderDelivered') and schema_version = 1 then 1::smallint
        when type = 'PersonalDataErased' and schema_version = 1 then 1::smallint
    end;

create table projection.orders_v2_a (
    order_id             uuid        not null,
    status               text        not null,
    cancellation_refused boolean     not null,
    channel              text        not null,
    customer_id          text        not null,
    currency             text        not null,
    total                bigint      not null,
    items                jsonb       not null,
    placed_at            timestamptz not null,
    prepared_at          timestamptz,
    dispatched_at        timestamptz,
    delivered_at         timestamptz,
    cancelled_at         timestamptz,
    version              integer     not null,
    placings             integer     not null,
    placed_position      bigint      not null,
    constraint orders_v2_a_pk primary key (order_id),
    constraint orders_v2_status_known check (status in ('PLACED', 'PREPARED', 'DISPATCHED', 'DELIVERED', 'CANCELLED')),
    constraint orders_v2_cancelled_with_time check ((status = 'CANCELLED') = (cancelled_at is not null)),
    constraint orders_v2_refused_once_dispatched check (not cancellation_refused or status in ('DISPATCHED', 'DELIVERED')),
    constraint orders_v2_placed check (placings > 0)
);

-- With what tells whether an order belongs to the list as of an earlier block: whoever has to pass over many orders that do not reads this
-- index from one end to the other, and neither the table nor the events, where each order would be a page of its own.
create index orders_v2_a_newest on projection.orders_v2_a (placed_at desc, order_id desc) include (placings, placed_position);
create index orders_v2_a_by_customer on projection.orders_v2_a (customer_id, placed_at desc, order_id desc);
create index orders_v2_a_by_status on projection.orders_v2_a (status, placed_at desc, order_id desc);
create index orders_v2_a_placed_again on projection.orders_v2_a (placed_at desc, order_id desc) where placings > 1;
-- Those that were cancelled as of some block: a dispatch that is recorded later and occurred earlier makes the cancellation a refused one.
create index orders_v2_a_ever_cancelled on projection.orders_v2_a (placed_at desc, order_id desc)
    where cancelled_at is not null or cancellation_refused;

create view projection.orders_v2 as
select
    order_id, status, cancellation_refused, channel, customer_id, currency, total, items,
    placed_at, prepared_at, dispatched_at, delivered_at, cancelled_at, version, placings, placed_position
from projection.orders_v2_a;

comment on view projection.orders_v2 is 'Orders that were placed, as of the live checkpoint of the projection orders_v2.';
comment on column projection.orders_v2.status is
    'CANCELLED if the cancellation counts; else the furthest of DELIVERED, DISPATCHED, PREPARED and PLACED that an event says.';
comment on column projection.orders_v2.cancellation_refused is
    'Whether the order was cancelled, but had been dispatched (or delivered) before even the earliest cancellation occurred.';
comment on column projection.orders_v2.total is 'Sum of quantity times unit price, in minor units of the currency.';
comment on column projection.orders_v2.prepared_at is 'When it was prepared, by the earliest event that says so. So are dispatched_at and delivered_at.';
comment on column projection.orders_v2.cancelled_at is 'When the earliest cancellation occurred, if it counts.';
comment on column projection.orders_v2.version is 'Version of the newest event of the order that is taken into account.';
comment on column projection.orders_v2.placings is
    'How often the order was placed. The row shows the placing that was requested first; as of an earlier block it may be another.';
comment on column projection.orders_v2.placed_position is
    'Position of the event that placed the order; the lowest where there are several. Where the ledger holds it, and so the one column that follows from the order in which events arrived: for finding, and not shown by the API.';

select projection.register('orders_v2');

-- For people: the query of the newest version, in place of that of version 1.
drop function projection.orders_as_of(bigint);

create function projection.orders_as_of(height bigint) returns setof projection.orders_v2
    language sql
    stable
begin atomic
    select
        o.order_id,
        case
            when o.cancelled_at is not null and not o.is_refused then 'CANCELLED'
            when o.delivered_at is not null then 'DELIVERED'
            when o.dispatched_at is not null then 'DISPATCHED'
            when o.prepared_at is not null then 'PREPARED'
            else 'PLACED'
        end,
        o.is_refused,
        o.placing ->> 'channel',
        o.placing -> 'customer' ->> 'id',
        o.placing ->> 'currency',
        coalesce(
            (select sum((item ->> 'quantity')::bigint * (item ->> 'unitPrice')::bigint)
             from jsonb_array_elements(o.placing -> 'items') item),
            0)::bigint,
        o.placing -> 'items',
        o.placed_at,
        o.prepared_at,
        o.dispatched_at,
        o.delivered_at,
        case when not o.is_refused then o.cancelled_at end,
        o.version,
        o.placings::integer,
        o.placed_position
    from (
        select
            e.stream_id as order_id,
            case when count(*) filter (where e.type = 'OrderPlaced') > 0 then
                ledger.upcast(
                    'OrderPlaced',
                    (array_agg(e.schema_version order by e.occurred_at, e.event_id) filter (where e.type = 'OrderPlaced'))[1],
                    (array_agg(e.payload order by e.occurred_at, e.event_id) filter (where e.type = 'OrderPlaced'))[1])
            end as placing,
            min(e.occurred_at) filter (where e.type = 'OrderPlaced') as placed_at,
            min(e.occurred_at) filter (where e.type = 'OrderPrepared') as prepared_at,
            min(e.occurred_at) filter (where e.type = 'OrderDispatched') as dispatched_at,
            min(e.occurred_at) filter (where e.type = 'OrderDelivered') as delivered_at,
            min(e.occurred_at) filter (where e.type = 'OrderCancelled') as cancelled_at,
            coalesce(
                min(e.occurred_at) filter (where e.type in ('OrderDispatched', 'OrderDelivered'))
                    < min(e.occurred_at) filter (where e.type = 'OrderCancelled'),
                false) as is_refused,
            max(e.version) as version,
            count(*) filter (where e.type = 'OrderPlaced') as placings,
            min(e.position) filter (where e.type = 'OrderPlaced') as placed_position
        from ledger.event e
        where e.position <= (select b.high from ledger.block b where b.height = orders_as_of.height)
            and not exists (select from ledger.late l where l.position = e.position and l.height > orders_as_of.height)
            and not exists (select from ledger.pending p where p.position = e.position)
            and e.stream_id not in (
                select f.order_id
                from projection.failure f
                join projection.checkpoint c on c.projection = f.projection and c.slot = f.slot and c.live
                where f.projection = 'orders_v2' and f.since_height <= orders_as_of.height
                    and (f.until_height is null or f.until_height > orders_as_of.height))
        group by e.stream_id) o
    where o.placings > 0;
end;

comment on function projection.orders_as_of is
    'The rows that projection.orders_v2 had when the block was the newest. See projection.height_at for the block of a time.';

grant execute on function projection.orders_as_of to ledger_projector, ledger_reader, ledger_auditor;

-- The sums read the list's query, so an order whose cancellation was refused is a sold one there too. Their queries say of every ledger
-- without the new types of events what they said before, which is every ledger up to this migration: they need no new version.
comment on column projection.daily_sales_v1.cancelled is
    'Those of them that were cancelled, on whatever day. A refused cancellation is none.';
comment on column projection.customer_orders_v1.open is
    'Those of them that were not cancelled, delivered ones and those with a refused cancellation among them.';
comment on column projection.customer_orders_v1.cancelled is
    'Those of them that were cancelled, whenever that was. A refused cancellation is none.';
comment on column projection.item_sales_v1.cancelled is
    'Those of them that were cancelled, on whatever day. A refused cancellation is none.';

reset role;
