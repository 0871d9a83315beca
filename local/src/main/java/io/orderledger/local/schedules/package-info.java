/**
 * Schedules: functions that are invoked again and again, at AWS's rate times the speed of the local run. Those whose work is done in another way
 * here are left out.
 */
@NullMarked
package io.orderledger.local.schedules;

import org.jspecify.annotations.NullMarked;
