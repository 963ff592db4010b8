package io.samovar.net;

/** Looks for the first of several separators. */
final class Separators {
    /** How far all are looked for before any is looked for further; doubled each time. */
    private static final int WINDOW = 64;

    private Separators() {}

    /**
     * The index of the separator that ends first, -1 if there is none. One that never comes is not looked for behind one that is there,
     * or a peer could have each byte looked at once for each separator that it sends.
     */
    static int first(InboundBuffer inbound, byte[][] separators, int from, int longest) {
        int size = inbound.size();
        int begin = from;
        for (long window = WINDOW; begin < size; window *= 2) {
            int end = (int) Math.min(size, begin + window);
            int best = firstWithin(inbound, separators, from, begin, end);
            if (best >= 0 || end == size) {
                return best;
            }
            begin = Math.max(begin, end - longest + 1);
        }
        return -1;
    }

    private static int firstWithin(InboundBuffer inbound, byte[][] separators, int from, int begin, int end) {
        int best = -1;
        int bestEnd = Integer.MAX_VALUE;
        for (int i = 0; i < separators.length; i++) {
            int found = inbound.find(separators[i], Math.max(from, begin), end);
            if (found >= 0 && found + separators[i].length < bestEnd) {
                best = i;
                bestEnd = found + separators[i].length;
            }
        }
        return best;
    }
}
