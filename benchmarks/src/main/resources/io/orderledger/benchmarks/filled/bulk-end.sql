-- Brings the constraints back, on indexes that are there by now, and sets what appending and sealing go on from.
do $$
declare
    index record;
begin
    for index in select * from bulk.index where constraint_name is not null loop
        execute format(
            'alter table ledger.event add constraint %I %s using index %I',
            index.constraint_name, case index.constraint_type when 'p' then 'primary key' else 'unique' end, index.name);
    end loop;
end
$$;

call bulk.add_blocks();
select setval(pg_get_serial_sequence('ledger.event', 'position'), (select max(position) from ledger.event));
update ledger.sealer set pending_floor = (select max(position) from ledger.event);
drop schema bulk cascade;
