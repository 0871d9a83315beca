/**
 * EventBridge on one machine: takes PutEvents, matches rules with AWS's own matcher, and delivers to targets with the
 * rule's retry policy and dead-letter queue. An event that was answered with an EventId is on disk for every target it
 * matched, apart from the database.
 */
@NullMarked
package io.orderledger.local.bus;

import org.jspecify.annotations.NullMarked;
