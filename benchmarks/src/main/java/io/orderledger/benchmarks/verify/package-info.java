/** How fast the ledger is verified. */
@NullMarked
package io.orderledger.benchmarks.verify;

import org.jspecify.annotations.NullMarked;
