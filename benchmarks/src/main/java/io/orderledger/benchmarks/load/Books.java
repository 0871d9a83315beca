package io.orderledger.benchmarks.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import javax.sql.DataSource;

/** Keeps account of all that was accepted, and compares it with the ledger. Not thread-safe. */
final class Books {
    private static final int FETCH_ROWS = 10_000;

    private final NumberedOrders orders;
    private final List<Recording> recordings = new ArrayList<>();

    Books(NumberedOrders orders) {
        this.orders = orders;
    }

    /** Takes note of what became of requests. */
    void add(Recording recording) {
        recordings.add(recording);
    }

    long accepted() {
        return recordings.stream().mapToLong(Recording::accepted).sum();
    }

    /**
     * The ledger beside the books.
     *
     * @param accepted orders that were answered 200
     * @param unanswered requests without an answer: their orders may be there, once
     * @param recorded events in the ledger
     * @param lost accepted orders that are not there
     * @param doubled orders with more than one event
     * @param foreign events that belong to no accepted or unanswered order
     */
    record Comparison(long accepted, long unanswered, long recorded, long lost, long doubled, long foreign) {
        boolean fits() {
            return lost == 0 && doubled == 0 && foreign == 0;
        }

        ObjectNode toJson() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("accepted", accepted)
                    .put("unanswered", unanswered)
                    .put("recorded", recorded)
                    .put("lost", lost)
                    .put("doubled", doubled)
                    .put("foreign", foreign);
        }
    }

    /** Compares every event of the ledger. */
    Comparison compare(DataSource database) throws SQLException {
        Map<UUID, Integer> events = new HashMap<>();
        long recorded = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false); // rows come in portions only within a transaction
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(FETCH_ROWS);
                try (ResultSet rows = statement.executeQuery("select stream_id from ledger.event")) {
                    while (rows.next()) {
                        events.merge(rows.getObject(1, UUID.class), 1, Integer::sum);
                        recorded++;
                    }
                }
            }
        }
        Set<UUID> known = new HashSet<>();
        long[] lost = {0};
        for (Recording recording : recordings) {
            recording.forEachAccepted(number -> {
                UUID id = orders.id(number);
                known.add(id);
                if (!events.containsKey(id)) {
                    lost[0]++;
                }
            });
        }
        long accepted = known.size();
        recordings.forEach(recording -> recording.forEachUnanswered(number -> known.add(orders.id(number))));
        return new Comparison(
                accepted,
                known.size() - accepted,
                recorded,
                lost[0],
                events.values().stream().filter(count -> count > 1).count(),
                events.keySet().stream().filter(id -> !known.contains(id)).count());
    }

    /** The numbers of all orders that were accepted. */
    long[] acceptedNumbers() {
        LongStream.Builder numbers = LongStream.builder();
        recordings.forEach(recording -> recording.forEachAccepted(numbers::add));
        return numbers.build().toArray();
    }
}
