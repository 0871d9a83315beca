-- Why: what was sold each day, added up: so that nobody has to add up the list of orders.
-- Locks: none, all tables are new.

set local role ledger_owner;

create table projection.daily_sales_v1_a (
    day       date   not null,
    currency  text   not null,
    orders    bigint not null,
    cancelled bigint not null,
    revenue   bigint not null,
    constraint daily_sales_v1_a_pk primary key (day, currency)
);

create view projection.daily_sales_v1 as
select day, currency, orders, cancelled, revenue
from projection.daily_sales_v1_a;

comment on view projection.daily_sales_v1 is
    'Orders by the UTC day on which they were placed, and currency; a day without orders has no row.';
comment on column projection.daily_sales_v1.orders is 'Orders that were placed, cancelled or not.';
comment on column projection.daily_sales_v1.cancelled is 'Those of them that were cancelled, on whatever day.';
comment on column projection.daily_sales_v1.revenue is 'Total of those that were not cancelled, in minor units of the currency.';

select projection.register('daily_sales_v1');

reset role;
