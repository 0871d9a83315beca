/** Ledgers with many events: made by the ledger's own way in, or in bulk by SQL. */
@NullMarked
package io.orderledger.benchmarks.filled;

import org.jspecify.annotations.NullMarked;
