package io.orderledger.local.queues;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.elasticmq.util.NowProvider;

/**
 * The time by which messages become visible. When the machine's clock is put back, it goes on from where it was, so that no message stays hidden for
 * as long as that. Thread-safe.
 */
final class SteadyNow extends NowProvider {
    private final LongSupplier wallMillis;
    private final LongSupplier nanos;
    private long lastMillis;
    private long lastNanos;

    SteadyNow() {
        this(System::currentTimeMillis, System::nanoTime);
    }

    SteadyNow(LongSupplier wallMillis, LongSupplier nanos) {
        this.wallMillis = wallMillis;
        this.nanos = nanos;
        this.lastMillis = wallMillis.getAsLong();
        this.lastNanos = nanos.getAsLong();
    }

    @Override
    public synchronized long nowMillis() {
        long passedMillis = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - lastNanos);
        lastNanos += TimeUnit.MILLISECONDS.toNanos(passedMillis);
        lastMillis = Math.max(wallMillis.getAsLong(), lastMillis + passedMillis);
        return lastMillis;
    }

    @Override
    public OffsetDateTime now() {
        return Instant.ofEpochMilli(nowMillis()).atOffset(ZoneOffset.UTC);
    }
}
