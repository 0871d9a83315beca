package io.orderledger.benchmarks.load;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * What became of each request of a timetable. Requests are recorded from many threads, each once; it is read when all have been.
 */
public final class Recording {
    private static final short UNKNOWN = -1;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MICROS_PER_MILLI = 1e3;

    private final long first;
    private final double perSecond;
    private final int[] latencyMicros;
    private final short[] statuses;

    Recording(long first, double perSecond, int requests) {
        this.first = first;
        this.perSecond = perSecond;
        this.latencyMicros = new int[requests];
        this.statuses = new short[requests];
        Arrays.fill(statuses, UNKNOWN);
    }

    /** Different threads write different places of the arrays; the caller waits for all of them before anybody reads. */
    void record(int index, int status, long latencyNanos) {
        latencyMicros[index] = (int) Math.min(Integer.MAX_VALUE, Math.round(latencyNanos / NANOS_PER_MICRO));
        statuses[index] = (short) status;
    }

    int requests() {
        return statuses.length;
    }

    /** How many requests had which status. */
    SortedMap<Integer, Long> byStatus() {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (short status : statuses) {
            counts.merge((int) status, 1L, Long::sum);
        }
        return counts;
    }

    long accepted() {
        return byStatus().getOrDefault(OrderApi.OK, 0L);
    }

    /** Tells the number of each order that was accepted. */
    void forEachAccepted(LongConsumer consumer) {
        forEachWith(OrderApi.OK, consumer);
    }

    /** Tells the number of each order whose request was not answered: it may have been accepted. */
    void forEachUnanswered(LongConsumer consumer) {
        forEachWith(OrderApi.NO_ANSWER, consumer);
    }

    private void forEachWith(int status, LongConsumer consumer) {
        for (int i = 0; i < statuses.length; i++) {
            if (statuses[i] == status) {
                consumer.accept(first + i);
            }
        }
    }

    /** Milliseconds from when a request was due to its answer, of accepted requests. */
    Percentiles latency() {
        return latency(0, statuses.length);
    }

    /** The same, for those that were due within some seconds from the beginning. */
    Percentiles latencyBetween(double fromSeconds, double toSeconds) {
        int from = Math.min(statuses.length, (int) Math.ceil(fromSeconds * perSecond));
        int to = Math.min(statuses.length, (int) Math.ceil(toSeconds * perSecond));
        return latency(from, to);
    }

    private Percentiles latency(int from, int to) {
        double[] millis = new double[to - from];
        int count = 0;
        for (int i = from; i < to; i++) {
            if (statuses[i] == OrderApi.OK) {
                millis[count++] = latencyMicros[i] / MICROS_PER_MILLI;
            }
        }
        return Percentiles.of(Arrays.copyOf(millis, count));
    }
}
