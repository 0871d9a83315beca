/** Measures the ledger beside its peers. Nothing here runs in a build: {@code benchmarks/run} does. */
@NullMarked
package io.orderledger.benchmarks;

import org.jspecify.annotations.NullMarked;
