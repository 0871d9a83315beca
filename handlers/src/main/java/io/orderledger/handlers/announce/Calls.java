package io.orderledger.handlers.announce;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Divides announcements into calls of PutEvents, in their order.
 *
 * <p>A call never has two events of one order: EventBridge may take the later one and not the earlier one.
 */
final class Calls {
    /** EventBridge's limit. */
    static final int MAX_ENTRIES = 10;

    /** What one call may take in all; the limit that every Region has had. */
    static final int MAX_CALL_SIZE_BYTES = 256 * 1024;

    private Calls() {}

    static List<List<Announcement>> of(List<Announcement> announcements) {
        List<List<Announcement>> calls = new ArrayList<>();
        List<Announcement> call = new ArrayList<>();
        Set<UUID> orders = new HashSet<>();
        int sizeBytes = 0;
        for (Announcement announcement : announcements) {
            boolean fits = call.size() < MAX_ENTRIES
                    && sizeBytes + announcement.sizeBytes() <= MAX_CALL_SIZE_BYTES
                    && !orders.contains(announcement.event().orderId());
            if (!fits) {
                calls.add(List.copyOf(call));
                call.clear();
                orders.clear();
                sizeBytes = 0;
            }
            call.add(announcement);
            orders.add(announcement.event().orderId());
            sizeBytes += announcement.sizeBytes();
        }
        if (!call.isEmpty()) {
            calls.add(List.copyOf(call));
        }
        return calls;
    }
}
