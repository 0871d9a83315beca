/** The function that announces on the event bus what the ledger recorded. */
@NullMarked
package io.orderledger.handlers.announce;

import org.jspecify.annotations.NullMarked;
