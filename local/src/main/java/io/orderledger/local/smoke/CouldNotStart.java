package io.orderledger.local.smoke;

/** The API lets this caller do nothing at all, so nothing could be tried. */
public final class CouldNotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CouldNotStart(String answer) {
        super("The API does not let this caller place an order (" + answer
                + "). Give --sigv4, --token or --api-key as the deployment's ApiAuthorization asks for, and the scope or policy to"
                + " write, read and read history.");
    }
}
