package io.orderledger.benchmarks.catchup;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Listens to the queries that are sent over a connection, and asks for their plans afterwards. Not thread-safe. */
final class RecordedStatements {
    private static final int MAX_LINE = 170;

    private final List<String> queries = new ArrayList<>();
    private boolean recording;

    /** The same connections, listened to. */
    DataSource of(DataSource source) {
        return proxy(
                DataSource.class,
                source,
                result -> result instanceof Connection connection ? listening(connection) : result);
    }

    /** Runs work, and then each of its queries again under EXPLAIN ANALYZE. Long lines are cut. */
    String plans(Connection connection, Runnable work) throws SQLException {
        queries.clear();
        recording = true;
        work.run();
        recording = false;
        StringBuilder plans = new StringBuilder();
        for (String query : queries) {
            if (query.startsWith("with") || query.startsWith("select")) {
                plans.append(plan(connection, query)).append('\n');
            }
        }
        return plans.toString();
    }

    private static String plan(Connection connection, String query) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("explain (analyze, buffers, costs off) " + query)) {
            while (rows.next()) {
                String line = rows.getString(1);
                plan.append(line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + " …" : line)
                        .append('\n');
            }
        }
        return plan.toString();
    }

    private Connection listening(Connection connection) {
        return proxy(
                Connection.class,
                connection,
                result -> result instanceof PreparedStatement statement ? listening(statement) : result);
    }

    private PreparedStatement listening(PreparedStatement statement) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (recording && method.getName().startsWith("execute")) {
                queries.add(statement.toString());
            }
            return invoke(statement, method, arguments);
        };
        return cast(PreparedStatement.class, handler);
    }

    private interface Wrapping {
        Object wrapped(Object result);
    }

    private static <T> T proxy(Class<T> type, T target, Wrapping wrapping) {
        return cast(type, (proxy, method, arguments) -> {
            Object result = invoke(target, method, arguments);
            return result == null ? result : wrapping.wrapped(result);
        });
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private static <T> T cast(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
