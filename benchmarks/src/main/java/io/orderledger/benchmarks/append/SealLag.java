package io.orderledger.benchmarks.append;

import java.util.List;

/**
 * How far sealing was behind while events were appended.
 *
 * @param p99Millis age of the oldest event that was in no block, 99 % of the samples
 * @param maxMillis the same, the worst sample
 * @param samples how often it was looked at
 * @param backlog events in no block when the clients stopped
 * @param drainMillis how long it took from then until every event was in a block
 */
record SealLag(double p99Millis, double maxMillis, int samples, long backlog, double drainMillis) {

    /** The worst of each figure, whichever round it comes from; the samples of all. */
    static SealLag worst(List<SealLag> lags) {
        return new SealLag(
                lags.stream().mapToDouble(SealLag::p99Millis).max().orElseThrow(),
                lags.stream().mapToDouble(SealLag::maxMillis).max().orElseThrow(),
                lags.stream().mapToInt(SealLag::samples).sum(),
                lags.stream().mapToLong(SealLag::backlog).max().orElseThrow(),
                lags.stream().mapToDouble(SealLag::drainMillis).max().orElseThrow());
    }
}
