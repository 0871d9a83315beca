package io.orderledger.local.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checker that never fails proves nothing: here each kind of wrong is done on purpose. */
class WorldMutationIT {
    private static final long MAX_SEEDS = 12;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_world_that_does_wrong_is_found_out_within_a_few_seeds(Mutation mutation) {
        Optional<Violation> found = Optional.empty();
        for (long seed = 1; seed <= MAX_SEEDS && found.isEmpty(); seed++) {
            found = violation(seed, mutation);
        }

        assertThat(found)
                .as("%s in %d worlds", mutation, MAX_SEEDS)
                .hasValueSatisfying(violation -> assertThat(violation).hasMessageContaining(expected(mutation)));
    }

    private static Optional<Violation> violation(long seed, Mutation mutation) {
        try (Quiet _ = Quiet.begin();
                World world = new World(seed, mutation)) {
            return world.run().violation();
        }
    }

    /** The promise that is broken, so that nothing is found out by accident. */
    private static String expected(Mutation mutation) {
        return switch (mutation) {
            case NONE -> throw new IllegalArgumentException("nothing is wrong");
            case BUS_LOSES_MESSAGES, QUEUE_KEEPS_NOTHING, QUEUE_DELETES_ON_RECEIVE, API_ANSWERS_200_ALWAYS ->
                "what was answered 200 is in the ledger, or refused on record";
            case BUS_ALTERS_MESSAGES, REDELIVERY_HAS_NEW_ID -> "nothing is in the ledger that was not asked for";
            case FUNCTION_ANSWERS_BEFORE_STORING -> "a cancellation that is answered RECORDED is in the ledger";
            case REFUSED_MESSAGES_FORGOTTEN -> "what was answered 200 is in the ledger, or refused on record";
            case ERASURE_FORGOTTEN -> "erased data is gone";
            case VIEW_ALTERED -> "the list says what follows from the events";
            case EVENT_ALTERED -> "the ledger verifies";
        };
    }
}
