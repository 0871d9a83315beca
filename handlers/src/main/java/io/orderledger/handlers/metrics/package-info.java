/** Figures for CloudWatch, written as lines of the log. */
@NullMarked
package io.orderledger.handlers.metrics;

import org.jspecify.annotations.NullMarked;
