-- Why: the first projection. Its table is a copy of what one query over the ledger says, and the checkpoint says up to which block.
-- Locks: none, all tables are new.

set local role ledger_owner;

create table projection.checkpoint (
    projection text   not null,
    height     bigint not null default 0,
    constraint checkpoint_pk primary key (projection),
    constraint checkpoint_height_not_negative check (height >= 0)
);

comment on table projection.checkpoint is
    'For each projection the newest block that its rows take into account. Its lock makes the one worker of a projection.';

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
    constraint orders_v1_a_pk primary key (order_id),
    constraint orders_v1_a_status_known check (status in ('PLACED', 'CANCELLED')),
    constraint orders_v1_a_cancelled_with_time check ((status = 'CANCELLED') = (cancelled_at is not null))
);

create index orders_v1_a_newest on projection.orders_v1_a (placed_at desc, order_id desc);
create index orders_v1_a_by_customer on projection.orders_v1_a (customer_id, placed_at desc, order_id desc);
create index orders_v1_a_by_status on projection.orders_v1_a (status, placed_at desc, order_id desc);

create view projection.orders_v1 as
select order_id, status, customer_id, currency, total, items, placed_at, cancelled_at, version
from projection.orders_v1_a;

comment on view projection.orders_v1 is 'Orders that were placed, as of the checkpoint of the projection orders_v1.';
comment on column projection.orders_v1.total is 'Sum of quantity times unit price, in minor units of the currency.';
comment on column projection.orders_v1.version is 'Version of the newest event of the order that is taken into account.';

insert into projection.checkpoint (projection) values ('orders_v1');

grant select, update (height) on projection.checkpoint to ledger_projector;
grant select, insert, update, delete on projection.orders_v1_a to ledger_projector;
grant select on projection.orders_v1, projection.checkpoint to ledger_reader;
grant select on all tables in schema projection to ledger_auditor;

reset role;
