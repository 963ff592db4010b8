package io.samovar.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import io.samovar.transport.TransportUnavailableException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    private static final String OS = System.getProperty("os.name");

    /** A library that is for the system that this test runs on. */
    private static final NativeLibrary OURS = new NativeLibrary("epoll", OS, OS.toLowerCase(Locale.ROOT), "linux");

    private static final NativeLibrary SOLARIS = new NativeLibrary("ports", "Solaris", "sunos", "solaris");

    private final Throwable nettys = new UnsatisfiedLinkError("Netty says no");

    private static final ClassLoader NO_LIBRARIES = new URLClassLoader(new URL[0], null);

    @TempDir
    private Path directory;

    @Test
    void muslIsSeenInWhatTheProcessHasMapped() throws IOException {
        assertThat(NativeLibrary.runsOnMusl(maps("/lib/ld-musl-x86_64.so.1"))).isTrue();
        assertThat(NativeLibrary.runsOnMusl(maps("/lib/ld-musl-aarch64.so.1"))).isTrue();
        assertThat(NativeLibrary.runsOnMusl(maps("/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")))
                .isFalse();
    }

    @Test
    void whereNothingTellsWhatIsMappedThereIsNoMusl() {
        assertThat(NativeLibrary.runsOnMusl(directory.resolve("no-such-file"))).isFalse();
        assertThat(NativeLibrary.runsOnMusl(directory)).isFalse();
    }

    @Test
    void onMuslTheLibraryIsRefusedBeforeItIsLoaded() throws IOException {
        Supplier<@Nullable Throwable> loads = () -> {
            throw new AssertionError("it was loaded, which can crash the process");
        };
        assertThat(OURS.refusal(loads, maps("/lib/ld-musl-x86_64.so.1"), NO_LIBRARIES))
                .isExactlyInstanceOf(TransportUnavailableException.class)
                .hasMessage("this JVM runs on musl libc (Alpine Linux), and Netty's epoll library is built for glibc;"
                        + " use the nio transport, or a glibc-based image");
    }

    @Test
    void aLibraryThatWorksIsNotRefused() {
        assertThat(OURS.refusal(() -> null)).isNull();
    }

    @Test
    void onAnotherSystemTheReasonIsTheSystem() {
        assertThat(SOLARIS.refusal(() -> nettys))
                .isExactlyInstanceOf(TransportUnavailableException.class)
                .hasMessage("ports is there on Solaris only, not on " + OS)
                .hasCause(nettys);
    }

    @Test
    void aMissingLibraryIsNamedByItsMavenCoordinate() throws IOException {
        String architecture = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "[a-z0-9_]+";
        String version = Version.identify().get("netty-transport").artifactVersion();
        assertThat(version).startsWith("4.2.");
        assertThat(OURS.refusal(() -> nettys, maps("/lib/libc.so.6"), NO_LIBRARIES))
                .isExactlyInstanceOf(TransportUnavailableException.class)
                .hasMessageMatching("its native library is not on the class path: add"
                        + " io\\.netty:netty-transport-native-epoll:" + version.replace(".", "\\.") + ":jar:linux-"
                        + architecture + " \\(run-time scope\\)")
                .hasCause(nettys);
    }

    @Test
    void aLibraryThatDoesNotLoadIsRefusedWithTheInnermostReason() throws IOException {
        Throwable outermost = new ExceptionInInitializerError(
                new IllegalStateException(new UnsatisfiedLinkError("its bytes are for another processor")));
        Path natives = Files.createDirectories(directory.resolve("META-INF/native"));
        for (String architecture : new String[] {"x86_64", "aarch_64", System.getProperty("os.arch")}) {
            Files.write(natives.resolve("libnetty_transport_native_epoll_" + architecture + ".so"), new byte[0]);
        }
        try (URLClassLoader libraries =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, null)) {
            assertThat(OURS.refusal(() -> outermost, maps("/lib/libc.so.6"), libraries))
                    .isExactlyInstanceOf(TransportUnavailableException.class)
                    .hasMessage("its native library does not load: its bytes are for another processor")
                    .hasCause(outermost);
        }
    }

    /** A file such as {@code /proc/self/maps}, with one library in it. */
    private Path maps(String library) throws IOException {
        return Files.writeString(
                directory.resolve("maps"),
                "55d0c0a00000-55d0c0a02000 r--p 00000000 08:01 1310 /usr/bin/java\n"
                        + "7f1c2e400000-7f1c2e428000 r-xp 00000000 08:01 2621 " + library + "\n"
                        + "7ffd1b5f2000-7ffd1b613000 rw-p 00000000 00:00 0 [stack]\n");
    }
}
