/** Runs the command line as a shell does. */
@NullMarked
package io.orderledger.benchmarks.clistart;

import org.jspecify.annotations.NullMarked;
