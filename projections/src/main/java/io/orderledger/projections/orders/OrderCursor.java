package io.orderledger.projections.orders;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * A place in the list of orders: after the order with this time and ID. To clients it is an opaque text of letters, digits, {@code -}
 * and {@code _}.
 *
 * @param placedAt with microseconds, as the database keeps it
 */
public record OrderCursor(Instant placedAt, UUID orderId) {
    private static final byte FORM = 1;
    private static final int LENGTH_BYTES = Byte.BYTES + 3 * Long.BYTES;

    /**
     * Reads what {@link #toText} wrote.
     *
     * @throws MalformedCursor if it is anything else
     */
    public static OrderCursor parse(String text) {
        ByteBuffer bytes = decoded(text);
        if (bytes.remaining() != LENGTH_BYTES || bytes.get() != FORM) {
            throw new MalformedCursor();
        }
        return read(bytes, text);
    }

    /** The text for clients; always the same for the same place. */
    public String toText() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES)
                .put(FORM)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, placedAt))
                .putLong(orderId.getMostSignificantBits())
                .putLong(orderId.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private static ByteBuffer decoded(String text) {
        try {
            return ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new MalformedCursor();
        }
    }

    private static OrderCursor read(ByteBuffer bytes, String text) {
        try {
            OrderCursor cursor = new OrderCursor(
                    Instant.EPOCH.plus(bytes.getLong(), ChronoUnit.MICROS), new UUID(bytes.getLong(), bytes.getLong()));
            if (cursor.toText().equals(text)) {
                return cursor;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // A time that cannot be counted in microseconds: nobody gave that out.
        }
        throw new MalformedCursor();
    }
}
