/**
 * The projection engine. A projection is one query over the events of the ledger, and its view is a copy of what that query says as of
 * a block. The engine runs the query for the orders that new blocks touch and keeps view and checkpoint in step.
 */
@NullMarked
package io.orderledger.projections;

import org.jspecify.annotations.NullMarked;
