-- Why: what was delivered and did not become an event. A message that can never be recorded (a conflict, or content that no handler
-- accepts) must not be lost and must not block a queue that forgets after 14 days: it is kept here, as it came, with the reason. And an
-- auditor who asks how often an event was delivered, and by which path, finds each further delivery.
-- Locks: none, the tables are new.

set local role ledger_owner;

create table ledger.refused (
    message_digest bytea       not null,
    event_id       uuid,
    stream_id      uuid,
    reason         text        not null,
    detail         text        not null,
    path           text        not null,
    message        bytea,
    requested_at   timestamptz,
    refused_at     timestamptz not null,
    erased_at      timestamptz,
    constraint refused_pk primary key (message_digest),
    constraint refused_message_digest_sha256 check (length(message_digest) = 32),
    constraint refused_reason_known check (reason in ('CONFLICT', 'INVALID', 'FAILED')),
    constraint refused_message_or_erased check ((message is null) = (erased_at is not null))
);

create index refused_event_id_index on ledger.refused (event_id);
create index refused_stream_id_index on ledger.refused (stream_id);

comment on table ledger.refused is
    'Messages that can never be recorded, or failed too often. The same message is kept once, however often it is delivered.';
comment on column ledger.refused.requested_at is 'When the API received the request, as far as the message says so.';
comment on column ledger.refused.message is 'The message as it came, byte for byte; it may hold personal data. Null once that is erased.';
comment on column ledger.refused.detail is
    'What was wrong with which field, without its value. Empty once the message is erased: it may name fields that the sender made up.';
comment on column ledger.refused.erased_at is 'Since when the message is no longer kept; null while it is.';
comment on column ledger.refused.path is 'How the message came in.';

-- Returns whether the message is new here. Knowing it already is no error: messages are delivered more than once.
--
-- Of a message that may be of an erased customer, from before the erasure, all but the message is kept (see ledger.is_erased in V009).
--
-- Raises
--   25000  the transaction is not READ COMMITTED: its snapshot may not show an erasure
create function ledger.refuse(
    event_id  uuid,
    stream_id uuid,
    reason    text,
    detail    text,
    path      text,
    message   bytea
) returns boolean
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    is_erased boolean := false;
begin
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception using errcode = '25000', message = 'keeping a refused message needs a READ COMMITTED transaction';
    end if;
    -- The same lock as append's, for the same reason; and while tombstones exist, a message and the placing of its order wait for one
    -- another, so that the later one knows of the earlier.
    lock table ledger.tombstone in row share mode;
    if exists (select from ledger.tombstone) then
        perform pg_advisory_xact_lock(hashtextextended(refuse.stream_id::text, 0));
        is_erased := ledger.is_erased(refuse.message, refuse.stream_id);
    end if;
    insert into ledger.refused (
        message_digest, event_id, stream_id, reason, detail, path, message, requested_at, refused_at, erased_at)
    values (
        sha256(refuse.message), refuse.event_id, refuse.stream_id, refuse.reason,
        case when is_erased then '' else refuse.detail end, refuse.path,
        case when is_erased then null else refuse.message end, ledger.requested_at(refuse.message), clock_timestamp(),
        case when is_erased then clock_timestamp() end)
    on conflict do nothing;
    return found;
end
$$;

-- Written by append. No foreign key: its check would write a lock into the event's row.
create table ledger.duplicate (
    delivery     bigint      generated always as identity,
    position     bigint      not null,
    metadata     jsonb       not null,
    delivered_at timestamptz not null,
    constraint duplicate_pk primary key (delivery),
    constraint duplicate_metadata_object check (jsonb_typeof(metadata) = 'object')
);

create index duplicate_position_index on ledger.duplicate (position);

comment on table ledger.duplicate is 'Events that were delivered again with the same content, one row a delivery. No part of the tree.';
comment on column ledger.duplicate.position is 'The event as it was recorded when it came first.';
comment on column ledger.duplicate.metadata is 'How it came this time: path, request ID, trace ID.';

create trigger duplicate_is_kept before update or delete or truncate on ledger.duplicate
    for each statement execute function ledger.refuse_change();
alter table ledger.duplicate enable always trigger duplicate_is_kept;

grant execute on function ledger.refuse to ledger_writer;
grant select on ledger.refused, ledger.duplicate to ledger_auditor;
-- What became of a request is told to whoever may read orders; what it said, and which names its sender made up, is not.
grant select (event_id, reason, refused_at) on ledger.refused to ledger_reader;

reset role;
