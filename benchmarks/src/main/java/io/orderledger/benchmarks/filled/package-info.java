/** A ledger with many events, made by the ledger's own way in. */
@NullMarked
package io.orderledger.benchmarks.filled;

import org.jspecify.annotations.NullMarked;
