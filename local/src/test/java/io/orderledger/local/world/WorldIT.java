package io.orderledger.local.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Worlds in which everything goes wrong that can. How to run more of them than the build does is in docs/reliability.md.
 */
class WorldIT {
    private static final String SEED = "orderledger.world.seed";
    private static final String SEEDS = "orderledger.world.seeds";
    private static final String MINUTES = "orderledger.world.minutes";
    private static final String FIRST = "orderledger.world.first";
    private static final String REPEAT = "orderledger.world.repeat";
    private static final String DOCUMENT = "orderledger.world.document";

    /** What the build spends: whichever is over first. */
    private static final long SEEDS_OF_A_BUILD = 200;

    private static final Duration TIME_OF_A_BUILD = Duration.ofSeconds(50);

    /** Who runs fewer seeds than this, as he may, may miss a kind of fault. */
    private static final long SEEDS_WITH_EVERY_FAULT = 100;

    private static final long SEEDS_OF_A_DAY = 1_000_000;

    @Test
    void no_request_is_lost_or_doubled_whatever_goes_wrong() {
        Campaign campaign = campaign();

        System.out.printf(
                "%d worlds, seeds %d to %d, in %d s: %s%n",
                campaign.seeds(),
                campaign.firstSeed(),
                campaign.firstSeed() + campaign.seeds() - 1,
                campaign.took().toSeconds(),
                CampaignReport.write(campaign));
        if (Boolean.getBoolean(DOCUMENT)) {
            CampaignReport.writeInto(Path.of("..", "docs", "reliability.md"), campaign);
        }
        assertThat(campaign.violations()).isEmpty();
        if (campaign.seeds() >= SEEDS_WITH_EVERY_FAULT) {
            assertThat(campaign.missing())
                    .as("faults that never struck in %d worlds", campaign.seeds())
                    .isEmpty();
        }
    }

    private static Campaign campaign() {
        if (System.getProperty(MINUTES) != null) {
            Duration time = Duration.ofMinutes(Long.getLong(MINUTES));
            // Other worlds every day.
            long first = Long.getLong(FIRST, LocalDate.now(ZoneOffset.UTC).toEpochDay() * SEEDS_OF_A_DAY);
            return new Campaign(first).run(Long.MAX_VALUE, time);
        }
        if (System.getProperty(SEEDS) != null) {
            long seeds = Long.getLong(SEEDS);
            return new Campaign(Long.getLong(FIRST, 1)).run(seeds, Duration.ofDays(365));
        }
        return new Campaign(1).run(SEEDS_OF_A_BUILD, TIME_OF_A_BUILD);
    }

    /** What the message of a failure says how to run. The course is written to target/reliability. */
    @Test
    @EnabledIfSystemProperty(named = SEED, matches = "-?[0-9]+")
    void one_seed_again() throws Exception {
        long seed = Long.getLong(SEED);
        try (Quiet _ = Quiet.begin();
                World world = new World(seed, Mutation.NONE)) {
            try {
                world.run().violation().ifPresent(violation -> {
                    throw violation;
                });
            } finally {
                Path file = Path.of("target", "reliability", "seed-" + seed + ".txt");
                Files.createDirectories(file.getParent());
                Files.write(file, world.lines());
            }
        }
    }

    /** How often: {@code -Dorderledger.world.repeat}. Whoever doubts it lets it run fifty times beside something that keeps the machine busy. */
    @Test
    void the_same_seed_takes_the_same_course_and_another_one_another() {
        List<String> course = course(3);

        for (int time = 0; time < Integer.getInteger(REPEAT, 1); time++) {
            assertThat(course(3)).isEqualTo(course);
        }
        assertThat(course(8)).isNotEqualTo(course);
    }

    private static List<String> course(long seed) {
        try (Quiet _ = Quiet.begin();
                World world = new World(seed, Mutation.NONE)) {
            world.run();
            return world.lines();
        }
    }
}
