/** The list of orders: the query that makes it, and the reader that pages through it. */
@NullMarked
package io.orderledger.projections.orders;

import org.jspecify.annotations.NullMarked;
