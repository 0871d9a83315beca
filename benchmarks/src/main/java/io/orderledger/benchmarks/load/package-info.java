/** A whole local run under load: how much it takes, for how long, and whether what it accepted is there once. */
@NullMarked
package io.orderledger.benchmarks.load;

import org.jspecify.annotations.NullMarked;
