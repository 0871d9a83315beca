package io.orderledger.local.deliveries;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

/**
 * The small half of a stored delivery: all but the payload, which never changes and is therefore written only once.
 *
 * @param due when it is attempted next
 * @param delay how long that was away when it was decided: a clock that was put back meanwhile makes nobody wait longer
 */
record DeliveryState(Delivery withoutPayload, Instant due, Duration delay) {

    private static final int FORMAT = 2;
    private static final byte[] NO_PAYLOAD = {};

    static DeliveryState of(Delivery delivery, Instant now, Duration delay) {
        return new DeliveryState(with(delivery, NO_PAYLOAD), now.plus(delay), delay);
    }

    /** How long it is to wait yet: never longer than it was meant to in all. */
    Duration remaining(Instant now) {
        Duration left = Duration.between(now, due);
        return left.compareTo(delay) > 0 ? delay : left.isNegative() ? Duration.ZERO : left;
    }

    Delivery with(byte[] payload) {
        return with(withoutPayload, payload);
    }

    byte[] encoded() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(withoutPayload.destination());
            out.writeUTF(withoutPayload.id());
            out.writeLong(withoutPayload.acceptedAt().toEpochMilli());
            out.writeInt(withoutPayload.attempts());
            out.writeInt(withoutPayload.deferrals());
            out.writeLong(due.toEpochMilli());
            out.writeLong(delay.toMillis());
            out.writeInt(withoutPayload.lastAnswer().length);
            out.write(withoutPayload.lastAnswer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static DeliveryState decoded(byte[] encoded) {
        try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new IOException("a delivery is stored in format " + format + ", this version reads " + FORMAT);
            }
            String destination = in.readUTF();
            String id = in.readUTF();
            Instant acceptedAt = Instant.ofEpochMilli(in.readLong());
            int attempts = in.readInt();
            int deferrals = in.readInt();
            Instant due = Instant.ofEpochMilli(in.readLong());
            Duration delay = Duration.ofMillis(in.readLong());
            byte[] lastAnswer = in.readNBytes(in.readInt());
            return new DeliveryState(
                    new Delivery(destination, id, NO_PAYLOAD, acceptedAt, attempts, deferrals, lastAnswer), due, delay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Delivery with(Delivery delivery, byte[] payload) {
        return new Delivery(
                delivery.destination(),
                delivery.id(),
                payload,
                delivery.acceptedAt(),
                delivery.attempts(),
                delivery.deferrals(),
                delivery.lastAnswer());
    }
}
