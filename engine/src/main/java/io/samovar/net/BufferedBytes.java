package io.samovar.net;

/** How many bytes wait to be written on all connections of a server; each connection's queue adds and takes away. */
final class BufferedBytes {
    private long total;

    void add(long bytes) {
        total += bytes;
        assert total >= 0;
    }

    long total() {
        return total;
    }
}
