-- Why: projections. The table of a projection is a copy of what one query over the ledger says, and a checkpoint says up to which
-- block. Each projection has two tables of the same shape, its slots: readers see one of them through the projection's view, and the
-- other is there to be rebuilt. This file has what catching up needs, and the first projection; rebuilding is in V013.
-- Locks: none, all tables are new.

set local role ledger_owner;

create table projection.checkpoint (
    projection text    not null,
    slot       text    not null,
    height     bigint  not null default 0,
    live       boolean not null default false,
    constraint checkpoint_pk primary key (projection, slot),
    constraint checkpoint_projection_plain check (projection ~ '^[a-z][a-z0-9_]*_v[1-9][0-9]*$'),
    constraint checkpoint_slot_known check (slot in ('a', 'b')),
    constraint checkpoint_height_not_negative check (height >= 0)
);

create unique index checkpoint_one_live on projection.checkpoint (projection) where live;

comment on table projection.checkpoint is
    'For each table of each projection the newest block that its rows take into account. Its lock makes the one worker of the table.';
comment on column projection.checkpoint.live is
    'Whether the projection''s view shows this table. None is while a new projection waits for its first rebuild.';

create table projection.failure (
    projection   text        not null,
    slot         text        not null,
    order_id     uuid        not null,
    since_height bigint      not null,
    until_height bigint,
    position     bigint      not null,
    reason       text        not null,
    recorded_at  timestamptz not null default now(),
    constraint failure_pk primary key (projection, slot, order_id, since_height),
    constraint failure_until_after_since check (until_height > since_height),
    constraint failure_checkpoint_fk foreign key (projection, slot) references projection.checkpoint (projection, slot)
);

create unique index failure_one_open on projection.failure (projection, slot, order_id) where until_height is null;

comment on table projection.failure is
    'Orders whose events the projection''s query cannot read. They are in no row of that table until they can be read.';
comment on column projection.failure.since_height is 'The first block with which the order cannot be read.';
comment on column projection.failure.until_height is
    'The block with which an event had come that made it readable again; null while it cannot be read. As of blocks before, it stays left out.';
comment on column projection.failure.position is 'The order''s newest event in that block.';
comment on column projection.failure.reason is 'Code of the failure, without any value.';

-- Two workers, a restored session or a mistake: nothing sets a live view back.
create function projection.refuse_going_back() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as
$$
begin
    if old.live and new.live and new.height < old.height then
        raise exception using
            errcode = 'OL006',
            message = format('The checkpoint of %s does not go back from %s to %s', old.projection, old.height, new.height),
            hint = 'Rebuild the projection to make it anew.';
    end if;
    return new;
end
$$;

create trigger checkpoint_never_goes_back before update on projection.checkpoint
    for each row execute function projection.refuse_going_back();

-- Called by the migration that has made the table <projection>_a, with its indexes named <projection>_a_..., and the view <projection> on
-- it. Makes the second slot like the first, grants what the roles need, and begins the checkpoints.
create function projection.register(projection text) returns void
    language plpgsql
    set search_path = pg_catalog, pg_temp
as
$$
declare
    first       regclass := format('projection.%I', register.projection || '_a');
    second_name text := register.projection || '_b';
    primary_key text;
    index_name  name;
    definition  text;
begin
    execute format('create table projection.%I (like %s including all excluding indexes)', second_name, first);
    for index_name, definition, primary_key in
        select i.relname, pg_get_indexdef(x.indexrelid), pg_get_constraintdef(c.oid)
        from pg_index x
        join pg_class i on i.oid = x.indexrelid
        left join pg_constraint c on c.conindid = x.indexrelid and c.contype = 'p'
        where x.indrelid = first
        order by i.relname
    loop
        if not starts_with(index_name, register.projection || '_a_') then
            raise exception using
                errcode = '42602',
                message = format('index %s of %s has to be named %s_...', index_name, first, register.projection || '_a');
        end if;
        if primary_key is not null then
            execute format(
                'alter table projection.%I add constraint %I %s',
                second_name, replace(index_name, register.projection || '_a_', second_name || '_'), primary_key);
        else
            execute replace(definition, register.projection || '_a', second_name);
        end if;
    end loop;

    execute format(
        'grant select, insert, update, delete on %s, projection.%I to ledger_projector', first, second_name);
    execute format('grant select on projection.%I to ledger_reader, ledger_projector', register.projection);
    execute format(
        'grant select on projection.%I, %s, projection.%I to ledger_auditor', register.projection, first, second_name);

    -- With blocks there already, the view is worth nothing until the projection was rebuilt for the first time.
    insert into projection.checkpoint (projection, slot, live)
    values
        (register.projection, 'a', not exists (select from ledger.block)),
        (register.projection, 'b', false);
end
$$;

create table projection.orders_v1_a (
    order_id     uuid        not null,
    status       text        not null,
    customer_id  text        not null,
    currency     text        not null,
    total        bigint      not null,
    items        jsonb       not null,
    placed_at    timestamptz not null,
    cancelled_at timestamptz,
    version      integer     not null,
    placings     integer     not null,
    constraint orders_v1_a_pk primary key (order_id),
    constraint orders_v1_status_known check (status in ('PLACED', 'CANCELLED')),
    constraint orders_v1_cancelled_with_time check ((status = 'CANCELLED') = (cancelled_at is not null)),
    constraint orders_v1_placed check (placings > 0)
);

create index orders_v1_a_newest on projection.orders_v1_a (placed_at desc, order_id desc);
create index orders_v1_a_by_customer on projection.orders_v1_a (customer_id, placed_at desc, order_id desc);
create index orders_v1_a_by_status on projection.orders_v1_a (status, placed_at desc, order_id desc);
create index orders_v1_a_placed_again on projection.orders_v1_a (placed_at desc, order_id desc) where placings > 1;

create view projection.orders_v1 as
select order_id, status, customer_id, currency, total, items, placed_at, cancelled_at, version, placings
from projection.orders_v1_a;

comment on view projection.orders_v1 is 'Orders that were placed, as of the live checkpoint of the projection orders_v1.';
comment on column projection.orders_v1.total is 'Sum of quantity times unit price, in minor units of the currency.';
comment on column projection.orders_v1.version is 'Version of the newest event of the order that is taken into account.';
comment on column projection.orders_v1.placings is
    'How often the order was placed. The row shows the placing that was requested first; as of an earlier block it may be another.';

select projection.register('orders_v1');

grant select, update (height) on projection.checkpoint to ledger_projector;
grant select, insert, delete, update (until_height) on projection.failure to ledger_projector;
grant select on projection.checkpoint, projection.failure to ledger_reader, ledger_auditor;

reset role;
