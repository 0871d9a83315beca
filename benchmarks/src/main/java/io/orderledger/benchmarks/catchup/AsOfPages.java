package io.orderledger.benchmarks.catchup;

import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.report.Target;
import io.orderledger.benchmarks.report.Target.Bound;
import io.orderledger.benchmarks.report.TextTable;
import io.orderledger.benchmarks.server.BenchmarkServer;
import io.orderledger.benchmarks.server.ColdCaches;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** First pages of the list as it was: of three blocks, and in the worst arrangement; warm, and after the caches were emptied. Not thread-safe. */
public final class AsOfPages {
    /**
     * The block that was sealed just after a hundredth of all orders was requested, of which none is in it or in an earlier one: whoever looks
     * for the first page as of that block meets them first, and shows none of them.
     */
    private static final String WORST_HEIGHT = """
            select min(height) from ledger.block
            where sealed_at >= (
                select max(occurred_at) from ledger.event
                where position between $from$ and $from$ + 12 and type = 'OrderPlaced'
                    and recorded_at - occurred_at > interval '1 hour')""";

    private static final String ORDINARY = "a block";
    private static final String WORST = "the worst arrangement";
    private static final double ORDINARY_MILLIS = 100;
    private static final double WORST_MILLIS = 1_000;
    private static final int READS = 20;
    private static final int COLD_STARTS = 3;
    private static final int THOUSANDTH = 1_000;

    private final long events;
    private final Map<Long, Timed> pages = new LinkedHashMap<>();
    private String coldness = ColdCaches.RESTARTED;

    /**
     * Prepares.
     *
     * @param events in the ledger
     */
    public AsOfPages(long events) {
        this.events = events;
    }

    /** What was measured of one page. */
    private static final class Timed {
        private final String name;
        private final int orders;
        private final List<Double> warm;
        private final List<Double> cold = new ArrayList<>();

        Timed(String name, int orders, List<Double> warm) {
            this.name = name;
            this.orders = orders;
            this.warm = warm;
        }

        double worst() {
            return Math.max(Collections.max(warm), Collections.max(cold));
        }
    }

    /** Reads the pages again and again, and asks for the plans. */
    public void warm(BenchmarkServer server, String database, StringBuilder plans) throws SQLException {
        long newest = server.number(database, "select max(height) from ledger.block");
        long worst = server.number(database, WORST_HEIGHT.replace("$from$", Long.toString(events)));
        if (worst == 0) {
            throw new IllegalArgumentException("A ledger of " + events + " events has no order there that came late");
        }
        try (Pages list = new Pages(server, database)) {
            plans.append("# First page\n\n").append(list.plan(Optional.empty()));
            plans.append("# Page 1,000\n\n").append(list.plan(list.beginOf(THOUSANDTH)));
            list.millisAsOf(newest / 2 + newest / 10, READS);
            for (long height : List.of(newest, newest * 9 / 10, newest / 10)) {
                read(list, ORDINARY, height);
            }
            read(list, WORST, worst);
            plans.append("# First page as of a block\n\n").append(list.planAsOf(newest * 9 / 10));
            plans.append("# First page as of a block, in the worst arrangement\n\n")
                    .append(list.planAsOf(worst));
        }
    }

    private void read(Pages list, String name, long height) {
        int orders = list.firstAsOf(height).orders().size();
        pages.put(height, new Timed(name, orders, list.millisAsOf(height, READS)));
    }

    /** Reads each page once after a start of the server on emptied caches, on a connection that has read nothing yet; several times. */
    public void cold(Path data, String database) throws SQLException, InterruptedException {
        for (int i = 0; i < COLD_STARTS; i++) {
            for (Map.Entry<Long, Timed> page : pages.entrySet()) {
                coldness = ColdCaches.drop();
                try (BenchmarkServer server = BenchmarkServer.startKept(data);
                        Pages list = new Pages(server, database)) {
                    page.getValue().cold.addAll(list.millisAsOf(page.getKey(), 1));
                }
            }
        }
    }

    /** What was measured, for people; for programs and as targets it goes into the report. */
    public String table(Report report) {
        TextTable table =
                new TextTable("first page as of", "block", "cold, ms: median", "worst", "warm, ms: median", "worst");
        double ordinary = 0;
        double worst = 0;
        for (Map.Entry<Long, Timed> entry : pages.entrySet()) {
            Timed page = entry.getValue();
            table.add(
                    page.name,
                    String.format("%,d", entry.getKey()),
                    Figures.text(Figures.median(page.cold)),
                    Figures.text(Collections.max(page.cold)),
                    Figures.text(Figures.median(page.warm)),
                    Figures.text(Collections.max(page.warm)));
            report.json()
                    .withArray("firstPageAsOf")
                    .addObject()
                    .put("name", page.name)
                    .put("height", entry.getKey())
                    .put("orders", page.orders)
                    .put("coldMedianMillis", Figures.rounded(Figures.median(page.cold)))
                    .put("coldWorstMillis", Figures.rounded(Collections.max(page.cold)))
                    .put("medianMillis", Figures.rounded(Figures.median(page.warm)))
                    .put("worstMillis", Figures.rounded(Collections.max(page.warm)));
            if (page.name.equals(WORST)) {
                worst = page.worst();
            } else {
                ordinary = Math.max(ordinary, page.worst());
            }
        }
        report.json().put("coldness", coldness);
        report.add(new Target("first page as of a block, ms, cold included", Bound.AT_MOST, ORDINARY_MILLIS, ordinary));
        report.add(new Target(
                "first page as of a block, the worst arrangement, ms, cold included",
                Bound.AT_MOST,
                WORST_MILLIS,
                worst));
        return table + "cold: " + coldness + "\n";
    }
}
