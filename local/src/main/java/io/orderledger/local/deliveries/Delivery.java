package io.orderledger.local.deliveries;

import java.time.Instant;

/**
 * Something accepted that waits for its next attempt.
 *
 * @param destination who gets it, in the words of the queue's owner
 * @param id the identity it was accepted under; the same in every attempt
 * @param payload what is delivered
 * @param acceptedAt when it was accepted; its age counts from here
 * @param attempts the failed attempts that count against a limit
 * @param deferrals the attempts that were put off without counting, for example by throttling
 * @param lastAnswer what the last failed attempt left; empty before
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and copied for nobody: payloads are up to 1 MB
public record Delivery(
        String destination,
        String id,
        byte[] payload,
        Instant acceptedAt,
        int attempts,
        int deferrals,
        byte[] lastAnswer) {

    private static final byte[] NOTHING = {};

    /** A delivery that was not attempted yet. */
    public static Delivery fresh(String destination, String id, byte[] payload, Instant acceptedAt) {
        return new Delivery(destination, id, payload, acceptedAt, 0, 0, NOTHING);
    }

    /** The delivery after an attempt that counts. */
    public Delivery failed(byte[] answer) {
        return new Delivery(destination, id, payload, acceptedAt, attempts + 1, deferrals, answer);
    }

    /** The delivery after an attempt that does not count. */
    public Delivery deferred(byte[] answer) {
        return new Delivery(destination, id, payload, acceptedAt, attempts, deferrals + 1, answer);
    }
}
