package io.orderledger.local.access;

/** Why a request is not let in; the answer says so much and no more. */
enum Denial {
    /** The token is missing or another one. */
    NO_TOKEN(
            401,
            "Unauthorized",
            "The Authorization header must bring the token of this local run, as Bearer; the file that up names has it."),
    /** The Host header names somebody else: a page calls this address by a name of its own. */
    OTHER_HOST(
            403,
            "Forbidden",
            "Requests are served for this machine's names only; up --host-name admits a further one."),
    /** A page of another origin would write. */
    OTHER_ORIGIN(
            403,
            "Forbidden",
            "Pages of this origin may not write; the template's parameter CorsAllowedOrigin admits an origin."),
    /** A page calls what is for programs. */
    WEB_PAGE(403, "Forbidden", "Requests from web pages are not served.");

    private final int status;
    private final String title;
    private final String detail;

    Denial(int status, String title, String detail) {
        this.status = status;
        this.title = title;
        this.detail = detail;
    }

    int status() {
        return status;
    }

    /** A problem document of RFC 9457. Nothing of the request is in it. */
    String document() {
        return "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
                .formatted(title, status, detail);
    }
}
