drop schema if exists hand_written cascade;
create schema hand_written;
create table hand_written.orders (like projection.orders_v2_a including constraints);
checkpoint;
