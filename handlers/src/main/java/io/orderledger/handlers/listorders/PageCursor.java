package io.orderledger.handlers.listorders;

import io.orderledger.projections.orders.MalformedCursor;
import io.orderledger.projections.orders.OrderCursor;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;

/** Where the previous page ended, and what it was a page of. To clients an opaque text of letters, digits, {@code -} and {@code _}. */
sealed interface PageCursor {
    OrderCursor place();

    /** Whether the page before it was asked for with this moment. */
    boolean isOf(Optional<AsOf> asOf);

    /** A cursor of the list as it is now. */
    record Now(OrderCursor place) implements PageCursor {
        @Override
        public boolean isOf(Optional<AsOf> asOf) {
            return asOf.isEmpty();
        }
    }

    /**
     * A cursor of the list as it was. It keeps the block, so that a walk by a time stays at one block, also where a block with an earlier
     * time was only just being committed.
     *
     * @param asked what the caller gave, and has to give again
     */
    record AsOfBlock(OrderCursor place, long height, AsOf asked) implements PageCursor {
        private static final byte BY_HEIGHT = 2;
        private static final byte BY_TIME = 3;

        @Override
        public boolean isOf(Optional<AsOf> asOf) {
            return asOf.equals(Optional.of(asked));
        }

        /** The text for clients; always the same for the same cursor. */
        String toText() {
            byte[] inner = Base64.getUrlDecoder().decode(place.toText());
            ByteBuffer bytes = ByteBuffer.allocate(Byte.BYTES + 2 * Long.BYTES + inner.length)
                    .put(form(asked))
                    .putLong(height)
                    .putLong(number(asked))
                    .put(inner);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        }

        private static byte form(AsOf asked) {
            return switch (asked) {
                case AsOf.Height _ -> BY_HEIGHT;
                case AsOf.Time _ -> BY_TIME;
            };
        }

        private static long number(AsOf asked) {
            return switch (asked) {
                case AsOf.Height(long height) -> height;
                case AsOf.Time(Instant time) -> ChronoUnit.MICROS.between(Instant.EPOCH, time);
            };
        }

        private static Optional<AsOfBlock> read(byte[] bytes) {
            if (bytes.length < 1 + 2 * Long.BYTES || (bytes[0] != BY_HEIGHT && bytes[0] != BY_TIME)) {
                return Optional.empty();
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            byte form = buffer.get();
            long height = buffer.getLong();
            long number = buffer.getLong();
            byte[] inner = new byte[buffer.remaining()];
            buffer.get(inner);
            if (height < 0) {
                throw new MalformedCursor();
            }
            AsOf asked = form == BY_HEIGHT
                    ? new AsOf.Height(number)
                    : new AsOf.Time(Instant.EPOCH.plus(number, ChronoUnit.MICROS));
            OrderCursor place =
                    OrderCursor.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(inner));
            return Optional.of(new AsOfBlock(place, height, asked));
        }
    }

    /**
     * Reads a cursor of either kind.
     *
     * @throws MalformedCursor if the text is none
     */
    static PageCursor parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedCursor();
        }
        Optional<AsOfBlock> asOf = AsOfBlock.read(bytes);
        if (asOf.isEmpty()) {
            return new Now(OrderCursor.parse(text));
        }
        if (!asOf.get().toText().equals(text)) {
            throw new MalformedCursor();
        }
        return asOf.get();
    }
}
