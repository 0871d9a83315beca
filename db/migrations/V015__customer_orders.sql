-- Why: what each customer has ordered, added up: so that nobody has to walk through the list of orders.
-- Locks: none, all tables are new.

set local role ledger_owner;

create table projection.customer_orders_v1_a (
    customer_id     text        not null,
    currency        text        not null,
    orders          bigint      not null,
    open            bigint      not null,
    cancelled       bigint      not null,
    spent           bigint      not null,
    first_placed_at timestamptz not null,
    last_placed_at  timestamptz not null,
    constraint customer_orders_v1_a_pk primary key (customer_id, currency)
);

create view projection.customer_orders_v1 as
select customer_id, currency, orders, open, cancelled, spent, first_placed_at, last_placed_at
from projection.customer_orders_v1_a;

comment on view projection.customer_orders_v1 is
    'Orders by customer and currency, because amounts in different currencies cannot be added; who placed none has no row.';
comment on column projection.customer_orders_v1.orders is 'Orders that were placed, cancelled or not: open and cancelled together.';
comment on column projection.customer_orders_v1.open is 'Those of them that were not cancelled.';
comment on column projection.customer_orders_v1.cancelled is 'Those of them that were cancelled, whenever that was.';
comment on column projection.customer_orders_v1.spent is 'Total of those that were not cancelled, in minor units of the currency.';
comment on column projection.customer_orders_v1.first_placed_at is 'When the first of the orders was placed, cancelled or not.';
comment on column projection.customer_orders_v1.last_placed_at is
    'When the last of the orders was placed, cancelled or not. An order that was placed repeatedly counts as it was placed first.';

select projection.register('customer_orders_v1');

reset role;
