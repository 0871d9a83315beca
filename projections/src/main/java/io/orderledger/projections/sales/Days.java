package io.orderledger.projections.sales;

import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.field;

import java.time.Instant;
import java.time.LocalDate;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;

/** Days of the calendar in UTC, whatever the session's time zone is. */
final class Days {
    private Days() {}

    static Field<LocalDate> utc(Field<Instant> time) {
        return cast(field("{0} at time zone 'UTC'", time), SQLDataType.LOCALDATE);
    }
}
