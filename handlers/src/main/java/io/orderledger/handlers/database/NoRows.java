package io.orderledger.handlers.database;

import java.sql.Connection;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.MockConnection;
import org.jooq.tools.jdbc.MockDataProvider;
import org.jooq.tools.jdbc.MockResult;

/** Connections behind which there is no server: every statement is built and sent, and finds no rows. */
final class NoRows {
    private static final MockDataProvider ANSWER = statement ->
            new MockResult[] {new MockResult(0, DSL.using(SQLDialect.POSTGRES).newResult())};

    private NoRows() {}

    static Connection connection() {
        return new MockConnection(ANSWER);
    }
}
