/**
 * What was accepted and is not yet delivered: the bus's events on their way to targets and the functions' asynchronous
 * invocations share this one durable store. What {@link io.orderledger.local.deliveries.DeliveryQueue#add} returned for is
 * on disk, and is attempted until its owner says it is done, across restarts and crashes: at least once, in no order.
 */
@NullMarked
package io.orderledger.local.deliveries;

import org.jspecify.annotations.NullMarked;
