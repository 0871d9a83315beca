/**
 * Signed tree heads: size and root of the ledger's tree, signed by a key that the database does not know and kept where the database's owner
 * cannot write. A ledger that was rewritten as a whole, consistently in itself, does not fit the heads that were exported before. Heads are
 * notes in the format of C2SP's tlog-checkpoint and signed-note, which other tools read too; see docs/adr/0004.
 */
@NullMarked
package io.orderledger.ledger.heads;

import org.jspecify.annotations.NullMarked;
