package io.orderledger.ledger.verify;

import java.util.Optional;

/**
 * What verification has found.
 *
 * @param height the newest block that was verified; 0 if there is none
 * @param treeSize leaves of its tree
 * @param events events in blocks whose digests were computed
 * @param heads exported heads that were compared
 * @param finding the first thing that does not fit; empty if everything does
 */
public record Verification(long height, long treeSize, long events, int heads, Optional<Finding> finding) {}
