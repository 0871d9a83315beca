/**
 * Who may call what a local run listens with: one check in front of every listener, whatever is served behind it. Programs of this machine
 * may; web pages of other origins may not write, also where they call this machine by a name of their own (DNS rebinding); and who comes
 * from elsewhere needs a token.
 */
@NullMarked
package io.orderledger.local.access;

import org.jspecify.annotations.NullMarked;
