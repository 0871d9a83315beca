package io.orderledger.projections.orders;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One order as the list shows it. A value: no caller should change its JSON.
 *
 * @param orderId the order
 * @param status {@code CANCELLED} once a cancellation is recorded, whenever it came
 * @param customerId pseudonym of the customer
 * @param currency ISO 4217 code
 * @param total sum of quantity times unit price, in minor units of the currency
 * @param items as they were ordered
 * @param placedAt when the order was received
 * @param cancelledAt when its first cancellation was received
 * @param version version of the newest event that is taken into account
 */
public record ListedOrder(
        UUID orderId,
        OrderStatus status,
        String customerId,
        String currency,
        long total,
        ArrayNode items,
        Instant placedAt,
        Optional<Instant> cancelledAt,
        int version) {}
