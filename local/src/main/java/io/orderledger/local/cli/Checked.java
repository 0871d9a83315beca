package io.orderledger.local.cli;

/**
 * One thing that a doctor looked at.
 *
 * @param what it is
 * @param verdict how it is
 * @param found what was found
 * @param remedy the command to run, or what to do; empty if all is well
 */
record Checked(String what, Verdict verdict, String found, String remedy) {
    /** How it is. */
    enum Verdict {
        /** As it should be. */
        ok,
        /** Nothing is broken by it, and it may be on purpose. */
        note,
        /** Something will not work. */
        WRONG
    }

    static Checked ok(String what, String found) {
        return new Checked(what, Verdict.ok, found, "");
    }

    static Checked note(String what, String found, String remedy) {
        return new Checked(what, Verdict.note, found, remedy);
    }

    static Checked wrong(String what, String found, String remedy) {
        return new Checked(what, Verdict.WRONG, found, remedy);
    }
}
