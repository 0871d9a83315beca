/**
 * The Lambda functions. Each feature has a package with one entry point that takes the JSON that AWS sends, calls the ledger or a
 * view, and answers. Here are the two errors whose class names are part of a contract: the cancellation workflow tells by them that
 * trying again is of no use.
 */
@NullMarked
package io.orderledger.handlers;

import org.jspecify.annotations.NullMarked;
