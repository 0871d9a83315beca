package io.orderledger.benchmarks.append.contestants;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.Contestant;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.HeldConnection;
import io.orderledger.benchmarks.workload.OrderEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.serialization.json.JacksonSerializer;

/**
 * Axon 4's JDBC engine, with its own table for PostgreSQL and JSON as its serializer writes it. A single event is appended in autocommit mode,
 * a batch as one transaction.
 */
public final class Axon implements Contestant {
    @Override
    public String name() {
        return "Axon 4 JDBC";
    }

    @Override
    public String description() {
        return "JdbcEventStorageEngine of axon-eventsourcing 4.13.0, its Java code included; batch: a list of events in one transaction";
    }

    @Override
    public void install(BenchmarkServer server, String database) {
        server.createEmpty(database);
        try (HeldConnection connection = new HeldConnection(server.as(BenchmarkServer.PEER, database))) {
            engine(connection, NoTransactionManager.instance()).createSchema(PostgresEventTableFactory.INSTANCE);
        } catch (SQLException e) {
            throw new IllegalStateException("Axon's schema could not be made", e);
        }
    }

    @Override
    public String countQuery() {
        return "select count(*) from DomainEventEntry";
    }

    @Override
    public Client connect(BenchmarkServer server, String database) throws SQLException {
        HeldConnection connection = new HeldConnection(server.as(BenchmarkServer.PEER, database));
        return new EngineClient(
                connection,
                engine(connection, NoTransactionManager.instance()),
                engine(connection, () -> new JdbcTransaction(connection.connection())));
    }

    private static JdbcEventStorageEngine engine(HeldConnection connection, TransactionManager transactions) {
        JacksonSerializer serializer = JacksonSerializer.defaultSerializer();
        return JdbcEventStorageEngine.builder()
                .connectionProvider(connection::connection)
                .transactionManager(transactions)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .build();
    }

    private record EngineClient(
            HeldConnection connection, JdbcEventStorageEngine single, JdbcEventStorageEngine transactional)
            implements Client {
        @Override
        public void append(OrderEvent event) {
            single.appendEvents(message(event));
        }

        @Override
        public void append(List<OrderEvent> events) {
            transactional.appendEvents(
                    events.stream().map(EngineClient::message).toList());
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }

        /** Axon counts an aggregate's events from 0. */
        private static DomainEventMessage<?> message(OrderEvent event) {
            return new GenericDomainEventMessage<>(
                    event.content().type(),
                    event.streamId().toString(),
                    event.version() - 1,
                    event.content().payload(),
                    Map.of("metadata", event.content().metadataText()),
                    event.eventId().toString(),
                    event.occurredAt());
        }
    }

    private record JdbcTransaction(Connection connection) implements Transaction {
        JdbcTransaction {
            try {
                connection.setAutoCommit(false);
            } catch (SQLException e) {
                throw new IllegalStateException("No transaction can be begun", e);
            }
        }

        @Override
        public void commit() {
            end(Connection::commit);
        }

        @Override
        public void rollback() {
            end(Connection::rollback);
        }

        private void end(Ending ending) {
            try {
                ending.of(connection);
                connection.setAutoCommit(true);
            } catch (SQLException e) {
                throw new IllegalStateException("The transaction could not be ended", e);
            }
        }

        private interface Ending {
            void of(Connection connection) throws SQLException;
        }
    }
}
