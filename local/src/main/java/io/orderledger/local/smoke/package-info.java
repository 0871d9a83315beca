/** A smoke test of an API that is deployed, or runs on this machine: what a client can find out from outside. */
@NullMarked
package io.orderledger.local.smoke;

import org.jspecify.annotations.NullMarked;
