/**
 * PostgreSQL without an installation: the server's binaries come as a dependency. The local run keeps its data in a folder; tests
 * and the code generator use a server that goes away with the JVM.
 */
@NullMarked
package io.orderledger.db.embedded;

import org.jspecify.annotations.NullMarked;
