-- Why: one RFC 6962 Merkle tree over all events and blocks, so that a root of 32 bytes, kept elsewhere, shows whether anything was
-- changed, and so that a single event can be proven to somebody who does not have the database.
-- Locks: none, all tables are new.
--
-- The leaves, in order: for each block its events by position, then the block's own leaf (ledger.block_digest). The hashes are those of
-- RFC 6962: a leaf is SHA-256(0x00 || ...), a node SHA-256(0x01 || left || right). Node k of level l spans the leaves from k * 2^l up to
-- but not including (k + 1) * 2^l. Bytes of several hashes stand in one bytea, 32 each; a whole level is hashed by one statement.

set local role ledger_owner;

-- Which ledger this is: a tree head without that would be taken for the head of any other ledger. Two databases that were filled apart
-- have different incarnations, and so has one that was thrown away and made anew.
create table ledger.identity (
    single      boolean not null default true,
    name        text    not null default 'orders',
    incarnation uuid    not null default gen_random_uuid(),
    constraint identity_pk primary key (single),
    constraint identity_single check (single),
    constraint identity_name_plain check (name ~ '^[a-z0-9.-]+$')
);

comment on table ledger.identity is 'One row; the origin of tree heads is made from it.';

insert into ledger.identity default values;

-- Complete nodes at every 8th level. What lies between is hashed again when it is needed: 255 hashes at most for each 8 levels.
create table ledger.tree_node (
    level   smallint not null,
    ordinal bigint   not null,
    digest  bytea    not null,
    constraint tree_node_pk primary key (level, ordinal),
    constraint tree_node_level_cached check (level > 0 and level % 8 = 0),
    constraint tree_node_digest_sha256 check (length(digest) = 32)
);

comment on table ledger.tree_node is
    'A cache, for proofs: all of it follows from the leaves, and nobody who verifies the ledger reads it.';

create trigger identity_is_immutable before update or delete or truncate on ledger.identity
    for each statement execute function ledger.refuse_change();
create trigger tree_node_is_immutable before update or delete or truncate on ledger.tree_node
    for each statement execute function ledger.refuse_change();
alter table ledger.identity enable always trigger identity_is_immutable;
alter table ledger.tree_node enable always trigger tree_node_is_immutable;

-- The leaf that ends a block. The tag differs from an event's, so neither can be taken for the other.
create function ledger.block_digest(
    height         bigint,
    high           bigint,
    event_count    integer,
    sealed_at      timestamptz,
    late_positions bigint[]
) returns bytea
    language sql
    stable
    parallel safe
    return sha256(
        decode('00', 'hex')
        || convert_to('order-ledger block 1', 'UTF8')
        || int8send(height)
        || int8send(high)
        || int4send(event_count)
        || timestamptz_send(sealed_at)
        || sha256(coalesce(
            (select string_agg(int8send(p), ''::bytea order by p) from unnest(late_positions) p),
            ''::bytea)));

comment on function ledger.block_digest is
    'The leaf that follows a block''s events: its row, and the positions in ledger.late (null or empty for none), rising.';

-- Adds leaves to a tree of which only size and frontier are known. The frontier has one digest for each bit of the size, the lowest first.
create function ledger.extend_tree(
    old_size     bigint,
    old_frontier bytea,
    leaves       bytea,
    out frontier bytea,
    out root     bytea
)
    language plpgsql
    volatile
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    node_tag constant bytea := decode('01', 'hex');
    nodes    bytea := extend_tree.leaves;
    first    bigint := extend_tree.old_size;
    rest     bytea := extend_tree.old_frontier;
    level    integer := 0;
    digests  integer;
begin
    extend_tree.frontier := '';
    while length(nodes) > 0 loop
        if level % 8 = 0 and level > 0 then
            insert into ledger.tree_node (level, ordinal, digest)
            select level, first + i, substr(nodes, i * 32 + 1, 32)
            from generate_series(0, length(nodes) / 32 - 1) i;
        end if;
        if first % 2 = 1 then
            nodes := substr(rest, 1, 32) || nodes;
            rest := substr(rest, 33);
        end if;
        digests := length(nodes) / 32;
        if digests % 2 = 1 then
            extend_tree.frontier := extend_tree.frontier || substr(nodes, digests * 32 - 31, 32);
        end if;
        if digests < 4 then
            nodes := case when digests < 2 then '' else sha256(node_tag || substr(nodes, 1, 64)) end;
        else
            nodes := (
                select string_agg(sha256(node_tag || substr(nodes, i * 64 + 1, 64)), '' order by i)
                from generate_series(0, digests / 2 - 1) i);
        end if;
        first := first / 2;
        level := level + 1;
    end loop;
    extend_tree.frontier := extend_tree.frontier || rest;

    extend_tree.root := substr(extend_tree.frontier, 1, 32);
    for i in 1 .. length(extend_tree.frontier) / 32 - 1 loop
        extend_tree.root := sha256(node_tag || substr(extend_tree.frontier, i * 32 + 1, 32) || extend_tree.root);
    end loop;
end
$$;

comment on function ledger.extend_tree is 'Frontier and root of a tree with further leaves; caches the nodes that become complete.';

-- The leaves of some blocks, as the rows are now. position is null for a block's own leaf.
-- Each table is read within the blocks' range of positions only: pending may be long, and full of rows that seal has deleted.
create function ledger.block_leaves(
    first_height bigint,
    last_height  bigint,
    out leaf_index bigint,
    out "position" bigint,
    out digest     bytea
) returns setof record
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    range_low  constant bigint := coalesce((select b.high from ledger.block b where b.height = first_height - 1), 0);
    range_high constant bigint := (select b.high from ledger.block b where b.height = last_height);
begin
    return query
    with chosen as materialized (
        select b.*, lag(b.high, 1, range_low) over (order by b.height) as low
        from ledger.block b
        where b.height between block_leaves.first_height and block_leaves.last_height
    ),
    late as materialized (
        select l.position, l.height
        from ledger.late l
        where l.height between block_leaves.first_height and block_leaves.last_height
    ),
    elsewhere as materialized (
        select l.position from ledger.late l where l.position > range_low and l.position <= range_high
        union all
        select p.position from ledger.pending p where p.position > range_low and p.position <= range_high
    ),
    member as (
        select c.height, c.tree_size, c.event_count, e.position, e.digest
        from chosen c
        join ledger.event e on e.position > c.low and e.position <= c.high
        where e.position > range_low and e.position <= range_high -- for the planner, which cannot see it in the join
            and e.position not in (select x.position from elsewhere x)
        union all
        select c.height, c.tree_size, c.event_count, e.position, e.digest
        from late l
        join chosen c on c.height = l.height
        join ledger.event e on e.position = l.position
    )
    select
        m.tree_size - m.event_count - 2 + row_number() over (partition by m.height order by m.position),
        m.position,
        m.digest
    from member m
    union all
    select
        c.tree_size - 1,
        null,
        ledger.block_digest(
            c.height, c.high, c.event_count, c.sealed_at,
            (select array_agg(l.position order by l.position) from late l where l.height = c.height))
    from chosen c;
end
$$;

-- The digests of some leaves, 32 bytes each.
create function ledger.tree_leaves(first bigint, leaf_count integer) returns bytea
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    past         constant bigint := tree_leaves.first + tree_leaves.leaf_count;
    first_height constant bigint := (
        select b.height from ledger.block b where b.tree_size > tree_leaves.first order by b.tree_size limit 1);
    last_height  constant bigint := (
        select b.height from ledger.block b where b.tree_size >= past order by b.tree_size limit 1);
begin
    return (
        select string_agg(l.digest, '' order by l.leaf_index)
        from ledger.block_leaves(first_height, last_height) l
        where l.leaf_index >= tree_leaves.first and l.leaf_index < past);
end
$$;

comment on function ledger.tree_leaves is 'Leaves of the tree from an index on: digests of events and of blocks.';

-- Root of a subtree of at most 256 nodes, and the siblings on the way from one of them to that root, from the given height on. A last node
-- without a sibling is its own parent: so the root of any number of leaves comes out as RFC 6962 defines it.
create function ledger.fold(
    nodes       bytea,
    ordinal     integer,
    from_height integer,
    out root    bytea,
    out path    bytea[]
)
    language plpgsql
    immutable
    parallel safe
    set search_path = pg_catalog, pg_temp
as
$$
declare
    node_tag constant bytea := decode('01', 'hex');
    height   integer := 0;
    here     integer := fold.ordinal;
    digests  integer;
begin
    fold.path := array[]::bytea[];
    loop
        digests := length(fold.nodes) / 32;
        -- No nodes at all have no root, and must not keep this loop going either.
        exit when digests is null or digests < 2;
        if height >= fold.from_height and (here # 1) < digests then
            fold.path := fold.path || substr(fold.nodes, (here # 1) * 32 + 1, 32);
        end if;
        fold.nodes := (
            select string_agg(sha256(node_tag || substr(fold.nodes, i * 64 + 1, 64)), '' order by i)
            from generate_series(0, digests / 2 - 1) i)
            || case when digests % 2 = 1 then substr(fold.nodes, digests * 32 - 31, 32) else '' end;
        here := here / 2;
        height := height + 1;
    end loop;
    fold.root := fold.nodes;
end
$$;

-- Up to 256 siblings at a cached level (or leaves), as they are in the tree of the given size; the last one of that tree may be
-- incomplete, and is then given.
create function ledger.tree_nodes(
    tree_size  bigint,
    level      integer,
    chunk      bigint,
    incomplete bytea
) returns bytea
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_variable
declare
    first    constant bigint := chunk * 256;
    complete constant integer := least(256, (tree_size >> level) - first);
    found    bytea;
begin
    if complete > 0 then
        if level = 0 then
            found := ledger.tree_leaves(first, complete);
        else
            select string_agg(n.digest, '' order by n.ordinal) into found
            from ledger.tree_node n
            where n.level = tree_nodes.level and n.ordinal >= first and n.ordinal < first + complete;
        end if;
        if length(found) is distinct from complete * 32 then
            raise exception using
                errcode = 'OL004',
                message = format('the tree lacks nodes from %s on at level %s', first, level),
                hint = 'Rows are missing from the ledger; verify it.';
        end if;
    end if;
    return coalesce(found, '') || case when complete < 256 then coalesce(incomplete, '') else '' end;
end
$$;

-- Root of the tree of a size, and the siblings on the way to it from a node that is complete in it.
create function ledger.tree_path(
    tree_size bigint,
    level     integer,
    ordinal   bigint,
    out root  bytea,
    out node  bytea,
    out path  bytea[]
)
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_variable
declare
    base       integer := 0;
    last_chunk bigint;
    chunk      bigint;
    nodes      bytea;
    start      integer;
    inside     integer;
    folded     record;
    incomplete bytea;
    last       bytea;
begin
    path := array[]::bytea[];
    loop
        last_chunk := ((tree_size + (1::bigint << base) - 1) / (1::bigint << base) - 1) / 256;
        chunk := case when base + 8 > level then ordinal >> (base + 8 - level) end;
        last := null;
        if chunk is not null then
            nodes := ledger.tree_nodes(tree_size, base, chunk, incomplete);
            start := greatest(level - base, 0);
            inside := ((ordinal << start) >> greatest(base - level, 0)) % 256;
            if level >= base then
                select f.root into node
                from ledger.fold(substr(nodes, inside * 32 + 1, 32 << start), 0, 0) f;
            end if;
            select * into folded from ledger.fold(nodes, inside, start);
            path := path || folded.path;
            last := folded.root;
        end if;
        if last_chunk = 0 and chunk is not null then
            root := folded.root;
            return;
        end if;
        -- The incomplete node at the right edge of the next cached level.
        if tree_size % (1::bigint << (base + 8)) = 0 then
            incomplete := null;
        elsif chunk = last_chunk then
            incomplete := last;
        else
            select f.root into incomplete
            from ledger.fold(ledger.tree_nodes(tree_size, base, last_chunk, incomplete), 0, 0) f;
        end if;
        base := base + 8;
    end loop;
end
$$;

create function ledger.demand_tree_size(tree_size bigint) returns void
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_variable
declare
    newest constant bigint := coalesce((select b.tree_size from ledger.block b order by b.height desc limit 1), 0);
begin
    if tree_size is null or tree_size < 1 or tree_size > newest then
        raise exception using
            errcode = '22023',
            message = format('no tree of size %s: sizes go from 1 to %s', coalesce(tree_size::text, 'null'), newest);
    end if;
end
$$;

-- For auditors and readers. Each raises 22023 for what is not in the tree, and OL004 where rows are missing.

create function ledger.tree_root(tree_size bigint) returns bytea
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
begin
    perform ledger.demand_tree_size(tree_root.tree_size);
    return (select p.root from ledger.tree_path(tree_root.tree_size, 0, 0) p);
end
$$;

comment on function ledger.tree_root is 'The root of the tree when it had that many leaves, computed from the rows as they are now.';

create function ledger.leaf_index("position" bigint) returns bigint
    language sql
    stable
    set search_path = pg_catalog, pg_temp
begin atomic
    select l.leaf_index
    from (
        select coalesce(
            (select l.height from ledger.late l where l.position = leaf_index."position"),
            (select b.height from ledger.block b where b.high >= leaf_index."position" order by b.high, b.height limit 1)) as height
    ) sealed
    cross join lateral ledger.block_leaves(sealed.height, sealed.height) l
    where l.position = leaf_index."position";
end;

comment on function ledger.leaf_index is 'Where the event with that position is among the leaves, from 0; null until it is sealed.';

create function ledger.inclusion_path(leaf_index bigint, tree_size bigint) returns bytea[]
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
begin
    perform ledger.demand_tree_size(inclusion_path.tree_size);
    if inclusion_path.leaf_index is null or inclusion_path.leaf_index < 0
        or inclusion_path.leaf_index >= inclusion_path.tree_size
    then
        raise exception using
            errcode = '22023',
            message = format('no leaf %s in a tree of size %s',
                coalesce(inclusion_path.leaf_index::text, 'null'), inclusion_path.tree_size);
    end if;
    return (select p.path from ledger.tree_path(inclusion_path.tree_size, 0, inclusion_path.leaf_index) p);
end
$$;

comment on function ledger.inclusion_path is 'RFC 6962 audit path of a leaf in the tree of that size, from the leaf upwards.';

create function ledger.consistency_path(first_size bigint, second_size bigint) returns bytea[]
    language plpgsql
    stable
    set search_path = pg_catalog, pg_temp
as
$$
declare
    level   integer := 0;
    ordinal bigint := consistency_path.first_size - 1;
    found   record;
begin
    perform ledger.demand_tree_size(consistency_path.second_size);
    if consistency_path.first_size is null or consistency_path.first_size < 1
        or consistency_path.first_size > consistency_path.second_size
    then
        raise exception using
            errcode = '22023',
            message = format('no tree of size %s before one of size %s',
                coalesce(consistency_path.first_size::text, 'null'), consistency_path.second_size);
    end if;
    if consistency_path.first_size = consistency_path.second_size then
        return array[]::bytea[];
    end if;
    -- The smallest complete subtree at the right edge of the first tree. Whoever checks knows it already if it is the whole tree.
    while ordinal % 2 = 1 loop
        ordinal := ordinal / 2;
        level := level + 1;
    end loop;
    select * into found from ledger.tree_path(consistency_path.second_size, level, ordinal);
    return case when ordinal = 0 then found.path else found.node || found.path end;
end
$$;

comment on function ledger.consistency_path is
    'RFC 6962 consistency proof: that the tree of the second size begins with the tree of the first.';

grant select on ledger.identity, ledger.tree_node to ledger_reader, ledger_auditor;
grant execute on function
    ledger.block_digest, ledger.block_leaves, ledger.tree_leaves, ledger.fold, ledger.tree_nodes, ledger.tree_path,
    ledger.demand_tree_size, ledger.tree_root, ledger.leaf_index, ledger.inclusion_path, ledger.consistency_path
    to ledger_reader, ledger_auditor;

reset role;
