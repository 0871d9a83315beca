package io.orderledger.benchmarks.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.orderledger.benchmarks.load.Chart.Line;
import io.orderledger.benchmarks.report.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What was measured of a long time, by intervals. Immutable. */
final class Series {
    private static final int MOST_POINTS = 180;
    private static final double NANOS_PER_MINUTE = 6e10;
    private static final double SECONDS_PER_MINUTE = 60;

    private final List<Double> minutes = new ArrayList<>();
    private final List<Percentiles> latency = new ArrayList<>();
    private final List<Percentiles> listed = new ArrayList<>();
    private final LoadRun.Steady steady;

    Series(LoadRun.Steady steady, Duration duration) {
        this.steady = steady;
        Duration interval = interval(duration);
        for (Duration from = Duration.ZERO; from.compareTo(duration) < 0; from = from.plus(interval)) {
            Duration to = from.plus(interval);
            minutes.add(from.plus(interval.dividedBy(2)).toMillis() / 1e3 / SECONDS_PER_MINUTE);
            latency.add(steady.recording().latencyBetween(from.toMillis() / 1e3, to.toMillis() / 1e3));
            listed.add(
                    steady.listing().between(steady.beginNanos() + from.toNanos(), steady.beginNanos() + to.toNanos()));
        }
    }

    /** The length of an interval: a second, or more where there would be too many. */
    static Duration interval(Duration whole) {
        return Duration.ofSeconds(Math.max(1, whole.toSeconds() / MOST_POINTS));
    }

    /** The picture of it. */
    String svg(String title) {
        List<Double> looked = steady.looks().stream()
                .map(look -> (look.atNanos() - steady.beginNanos()) / NANOS_PER_MINUTE)
                .toList();
        return new Chart(title)
                .panel(
                        "POST /orders, ms from when it was due to the answer",
                        minutes,
                        line("p50", latency, Percentiles::p50),
                        line("p99", latency, Percentiles::p99))
                .panel(
                        "time until listed, ms from when it was due",
                        minutes,
                        line("p50", listed, Percentiles::p50),
                        line("p99", listed, Percentiles::p99))
                .panel(
                        "memory in MB",
                        looked,
                        line("the run (RSS)", steady.looks(), Vitals.Look::residentMegabytes),
                        line("PostgreSQL (PSS)", steady.looks(), Vitals.Look::databaseMegabytes),
                        line("the bus's file", steady.looks(), Vitals.Look::busMegabytes))
                .panel("events that wait for the ledger", looked, line("in flight", steady.looks(), look ->
                        (double) look.inFlight()))
                .svg();
    }

    /** Everything that is in the picture. */
    void addTo(ArrayNode json) {
        for (int i = 0; i < minutes.size(); i++) {
            var point = json.addObject().put("minute", Figures.rounded(minutes.get(i)));
            point.set("post", latency.get(i).toJson());
            point.set("listed", listed.get(i).toJson());
        }
    }

    private static <T> Line line(String name, List<T> points, ToDoubleFunction<T> value) {
        return new Line(name, points.stream().map(value::applyAsDouble).toList());
    }
}
