/**
 * Messages that were refused, or failed too often: what somebody may do about them, and what was done. And the state of the function that
 * replays by itself.
 */
@NullMarked
package io.orderledger.ledger.parked;

import org.jspecify.annotations.NullMarked;
