package io.orderledger.local.queues;

import org.elasticmq.Limit;
import org.elasticmq.LimitedValue;
import org.elasticmq.Limits;
import org.elasticmq.RangeLimit;
import org.elasticmq.StrictSQSLimits;
import scala.collection.immutable.List;
import scala.math.BigDecimal;

/** SQS's limits as they are: ElasticMQ's strict ones, with the message size SQS has allowed since August 2025. */
final class ServiceLimits implements Limits {

    static final int MESSAGE_SIZE_LIMIT_BYTES = 1024 * 1024;

    @Override
    public Limit<Object> queueNameLengthLimit() {
        return StrictSQSLimits.queueNameLengthLimit();
    }

    @Override
    public Limit<Object> batchSizeLimit() {
        return StrictSQSLimits.batchSizeLimit();
    }

    @Override
    public Limit<RangeLimit<Object>> numberOfMessagesLimit() {
        return StrictSQSLimits.numberOfMessagesLimit();
    }

    @Override
    public Limit<Object> nonEmptyAttributesLimit() {
        return StrictSQSLimits.nonEmptyAttributesLimit();
    }

    @Override
    public Limit<List<RangeLimit<Object>>> bodyValidCharactersLimit() {
        return StrictSQSLimits.bodyValidCharactersLimit();
    }

    @Override
    public Limit<RangeLimit<BigDecimal>> numberAttributeValueLimit() {
        return StrictSQSLimits.numberAttributeValueLimit();
    }

    @Override
    public Limit<RangeLimit<Object>> messageWaitTimeLimit() {
        return StrictSQSLimits.messageWaitTimeLimit();
    }

    @Override
    public Limit<Object> maxMessageLength() {
        return new LimitedValue<>(MESSAGE_SIZE_LIMIT_BYTES);
    }

    @Override
    public Limit<Object> messageAttributesLimit() {
        return StrictSQSLimits.messageAttributesLimit();
    }
}
