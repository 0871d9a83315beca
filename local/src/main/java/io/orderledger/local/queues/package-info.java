/**
 * SQS on one machine: ElasticMQ, embedded, with its messages on disk. Everyone talks to it in SQS's own protocols; this
 * package starts and stops it, makes the queues the template defines, and sends dead letters.
 */
@NullMarked
package io.orderledger.local.queues;

import org.jspecify.annotations.NullMarked;
