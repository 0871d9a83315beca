-- Why: every task gets a role that can do that task and nothing else. Everything is owned by a role that nobody can log in as.
-- Locks: none beyond the catalogue rows of the new roles and schemas.
--
-- Roles belong to the whole cluster, so a second ledger in the same cluster finds them already there.
-- They are made without a password: whoever operates the cluster decides how they prove who they are.

do $$
declare
    role_name text;
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'ledger_owner') then
        create role ledger_owner nologin;
    end if;
    foreach role_name in array array[
        'ledger_writer', 'ledger_sealer', 'ledger_projector', 'ledger_reader', 'ledger_auditor', 'ledger_eraser', 'ledger_recorder',
        'ledger_keeper', 'ledger_publisher', 'ledger_replayer']
    loop
        if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
            execute format('create role %I login', role_name);
        end if;
    end loop;
end
$$;

-- The function that stores a request appends, seals and catches up on its one connection.
grant ledger_writer, ledger_sealer, ledger_projector to ledger_recorder;

-- The functions that replay do the same with messages that were dead-lettered or refused, which they may read (V020).
grant ledger_writer, ledger_sealer, ledger_projector to ledger_replayer;

-- The function that runs by itself seals and catches up, and can append nothing.
grant ledger_sealer, ledger_projector to ledger_keeper;

-- A session that was frozen or forgotten in the middle of a transaction must not keep the sealer's or a projection's lock for ever, and
-- nobody waits for an answer of the functions for longer than this. Whoever logs in as another role sets limits of their own.
alter role ledger_recorder set idle_in_transaction_session_timeout = '10s';
alter role ledger_recorder set statement_timeout = '25s';
alter role ledger_replayer set idle_in_transaction_session_timeout = '10s';
alter role ledger_replayer set statement_timeout = '25s';
alter role ledger_keeper set idle_in_transaction_session_timeout = '10s';
alter role ledger_keeper set statement_timeout = '25s';
alter role ledger_publisher set idle_in_transaction_session_timeout = '10s';
alter role ledger_publisher set statement_timeout = '25s';
alter role ledger_sealer set idle_in_transaction_session_timeout = '10s';
alter role ledger_projector set idle_in_transaction_session_timeout = '10s';
alter role ledger_eraser set idle_in_transaction_session_timeout = '10s';
alter role ledger_reader set idle_in_transaction_session_timeout = '10s';
alter role ledger_reader set statement_timeout = '25s';

-- The migrating user acts as the owner in the migrations that follow.
grant ledger_owner to current_user;

create schema ledger authorization ledger_owner;
create schema projection authorization ledger_owner;

set local role ledger_owner;

alter default privileges for role ledger_owner revoke execute on functions from public;

grant usage on schema ledger
    to ledger_writer, ledger_sealer, ledger_projector, ledger_reader, ledger_auditor, ledger_eraser, ledger_publisher;
grant usage on schema projection
    to ledger_projector, ledger_reader, ledger_auditor;

reset role;
