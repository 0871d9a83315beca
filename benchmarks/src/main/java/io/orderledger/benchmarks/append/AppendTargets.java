package io.orderledger.benchmarks.append;

import io.orderledger.benchmarks.report.Target;
import io.orderledger.benchmarks.report.Target.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What appending is meant to reach. What was not measured is not judged. Stateless. */
public final class AppendTargets {
    private static final double SHARE_OF_BARE_INSERT = 0.60;
    private static final double TIMES_MESSAGE_DB = 2;
    private static final double BATCHED_EVENTS_PER_SECOND = 50_000;
    private static final double LAG_MILLIS = 1_000;

    static final String BARE_INSERT = "bare INSERT";

    private static final String OURS = "order ledger";
    private static final String OURS_WITHOUT_PERSONAL_DATA = "order ledger, no personal data";
    private static final String FUNCTION = "order ledger, SQL alone";
    private static final int BATCH = 100;
    private static final List<Integer> MANY_CLIENTS = List.of(8, 32);

    private AppendTargets() {}

    /**
     * Judges results. The bare INSERT stores no personal data and is sent without a library, so it is compared with the ledger's function sent
     * the same way, and with the ledger's Java API. All others are compared with the API storing personal data, although they store none.
     */
    public static List<Target> of(AppendResults results) {
        List<Target> targets = new ArrayList<>();
        for (int clients : MANY_CLIENTS) {
            Cell single = new Cell(clients, 1);
            Cell batch = new Cell(clients, BATCH);
            String at = ", " + clients + " clients";
            for (String ours : List.of(FUNCTION, OURS_WITHOUT_PERSONAL_DATA)) {
                add(
                        targets,
                        ours + " / " + BARE_INSERT + at,
                        Bound.AT_LEAST,
                        SHARE_OF_BARE_INSERT,
                        results.ratio(ours, BARE_INSERT, single));
            }
            add(
                    targets,
                    OURS + " / message-db, 1 category" + at,
                    Bound.AT_LEAST,
                    TIMES_MESSAGE_DB,
                    results.ratio(OURS, "message-db, 1 category", single));
            for (String peer : List.of("Emmett", "Axon 4 JDBC")) {
                add(targets, OURS + " / " + peer + at, Bound.MORE_THAN, 1, results.ratio(OURS, peer, single));
                add(
                        targets,
                        OURS + " / " + peer + at + ", batches",
                        Bound.MORE_THAN,
                        1,
                        results.ratio(OURS, peer, batch));
            }
            add(
                    targets,
                    OURS + ", events/s in batches of 100" + at,
                    Bound.AT_LEAST,
                    BATCHED_EVENTS_PER_SECOND,
                    results.median(OURS, batch));
        }
        add(
                targets,
                "oldest event that is in no block, ms, the worst of all rounds",
                Bound.LESS_THAN,
                LAG_MILLIS,
                results.worstLagMillis());
        return targets;
    }

    private static void add(List<Target> targets, String name, Bound bound, double limit, OptionalDouble measured) {
        measured.ifPresent(figure -> targets.add(new Target(name, bound, limit, figure)));
    }
}
