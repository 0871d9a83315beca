/** Brings the database to the schema of this version, as a custom resource of the stack: a deployment that fails here goes back. */
@NullMarked
package io.orderledger.handlers.migrate;

import org.jspecify.annotations.NullMarked;
