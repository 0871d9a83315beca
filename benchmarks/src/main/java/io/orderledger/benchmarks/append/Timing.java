package io.orderledger.benchmarks.append;

import java.time.Duration;

/**
 * How long and how often is measured.
 *
 * @param warmUp at the beginning of each round, not counted
 * @param measured of each round
 * @param rounds of each cell
 */
public record Timing(Duration warmUp, Duration measured, int rounds) {}
