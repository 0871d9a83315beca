package io.orderledger.local.faults;

/** How much of a campaign runs: {@code -Dorderledger.faults=full} for all of it; a short form otherwise. */
final class Extent {
    private static final boolean FULL = "full".equals(System.getProperty("orderledger.faults"));

    private Extent() {}

    /** One number or the other. */
    static int of(int inShort, int inFull) {
        return FULL ? inFull : inShort;
    }
}
