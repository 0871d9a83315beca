/** Keeping the list of orders current, and reading it, by the size of the ledger. */
@NullMarked
package io.orderledger.benchmarks.catchup;

import org.jspecify.annotations.NullMarked;
