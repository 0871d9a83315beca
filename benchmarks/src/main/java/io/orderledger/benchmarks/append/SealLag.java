package io.orderledger.benchmarks.append;

/**
 * How far sealing was behind while events were appended.
 *
 * @param p99Millis age of the oldest event that was in no block, 99 % of the samples
 * @param maxMillis the same, the worst sample
 * @param samples how often it was looked at
 * @param backlog events in no block when the clients stopped
 * @param drainMillis how long it took from then until every event was in a block
 */
public record SealLag(double p99Millis, double maxMillis, int samples, long backlog, double drainMillis) {}
