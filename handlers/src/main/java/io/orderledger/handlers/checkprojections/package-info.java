/** Finds out whether the views are what the ledger says, although nobody asks. */
@NullMarked
package io.orderledger.handlers.checkprojections;

import org.jspecify.annotations.NullMarked;
