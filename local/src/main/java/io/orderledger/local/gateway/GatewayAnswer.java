package io.orderledger.local.gateway;

/** A response before it is written. */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way through; compared by nobody
record GatewayAnswer(int status, Headers headers, byte[] body) {}
