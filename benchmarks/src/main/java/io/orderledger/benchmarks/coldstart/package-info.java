/** How long a function takes from the start of its process to its first answer, beside one that does the least that can be done. */
@NullMarked
package io.orderledger.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
