package io.samovar.net;

/** What a read goes on until: one of several separators, the one that ends first. */
final class Separators {
    /** How far all are looked for before any is looked for further; doubled each time. */
    private static final int WINDOW = 64;

    private final byte[][] separators;
    private final int longest;
    /** Where the match that {@link #find} has found begins, and the index behind it. */
    private int start;

    private int end;

    /**
     * Keeps copies.
     *
     * @throws IllegalArgumentException if there is none, or an empty one
     */
    Separators(byte[]... separators) {
        if (separators.length == 0) {
            throw new IllegalArgumentException("there is no separator to read until");
        }
        this.separators = separators.clone();
        int most = 0;
        for (int i = 0; i < separators.length; i++) {
            byte[] separator = separators[i].clone();
            if (separator.length == 0) {
                throw new IllegalArgumentException("a separator is empty");
            }
            this.separators[i] = separator;
            most = Math.max(most, separator.length);
        }
        longest = most;
    }

    /**
     * Looks for the separator that ends first, at {@code from} or behind. One that never comes is not looked for behind one that is
     * there, or a peer could have each byte looked at once for each separator that it sends.
     *
     * @return whether there is one; then {@link #start} and {@link #end} tell where
     */
    boolean find(InboundBuffer inbound, int from) {
        int size = inbound.size();
        int begin = from;
        for (long window = WINDOW; begin < size; window *= 2) {
            int windowEnd = (int) Math.min(size, begin + window);
            if (findWithin(inbound, begin, windowEnd)) {
                return true;
            }
            if (windowEnd == size) {
                return false;
            }
            begin = Math.max(begin, windowEnd - longest + 1);
        }
        return false;
    }

    private boolean findWithin(InboundBuffer inbound, int from, int to) {
        end = Integer.MAX_VALUE;
        for (byte[] separator : separators) {
            int found = inbound.find(separator, from, to);
            if (found >= 0 && found + separator.length < end) {
                start = found;
                end = found + separator.length;
            }
        }
        return end != Integer.MAX_VALUE;
    }

    /** The index at which the separator that was found begins. */
    int start() {
        return start;
    }

    /** The index behind the separator that was found. */
    int end() {
        return end;
    }

    /** From where to look again when more has come behind {@code size} bytes that hold none: one may have begun there. */
    int nextFrom(int size) {
        return Math.max(0, size + 1 - longest);
    }
}
