/** Proofs of single events: made from the database and an exported head, checked without either. */
@NullMarked
package io.orderledger.ledger.proof;

import org.jspecify.annotations.NullMarked;
