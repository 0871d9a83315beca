/** Rebuilds of the list of orders: the engine's, by hand, one event at a time, and Emmett's. */
@NullMarked
package io.orderledger.benchmarks.rebuild;

import org.jspecify.annotations.NullMarked;
