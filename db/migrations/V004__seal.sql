-- Why: positions are drawn before transactions commit, so a reader who walks positions misses what commits late. Readers walk
-- blocks instead, and seal makes them.
-- Locks: none.

set local role ledger_owner;

-- Puts up to max_events pending events into a new block, lowest positions first.
--
-- Returns outcome SEALED with the new block, EMPTY when nothing is pending, BUSY when another session is sealing.
-- Whoever was told BUSY has committed before, so the session that is sealing, or one after it, finds what was appended, provided
-- that it looks at ledger.pending once more after its seal is committed.
--
-- Each event gets into exactly one block, and an order's versions get into blocks in their order, because
--   the pending rows are read by a statement that begins after the lock was taken (hence READ COMMITTED),
--   the lowest positions are taken first, and
--   append reads the order's last version before it draws a position.
create function ledger.seal(
    max_events integer,
    out outcome text,
    out height bigint,
    out event_count integer
)
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    sealer            ledger.sealer%rowtype;
    previous          ledger.block%rowtype;
    positions         bigint[];
    last_recorded_at  timestamptz;
    drawn             bigint;
    running           pg_snapshot;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception using
            errcode = '25001',
            message = 'seal needs a READ COMMITTED transaction',
            hint = 'A snapshot that is older than the sealer''s lock misses what was appended before it.';
    end if;

    select * into sealer from ledger.sealer for update skip locked;
    if not found then
        seal.outcome := 'BUSY';
        return;
    end if;

    -- The floor. Every position up to horizon_position was drawn by a transaction below horizon_xid. When all of those have
    -- ended, what they appended can be seen now, and nothing new can come in there. Only the lowest pending row still can hold
    -- the floor down. A horizon from another cluster (after a dump and restore) may lie in the future: it is drawn anew.
    select s.last_value into drawn from ledger.event_position_seq s;
    running := pg_current_snapshot();
    if pg_snapshot_xmin(running) >= sealer.horizon_xid then
        sealer.pending_floor := greatest(
            sealer.pending_floor,
            least(
                sealer.horizon_position,
                (select min(p.position) - 1 from ledger.pending p where p.position > sealer.pending_floor)));
        sealer.horizon_position := drawn;
        sealer.horizon_xid := pg_snapshot_xmax(running);
    elsif sealer.horizon_xid > pg_snapshot_xmax(running) then
        sealer.horizon_position := drawn;
        sealer.horizon_xid := pg_snapshot_xmax(running);
    end if;

    with lowest as (
        select p.position from ledger.pending p
        where p.position > sealer.pending_floor
        order by p.position
        limit seal.max_events
    ), taken as (
        delete from ledger.pending p using lowest where p.position = lowest.position
        returning p.position
    )
    select array_agg(t.position order by t.position), max(e.recorded_at)
    into positions, last_recorded_at
    from taken t join ledger.event e on e.position = t.position;

    if positions is null then
        update ledger.sealer s
        set pending_floor = sealer.pending_floor,
            horizon_position = sealer.horizon_position,
            horizon_xid = sealer.horizon_xid;
        seal.outcome := 'EMPTY';
        return;
    end if;

    select * into previous from ledger.block b order by b.height desc limit 1;
    seal.outcome := 'SEALED';
    seal.height := coalesce(previous.height, 0) + 1;
    seal.event_count := cardinality(positions);

    -- Times of blocks never run backwards, nor before the events inside, whatever the machine's clock does.
    insert into ledger.block (height, high, event_count, sealed_at)
    values (
        seal.height,
        greatest(previous.high, positions[cardinality(positions)]),
        seal.event_count,
        greatest(previous.sealed_at, last_recorded_at, clock_timestamp()));

    insert into ledger.late (position, height)
    select p, seal.height from unnest(positions) p where p < previous.high;

    update ledger.sealer s
    set pending_floor = sealer.pending_floor,
        horizon_position = sealer.horizon_position,
        horizon_xid = sealer.horizon_xid;
end
$$;

grant execute on function ledger.seal to ledger_sealer;

reset role;
