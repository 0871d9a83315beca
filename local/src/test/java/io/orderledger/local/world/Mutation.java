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
    EVENT_ALTERED
}
