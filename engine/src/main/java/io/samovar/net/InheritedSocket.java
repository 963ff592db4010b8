package io.samovar.net;

/**
 * A listening socket that this process was started with.
 *
 * @param descriptor its number in this process; 0 is what was standard input
 * @param name what whoever started the process calls it, such as {@code FileDescriptorName=} of a systemd socket unit
 */
public record InheritedSocket(int descriptor, String name) {
    /** @throws IllegalArgumentException if the number is negative */
    public InheritedSocket {
        if (descriptor < 0) {
            throw new IllegalArgumentException("a descriptor is not negative: " + descriptor);
        }
    }
}
