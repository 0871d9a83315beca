package io.orderledger.benchmarks.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderledger.benchmarks.load.LoadRun.Burst;
import io.orderledger.benchmarks.load.LoadRun.Outcome;
import io.orderledger.benchmarks.report.Figures;
import io.orderledger.benchmarks.report.Report;
import io.orderledger.benchmarks.report.Target;
import io.orderledger.benchmarks.report.Target.Bound;
import io.orderledger.benchmarks.report.TextTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A load's figures for people, and as JSON. Stateless. */
public final class LoadReport {
    /** What a request may be answered; {@link OrderApi#NO_ANSWER} is no answer. */
    private static final Set<Integer> ALLOWED = Set.of(OrderApi.NO_ANSWER, OrderApi.OK, 429, 503);

    /** Memory is flat if there is no more than this in the last third of the time, for each megabyte in the first. */
    private static final double FLAT = 1.1;

    private LoadReport() {}

    /** The tables; figures and targets go into the report. */
    public static String tables(Outcome outcome, Duration duration, Report report) {
        ObjectNode json = report.json();
        json.put("highestRatePerSecond", Figures.rounded(outcome.highestRate()))
                .put("ratePerSecond", Figures.rounded(outcome.rate()))
                .put("minutes", duration.toSeconds() / 60.0);
        LoadRun.Steady steady = outcome.steady();
        Percentiles post = steady.recording().latency();
        Percentiles listed = steady.listing().all();
        json.set("post", post.toJson());
        json.set("listed", listed.toJson());
        new Series(steady, duration).addTo(json.putArray("series"));
        String heading = String.format(
                "highest rate sustained: %s orders/s; %s orders/s for %s min, by a process of its own%n%n",
                Figures.text(outcome.highestRate()),
                Figures.text(outcome.rate()),
                Figures.text(duration.toSeconds() / 60.0));
        TextTable times = new TextTable("ms from when it was due", "orders", "p50", "p99", "p99.9", "worst");
        add(times, "until POST was answered", post);
        add(times, "until listed (ten orders a second)", listed);
        targets(outcome, report);
        return heading + times + "\n" + memory(steady, json) + "\n" + books(outcome, json) + "\n" + outcome.verified()
                + "\n";
    }

    /** The picture of the long time. */
    public static String picture(Outcome outcome, Duration duration) {
        return new Series(outcome.steady(), duration)
                .svg(String.format(
                        "A local run at %s orders/s, %s %% of the highest rate that it sustains here",
                        Figures.text(outcome.rate()), Figures.text(100 * outcome.rate() / outcome.highestRate())));
    }

    private static void add(TextTable table, String name, Percentiles times) {
        table.add(
                name,
                String.format("%,d", times.count()),
                times.text(times.p50()),
                times.text(times.p99()),
                times.text(times.p999()),
                times.text(times.worst()));
    }

    private static TextTable memory(LoadRun.Steady steady, ObjectNode json) {
        TextTable table = new TextTable("MB", "first third", "last third", "ratio");
        ObjectNode memory = json.putObject("memory");
        Thirds resident = Thirds.of(
                steady.looks().stream().map(Vitals.Look::residentMegabytes).toList());
        Thirds database = Thirds.of(
                steady.looks().stream().map(Vitals.Look::databaseMegabytes).toList());
        Thirds bus =
                Thirds.of(steady.looks().stream().map(Vitals.Look::busMegabytes).toList());
        Thirds live = new Thirds(steady.liveMegabytesBefore(), steady.liveMegabytesAfter());
        resident.add("the run's process (RSS)", "resident", table, memory);
        live.add("live objects in it, before and after", "live", table, memory);
        database.add("PostgreSQL's processes (PSS)", "database", table, memory);
        bus.add("the bus's file", "busFile", table, memory);
        return table;
    }

    private static TextTable books(Outcome outcome, ObjectNode json) {
        TextTable table = new TextTable(
                "after",
                "sent",
                "200",
                "429",
                "503",
                "no answer",
                "accepted in all",
                "lost",
                "doubled",
                "foreign",
                "settled, s");
        LoadRun.Steady steady = outcome.steady();
        row(table, "the long time", steady.recording(), steady.books(), Double.NaN);
        LoadRun.Again again = outcome.again();
        table.add(
                "everything delivered again",
                String.format("%,d", again.orders()),
                "",
                "",
                "",
                "",
                String.format("%,d", again.books().accepted()),
                Long.toString(again.books().lost()),
                Long.toString(again.books().doubled()),
                Long.toString(again.books().foreign()),
                Figures.text(again.seconds()));
        json.putObject("deliveredAgain")
                .put("orders", again.orders())
                .put("seconds", Figures.rounded(again.seconds()))
                .set("books", again.books().toJson());
        for (Burst burst : outcome.bursts()) {
            String limit = burst.limitPerSecond() == 0 ? "no limit" : "limit " + burst.limitPerSecond() + "/s";
            row(
                    table,
                    String.format("burst of %s/s, %s", Figures.text(burst.rate()), limit),
                    burst.recording(),
                    burst.books(),
                    burst.settledSeconds());
            ObjectNode node = json.withArray("bursts")
                    .addObject()
                    .put("ratePerSecond", Figures.rounded(burst.rate()))
                    .put("limitPerSecond", burst.limitPerSecond())
                    .put("settledSeconds", Figures.rounded(burst.settledSeconds()));
            burst.recording().byStatus().forEach((status, count) -> node.put("answered" + status, count));
            node.set("post", burst.recording().latency().toJson());
            node.set("books", burst.books().toJson());
        }
        json.set("books", outcome.books().toJson());
        return table;
    }

    private static void row(TextTable table, String name, Recording recording, Books.Comparison books, double settled) {
        Map<Integer, Long> byStatus = recording.byStatus();
        table.add(
                name,
                String.format("%,d", recording.requests()),
                count(byStatus, OrderApi.OK),
                count(byStatus, 429),
                count(byStatus, 503),
                count(byStatus, OrderApi.NO_ANSWER),
                String.format("%,d", books.accepted()),
                Long.toString(books.lost()),
                Long.toString(books.doubled()),
                Long.toString(books.foreign()),
                Double.isNaN(settled) ? "" : Figures.text(settled));
    }

    private static String count(Map<Integer, Long> byStatus, int status) {
        return String.format("%,d", byStatus.getOrDefault(status, 0L));
    }

    private static void targets(Outcome outcome, Report report) {
        report.add(new Target("orders lost", Bound.AT_MOST, 0, outcome.books().lost()));
        report.add(
                new Target("orders doubled", Bound.AT_MOST, 0, outcome.books().doubled()));
        report.add(new Target(
                "events that nobody sent", Bound.AT_MOST, 0, outcome.books().foreign()));
        report.add(new Target(
                "answers other than 200, 429 and 503",
                Bound.AT_MOST,
                0,
                otherAnswers(outcome.steady().recording())
                        + outcome.bursts().stream()
                                .mapToLong(burst -> otherAnswers(burst.recording()))
                                .sum()));
        report.add(new Target(
                "RSS, last third / first third",
                Bound.AT_MOST,
                FLAT,
                Thirds.of(outcome.steady().looks().stream()
                                .map(Vitals.Look::residentMegabytes)
                                .toList())
                        .ratio()));
    }

    private static long otherAnswers(Recording recording) {
        return recording.byStatus().entrySet().stream()
                .filter(entry -> !ALLOWED.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Whether nothing is lost, doubled or foreign. */
    public static boolean fits(Outcome outcome) {
        return outcome.books().fits()
                && outcome.steady().books().fits()
                && outcome.again().books().fits()
                && outcome.bursts().stream().allMatch(burst -> burst.books().fits());
    }

    /** A figure early and late: the medians of the first and the last third of what was seen. */
    private record Thirds(double first, double last) {
        static Thirds of(List<Double> figures) {
            int third = Math.max(1, figures.size() / 3);
            return new Thirds(
                    Figures.median(figures.subList(0, third)),
                    Figures.median(figures.subList(figures.size() - third, figures.size())));
        }

        double ratio() {
            return last / first;
        }

        void add(String name, String key, TextTable table, ObjectNode json) {
            table.add(name, Figures.text(first), Figures.text(last), Figures.text(ratio()));
            json.putObject(key)
                    .put("firstMegabytes", Figures.rounded(first))
                    .put("lastMegabytes", Figures.rounded(last));
        }
    }
}
