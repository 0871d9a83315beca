/**
 * Verification: reads the whole ledger, or what came after a trusted head, recomputes every digest and root in Java, and names the first
 * thing that does not fit. It uses the database to fetch rows and for nothing else, so it finds what an altered function would hide.
 */
@NullMarked
package io.orderledger.ledger.verify;

import org.jspecify.annotations.NullMarked;
