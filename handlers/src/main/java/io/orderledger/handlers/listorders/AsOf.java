package io.orderledger.handlers.listorders;

import io.orderledger.ledger.NewEvent;
import io.orderledger.projections.Heights;
import io.orderledger.projections.UnknownHeight;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** The moment that a caller wants to see: a block, or the one that was the newest at a time. */
sealed interface AsOf {
    String NAME = "asOf";
    String RULE = "must be the height of a block, or a time of RFC 3339 from 1970 on that is not in the future";

    /** A block's height; 0 is before the first one. */
    record Height(long height) implements AsOf {}

    /** A time, in the database's microseconds. */
    record Time(Instant time) implements AsOf {}

    /** Reads the parameter; empty if it is neither. */
    static Optional<AsOf> parse(String text) {
        if (Form.HEIGHT.matcher(text).matches()) {
            return Optional.of(new Height(Long.parseLong(text)));
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS))
                    .filter(time -> !time.isBefore(NewEvent.EARLIEST) && !time.isAfter(NewEvent.LATEST))
                    .map(Time::new);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * The block that is meant. What will be the newest block at a time in the future nobody can tell, so such a time is none.
     *
     * @throws UnknownHeight if there is no such block yet
     */
    default Heights.Block block(Heights heights) {
        return switch (this) {
            case Height(long height) -> heights.of(height);
            case Time(Instant time) -> heights.newestAt(time);
        };
    }

    /** How it is read. */
    final class Form {
        /** No ledger has more blocks than that, and a long has room for it. */
        private static final Pattern HEIGHT = Pattern.compile("[0-9]{1,18}");

        private Form() {}
    }
}
