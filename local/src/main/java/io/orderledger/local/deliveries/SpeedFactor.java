package io.orderledger.local.deliveries;

import java.time.Duration;

/**
 * By how much delays between retries are shorter here than on AWS. It divides delays and nothing else: maximum ages,
 * timeouts and retention stay what the definitions say.
 *
 * @param factor 1 for AWS's own pace
 */
public record SpeedFactor(int factor) {

    public static final SpeedFactor DEFAULT = new SpeedFactor(60);

    public SpeedFactor {
        if (factor < 1) {
            throw new IllegalArgumentException("a speed factor is at least 1, not " + factor);
        }
    }

    /** The delay to wait here where AWS would wait {@code delayOnAws}. */
    public Duration shorten(Duration delayOnAws) {
        return delayOnAws.dividedBy(factor);
    }
}
