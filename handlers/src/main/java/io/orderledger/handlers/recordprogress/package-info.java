/** Appends what other services of the team report of orders: the target of the second rule on the bus. */
@NullMarked
package io.orderledger.handlers.recordprogress;

import org.jspecify.annotations.NullMarked;
