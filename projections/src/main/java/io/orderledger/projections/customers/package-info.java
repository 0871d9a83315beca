/** What customers have ordered, added up. */
@NullMarked
package io.orderledger.projections.customers;

import org.jspecify.annotations.NullMarked;
