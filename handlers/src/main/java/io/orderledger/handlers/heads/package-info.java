/**
 * Exports signed tree heads on AWS: the key is in KMS, which never lets it out, and the heads are in a bucket in which nothing can be replaced or
 * deleted. Why, is in docs/adr/0006.
 */
@NullMarked
package io.orderledger.handlers.heads;

import org.jspecify.annotations.NullMarked;
