/**
 * Files that hold sorted maps and survive crashes: what the bus, the functions and the queues keep on disk, apart from the
 * database.
 */
@NullMarked
package io.orderledger.local.storage;

import org.jspecify.annotations.NullMarked;
