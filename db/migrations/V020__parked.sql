-- Why: a refused message is not the end of the story. Somebody looks at it, mends code or data and tries it again, or decides that it is
-- not wanted. Who decided what, when and why has to be as lasting as the message, and an erasure must not take it away. And what is
-- replayed by itself has to know, from one run to the next, how carefully to go.
-- Locks: none, the tables are new.

set local role ledger_owner;

create table ledger.parked_action (
    action         bigint      generated always as identity,
    message_digest bytea       not null,
    outcome        text        not null,
    detail         text        not null,
    actor          text        not null,
    reason         text        not null,
    acted_at       timestamptz not null,
    constraint parked_action_pk primary key (action),
    constraint parked_action_of_a_message foreign key (message_digest) references ledger.refused,
    constraint parked_action_outcome_known check (outcome in ('APPENDED', 'DUPLICATE', 'REFUSED', 'FAILED', 'DROPPED')),
    constraint parked_action_actor_given check (actor ~ '[^[:space:]]' and length(actor) <= 200),
    constraint parked_action_reason_given check (reason ~ '[^[:space:]]' and length(reason) <= 1000),
    constraint parked_action_detail_length check (length(detail) <= 2000)
);

create index parked_action_message_digest_index on ledger.parked_action (message_digest, action);

comment on table ledger.parked_action is
    'What people did with refused messages, one row an attempt. Rows are never changed; erasing a customer leaves them.';
comment on column ledger.parked_action.outcome is
    'APPENDED, DUPLICATE: tried again and recorded. REFUSED, FAILED: tried again in vain. DROPPED: not wanted; the message stays here.';
comment on column ledger.parked_action.actor is 'Who says that he did it. On AWS the log of the account knows who it was.';
comment on column ledger.parked_action.reason is 'Why, in the words of whoever did it. It is kept for ever: no customer belongs here.';

create trigger parked_action_is_kept before update or delete or truncate on ledger.parked_action
    for each statement execute function ledger.refuse_change();
alter table ledger.parked_action enable always trigger parked_action_is_kept;

-- Every refused message, without its content, with what became of it. Recorded outweighs dropped: the event is there.
create view ledger.parked as
select
    r.message_digest,
    r.event_id,
    r.stream_id,
    r.reason,
    r.detail,
    r.path,
    r.requested_at,
    r.refused_at,
    r.erased_at,
    case
        when exists (
            select from ledger.parked_action a
            where a.message_digest = r.message_digest and a.outcome in ('APPENDED', 'DUPLICATE')) then 'RECORDED'
        when exists (
            select from ledger.parked_action a
            where a.message_digest = r.message_digest and a.outcome = 'DROPPED') then 'DROPPED'
        else 'WAITING'
    end as state
from ledger.refused r;

comment on view ledger.parked is 'The refused messages, without their content, and whether they still wait for a decision.';

create index refused_refused_at_index on ledger.refused (refused_at, message_digest);

-- Notes what somebody did with a refused message. Returns false, and notes nothing, if it waits no longer: somebody else was faster.
--
-- Raises
--   23503  there is no such message
--   23514  who or why is missing or too long, or the outcome is not known
create function ledger.note_parked_action(
    message_digest bytea,
    outcome        text,
    detail         text,
    actor          text,
    reason         text
) returns boolean
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
begin
    -- One at a time for each message.
    perform from ledger.refused r where r.message_digest = note_parked_action.message_digest for no key update;
    if exists (
        select from ledger.parked p
        where p.message_digest = note_parked_action.message_digest and p.state <> 'WAITING')
    then
        return false;
    end if;
    insert into ledger.parked_action (message_digest, outcome, detail, actor, reason, acted_at)
    values (
        note_parked_action.message_digest, note_parked_action.outcome, note_parked_action.detail, note_parked_action.actor,
        note_parked_action.reason, clock_timestamp());
    return true;
end
$$;

-- How often replaying a message has failed by the message's own fault. SQS counts receives, and every look is one.
create table ledger.replay_failure (
    message_digest bytea       not null,
    times          integer     not null,
    last_failed_at timestamptz not null,
    constraint replay_failure_pk primary key (message_digest),
    constraint replay_failure_message_digest_sha256 check (length(message_digest) = 32)
);

comment on table ledger.replay_failure is 'Messages whose replay has failed while the database was there, without their content.';

-- Returns how often the message has failed now.
create function ledger.note_replay_failure(message_digest bytea) returns integer
    language sql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    insert into ledger.replay_failure as f (message_digest, times, last_failed_at)
    values (note_replay_failure.message_digest, 1, clock_timestamp())
    on conflict (message_digest) do update set times = f.times + 1, last_failed_at = excluded.last_failed_at
    returning times;
end;

create table ledger.self_replay (
    single        boolean     not null default true,
    next_messages integer     not null,
    stopped_at    timestamptz,
    stopped_by    text,
    constraint self_replay_pk primary key (single),
    constraint self_replay_single check (single),
    constraint self_replay_next_messages_range check (next_messages between 1 and 1000000),
    constraint self_replay_stopped_by_given check ((stopped_at is null) = (stopped_by is null))
);

comment on table ledger.self_replay is 'One row: how the function that replays by itself goes on. It is kept where the events go: without a database nothing is replayed.';
comment on column ledger.self_replay.next_messages is 'How many messages the next run takes at most.';
comment on column ledger.self_replay.stopped_at is 'Since when it replays nothing, because it failed; null while it does.';
comment on column ledger.self_replay.stopped_by is 'What failed, by class and code.';

insert into ledger.self_replay (next_messages) values (1);

grant execute on function ledger.note_parked_action, ledger.note_replay_failure to ledger_replayer;
grant select on ledger.refused, ledger.parked, ledger.parked_action, ledger.self_replay to ledger_replayer;
grant update (next_messages, stopped_at, stopped_by) on ledger.self_replay to ledger_replayer;
grant select on ledger.parked, ledger.parked_action, ledger.replay_failure, ledger.self_replay to ledger_auditor;

reset role;
