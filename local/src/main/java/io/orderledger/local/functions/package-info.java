/**
 * Lambda on one machine: handlers run in this JVM, through their Lambda entry point, with the bytes that AWS would send.
 * Synchronous invocations answer what Lambda answers, errors and timeouts included; asynchronous ones are stored, retried
 * and given to the on-failure destination as the function's {@code EventInvokeConfig} says.
 */
@NullMarked
package io.orderledger.local.functions;

import org.jspecify.annotations.NullMarked;
