/** Shows messages that were refused or failed too often, tries them again by the code that refused them, or drops them, and notes who and why. */
@NullMarked
package io.orderledger.handlers.parked;

import org.jspecify.annotations.NullMarked;
