/** What is appended: orders as the samples in sam/ place them. */
@NullMarked
package io.orderledger.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
