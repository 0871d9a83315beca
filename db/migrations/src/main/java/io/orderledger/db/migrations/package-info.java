/** The database's schema: the SQL files beside this module's {@code pom.xml}, and the one way to apply them. */
@NullMarked
package io.orderledger.db.migrations;

import org.jspecify.annotations.NullMarked;
