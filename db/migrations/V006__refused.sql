-- Why: a message that can never be recorded (a conflict, or content that no handler accepts) must not be lost and must not block a
-- queue that forgets after 14 days. It is kept here, as it came, with the reason.
-- Locks: none, the table is new.

set local role ledger_owner;

create table ledger.refused (
    message_digest bytea       not null,
    event_id       uuid,
    stream_id      uuid,
    reason         text        not null,
    detail         text        not null,
    path           text        not null,
    message        bytea       not null,
    refused_at     timestamptz not null,
    constraint refused_pk primary key (message_digest),
    constraint refused_message_digest_sha256 check (length(message_digest) = 32),
    constraint refused_reason_known check (reason in ('CONFLICT', 'INVALID'))
);

create index refused_event_id_index on ledger.refused (event_id);

comment on table ledger.refused is
    'Messages that can never be recorded. The same message is kept once, however often it is delivered.';
comment on column ledger.refused.message is 'The message as it came, byte for byte; it may hold personal data.';
comment on column ledger.refused.detail is 'What was wrong with which field, without its value.';
comment on column ledger.refused.path is 'How the message came in.';

-- Returns whether the message is new here. Knowing it already is no error: messages are delivered more than once.
create function ledger.refuse(
    event_id  uuid,
    stream_id uuid,
    reason    text,
    detail    text,
    path      text,
    message   bytea
) returns boolean
    language sql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as
$$
with added as (
    insert into ledger.refused (message_digest, event_id, stream_id, reason, detail, path, message, refused_at)
    values (
        sha256(refuse.message), refuse.event_id, refuse.stream_id, refuse.reason, refuse.detail, refuse.path, refuse.message,
        clock_timestamp())
    on conflict do nothing
    returning true)
select exists (select from added)
$$;

grant execute on function ledger.refuse to ledger_writer;
grant select on ledger.refused to ledger_auditor;

reset role;
