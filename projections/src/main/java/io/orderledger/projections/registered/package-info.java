/** The list of all projections: what catches up, rebuilds, checks or reports on them goes by it. */
@NullMarked
package io.orderledger.projections.registered;

import org.jspecify.annotations.NullMarked;
