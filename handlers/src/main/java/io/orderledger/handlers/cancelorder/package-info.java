/** Appends cancellations: a task of the workflow, which waits for the answer. */
@NullMarked
package io.orderledger.handlers.cancelorder;

import org.jspecify.annotations.NullMarked;
