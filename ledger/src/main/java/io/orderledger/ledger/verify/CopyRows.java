package io.orderledger.ledger.verify;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/**
 * A query's rows as {@code COPY … (FORMAT binary)} streams them: fields come as the bytes of PostgreSQL's send functions, which are the very
 * bytes that digests are made of, and nothing is parsed that is only hashed. PostgreSQL sends one row a message.
 *
 * <p>Holds one row at a time. Not thread-safe.
 */
final class CopyRows implements AutoCloseable {
    private static final int SIGNATURE_LENGTH = 11;
    private static final int FIXED_HEADER_LENGTH = SIGNATURE_LENGTH + 2 * Integer.BYTES;

    private final CopyOut copy;
    private final int[] offsets;
    private final int[] lengths;
    private byte[] message = new byte[0];
    private boolean first = true;
    private boolean ended;

    CopyRows(BaseConnection connection, String query, int fields) throws SQLException {
        // COPY takes no parameters. Everything that varies in these queries is a number.
        copy = new CopyManager(connection).copyOut("copy (" + query + ") to stdout (format binary)");
        offsets = new int[fields];
        lengths = new int[fields];
    }

    /** Moves to the next row, and returns whether there is one. */
    boolean next() throws SQLException {
        if (ended) {
            return false;
        }
        byte[] received = copy.readFromCopy();
        if (received == null) {
            ended = true;
            return false;
        }
        message = received;
        ByteBuffer buffer = ByteBuffer.wrap(received);
        if (first) {
            first = false;
            buffer.position(FIXED_HEADER_LENGTH + buffer.getInt(SIGNATURE_LENGTH + Integer.BYTES));
            if (!buffer.hasRemaining()) {
                return next();
            }
        }
        if (buffer.getShort() < 0) {
            return next(); // the trailer; what follows is the end
        }
        for (int field = 0; field < offsets.length; field++) {
            lengths[field] = buffer.getInt();
            offsets[field] = buffer.position();
            buffer.position(buffer.position() + Math.max(0, lengths[field]));
        }
        return true;
    }

    /** The message that the row's fields are in. */
    byte[] bytes() {
        return message;
    }

    int offset(int field) {
        return offsets[field];
    }

    int length(int field) {
        return lengths[field];
    }

    boolean isNull(int field) {
        return lengths[field] < 0;
    }

    long getLong(int field) {
        return ByteBuffer.wrap(message).getLong(offsets[field]);
    }

    int getInt(int field) {
        return ByteBuffer.wrap(message).getInt(offsets[field]);
    }

    boolean getBoolean(int field) {
        return !isNull(field) && message[offsets[field]] != 0;
    }

    byte @Nullable [] getBytes(int field) {
        if (isNull(field)) {
            return null;
        }
        byte[] bytes = new byte[lengths[field]];
        System.arraycopy(message, offsets[field], bytes, 0, bytes.length);
        return bytes;
    }

    @Override
    public void close() throws SQLException {
        // Reads what is left: to cancel a copy that is just ending would leave the connection in doubt.
        while (!ended) {
            ended = copy.readFromCopy() == null;
        }
    }
}
