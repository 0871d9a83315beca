/** Appends per second, of the ledger and of others, by the number of clients. */
@NullMarked
package io.orderledger.benchmarks.append;

import org.jspecify.annotations.NullMarked;
