drop schema if exists one_at_a_time cascade;
create schema one_at_a_time;
create table one_at_a_time.orders (like projection.orders_v2_a including constraints including indexes);
create table one_at_a_time.checkpoint (position bigint not null);
insert into one_at_a_time.checkpoint values (0);
checkpoint;
