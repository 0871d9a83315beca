-- Why: positions are drawn before transactions commit, so a reader who walks positions misses what commits late. Readers walk
-- blocks instead, and seal makes them.
-- Locks: none.

set local role ledger_owner;

-- Puts up to max_events pending events into a new block, lowest positions first.
--
-- Returns outcome SEALED with the new block, EMPTY when nothing is pending, BUSY when another session is sealing.
-- Whoever was told BUSY has committed before, so the session that is sealing, or one after it, finds what was appended, provided
-- that it calls ledger.anything_pending once more after its seal is committed.
--
-- Raises
--   22023  max_events is not positive
--   25000  the transaction is not READ COMMITTED: a snapshot from before the lock would miss what was appended meanwhile
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
    sealer           ledger.sealer%rowtype;
    found_sealer     ledger.sealer%rowtype;
    drawn            bigint;
    horizon_reached  boolean;
    previous         ledger.block%rowtype;
    positions        bigint[];
    leaves           bytea;
    last_recorded_at timestamptz;
    new_high         bigint;
    new_sealed_at    timestamptz;
    late_positions   bigint[];
    tree             record;
begin
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception using
            errcode = '25000',
            message = 'seal needs a READ COMMITTED transaction',
            hint = 'A snapshot that is older than the sealer''s lock misses what was appended before it.';
    end if;
    if seal.max_events is null or seal.max_events < 1 then
        raise exception using errcode = '22023', message = 'max_events must be positive';
    end if;

    -- Read before this transaction has an ID, which is therefore higher than that of any transaction that drew one of these
    -- positions (append gets its ID first). In a transaction that has an ID already nothing of the kind is known.
    if pg_current_xact_id_if_assigned() is null then
        select case when s.is_called then s.last_value else s.last_value - 1 end
        into drawn
        from ledger.event_position_seq s;
    end if;

    select * into sealer from ledger.sealer for update skip locked;
    if not found then
        seal.outcome := 'BUSY';
        return;
    end if;
    found_sealer := sealer;

    -- The floor rises to the horizon once every transaction below it has ended: what those appended is visible from now on, and
    -- nothing new can come in there. Only a row that is still pending holds the floor down.
    horizon_reached := pg_snapshot_xmin(pg_current_snapshot()) >= sealer.horizon_xid;
    if horizon_reached then
        sealer.pending_floor := greatest(
            sealer.pending_floor,
            least(
                sealer.horizon_position,
                (select min(p.position) - 1 from ledger.pending p where p.position > sealer.pending_floor)));
    end if;
    -- An ID of the future comes from another cluster (before a dump and restore) and might never be reached.
    if drawn > sealer.horizon_position and (horizon_reached or sealer.horizon_xid > pg_current_xact_id()) then
        sealer.horizon_position := drawn;
        sealer.horizon_xid := pg_current_xact_id();
    end if;
    if sealer is distinct from found_sealer then
        update ledger.sealer s
        set pending_floor = sealer.pending_floor,
            horizon_position = sealer.horizon_position,
            horizon_xid = sealer.horizon_xid;
    end if;

    -- By ctid: nobody else deletes or updates here, and a join might look at the whole file.
    with taken as (
        delete from ledger.pending p
        where p.ctid = any (array(
            select lowest.ctid
            from ledger.pending lowest
            where lowest.position > sealer.pending_floor
            order by lowest.position
            limit seal.max_events))
        returning p.position
    )
    -- A row that somebody took away leaves zeros in its place: the block shows that an event was here. The limit keeps the planner from
    -- a hash join, which a session that began with an empty table would keep, and which reads the whole table for each block.
    select
        array_agg(t.position order by t.position),
        string_agg(coalesce(e.digest, decode(repeat('00', 32), 'hex')), '' order by t.position),
        max(e.recorded_at)
    into positions, leaves, last_recorded_at
    from taken t
    left join lateral (
        select found.digest, found.recorded_at from ledger.event found where found.position = t.position limit 1
    ) e on true;

    if positions is null then
        seal.outcome := 'EMPTY';
        return;
    end if;

    select * into previous from ledger.block b order by b.height desc limit 1;
    seal.outcome := 'SEALED';
    seal.height := coalesce(previous.height, 0) + 1;
    seal.event_count := cardinality(positions);

    new_high := greatest(previous.high, positions[cardinality(positions)]);
    -- Times of blocks never run backwards, nor before the events inside, whatever the machine's clock does.
    new_sealed_at := greatest(previous.sealed_at, last_recorded_at, clock_timestamp());
    if positions[1] < previous.high then
        late_positions := array(select p from unnest(positions) p where p < previous.high order by p);
    end if;

    -- The tree's functions are in V008.
    select * into tree
    from ledger.extend_tree(
        coalesce(previous.tree_size, 0),
        coalesce(previous.frontier, ''),
        leaves || ledger.block_digest(seal.height, new_high, seal.event_count, new_sealed_at, late_positions));

    insert into ledger.block (height, high, event_count, sealed_at, tree_size, root, frontier)
    values (
        seal.height, new_high, seal.event_count, new_sealed_at,
        coalesce(previous.tree_size, 0) + seal.event_count + 1, tree.root, tree.frontier);

    if late_positions is not null then
        insert into ledger.late (position, height)
        select p, seal.height from unnest(late_positions) p;
    end if;
end
$$;

-- Whether an event is committed and in no block. Sealers ask once more after they released the lock.
create function ledger.anything_pending() returns boolean
    language sql
    stable
    security definer
    set search_path = pg_catalog, pg_temp
    return exists (
        select from ledger.pending p
        where p.position > (select s.pending_floor from ledger.sealer s)
        order by p.position
        limit 1);

grant execute on function ledger.seal, ledger.anything_pending to ledger_sealer;

reset role;
