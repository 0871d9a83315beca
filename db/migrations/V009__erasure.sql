-- Why: a customer's personal data can be erased, although events never change. The rows of ledger.personal_data go, the order's stream
-- says so, and a message from before the erasure brings nothing back, whenever and in whatever order it is delivered. See
-- docs/adr/0003-tombstones.md.
-- Locks: SHARE ROW EXCLUSIVE on personal_data and refused while triggers are made; the other tables are new.

set local role ledger_owner;

-- Whoever has both this secret and the tombstones can find out whether a customer ID that he knows was erased. No role may read it.
create table ledger.erasure_secret (
    single boolean not null default true,
    secret bytea   not null,
    constraint erasure_secret_pk primary key (single),
    constraint erasure_secret_single check (single),
    constraint erasure_secret_length check (length(secret) = 32)
);

comment on table ledger.erasure_secret is 'One row: the key of the hashes in ledger.tombstone. Drawn once; without it no tombstone is found.';

insert into ledger.erasure_secret (secret)
values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

create table ledger.tombstone (
    customer_digest bytea       not null,
    erased_at       timestamptz not null,
    constraint tombstone_pk primary key (customer_digest),
    constraint tombstone_customer_digest_sha256 check (length(customer_digest) = 32)
);

comment on table ledger.tombstone is
    'Customers whose personal data was erased, by a keyed hash. Personal data of what occurred up to erased_at is not recorded any more.';

-- The secret is hashed in twice, so that nobody can extend one customer's hash into another's. Inlined, as ledger.event_digest is.
create function ledger.keyed_digest(secret bytea, customer_id text) returns bytea
    language sql
    stable
    return sha256(secret || sha256(secret || convert_to(customer_id, 'UTF8')));

create function ledger.customer_digest(customer_id text) returns bytea
    language sql
    stable
    set search_path = pg_catalog, pg_temp
    return (select ledger.keyed_digest(s.secret, customer_id) from ledger.erasure_secret s);

-- The IDs of an order's customers: one, unless the order was placed by messages that contradict each other.
create function ledger.customers_of(stream_id uuid) returns setof text
    language sql
    stable
    set search_path = pg_catalog, pg_temp
begin atomic
    select distinct e.payload #>> '{customer,id}'
    from ledger.event e
    where e.stream_id = customers_of.stream_id and e.payload #>> '{customer,id}' is not null;
end;

-- Up to when the personal data of an order is erased, given the payload of an event that is about to be appended to it; null for
-- an order of nobody who was erased. VOLATILE: it looks with a snapshot from after its caller took the lock on ledger.tombstone.
-- In PL/pgSQL, which keeps its plans: append asks it for each event once there is a tombstone.
create function ledger.erased_at(stream_id uuid, payload jsonb) returns timestamptz
    language plpgsql
    volatile
    set search_path = pg_catalog, pg_temp
as
$$
declare
    key    bytea;
    latest timestamptz;
begin
    select s.secret into key from ledger.erasure_secret s;
    select max(t.erased_at) into latest
    from (
        select erased_at.payload #>> '{customer,id}'
        union all
        select e.payload #>> '{customer,id}' from ledger.event e where e.stream_id = erased_at.stream_id
    ) c (id)
    join ledger.tombstone t on t.customer_digest = ledger.keyed_digest(key, c.id);
    return latest;
end
$$;

-- Whose a refused message may be. One that names its customer where it should is that customer's. Of any other, every text in it might
-- be a customer's ID, and the order's customer, if the order is known, is concerned too: in doubt the message is erased.
create function ledger.concerned(message bytea, stream_id uuid) returns setof text
    language plpgsql
    volatile
    set search_path = pg_catalog, pg_temp
as
$$
declare
    content jsonb;
begin
    begin
        content := convert_from(message, 'UTF8')::jsonb;
    exception
        when others then
            return query
                select distinct quoted[1]
                from regexp_matches(encode(message, 'escape'), '"([A-Za-z0-9._-]{1,64})"', 'g') quoted;
            return query select ledger.customers_of(stream_id);
            return;
    end;
    return query
        select distinct id #>> '{}'
        from jsonb_path_query(content, 'lax $.**.customer.id ? (@.type() == "string" || @.type() == "number")') id;
    if not found then
        return query
            select distinct value #>> '{}'
            from jsonb_path_query(content, 'strict $.** ? (@.type() == "string")') value;
        return query select ledger.customers_of(stream_id);
    end if;
end
$$;

-- When a refused message was requested, as far as it says so in a way that can be read.
create function ledger.requested_at(message bytea) returns timestamptz
    language plpgsql
    volatile
    set search_path = pg_catalog, pg_temp
as
$$
declare
    content jsonb;
begin
    content := convert_from(message, 'UTF8')::jsonb;
    return coalesce(
        to_timestamp((content #>> '{detail,requestedAt}')::double precision / 1000),
        (content ->> 'time')::timestamptz);
exception
    when others then
        return null;
end
$$;

-- Whether a refused message may not be kept: it may be of a customer who was erased, and does not say that it came after that.
create function ledger.is_erased(message bytea, stream_id uuid) returns boolean
    language sql
    volatile
    set search_path = pg_catalog, pg_temp
begin atomic
    select exists (
        select
        from ledger.tombstone t
        where t.customer_digest in (select ledger.customer_digest(c) from ledger.concerned(is_erased.message, is_erased.stream_id) c)
            and t.erased_at >= coalesce(ledger.requested_at(is_erased.message), '-infinity'));
end;

-- Erases what one order's events up to a time hold, and says so in the order's stream, if there is anything. Returns how many
-- events' data it erased. The caller's transaction ends soon: writers of the order wait for it.
create function ledger.erase_order(order_id uuid, erased_at timestamptz, path text) returns integer
    language plpgsql
    volatile
    set search_path = pg_catalog, pg_temp
as
$$
declare
    erasable  uuid[];
    positions bigint[];
begin
    perform pg_advisory_xact_lock(hashtextextended(erase_order.order_id::text, 0));

    select array_agg(e.event_id order by e.event_id), array_agg(e.position) into erasable, positions
    from ledger.event e
    join ledger.personal_data p on p.position = e.position
    where e.stream_id = erase_order.order_id and e.occurred_at <= erase_order.erased_at;
    if erasable is null then
        return 0;
    end if;

    -- The ID says what is erased and not when it was tried: the same erasure is the same event. Bits 48 to 51 and 64 to 65 mark a
    -- UUID of version 8, one's own kind (RFC 9562).
    perform ledger.append(
        encode(set_byte(set_byte(id.hash, 6, get_byte(id.hash, 6) & 15 | 128), 8, get_byte(id.hash, 8) & 63 | 128), 'hex')::uuid,
        erase_order.order_id,
        'PersonalDataErased',
        1::smallint,
        jsonb_build_object('count', cardinality(erasable)),
        null,
        jsonb_build_object('path', erase_order.path),
        erase_order.erased_at,
        null)
    from (
        select substr(
            sha256(convert_to(
                'order-ledger erasure 1 ' || erase_order.order_id::text || ' ' || array_to_string(erasable, ' '), 'UTF8')),
            1, 16)
    ) id (hash);

    delete from ledger.personal_data p where p.position = any (positions);
    return cardinality(erasable);
end
$$;

-- Redacts the refused messages of one order that may not be kept any more; returns how many.
create function ledger.erase_refused(stream_id uuid) returns integer
    language plpgsql
    volatile
    set search_path = pg_catalog, pg_temp
as
$$
declare
    redacted integer;
begin
    update ledger.refused r
    set message = null, detail = '', erased_at = clock_timestamp()
    where r.stream_id = erase_refused.stream_id and r.message is not null and ledger.is_erased(r.message, r.stream_id);
    get diagnostics redacted = row_count;
    return redacted;
end
$$;

-- Waits until this transaction is alone with the streams, among those that ask for it: append does after it has lost a race. In the order
-- of the keys, so that batches and erasures never wait in a circle.
create function ledger.lock_streams(stream_ids uuid[]) returns void
    language sql
    volatile
    set search_path = pg_catalog, pg_temp
begin atomic
    select pg_advisory_xact_lock(k.key)
    from (select distinct hashtextextended(s::text, 0) as key from unnest(lock_streams.stream_ids) s order by 1) k;
end;

-- Erases the personal data of a customer's orders in steps, each a transaction of its own: call it with no second argument, then with
-- the continue_at that the call before returned, until the outcome is DONE. To begin anew at any time is harmless: what is erased
-- stays erased, and nothing is written twice.
--
--   BEGUN    the tombstone is written: from the commit on nothing from before it is recorded
--   WAITING  appends that began before the tombstone have not ended yet; call again with the same argument
--   EVENTS   the events up to position reached, of last, are done
--   REFUSED  some of the refused messages are done
--   DONE     everything is
--
-- orders, events and messages say what this call erased.
--
-- Raises
--   22023  there is no customer ID, or continue_at is not what a call returned
--   25000  the transaction is not READ COMMITTED, or has written the tombstone itself: an erasure is no single transaction
--   OL005  the erasure was not begun
create function ledger.erase_customer(
    customer_id      text,
    continue_from    text default null,
    out outcome      text,
    out continue_at  text,
    out orders       integer,
    out events       integer,
    out messages     integer,
    out reached      bigint,
    out last         bigint
)
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as
$$
#variable_conflict use_column
declare
    positions_a_call constant integer := 20000;
    orders_a_call    constant integer := 200;
    messages_a_call  constant integer := 100;
    wait_seconds     constant double precision := 1;
    nap_seconds      constant double precision := 0.01;
    erased_through   timestamptz;
    written_by       xid;
    older            text[];
    give_up_at       timestamptz;
    step             text[];
    concerned        uuid[];
    order_id         uuid;
    erased_events    integer;
    seen             integer;
    last_seen        bigint;
    digests          bytea[];
begin
    if coalesce(erase_customer.customer_id, '') = '' then
        raise exception using errcode = '22023', message = 'there is no customer ID';
    end if;
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception using errcode = '25000', message = 'an erasure needs READ COMMITTED transactions';
    end if;
    erase_customer.orders := 0;
    erase_customer.events := 0;
    erase_customer.messages := 0;
    erase_customer.reached := 0;
    erase_customer.last := 0;

    if erase_customer.continue_from is null then
        insert into ledger.tombstone as t (customer_digest, erased_at)
        values (ledger.customer_digest(erase_customer.customer_id), clock_timestamp())
        on conflict (customer_digest) do update set erased_at = greatest(t.erased_at, excluded.erased_at);
        erase_customer.outcome := 'BEGUN';
        erase_customer.continue_at := 'appends';
        return;
    end if;

    select t.erased_at, t.xmin into erased_through, written_by
    from ledger.tombstone t
    where t.customer_digest = ledger.customer_digest(erase_customer.customer_id);
    if not found then
        raise exception using
            errcode = 'OL005',
            message = 'the erasure was not begun',
            hint = 'Call ledger.erase_customer with the customer ID alone first.';
    end if;
    if written_by = pg_current_xact_id_if_assigned()::xid then
        raise exception using
            errcode = '25000',
            message = 'the tombstone is not committed yet',
            hint = 'Make each call in a transaction of its own.';
    end if;

    -- Who looked for tombstones before this one was committed may still be about to record personal data. It holds its lock on the
    -- table until then, and whoever takes the lock from now on finds the tombstone. New ones in the list do no harm: they end, too.
    if erase_customer.continue_from = 'appends' then
        give_up_at := clock_timestamp() + make_interval(secs => wait_seconds);
        select array_agg(l.virtualtransaction) into older
        from pg_locks l
        where l.locktype = 'relation' and l.relation = 'ledger.tombstone'::regclass and l.mode = 'RowShareLock'
            and l.database = (select d.oid from pg_database d where d.datname = current_database())
            and l.pid <> pg_backend_pid();
        while exists (
            select
            from pg_locks l
            where l.locktype = 'relation' and l.relation = 'ledger.tombstone'::regclass and l.mode = 'RowShareLock'
                and l.virtualtransaction = any (older))
        loop
            if clock_timestamp() >= give_up_at then
                erase_customer.outcome := 'WAITING';
                erase_customer.continue_at := 'appends';
                return;
            end if;
            perform pg_sleep(nap_seconds);
        end loop;
        select coalesce(max(e.position), 0) into erase_customer.last from ledger.event e;
        erase_customer.outcome := 'EVENTS';
        erase_customer.continue_at := format('events 0 %s', erase_customer.last);
        return;
    end if;

    step := regexp_match(erase_customer.continue_from, '^events ([0-9]{1,18}) ([0-9]{1,18})$');
    if step is not null then
        erase_customer.last := step[2]::bigint;
        erase_customer.reached := least(step[1]::bigint + positions_a_call, erase_customer.last);
        select array_agg(f.stream_id), count(*), max(f.position) into concerned, seen, last_seen
        from (
            select e.position, e.stream_id
            from ledger.event e
            where e.position > step[1]::bigint and e.position <= erase_customer.reached
                and e.payload #>> '{customer,id}' = erase_customer.customer_id
            order by e.position
            limit orders_a_call
        ) f;
        if seen = orders_a_call then
            erase_customer.reached := last_seen;
        end if;
        -- As batches do (V010): first all the locks in one order, then the orders in one order, so that nobody waits in a circle.
        perform ledger.lock_streams(concerned);
        for order_id in select distinct s from unnest(concerned) s order by s loop
            erased_events := ledger.erase_order(order_id, erased_through, 'ledger.erase_customer');
            if erased_events > 0 then
                erase_customer.orders := erase_customer.orders + 1;
                erase_customer.events := erase_customer.events + erased_events;
            end if;
        end loop;
        erase_customer.outcome := 'EVENTS';
        erase_customer.continue_at := case
            when erase_customer.reached < erase_customer.last
                then format('events %s %s', erase_customer.reached, erase_customer.last)
            else 'refused'
        end;
        return;
    end if;

    step := regexp_match(erase_customer.continue_from, '^refused(?: ([0-9a-f]{64}))?$');
    if step is null then
        raise exception using errcode = '22023', message = 'continue_from is not what ledger.erase_customer returned';
    end if;
    select array_agg(m.message_digest order by m.message_digest), array_agg(m.stream_id), count(*)
    into digests, concerned, seen
    from (
        select r.message_digest, r.stream_id
        from ledger.refused r
        where r.message_digest > coalesce(decode(step[1], 'hex'), '')
        order by r.message_digest
        limit messages_a_call
    ) m;
    -- An append to one of the orders redacts the order's messages under the same lock.
    perform ledger.lock_streams(concerned);
    update ledger.refused r
    set message = null, detail = '', erased_at = clock_timestamp()
    where r.message_digest = any (digests) and r.message is not null and ledger.is_erased(r.message, r.stream_id);
    get diagnostics erase_customer.messages = row_count;
    if seen < messages_a_call then
        erase_customer.outcome := 'DONE';
        erase_customer.continue_at := null;
    else
        erase_customer.outcome := 'REFUSED';
        erase_customer.continue_at := 'refused ' || encode(digests[seen], 'hex');
    end if;
end
$$;

-- Personal data goes only where the order's stream says so: a later event, and a time not before what is erased.
create function ledger.refuse_silent_erasure() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as
$$
begin
    if exists (
        select
        from gone g
        left join ledger.event e on e.position = g.position
        where not exists (
            select
            from ledger.event erasure
            where erasure.stream_id = e.stream_id and erasure.type = 'PersonalDataErased'
                and erasure.version > e.version and erasure.occurred_at >= e.occurred_at))
    then
        raise exception using
            errcode = 'OL003',
            message = 'DELETE on ledger.personal_data refused: the order has no event that says so',
            hint = 'Erase a customer by ledger.erase_customer.';
    end if;
    return null;
end
$$;

create trigger personal_data_is_erased_openly after delete on ledger.personal_data
    referencing old table as gone
    for each statement execute function ledger.refuse_silent_erasure();

-- Of a refused message only its content can go, once and for ever.
create function ledger.refuse_all_but_redaction() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as
$$
begin
    if old.message is null or new.message is not null
        or (old.message_digest, old.event_id, old.stream_id, old.reason, old.path, old.requested_at, old.refused_at)
            is distinct from (new.message_digest, new.event_id, new.stream_id, new.reason, new.path, new.requested_at, new.refused_at)
    then
        raise exception using errcode = 'OL003', message = 'UPDATE on ledger.refused refused: messages are only redacted';
    end if;
    return new;
end
$$;

create trigger refused_is_only_redacted before update on ledger.refused
    for each row execute function ledger.refuse_all_but_redaction();
create trigger refused_is_kept before delete or truncate on ledger.refused
    for each statement execute function ledger.refuse_change();

-- A tombstone may only move on in time.
create function ledger.refuse_all_but_later() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as
$$
begin
    if new.customer_digest <> old.customer_digest or new.erased_at < old.erased_at then
        raise exception using errcode = 'OL003', message = 'UPDATE on ledger.tombstone refused: an erasure is not undone';
    end if;
    return new;
end
$$;

create trigger tombstone_only_moves_on before update on ledger.tombstone
    for each row execute function ledger.refuse_all_but_later();
create trigger tombstone_is_kept before delete or truncate on ledger.tombstone
    for each statement execute function ledger.refuse_change();
create trigger erasure_secret_is_immutable before update or delete or truncate on ledger.erasure_secret
    for each statement execute function ledger.refuse_change();

alter table ledger.personal_data enable always trigger personal_data_is_erased_openly;
alter table ledger.refused enable always trigger refused_is_only_redacted;
alter table ledger.refused enable always trigger refused_is_kept;
alter table ledger.tombstone enable always trigger tombstone_only_moves_on;
alter table ledger.tombstone enable always trigger tombstone_is_kept;
alter table ledger.erasure_secret enable always trigger erasure_secret_is_immutable;

grant execute on function ledger.erase_customer to ledger_eraser;
grant select on ledger.tombstone to ledger_auditor;

reset role;
