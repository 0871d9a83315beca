/**
 * The functions' way to PostgreSQL: settings from the environment, one connection for each execution environment, and nothing on it
 * that would pin it to one session behind RDS Proxy.
 */
@NullMarked
package io.orderledger.handlers.database;

import org.jspecify.annotations.NullMarked;
