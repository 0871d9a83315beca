package io.orderledger.ledger.heads;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What the head of a size is called where heads are kept: the size in 19 digits. The names sort as the sizes do, and every kind of store uses
 * them, so that a copy of one store is another.
 */
public final class HeadName {
    private static final Pattern NAME = Pattern.compile("[0-9]{19}");

    private HeadName() {}

    /**
     * The name of a head.
     *
     * @param size of the tree, 0 or more; no head has size 0, but its name comes before all others
     */
    public static String of(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("A tree has no size below 0");
        }
        return "%019d".formatted(size);
    }

    /** The size that a name stands for; empty if it is the name of something else. */
    public static OptionalLong size(String name) {
        if (!NAME.matcher(name).matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(name));
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // 19 digits can be more than a size can be
        }
    }
}
