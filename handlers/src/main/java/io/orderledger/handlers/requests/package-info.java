/**
 * Turns a stored request message into an event of the ledger: the message's envelope, the rules of the API for what is inside, the
 * split into what stays for ever and what can be erased, and the append. Whoever receives such a message, a function or the
 * replayer, goes this one way.
 */
@NullMarked
package io.orderledger.handlers.requests;

import org.jspecify.annotations.NullMarked;
