/** Who appends: the ledger, a bare INSERT, and other event stores, each in the form that is best for it. */
@NullMarked
package io.orderledger.benchmarks.append.contestants;

import org.jspecify.annotations.NullMarked;
