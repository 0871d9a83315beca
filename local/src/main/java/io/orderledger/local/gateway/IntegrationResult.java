package io.orderledger.local.gateway;

/** What a back end answered. */
record IntegrationResult(int status, Headers headers, String body) {}
