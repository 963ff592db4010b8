package io.samovar.transport.netty;

import io.netty.util.Version;
import io.samovar.transport.TransportUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says why a native library of Netty's cannot be used, in words that tell how to mend it.
 *
 * @param mechanism {@code epoll} or {@code kqueue}
 * @param systems the operating systems that have the mechanism, for people
 * @param systemPrefix how {@code os.name} begins on the system that Netty ships the library for, in lower case
 * @param classifierPrefix what the Maven classifier begins with
 */
public record NativeLibrary(String mechanism, String systems, String systemPrefix, String classifierPrefix) {
    /** Where Linux lists what a process has mapped; musl's loader shows there before any library of ours is loaded. */
    private static final Path MAPS = Path.of("/proc/self/maps");

    /**
     * The reason why the library cannot be used.
     *
     * @param nettysCause Netty's own reason, {@code null} when the library works; asking for it loads the library
     */
    public @Nullable Throwable refusal(Supplier<@Nullable Throwable> nettysCause) {
        return refusal(nettysCause, MAPS, NativeLibrary.class.getClassLoader());
    }

    /** The reason in a process that has mapped this, for which native libraries come from this class loader. */
    @Nullable
    Throwable refusal(Supplier<@Nullable Throwable> nettysCause, Path maps, ClassLoader libraries) {
        if (runsOnMusl(maps)) {
            // Checked before the library is loaded: one that was built for glibc can crash the process there.
            return new TransportUnavailableException("this JVM runs on musl libc (Alpine Linux), and Netty's "
                    + mechanism + " library is built for glibc; use the nio transport, or a glibc-based image");
        }
        Throwable cause = nettysCause.get();
        if (cause == null) {
            return null;
        }
        String system = System.getProperty("os.name", "");
        if (!system.toLowerCase(Locale.ROOT).startsWith(systemPrefix)) {
            return new TransportUnavailableException(
                    mechanism + " is there on " + systems + " only, not on " + system, cause);
        }
        String arch = arch(System.getProperty("os.arch", ""));
        String resource = "META-INF/native/libnetty_transport_native_" + mechanism + '_' + arch
                + (systemPrefix.equals("mac") ? ".jnilib" : ".so");
        if (libraries.getResource(resource) == null) {
            return new TransportUnavailableException(
                    "its native library is not on the class path: add io.netty:netty-transport-native-" + mechanism
                            + ":" + nettyVersion() + ":jar:" + classifierPrefix + '-' + arch + " (run-time scope)",
                    cause);
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new TransportUnavailableException("its native library does not load: " + root.getMessage(), cause);
    }

    static boolean runsOnMusl(Path maps) {
        if (!Files.isReadable(maps)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.anyMatch(line -> line.contains("/ld-musl-"));
        } catch (IOException | UncheckedIOException unreadable) {
            return false;
        }
    }

    private static String arch(String jdksName) {
        return switch (jdksName) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "aarch_64";
            default -> jdksName;
        };
    }

    private static String nettyVersion() {
        Version version = Version.identify(NativeLibrary.class.getClassLoader()).get("netty-transport");
        return version == null ? "VERSION" : version.artifactVersion();
    }
}
