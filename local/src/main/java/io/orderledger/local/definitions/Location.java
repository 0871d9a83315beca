package io.orderledger.local.definitions;

/**
 * Where in the definitions something was said.
 *
 * @param file the file as the user knows it, for example {@code sam/template.yaml}
 * @param line the line in it, counted from 1
 */
public record Location(String file, int line) {

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
