package io.orderledger.local.world;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** All chance in a world, from its seed. Used by whoever has the baton. */
final class Chance implements RandomGenerator {
    private final SplittableRandom random;

    Chance(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public synchronized long nextLong() {
        return random.nextLong();
    }

    /** Any time within a duration is as likely as any other. */
    Duration moment(Duration within) {
        return Duration.ofNanos(nextLong(within.toNanos()));
    }

    boolean happens(double probability) {
        return nextDouble() < probability;
    }

    int between(int least, int most) {
        return nextInt(least, most + 1);
    }

    /** Short ones as often as long ones of ten times the length. */
    Duration duration(Duration least, Duration most) {
        double low = Math.log((double) least.toMillis());
        double high = Math.log((double) most.toMillis());
        return Duration.ofMillis(Math.round(Math.exp(low + (high - low) * nextDouble())));
    }

    <T> T pick(List<T> among) {
        return among.get(nextInt(among.size()));
    }

    /** Of version 4. */
    UUID uuid() {
        long high = (nextLong() & ~0xF000L) | 0x4000L;
        long low = (nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
