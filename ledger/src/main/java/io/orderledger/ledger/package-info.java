/**
 * The event store. Events of an order (a stream) are appended once each, never change, and are sealed into blocks; whoever reads the
 * ledger continuously reads it block by block, because positions alone do not tell what is still to be committed.
 */
@NullMarked
package io.orderledger.ledger;

import org.jspecify.annotations.NullMarked;
