/**
 * A running instance: everything that {@code up} starts, put together, and how other commands find it by its data folder and speak
 * to it.
 */
@NullMarked
package io.orderledger.local.instance;

import org.jspecify.annotations.NullMarked;
