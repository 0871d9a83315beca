/** What was sold, added up. */
@NullMarked
package io.orderledger.projections.sales;

import org.jspecify.annotations.NullMarked;
