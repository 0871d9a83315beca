/** The database of the local run: an embedded PostgreSQL with its data and its passwords in the data folder. */
@NullMarked
package io.orderledger.local.database;

import org.jspecify.annotations.NullMarked;
