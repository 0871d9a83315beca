/** The PostgreSQL server that everything is measured on, and the connections to it. */
@NullMarked
package io.orderledger.benchmarks.server;

import org.jspecify.annotations.NullMarked;
