/** Appends placed orders: the target of the rule on the bus. */
@NullMarked
package io.orderledger.handlers.createorder;

import org.jspecify.annotations.NullMarked;
