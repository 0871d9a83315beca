-- Prepares a new ledger to be filled in bulk, as the superuser, past the ledger's own way in. What comes of it is a ledger that could have come
-- by that way: real digests, blocks and tree, though without personal data.
--
-- Of every 13 positions, 10 place new orders and 3 cancel orders of the span before. A span has up to 1,920 times 13 positions, and within it the
-- orders are cancelled in a mixed order, so that an order has 1.3 events, the second up to 50,000 positions after the first. The first span has no
-- cancellations, and gaps in their place. In the last hundredth of the positions, orders are placed that were requested in the middle of the
-- history and came late: as of that time none of them is visible, which is the worst arrangement for whoever looks for the first page then.
create schema bulk;

create table bulk.plan as
select groups, groups_per_span, groups * 13 as last_position, groups * 13 / 2000 * 1000 as middle,
    groups * 13 - groups * 13 / 100 as late_above,
    date_trunc('second', now()) - interval '1 hour' - groups * 13 * interval '100 ms' as started_at
from (
    select ceil((n.events + 3.0 * s.groups_per_span) / 13)::bigint as groups, s.groups_per_span
    from (select $events$::bigint as events) n
    cross join lateral (select least(1920, greatest(1, n.events / 52)) as groups_per_span) s) sized;

create function bulk.time_of("position" bigint, plan bulk.plan) returns timestamptz
    language sql stable
    return (plan).started_at + "position" * interval '100 ms';

create function bulk.metadata("position" bigint, type text) returns jsonb
    language sql stable
    return format(
        '{"path": "%s", "requestId": "JJbxmp%sHYosFVYQ="}',
        case type when 'OrderPlaced' then 'POST /orders' else 'PUT /orders/{orderId}/cancellation' end,
        "position")::jsonb;

create function bulk.placing("order" bigint) returns jsonb
    language sql stable
    return format(
        '{"channel": "%s", "currency": "GBP", "customer": {"id": "c-%s"}, "items": ['
        '{"sku": "sku-%s", "name": "Margherita, large", "quantity": %s, "unitPrice": %s}, '
        '{"sku": "sku-%s", "name": "Lemonade 33 cl", "quantity": 1, "unitPrice": 250}, '
        '{"sku": "sku-%s", "name": "Tiramisu", "quantity": 2, "unitPrice": 480}]}',
        case "order" % 3 when 0 then 'WEB' when 1 then 'APP' else 'PHONE' end,
        "order" % 50000, "order" % 300, 1 + "order" % 3, 900 + "order" % 7 * 50, 300 + "order" % 70, 370 + "order" % 30)::jsonb;

-- The events of some positions, in their order.
create function bulk.add(from_position bigint, to_position bigint) returns void
    language sql
as
$$
    insert into ledger.event (
        position, event_id, stream_id, version, type, schema_version, payload, metadata, occurred_at, recorded_at, digest)
    overriding system value
    select e.position, e.event_id, e.stream_id, e.version, e.type, e.schema_version, e.payload, e.metadata, e.occurred_at, e.recorded_at,
        case e.version when 1 then e.placed_digest else ledger.event_digest(
            e.position, e.event_id, e.stream_id, 2, e.type, e.schema_version, e.payload, null, e.metadata, e.occurred_at, e.recorded_at,
            e.placed_digest) end
    from (
        select
            p.position,
            p.version,
            f.stream_id,
            case p.version when 1 then f.event_id else md5('cancellation of ' || p."order")::uuid end as event_id,
            case p.version when 1 then 'OrderPlaced' else 'OrderCancelled' end as type,
            case p.version when 1 then 2::smallint else 1::smallint end as schema_version,
            case p.version when 1 then f.payload else '{}'::jsonb end as payload,
            case p.version when 1 then f.metadata else bulk.metadata(p.position, 'OrderCancelled') end as metadata,
            case p.version when 1 then f.occurred_at else bulk.time_of(p.position, p.plan) end as occurred_at,
            bulk.time_of(p.position, p.plan) + interval '5 ms' as recorded_at,
            ledger.event_digest(
                f.position, f.event_id, f.stream_id, 1, 'OrderPlaced', 2::smallint, f.payload, null, f.metadata, f.occurred_at,
                f.recorded_at, null) as placed_digest
        from (
            select
                s.position,
                s.plan,
                case when s.cancels then 2 else 1 end as version,
                case when s.cancels then c."order" else s.number_group * 10 + s.slot - s.slot / 4 end as "order",
                case when s.cancels then c.placed_at else s.position end as placed_position
            from (
                select position, (position - 1) / 13 as number_group, (position - 1) % 13 as slot,
                    (position - 1) % 13 in (4, 8, 12) as cancels, plan, plan.groups_per_span as span
                from generate_series(from_position, to_position) position
                cross join bulk.plan plan
                offset 0) s
            cross join lateral (
                select (2741 * (s.number_group % s.span * 3 + s.slot / 4 - 1) + 7 * (s.number_group / s.span)) % (3 * s.span) as mixed) m
            cross join lateral (
                select (s.number_group / s.span - 1) * s.span + m.mixed / 3 as of_group, m.mixed % 3 as nth) g
            cross join lateral (
                select g.of_group * 10 + g.nth * 3 as "order",
                    g.of_group * 13 + (array[1, 4, 8])[g.nth + 1] as placed_at) c
            where not s.cancels or s.number_group >= s.span
            offset 0) p
        cross join lateral (
            select
                p.placed_position as position,
                md5('order ' || p."order")::uuid as event_id,
                md5('order ' || p."order")::uuid as stream_id,
                bulk.placing(p."order") as payload,
                bulk.metadata(p.placed_position, 'OrderPlaced') as metadata,
                case
                    when p.placed_position <= (p.plan).late_above then bulk.time_of(p.placed_position, p.plan)
                    else bulk.time_of((p.plan).middle, p.plan) + interval '5 ms'
                        + (p.placed_position - (p.plan).late_above) * interval '40 ms'
                            / ((p.plan).last_position - (p.plan).late_above)
                end as occurred_at,
                bulk.time_of(p.placed_position, p.plan) + interval '5 ms' as recorded_at
            offset 0) f
        offset 0) e
$$;

-- Blocks of a thousand positions, each sealed 50 ms after its newest event was recorded.
create procedure bulk.add_blocks()
    language plpgsql
as
$$
#variable_conflict use_column
declare
    plan     bulk.plan;
    size     bigint := 0;
    frontier bytea  := '';
    block    record;
    sealed   record;
    tree     record;
begin
    select * into plan from bulk.plan;
    for block in
        select height, (height - 1) * 1000 as above, least(height * 1000, plan.last_position) as upto
        from generate_series(1, (plan.last_position + 999) / 1000) height
    loop
        select count(*)::integer as event_count, string_agg(e.digest, '' order by e.position) as leaves,
            max(e.position) as high, max(e.recorded_at) + interval '50 ms' as at
        into sealed
        from ledger.event e
        where e.position > block.above and e.position <= block.upto;
        select * into tree
        from ledger.extend_tree(
            size, frontier,
            sealed.leaves || ledger.block_digest(block.height, sealed.high, sealed.event_count, sealed.at, null));
        size := size + sealed.event_count + 1;
        frontier := tree.frontier;
        insert into ledger.block (height, high, event_count, sealed_at, tree_size, root, frontier)
        values (block.height, sealed.high, sealed.event_count, sealed.at, size, tree.root, tree.frontier);
    end loop;
end
$$;

-- Filled first and indexed afterwards: with indexes on random keys, filling takes many times as long.
create table bulk.index as
select i.relname as name, pg_get_indexdef(x.indexrelid) as definition, c.conname as constraint_name, c.contype as constraint_type
from pg_index x
join pg_class i on i.oid = x.indexrelid
left join pg_constraint c on c.conindid = x.indexrelid and c.contype in ('p', 'u')
where x.indrelid = 'ledger.event'::regclass;

do $$
declare
    index record;
begin
    for index in select * from bulk.index loop
        execute case when index.constraint_name is null
            then format('drop index ledger.%I', index.name)
            else format('alter table ledger.event drop constraint %I', index.constraint_name) end;
    end loop;
end
$$;
