package io.orderledger.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What there is in the database that somebody might try a statement on, apart from PostgreSQL's own. */
final class Catalogue {
    private static final String OUR_SCHEMAS = " n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' ";

    private Catalogue() {}

    /**
     * A table or a view.
     *
     * @param kind what ALTER and DROP call it
     */
    record Relation(String name, String kind, List<String> columns) {}

    /** A function and a statement that calls it, with nothing but nulls. */
    record Call(String name, String statement) {}

    static List<Relation> relations(Connection connection) throws SQLException {
        List<Relation> relations = new ArrayList<>();
        for (String name : Sql.list(
                connection,
                String.class,
                "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where c.relkind in ('r', 'p', 'v', 'm', 'f') and" + OUR_SCHEMAS + "order by 1")) {
            String kind = Sql.list(
                            connection,
                            String.class,
                            "select case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end"
                                    + " from pg_class where oid = ?::regclass",
                            name)
                    .getFirst();
            List<String> columns = Sql.list(
                    connection,
                    String.class,
                    "select quote_ident(attname) from pg_attribute where attrelid = ?::regclass and attnum > 0 and not attisdropped"
                            + " order by attnum",
                    name);
            relations.add(new Relation(name, kind, columns));
        }
        return relations;
    }

    static List<String> sequences(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                String.class,
                "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where c.relkind = 'S' and" + OUR_SCHEMAS + "order by 1");
    }

    static List<Call> calls(Connection connection) throws SQLException {
        String arguments =
                "(select coalesce(string_agg('null::' || format_type(t.type, null), ', ' order by t.place), '')"
                        + " from unnest(p.proargtypes) with ordinality t (type, place))";
        String from = " from pg_proc p join pg_namespace n on n.oid = p.pronamespace where" + OUR_SCHEMAS
                + "order by p.oid::regprocedure::text";
        List<String> names = Sql.list(connection, String.class, "select format('%I.%I', n.nspname, p.proname)" + from);
        List<String> statements = Sql.list(
                connection,
                String.class,
                "select format('%s %I.%I(%s)', case p.prokind when 'p' then 'call' else 'select' end, n.nspname, p.proname, "
                        + arguments + ")" + from);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            calls.add(new Call(names.get(i), statements.get(i)));
        }
        return calls;
    }

    static List<String> schemas(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                String.class,
                "select quote_ident(n.nspname) from pg_namespace n where" + OUR_SCHEMAS + "order by 1");
    }

    static List<String> otherRoles(Connection connection, String role) throws SQLException {
        return Sql.list(
                connection,
                String.class,
                "select quote_ident(rolname) from pg_roles where rolname <> ? order by 1",
                role);
    }
}
