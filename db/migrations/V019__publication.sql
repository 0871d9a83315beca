-- Why: what the ledger recorded is announced on the event bus: every event, at least once, the events of an order in their order. A
-- publisher reads blocks, as projections do, and this table says how far it is.
-- Locks: none, all is new.

set local role ledger_owner;

create table ledger.publication (
    publication text        not null,
    height      bigint      not null,
    announced   integer     not null default 0,
    holder      uuid,
    held_until  timestamptz,
    constraint publication_pk primary key (publication),
    constraint publication_plain check (publication ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint publication_height_not_negative check (height >= 0),
    constraint publication_announced_not_negative check (announced >= 0),
    constraint publication_held_by_somebody check ((holder is null) = (held_until is null))
);

comment on table ledger.publication is
    'How far what was recorded has been announced: all events up to block height, and of the next block as many as announced, the lowest '
    'positions first.';
comment on column ledger.publication.holder is
    'The run that may announce until held_until. It saves others the work; the order does not rest on it, see ledger.advance_publication.';

-- Claims a publication for a run, and says from where it goes on. A new publication begins before the first block, or after the newest.
-- Returns nulls while another run holds it.
--
-- Raises
--   22023  the time is not between 1 and 900 seconds
create function ledger.claim_publication(
    publication    text,
    holder         uuid,
    seconds        integer,
    from_beginning boolean,
    out height     bigint,
    out announced  integer
)
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
begin
    if claim_publication.seconds is null or claim_publication.seconds not between 1 and 900 then
        raise exception using errcode = '22023', message = 'a publication is held for 1 to 900 seconds';
    end if;
    insert into ledger.publication (publication, height)
    select
        claim_publication.publication,
        case
            when claim_publication.from_beginning then 0
            else coalesce((select b.height from ledger.block b order by b.height desc limit 1), 0)
        end
    where not exists (select from ledger.publication p where p.publication = claim_publication.publication)
    on conflict do nothing;
    update ledger.publication p
    set holder = claim_publication.holder,
        held_until = clock_timestamp() + make_interval(secs => claim_publication.seconds)
    where p.publication = claim_publication.publication
        and (p.held_until is null or p.held_until <= clock_timestamp() or p.holder = claim_publication.holder)
    returning p.height, p.announced into claim_publication.height, claim_publication.announced;
end
$$;

-- Notes that everything up to a place is announced, and holds the publication on. Returns false, and notes nothing, when another run has
-- claimed it meanwhile.
--
-- A run sends nothing before it was told true for what it sent before. So whoever sends an event has been told, or has read here, that the
-- events before it are on the bus: however many runs are at it, and however late a call of one of them arrives, an event that comes to the
-- bus for the first time comes after the events before it.
--
-- Raises
--   22023  the place is behind the one that is noted, or the time is not between 1 and 900 seconds
create function ledger.advance_publication(
    publication text,
    holder      uuid,
    seconds     integer,
    height      bigint,
    announced   integer
) returns boolean
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    noted ledger.publication%rowtype;
begin
    if advance_publication.seconds is null or advance_publication.seconds not between 1 and 900 then
        raise exception using errcode = '22023', message = 'a publication is held for 1 to 900 seconds';
    end if;
    select * into noted from ledger.publication p where p.publication = advance_publication.publication for update;
    if noted.holder is distinct from advance_publication.holder then
        return false;
    end if;
    if (advance_publication.height, advance_publication.announced) < (noted.height, noted.announced) then
        raise exception using
            errcode = '22023',
            message = format(
                'publication %s does not go back from (%s, %s) to (%s, %s)',
                noted.publication, noted.height, noted.announced, advance_publication.height, advance_publication.announced);
    end if;
    update ledger.publication p
    set height = advance_publication.height,
        announced = advance_publication.announced,
        held_until = clock_timestamp() + make_interval(secs => advance_publication.seconds)
    where p.publication = noted.publication;
    return true;
end
$$;

-- Lets the next run claim it at once.
create function ledger.release_publication(publication text, holder uuid) returns void
    language sql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
begin atomic
    update ledger.publication p
    set holder = null, held_until = null
    where p.publication = release_publication.publication and p.holder = release_publication.holder;
end;

create view ledger.publication_lag as
select
    p.publication,
    p.height,
    p.announced,
    newest.height as newest_height,
    (newest.tree_size - newest.height) - (coalesce(own.tree_size, 0) - p.height) - p.announced as events_behind,
    coalesce(greatest(extract(epoch from clock_timestamp() - next.sealed_at), 0), 0)::double precision as seconds_behind
from ledger.publication p
cross join (
    select coalesce(max(b.height), 0) as height, coalesce(max(b.tree_size), 0) as tree_size
    from (select height, tree_size from ledger.block order by height desc limit 1) b) newest
left join ledger.block own on own.height = p.height
left join ledger.block next on next.height = p.height + 1;

comment on view ledger.publication_lag is 'How far each publication is behind the newest block. One that never ran is not here.';
comment on column ledger.publication_lag.seconds_behind is 'How long the oldest block that is not wholly announced has been there.';

-- Neither personal data nor how a request came: what is not readable cannot be announced.
grant select (position, event_id, stream_id, version, type, schema_version, payload, occurred_at, recorded_at) on ledger.event
    to ledger_publisher;
grant select (height, high, event_count) on ledger.block to ledger_publisher;
grant select on ledger.late, ledger.pending to ledger_publisher;
grant execute on function ledger.claim_publication, ledger.advance_publication, ledger.release_publication to ledger_publisher;
grant select on ledger.publication_lag to ledger_publisher, ledger_projector, ledger_reader, ledger_auditor;
grant select on ledger.publication to ledger_auditor;

reset role;
