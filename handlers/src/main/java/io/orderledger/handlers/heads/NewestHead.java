package io.orderledger.handlers.heads;

import java.util.function.LongFunction;

/**
 * Finds the largest size of which a store has a head, where the store can only list from a size on, in rising order and page by page. Doubles
 * the size from which it lists until there is nothing, and then halves the distance. With n heads at even distances that is some 2 log2(n /
 * page) listings; with any distances at most two for each bit of a size.
 *
 * <p>Immutable.
 */
final class NewestHead {
    /**
     * The heads of a page.
     *
     * @param largest largest size in it; 0 if it is empty, which it is only if there are no more heads
     * @param last whether nothing comes after it
     */
    record Page(long largest, boolean last) {
        static final Page NONE = new Page(0, true);

        private boolean isEmpty() {
            return largest == 0;
        }
    }

    private final LongFunction<Page> beyond;

    /** @param beyond the first heads that are larger than a size */
    NewestHead(LongFunction<Page> beyond) {
        this.beyond = beyond;
    }

    /**
     * The largest size.
     *
     * @param known a size of which there is a head, or 0
     * @return 0 if there is no head
     */
    long search(long known) {
        long some = known; // there is a head of this size, unless it is 0
        long none = Long.MAX_VALUE; // there is none beyond this size
        long probe = known;
        while (true) {
            Page page = beyond.apply(probe);
            if (page.last() && !page.isEmpty()) {
                return page.largest();
            }
            if (page.isEmpty()) {
                none = probe;
            } else {
                some = page.largest();
            }
            if (none <= some) {
                return some;
            }
            probe = none == Long.MAX_VALUE && some <= Long.MAX_VALUE / 2 ? 2 * some : some + (none - some) / 2;
        }
    }
}
