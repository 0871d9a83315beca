/**
 * The RFC 6962 Merkle tree over all events and blocks, for those who do not take the database's word: growing it leaf by leaf, and checking
 * proofs. Its definition, and the functions that make proofs from the ledger's rows, are in the migration of the tree; see
 * docs/adr/0004.
 */
@NullMarked
package io.orderledger.ledger.tree;

import org.jspecify.annotations.NullMarked;
