package io.orderledger.local.deliveries;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What services take from outside: time and chance. Thread-safe if its parts are.
 *
 * @param speed how much shorter delays between retries are than on AWS
 * @param clock tells the time
 * @param jitter spreads retries
 * @param ids draws the IDs that a service gives away
 */
public record Surroundings(SpeedFactor speed, InstantSource clock, RandomGenerator jitter, Supplier<UUID> ids) {

    /** With chance that nobody can foresee. */
    public static Surroundings of(SpeedFactor speed, InstantSource clock) {
        return new Surroundings(speed, clock, () -> ThreadLocalRandom.current().nextLong(), UUID::randomUUID);
    }
}
