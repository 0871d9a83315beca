/**
 * Exports signed tree heads while the local run lives, as an operator's schedule does beside the functions: the key and the heads are in the
 * data folder, the database is read with the reader's rights only.
 */
@NullMarked
package io.orderledger.local.heads;

import org.jspecify.annotations.NullMarked;
