package io.samovar.tests.kqueue;

import io.netty.channel.kqueue.KQueue;

/** Makes Netty's kqueue transport available on Linux, with the shim library that the build has made. */
public final class KqueueShim {
    private static final String REQUESTED = "samovar.test.kqueue";

    private KqueueShim() {}

    /** Whether this JVM is the one for kqueue, where kqueue must be available and epoll cannot be. */
    public static boolean isRequested() {
        return Boolean.getBoolean(REQUESTED);
    }

    /**
     * Installs the shim if the system property {@code samovar.test.kqueue} is true. To be called before any class of
     * Netty is initialised.
     *
     * @throws IllegalStateException if kqueue was requested and cannot be used
     */
    public static void installIfRequested() {
        if (isRequested()) {
            install();
        }
    }

    static void install() {
        // Netty reads the name once, when it is initialised. The JDK must not see it: its own sockets would break.
        String os = System.setProperty("os.name", "Mac OS X");
        boolean available;
        try {
            available = KQueue.isAvailable();
        } finally {
            System.setProperty("os.name", os);
        }
        if (!available) {
            throw new IllegalStateException(
                    "kqueue is not available: -Djava.library.path must name the directory of the shim's library, and is "
                            + System.getProperty("java.library.path"),
                    KQueue.unavailabilityCause());
        }
    }
}
