package io.orderledger.benchmarks.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** The floor: connects, inserts the event as it came, and answers nothing. No JSON is read, no SQL is built, nothing is logged. */
public final class InsertOnly implements RequestStreamHandler {
    private static final String INSERT = "insert into floor (event) values (?::jsonb)";

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {System.getenv("PGHOST")});
        source.setPortNumbers(new int[] {Integer.parseInt(System.getenv("PGPORT"))});
        source.setDatabaseName(System.getenv("PGDATABASE"));
        source.setUser(System.getenv("PGUSER"));
        source.setPassword(System.getenv("PGPASSWORD"));
        source.setSslMode(System.getenv("PGSSLMODE"));
        source.setAssumeMinServerVersion("12.0");
        source.setPrepareThreshold(0);
        try (Connection connection = source.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, new String(event.readAllBytes(), StandardCharsets.UTF_8));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
