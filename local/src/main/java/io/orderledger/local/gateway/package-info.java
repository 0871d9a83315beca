/**
 * API Gateway (REST) on one machine: routes, request validation, mapping templates, integrations, selection patterns and
 * gateway responses of the {@link io.orderledger.local.definitions.Api}, with the answers a caller would get on AWS.
 * Templates are checked when the gateway starts; what a request carries is only ever data to them.
 */
@NullMarked
package io.orderledger.local.gateway;

import org.jspecify.annotations.NullMarked;
