/** Answers the API's GET requests: the list of orders and one order from their view, an order's history from the ledger. */
@NullMarked
package io.orderledger.handlers.listorders;

import org.jspecify.annotations.NullMarked;
