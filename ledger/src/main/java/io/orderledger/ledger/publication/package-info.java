/** What was recorded, in the order in which it is announced, and how far that is. */
@NullMarked
package io.orderledger.ledger.publication;

import org.jspecify.annotations.NullMarked;
