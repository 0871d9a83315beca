package io.orderledger.local.queues;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.elasticmq.BinaryMessageAttribute;
import org.elasticmq.MessageAttribute;
import org.elasticmq.MessageContent;
import org.elasticmq.NeverReceived$;
import org.elasticmq.NumberMessageAttribute;
import org.elasticmq.OnDateTimeReceived;
import org.elasticmq.Received;
import org.elasticmq.StringMessageAttribute;
import org.elasticmq.TracingId;
import org.elasticmq.actor.queue.InternalMessage;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * A message of a standard queue as it is kept on disk.
 *
 * @param nextDeliveryMillis when it is visible again
 * @param firstReceivedMillis null where nobody received it yet
 */
record StoredMessage(
        String id,
        List<String> receipts,
        long nextDeliveryMillis,
        String body,
        Map<String, Attribute> attributes,
        long createdMillis,
        @Nullable Long firstReceivedMillis,
        int receiveCount,
        @Nullable String tracing) {

    /**
     * An attribute of a message.
     *
     * @param type SQS's primary type: String, Number or Binary
     * @param customType what follows the dot in the attribute's type
     * @param value text, or Base64 for Binary
     */
    record Attribute(String type, @Nullable String customType, String value) {

        static Attribute of(MessageAttribute attribute) {
            return switch (attribute) {
                case StringMessageAttribute text ->
                    new Attribute("String", custom(text.customType()), text.stringValue());
                case NumberMessageAttribute number ->
                    new Attribute("Number", custom(number.customType()), number.stringValue());
                case BinaryMessageAttribute binary ->
                    new Attribute("Binary", custom(binary.customType()), binary.asBase64());
                default -> throw new IllegalStateException("unknown attribute type " + attribute.getDataType());
            };
        }

        MessageAttribute restored() {
            Option<String> custom = Option.apply(customType);
            return switch (type) {
                case "String" -> new StringMessageAttribute(value, custom);
                case "Number" -> new NumberMessageAttribute(value, custom);
                case "Binary" -> BinaryMessageAttribute.fromBase64(value, custom);
                default -> throw new IllegalStateException("unknown attribute type " + type);
            };
        }

        private static @Nullable String custom(Option<String> customType) {
            return OptionConverters.toJava(customType).orElse(null);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    static byte[] encoded(InternalMessage message) {
        try {
            return JSON.writeValueAsBytes(of(message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message is always writable", e);
        }
    }

    /**
     * The message.
     *
     * @param latestMillis it is visible again by then, also where the clock was put back since it was hidden
     */
    static InternalMessage decoded(byte[] stored, long latestMillis) {
        try {
            return JSON.readValue(stored, StoredMessage.class).restored(latestMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StoredMessage of(InternalMessage message) {
        var attributes = new LinkedHashMap<String, Attribute>();
        CollectionConverters.asJava(message.messageAttributes())
                .forEach((name, attribute) -> attributes.put(name, Attribute.of(attribute)));
        @Nullable
        Long received = message.firstReceive() instanceof OnDateTimeReceived at
                ? at.when().toInstant().toEpochMilli()
                : null;
        return new StoredMessage(
                message.id(),
                List.copyOf(CollectionConverters.asJava(message.deliveryReceipts())),
                message.nextDelivery(),
                message.content().value(),
                attributes,
                message.created().toInstant().toEpochMilli(),
                received,
                message.receiveCount(),
                OptionConverters.toJava(message.tracingId()).map(TracingId::id).orElse(null));
    }

    private InternalMessage restored(long latestMillis) {
        var restoredAttributes = new LinkedHashMap<String, MessageAttribute>();
        attributes.forEach((name, attribute) -> restoredAttributes.put(name, attribute.restored()));
        Received received =
                firstReceivedMillis == null ? NeverReceived$.MODULE$ : new OnDateTimeReceived(at(firstReceivedMillis));
        return new InternalMessage(
                id,
                CollectionConverters.asScala(new ArrayList<>(receipts)),
                Math.min(nextDeliveryMillis, latestMillis),
                new MessageContent(body),
                scala.collection.immutable.Map.from(CollectionConverters.asScala(restoredAttributes)),
                at(createdMillis),
                0,
                received,
                receiveCount,
                false,
                Option.empty(),
                Option.empty(),
                tracing == null ? Option.empty() : Option.apply(new TracingId(tracing)),
                Option.empty(),
                Option.empty());
    }

    private static OffsetDateTime at(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }
}
