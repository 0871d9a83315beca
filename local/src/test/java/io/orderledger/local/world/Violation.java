package io.orderledger.local.world;

import java.util.List;
import java.util.stream.Collectors;

/** A promise was broken in a world. Says which, what happened to the order concerned, and how to see it again. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private static final int MAX_SHOWN = 5;

    Violation(long seed, Mutation mutation, List<Finding> findings) {
        super(describe(seed, mutation, findings));
    }

    /**
     * One broken promise.
     *
     * @param course the last events of what it concerns
     */
    record Finding(String promise, String what, List<String> course) {}

    private static String describe(long seed, Mutation mutation, List<Finding> findings) {
        String shown = findings.stream()
                .limit(MAX_SHOWN)
                .map(finding -> finding.promise() + ": " + finding.what()
                        + finding.course().stream().map(line -> "\n    " + line).collect(Collectors.joining()))
                .collect(Collectors.joining("\n  "));
        return "Seed " + seed + (mutation == Mutation.NONE ? "" : " with " + mutation) + " breaks " + findings.size()
                + " promises:\n  " + shown
                + "\nExactly this again: mvn -B -ntp -pl local -am verify -Dit.test=WorldIT#one_seed_again"
                + " -Dorderledger.world.seed=" + seed + " -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dfailsafe.failIfNoSpecifiedTests=false";
    }
}
