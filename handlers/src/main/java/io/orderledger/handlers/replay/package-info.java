/** Delivers messages again that are in a dead-letter queue, by the code that would have recorded them at first. */
@NullMarked
package io.orderledger.handlers.replay;

import org.jspecify.annotations.NullMarked;
