-- Why: what was sold of each item each day, added up: the items are inside the orders, where no index helps to add them up.
-- Locks: none, all tables are new.

set local role ledger_owner;

create table projection.item_sales_v1_a (
    sku       text   not null,
    day       date   not null,
    currency  text   not null,
    orders    bigint not null,
    cancelled bigint not null,
    quantity  bigint not null,
    revenue   bigint not null,
    constraint item_sales_v1_a_pk primary key (sku, day, currency)
);

create index item_sales_v1_a_by_day on projection.item_sales_v1_a (day, sku);

create view projection.item_sales_v1 as
select sku, day, currency, orders, cancelled, quantity, revenue
from projection.item_sales_v1_a;

comment on view projection.item_sales_v1 is
    'Orders by the items in them, the UTC day on which they were placed, and currency; without orders there is no row.';
comment on column projection.item_sales_v1.orders is
    'Orders with the item that were placed, cancelled or not; an order with the item in several lines is one.';
comment on column projection.item_sales_v1.cancelled is 'Those of them that were cancelled, on whatever day.';
comment on column projection.item_sales_v1.quantity is 'How many pieces are in those that were not cancelled.';
comment on column projection.item_sales_v1.revenue is
    'Sum of quantity times unit price of the item in those that were not cancelled, in minor units of the currency.';

select projection.register('item_sales_v1');

reset role;
