package io.orderledger.projections.orders;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One order as the list shows it. A value: no caller should change its JSON.
 *
 * @param orderId the order
 * @param status how far it came, as {@link Progress} tells
 * @param cancellationRefused whether it was to be cancelled, but had been dispatched before
 * @param channel how it was placed; empty as long as the list's version 2 is not built
 * @param customerId pseudonym of the customer
 * @param currency ISO 4217 code
 * @param total sum of quantity times unit price, in minor units of the currency
 * @param items as they were ordered
 * @param placedAt when the order was received
 * @param preparedAt when it was prepared, by the earliest event that says so
 * @param dispatchedAt when it was dispatched, likewise
 * @param deliveredAt when it was delivered, likewise
 * @param cancelledAt when its first cancellation was received, if that counts
 * @param version version of the newest event that is taken into account
 */
public record ListedOrder(
        UUID orderId,
        OrderStatus status,
        boolean cancellationRefused,
        Optional<String> channel,
        String customerId,
        String currency,
        long total,
        ArrayNode items,
        Instant placedAt,
        Optional<Instant> preparedAt,
        Optional<Instant> dispatchedAt,
        Optional<Instant> deliveredAt,
        Optional<Instant> cancelledAt,
        int version) {}
