/** The command line. One class a command; each finds the running instance by its data folder. */
@NullMarked
package io.orderledger.local.cli;

import org.jspecify.annotations.NullMarked;
