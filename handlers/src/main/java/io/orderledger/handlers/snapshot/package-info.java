/**
 * What a function does around Lambda's snapshot of it: before, it loads what a first request needs; afterwards it begins as if it were new.
 */
@NullMarked
package io.orderledger.handlers.snapshot;

import org.jspecify.annotations.NullMarked;
