package io.orderledger.handlers.requests;

import java.nio.charset.StandardCharsets;

/** Valid requests to rehearse with. None of them is ever recorded. */
final class SampleRequests {
    private static final String PLACEMENT = """
            {"version":"0","id":"00000000-0000-4000-8000-000000000001","detail-type":"OrderPlacementRequested",
             "source":"order-ledger.api","account":"000000000000","time":"2026-01-01T00:00:00Z","region":"none","resources":[],
             "detail":{"schemaVersion":2,"eventId":"00000000-0000-4000-8000-000000000001","requestedAt":1767225600000,
               "requestId":"none","principal":"nobody","path":"POST /orders",
               "data":{"customer":{"id":"none","name":"None","phone":"0","email":"none@example.com"},
                 "deliveryAddress":{"line1":"None","line2":"None","city":"None","region":"None","postalCode":"0","country":"GB"},
                 "channel":"APP","currency":"GBP","items":[{"sku":"none","name":"None","quantity":1,"unitPrice":1}],
                 "notes":"none"}}}""";

    private static final String CANCELLATION = """
            {"source":"order-ledger.api","detail-type":"OrderCancellationRequested",
             "detail":{"schemaVersion":1,"eventId":"00000000-0000-4000-8000-000000000002",
               "orderId":"00000000-0000-4000-8000-000000000001","requestedAt":1767225600000,"requestId":"none","principal":"nobody",
               "path":"PUT /orders/{orderId}/cancellation","data":{"reason":"none"}}}""";

    private SampleRequests() {}

    static byte[] placement() {
        return PLACEMENT.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] cancellation() {
        return CANCELLATION.getBytes(StandardCharsets.UTF_8);
    }
}
