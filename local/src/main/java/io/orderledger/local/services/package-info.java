/**
 * One HTTP endpoint on loopback that answers as AWS does: EventBridge's PutEvents, Step Functions' StartSyncExecution, and
 * all of SQS, which is passed on to ElasticMQ. SDKs, the AWS CLI and the API's own integrations all come this way.
 */
@NullMarked
package io.orderledger.local.services;

import org.jspecify.annotations.NullMarked;
