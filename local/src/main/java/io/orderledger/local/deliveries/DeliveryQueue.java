package io.orderledger.local.deliveries;

import io.orderledger.local.storage.MapFile;
import io.orderledger.local.storage.MapFileUnusable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deliveries that wait on disk for their next attempt.
 *
 * <p>What {@link #add} returned for is attempted at least once, after a restart too, and again after every crash that came
 * before the file knew of its success. There is no order. Thread-safe.
 */
public final class DeliveryQueue implements Deliveries {

    /** How long a delivery waits when the attempt itself broke, for example because the dead-letter queue did not answer. */
    public static final Duration UNEXPECTED_FAILURE_DELAY = Duration.ofSeconds(1);

    /** How long a delivery waits whose destination is no longer defined. */
    public static final Duration UNDEFINED_DESTINATION_DELAY = Duration.ofMinutes(1);

    /** How long {@link #close} waits for attempts under way; what takes longer is interrupted, and attempted again later. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryQueue.class);

    private final MapFile file;
    private final String name;
    private final int maximumWaiting;
    private final InstantSource clock;
    private final MVMap<Long, byte[]> payloads;
    private final MVMap<Long, byte[]> states;
    private final AtomicLong lastKey;
    private final AtomicInteger waiting;
    private final DelayQueue<Due> schedule = new DelayQueue<>();
    private final Semaphore attemptsAtOnce;
    private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread dispatcher;
    private volatile Attempt attempt = _ -> {
        throw new IllegalStateException("deliveries were not started");
    };

    DeliveryQueue(MapFile file, String name, int maximumWaiting, int maximumAtOnce, InstantSource clock) {
        this.file = file;
        this.name = name;
        this.maximumWaiting = maximumWaiting;
        this.clock = clock;
        this.payloads = file.map(name + ".payload", LongDataType.INSTANCE);
        this.states = file.map(name + ".state", LongDataType.INSTANCE);
        this.attemptsAtOnce = new Semaphore(maximumAtOnce);
        this.lastKey = new AtomicLong(Math.max(lastKey(payloads), lastKey(states)));
        dropPayloadsWithoutState();
        this.waiting = new AtomicInteger(states.size());
        Instant now = clock.instant();
        states.forEach(
                (key, state) -> schedule.add(Due.in(DeliveryState.decoded(state).remaining(now), key)));
        this.dispatcher = Thread.ofVirtual().name("deliveries-" + name).unstarted(this::dispatch);
    }

    /** Begins to attempt, what was stored before first. Called once. */
    @Override
    public void start(Attempt how) {
        this.attempt = how;
        dispatcher.start();
    }

    /** How many deliveries wait or are being attempted. */
    @Override
    public int size() {
        return waiting.get();
    }

    /**
     * Stores deliveries; when it returns, all are on disk.
     *
     * @throws DeliveryQueueFull where they would exceed the maximum: nothing was stored
     * @throws MapFileUnusable where the disk failed: some may have been stored and will be attempted
     */
    @Override
    public void add(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        file.demandRoom();
        if (waiting.addAndGet(deliveries.size()) > maximumWaiting) {
            waiting.addAndGet(-deliveries.size());
            throw new DeliveryQueueFull(name, maximumWaiting);
        }
        Instant now = clock.instant();
        long last = lastKey.addAndGet(deliveries.size());
        long key = last - deliveries.size();
        try {
            for (Delivery delivery : deliveries) {
                key++;
                payloads.put(key, delivery.payload());
                states.put(key, DeliveryState.of(delivery, now, Duration.ZERO).encoded());
            }
            file.force();
        } catch (MVStoreException | MapFileUnusable e) {
            waiting.addAndGet(-deliveries.size());
            throw e instanceof MVStoreException failure ? file.unusable(failure) : e;
        }
        for (long each = last - deliveries.size() + 1; each <= last; each++) {
            schedule.add(Due.in(Duration.ZERO, each));
        }
    }

    /** Takes no further attempt, and waits a moment for those under way. What is not done stays stored. */
    @Override
    public void close() {
        dispatcher.interrupt();
        attempts.shutdown();
        try {
            if (!attempts.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                attempts.shutdownNow();
                attempts.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (dispatcher.isAlive()) {
                dispatcher.join(CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            attempts.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void dispatch() {
        try {
            while (true) {
                Due due = schedule.take();
                attemptsAtOnce.acquire();
                attempts.execute(() -> {
                    try {
                        attempt(due.key);
                    } finally {
                        attemptsAtOnce.release();
                    }
                });
            }
        } catch (InterruptedException | RejectedExecutionException _) {
            LOG.debug("no further deliveries from {}", name);
        }
    }

    private void attempt(long key) {
        byte[] payload = payloads.get(key);
        byte[] state = states.get(key);
        if (payload == null || state == null) {
            throw new IllegalStateException("the delivery " + key + " of " + name + " is not stored");
        }
        Delivery delivery = DeliveryState.decoded(state).with(payload);
        Outcome outcome;
        try {
            outcome = attempt.attempt(delivery);
        } catch (InterruptedException _) {
            return; // stays stored: the next start attempts it again
        } catch (RuntimeException e) {
            LOG.warn("the delivery {} to {} could not be attempted", delivery.id(), delivery.destination(), e);
            outcome = new Outcome.Again(delivery.deferred(delivery.lastAnswer()), UNEXPECTED_FAILURE_DELAY);
        }
        record(key, outcome);
    }

    private void record(long key, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done _ -> {
                states.remove(key);
                payloads.remove(key);
                waiting.decrementAndGet();
            }
            case Outcome.Again again -> {
                states.put(
                        key,
                        DeliveryState.of(again.next(), clock.instant(), again.delay())
                                .encoded());
                schedule.add(Due.in(again.delay(), key));
            }
        }
    }

    private void dropPayloadsWithoutState() {
        // A commit may fall between the two writes of a delivery that was never answered for, or that was done.
        List<Long> orphans = payloads.keySet().stream()
                .filter(key -> !states.containsKey(key))
                .toList();
        orphans.forEach(payloads::remove);
    }

    private static long lastKey(MVMap<Long, byte[]> map) {
        Long last = map.lastKey();
        return last == null ? 0 : last;
    }

    /** By a clock that nobody sets: what waits does not wait for an hour more because the machine's time was put back by one. */
    private record Due(long key, long atNanos) implements Delayed {
        static Due in(Duration delay, long key) {
            return new Due(key, System.nanoTime() + delay.toNanos());
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(atNanos - ((Due) other).atNanos);
        }
    }
}
