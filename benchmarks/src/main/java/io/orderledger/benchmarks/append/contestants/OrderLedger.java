package io.orderledger.benchmarks.append.contestants;

import io.orderledger.benchmarks.append.Client;
import io.orderledger.benchmarks.append.Contestant;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.HeldConnection;
import io.orderledger.benchmarks.workload.OrderEvent;
import io.orderledger.ledger.AppendRefused;
import io.orderledger.ledger.AppendResult;
import io.orderledger.ledger.BatchEvent;
import io.orderledger.ledger.BatchResult;
import io.orderledger.ledger.ExpectedVersion;
import io.orderledger.ledger.Ledger;
import io.orderledger.ledger.OnRefusal;
import java.sql.SQLException;
import java.util.List;

/** The ledger by its Java API, as the functions use it: what jOOQ costs is in the figures. */
public final class OrderLedger implements Contestant {
    private final boolean personalData;

    /** With personal data it stores what the functions store; without, what the bare INSERT and the peers are given. */
    public OrderLedger(boolean personalData) {
        this.personalData = personalData;
    }

    @Override
    public String name() {
        return personalData ? "order ledger" : "order ledger, no personal data";
    }

    @Override
    public String description() {
        return "Ledger.append with digest, pending and a sealer every 100 ms; batch: Ledger.appendAll; "
                + (personalData ? "personal data beside it, salted and hashed" : "the events that everybody else gets");
    }

    @Override
    public void install(BenchmarkServer server, String database) {
        server.createLedger(database);
    }

    @Override
    public String countQuery() {
        return "select count(*) from ledger.event";
    }

    @Override
    public boolean isSealed() {
        return true;
    }

    @Override
    public Client connect(BenchmarkServer server, String database) throws SQLException {
        HeldConnection connection = new HeldConnection(server.as("ledger_writer", database));
        return new ApiClient(connection, new Ledger(connection.dataSource()), personalData);
    }

    private record ApiClient(HeldConnection connection, Ledger ledger, boolean personalData) implements Client {
        private static final ExpectedVersion ANY = new ExpectedVersion.Any();

        @Override
        public void append(OrderEvent event) {
            demandNew(ledger.append(event.toNewEvent(personalData), ANY));
        }

        @Override
        public void append(List<OrderEvent> events) {
            List<BatchEvent> batch = events.stream()
                    .map(event -> new BatchEvent(event.toNewEvent(personalData), ANY))
                    .toList();
            for (BatchResult result : ledger.appendAll(batch, OnRefusal.APPEND_NOTHING)) {
                switch (result) {
                    case BatchResult.Recorded(AppendResult recorded) -> demandNew(recorded);
                    case BatchResult.Refused(AppendRefused reason) -> throw reason;
                }
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }

        private static void demandNew(AppendResult result) {
            if (!(result instanceof AppendResult.Appended)) {
                throw new IllegalStateException("A new event is a duplicate");
            }
        }
    }
}
