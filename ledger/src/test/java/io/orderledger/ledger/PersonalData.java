package io.orderledger.ledger;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;

/** Looks for personal data as somebody with a dump of the database would, and for what an erasure must leave behind. */
final class PersonalData {
    private PersonalData() {}

    /** The tables and views of all schemas of ours that show the text anywhere, as text or within bytes. */
    static List<String> tablesWith(DataSource superuser, String text) throws SQLException {
        List<String> tables = Sql.list(superuser, String.class, """
                select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p', 'm', 'v', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
                order by 1""");
        String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        List<String> found = new ArrayList<>();
        for (String table : tables) {
            if (Sql.one(
                    superuser,
                    Boolean.class,
                    "select exists (select from " + table
                            + " t where position(lower(?) in lower(t::text)) > 0 or position(? in t::text) > 0)",
                    text,
                    hex)) {
                found.add(table);
            }
        }
        return found;
    }

    /**
     * What is wrong with the personal data of the ledger: data that is gone without an event that says so, data that is there though an
     * event says otherwise, data of no event.
     */
    static List<String> faults(DataSource superuser) throws SQLException {
        return Sql.list(superuser, String.class, """
                select concat(coalesce(e.position, p.position), ': digest ', e.personal_digest is not null, ', data ', p is not null,
                    ', erased ', e.erased)
                from (
                    select e.position, e.personal_digest, exists (
                        select from ledger.event x
                        where x.stream_id = e.stream_id and x.type = 'PersonalDataErased' and x.version > e.version
                            and x.occurred_at >= e.occurred_at) as erased
                    from ledger.event e) e
                full join ledger.personal_data p on p.position = e.position
                where e.position is null
                    or (p.position is not null) <> (e.personal_digest is not null and not e.erased)
                    or sha256(p.salt || convert_to(p.data::text, 'UTF8')) <> e.personal_digest""");
    }
}
