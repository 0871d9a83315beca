package io.orderledger.ledger.verify;

import java.util.OptionalLong;

/**
 * One thing that does not fit. It names places and never content.
 *
 * @param kind what does not fit
 * @param height the block, where there is one
 * @param position the event, where there is one
 * @param explanation what was found there, in a sentence without its place
 */
public record Finding(Kind kind, OptionalLong height, OptionalLong position, String explanation) {
    /** What can be wrong. */
    public enum Kind {
        /** An event's fields do not give its digest: a field, or the digest itself, was changed. */
        EVENT,
        /** An order's versions are not 1 to n, or do not rise within the ledger. */
        VERSION,
        /** Personal data is not what came with the event, or is gone without having been erased, or belongs to no event. */
        PERSONAL_DATA,
        /** An event is in no block, or in two places. */
        MEMBERSHIP,
        /** A row of late does not fit its block. */
        LATE,
        /** A block is missing, or there is one too many. */
        HEIGHT,
        /** A block's highest position is another one. */
        HIGH,
        /** A block has more or fewer events than it says. */
        EVENT_COUNT,
        /** A block's time is before its events or its predecessor. */
        SEALED_AT,
        /** A block's tree has another size. */
        TREE_SIZE,
        /** A block's root is another one, although what it stands for fits. */
        ROOT,
        /** A block's frontier is another one, although its root fits. */
        FRONTIER,
        /** What a block holds is not what was sealed: an event was replaced, or the block's time or late positions were changed. */
        BLOCK,
        /** The ledger is not the one of an exported head. */
        HEAD,
        /** An exported head cannot be read or is not signed by the key. */
        SIGNATURE
    }

    static Finding of(Kind kind, String explanation) {
        return new Finding(kind, OptionalLong.empty(), OptionalLong.empty(), explanation);
    }

    static Finding inBlock(Kind kind, long height, String explanation) {
        return new Finding(kind, OptionalLong.of(height), OptionalLong.empty(), explanation);
    }

    static Finding atPosition(Kind kind, long position, String explanation) {
        return new Finding(kind, OptionalLong.empty(), OptionalLong.of(position), explanation);
    }

    static Finding at(Kind kind, long height, long position, String explanation) {
        return new Finding(kind, OptionalLong.of(height), OptionalLong.of(position), explanation);
    }

    /** The finding in one line. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(kind.name());
        position.ifPresent(value -> line.append(", position ").append(value));
        height.ifPresent(value -> line.append(", block ").append(value));
        return line.append(": ").append(explanation).toString();
    }
}
