-- Why: a row of the ledger never changes and never goes away. The triggers refuse it to everybody, the owner included, and in
-- replication roles too; what somebody does who first removes them is found by comparing digests.
-- Locks: SHARE ROW EXCLUSIVE on event, block, late and personal_data while the triggers are made.

set local role ledger_owner;

create function ledger.refuse_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as
$$
begin
    raise exception using
        errcode = 'OL003',
        message = format('%s on %s.%s refused: the ledger is append-only', tg_op, tg_table_schema, tg_table_name),
        hint = 'Correct a mistake by appending an event.';
end
$$;

create trigger event_is_immutable before update or delete or truncate on ledger.event
    for each statement execute function ledger.refuse_change();
create trigger block_is_immutable before update or delete or truncate on ledger.block
    for each statement execute function ledger.refuse_change();
create trigger late_is_immutable before update or delete or truncate on ledger.late
    for each statement execute function ledger.refuse_change();

-- Personal data can be erased, but neither altered nor thrown away as a whole.
create trigger personal_data_is_immutable before update or truncate on ledger.personal_data
    for each statement execute function ledger.refuse_change();

alter table ledger.event enable always trigger event_is_immutable;
alter table ledger.block enable always trigger block_is_immutable;
alter table ledger.late enable always trigger late_is_immutable;
alter table ledger.personal_data enable always trigger personal_data_is_immutable;

reset role;
