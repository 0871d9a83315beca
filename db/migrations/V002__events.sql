-- Why: the ledger itself. One immutable row for each event; the blocks that events are sealed into; what is still to be sealed.
-- Locks: none, all tables are new.

set local role ledger_owner;

create table ledger.event (
    position        bigint      generated always as identity (cache 1),
    event_id        uuid        not null,
    stream_id       uuid        not null,
    version         integer     not null,
    type            text        not null,
    schema_version  smallint    not null,
    payload         jsonb       not null,
    personal_digest bytea,
    metadata        jsonb       not null,
    occurred_at     timestamptz not null,
    recorded_at     timestamptz not null,
    digest          bytea       not null,
    constraint event_pk primary key (position),
    constraint event_event_id_key unique (event_id),
    constraint event_stream_version_key unique (stream_id, version),
    constraint event_version_positive check (version > 0),
    constraint event_schema_version_positive check (schema_version > 0),
    constraint event_type_named check (type <> ''),
    constraint event_payload_object check (jsonb_typeof(payload) = 'object'),
    constraint event_metadata_object check (jsonb_typeof(metadata) = 'object'),
    constraint event_personal_digest_sha256 check (length(personal_digest) = 32),
    constraint event_digest_sha256 check (length(digest) = 32),
    constraint event_occurred_before_recorded check (occurred_at <= recorded_at)
);

comment on table ledger.event is
    'What happened to orders, one row an event. Rows are added by ledger.append and never change.';
comment on column ledger.event.position is
    'Order of allocation: gaps are normal, and a lower position can be committed after a higher one. Read by blocks instead.';
comment on column ledger.event.stream_id is 'The order.';
comment on column ledger.event.version is 'Counts the events of one order, from 1, without gaps.';
comment on column ledger.event.personal_digest is
    'SHA-256 of salt and data of the personal data that came with the event; null when none came.';
comment on column ledger.event.occurred_at is 'When the request was received; never later than recorded_at.';
comment on column ledger.event.digest is 'See ledger.event_digest; covers the digest of the order''s previous event.';

-- Personal data lives apart from the events, so that it can be erased while the events stay as they are. Keyed by position: whoever reads
-- events in their order reads these rows beside them, in theirs.
create table ledger.personal_data (
    position bigint not null,
    salt     bytea  not null,
    data     jsonb  not null,
    constraint personal_data_pk primary key (position),
    constraint personal_data_object check (jsonb_typeof(data) = 'object'),
    constraint personal_data_salt_length check (length(salt) = 32)
);

comment on table ledger.personal_data is
    'Names, addresses, notes and who asked. The salt keeps the digest in ledger.event from being guessed once the data is gone.';

-- Rows come and go all the time. Giving the empty end of the file back would stop the appends for a moment, so vacuum leaves it.
create table ledger.pending (
    position bigint not null,
    constraint pending_pk primary key (position)
) with (vacuum_truncate = false);

comment on table ledger.pending is 'Positions of committed events that are in no block yet. Written by append, emptied by seal.';

create table ledger.block (
    height      bigint      not null,
    high        bigint      not null,
    event_count integer     not null,
    sealed_at   timestamptz not null,
    tree_size   bigint      not null,
    root        bytea       not null,
    frontier    bytea       not null,
    constraint block_pk primary key (height),
    constraint block_tree_size_key unique (tree_size),
    constraint block_height_positive check (height > 0),
    constraint block_event_count_positive check (event_count > 0),
    constraint block_tree_size_has_room check (tree_size > event_count),
    constraint block_root_sha256 check (length(root) = 32),
    constraint block_frontier_of_digests check (length(frontier) > 0 and length(frontier) % 32 = 0)
);

create index block_high_index on ledger.block (high, height);

comment on table ledger.block is
    'Events that were sealed together. An event is visible at height H when its position is at most high(H), '
    'it is not in ledger.late with a height above H, and it is not in ledger.pending.';
comment on column ledger.block.high is 'The highest position in this block or any earlier one.';
comment on column ledger.block.tree_size is 'Leaves of the tree after this block: all events so far, and one leaf for each block.';
comment on column ledger.block.root is 'Root of the tree of that size: it commits to every event and block so far.';
comment on column ledger.block.frontier is
    'Roots of the complete subtrees that the tree of that size is made of, the smallest (rightmost) first. The next block goes on from here.';

create table ledger.late (
    position bigint not null,
    height   bigint not null,
    constraint late_pk primary key (position),
    constraint late_block_fk foreign key (height) references ledger.block (height)
);

create index late_height_index on ledger.late (height);

comment on table ledger.late is
    'Events that were sealed in a later block than their position suggests, because they were committed late.';

create table ledger.sealer (
    single           boolean not null default true,
    pending_floor    bigint  not null default 0,
    horizon_position bigint  not null default 0,
    horizon_xid      xid8    not null default '0',
    constraint sealer_pk primary key (single),
    constraint sealer_single check (single)
);

comment on table ledger.sealer is 'One row; whoever holds its lock is the sealer.';
comment on column ledger.sealer.pending_floor is
    'No event at or below this position can be waiting for a seal any more, so nobody looks there: under an old snapshot the rows that '
    'seal has deleted pile up below it.';
comment on column ledger.sealer.horizon_position is
    'Everything up to here was drawn by transactions below horizon_xid; the next floor, once all of those have ended.';

insert into ledger.sealer default values;

grant select on ledger.event, ledger.pending, ledger.block, ledger.late to ledger_projector;
grant select on ledger.event, ledger.personal_data, ledger.pending, ledger.block, ledger.late to ledger_reader;
grant select on all tables in schema ledger to ledger_auditor;

reset role;
