package io.orderledger.local.world;

/** What a world can be made to do wrong on purpose, to see that its checker notices. */
enum Mutation {
    NONE,
    /** The bus forgets some messages that it took. */
    BUS_LOSES_MESSAGES,
    /** The bus changes what some messages say. */
    BUS_ALTERS_MESSAGES,
    /** A message that is delivered again is taken for another one. */
    REDELIVERY_HAS_NEW_ID,
    /** The cancelling function answers, and stores nothing. */
    FUNCTION_ANSWERS_BEFORE_STORING,
    /** A dead-letter queue takes messages and keeps none. */
    QUEUE_KEEPS_NOTHING,
    /** A message is gone from its queue once it was received. */
    QUEUE_DELETES_ON_RECEIVE,
    /** The API answers 200 for a request that was not stored. */
    API_ANSWERS_200_ALWAYS,
    /** Refused messages are thrown away. */
    REFUSED_MESSAGES_FORGOTTEN,
    /** A customer is told that his data is erased, and it is not. */
    ERASURE_FORGOTTEN,
    /** Somebody writes into a view. */
    VIEW_ALTERED,
    /** Somebody with the owner's rights changes an event. */
    EVENT_ALTERED;

    /** Does what is done to a world that has settled, if this is of that kind. */
    void strikeSettled(LedgerRows rows) {
        switch (this) {
            case REFUSED_MESSAGES_FORGOTTEN -> {
                rows.execute("alter table ledger.parked_action disable trigger user");
                rows.execute("alter table ledger.refused disable trigger user");
                rows.execute("delete from ledger.parked_action");
                rows.execute("delete from ledger.refused");
            }
            case VIEW_ALTERED -> {
                rows.execute("update projection.orders_v1_a set total = total + 1");
                rows.execute("update projection.orders_v1_b set total = total + 1");
            }
            case EVENT_ALTERED -> {
                rows.execute("alter table ledger.event disable trigger user");
                rows.execute("update ledger.event set metadata = metadata || '{\"path\":\"elsewhere\"}'");
            }
            default -> {}
        }
    }
}
