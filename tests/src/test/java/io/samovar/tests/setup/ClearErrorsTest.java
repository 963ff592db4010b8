package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.compiler.weave.LoadTimeWeaver;
import io.samovar.compiler.weave.WeaveException;
import io.samovar.compiler.weave.Weaver;
import io.samovar.tests.support.CompilerPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be woven is said in a sentence that names the class, the method and the mend. */
@Timeout(60)
class ClearErrorsTest {
    /** Fits into 64 KB as it is, and does not as a coroutine. */
    private static final String BIG = """
            import static io.samovar.Async.await;
            import io.samovar.Coroutine;
            class Big {
                static Coroutine<Integer> small(int i) { return Coroutine.of(await(Coroutine.of(i))); }
                static Coroutine<Integer> big(int i, long a, String b, double c) {
                    %s
                    return Coroutine.of(i + (int) a + b.length() + (int) c);
                }
            }
            """.formatted("i += await(small(i));\n".repeat(1_500));

    private static final String LOCKED = """
            import static io.samovar.Async.await;
            import io.samovar.Coroutine;
            class Locked {
                Coroutine<Integer> fine(Object lock) {
                    try {
                        synchronized (await(Coroutine.of(lock))) { hashCode(); }
                        await(Coroutine.of(1));
                    } catch (IllegalStateException e) {
                        await(Coroutine.of(2));
                    } finally {
                        synchronized (lock) { hashCode(); }
                        await(Coroutine.of(3));
                    }
                    return Coroutine.of(4);
                }
                %s
            }
            """;

    @TempDir
    private Path directory;

    private Javac unwoven;
    private final Weaver weaver = new Weaver(false);

    @BeforeEach
    void javacThatDoesNotWeave() {
        unwoven = new Javac(directory)
                .with("--release", "17", "-proc:none", "-Xplugin:Samovar later")
                .with("-cp", CompilerPath.userClassPath());
    }

    private byte[] classFile(String name, String source) throws IOException {
        unwoven.source(name + ".java", source).runSilently();
        return Files.readAllBytes(unwoven.classes.resolve(name + ".class"));
    }

    @Test
    void aMethodThatGrowsTooLargeIsNamedByJavac() {
        Javac javac = new Javac(directory)
                .with("--release", "17", "-cp", CompilerPath.userClassPath())
                .with("-processorpath", CompilerPath.processorPath())
                .source("Big.java", BIG);
        assertThat(javac.run())
                .contains("Big.java:3: error: cannot make a coroutine: Big.big(Big.java:6): as a coroutine it is larger"
                        + " than the 64 KB of code that a method may have; move parts of it to other methods");
    }

    /** The frame takes them all, and itself is one more. */
    @Test
    void oneParameterMoreThanACoroutineMayHaveIsAnError() throws IOException {
        for (String kind : List.of("", "static ")) {
            int most = kind.isEmpty() ? 253 : 254;
            byte[] fits = classFile("Fits", manyParameters("Fits", kind, most));
            assertThat(weaver.weave(fits)).containsOnlyKeys("Fits", "Fits$$all$0");
            byte[] fitsNot = classFile("Crowd", manyParameters("Crowd", kind, most + 1));
            assertThatThrownBy(() -> weaver.weave(fitsNot))
                    .isInstanceOf(WeaveException.class)
                    .hasMessage(
                            "Crowd.all(Crowd.java:4): it has too many parameters: a coroutine may have 254, of which"
                                    + " its object is one, and each long or double is two");
        }
    }

    private static String manyParameters(String name, String kind, int slots) {
        String parameters =
                IntStream.range(0, slots - 2).mapToObj(i -> "int i" + i).collect(Collectors.joining(", "));
        return """
                import io.samovar.*;
                class %s {
                    %sCoroutine<Long> all(long first, %s) {
                        return Coroutine.of(Async.await(Coroutine.of(first)) + i0);
                    }
                }
                """.formatted(name, kind, parameters);
    }

    @Test
    void aMethodThatGrowsTooLargeIsRefusedAloneAtLoadTime() throws IOException {
        List<String> refused = new ArrayList<>();
        Map<String, byte[]> woven =
                new LoadTimeWeaver(weaver).weave(classFile("Big", BIG), refusal -> refused.add(refusal.getMessage()));
        assertThat(refused).singleElement().asString().startsWith("Big.big(Big.java:6): as a coroutine it is larger");
        assertThat(woven).containsOnlyKeys("Big", "Big$$small$0");
    }

    @Test
    void aClassFileOfTheFutureAsksForANewerCompiler() throws IOException {
        byte[] classFile = classFile("Locked", LOCKED.formatted(""));
        classFile[6] = 1;
        classFile[7] = 4;
        assertThatThrownBy(() -> weaver.weave(classFile))
                .isInstanceOf(WeaveException.class)
                .hasMessageContaining("version 260, which is newer")
                .hasMessageContaining("take a newer samovar-coroutine-compiler, or compile with a lower --release");
    }

    @Test
    void aClassFileThatIsCutOffIsSaidToBeBroken() throws IOException {
        byte[] classFile = classFile("Locked", LOCKED.formatted(""));
        for (int length = 0; length < classFile.length; length++) {
            byte[] cut = Arrays.copyOf(classFile, length);
            assertThatThrownBy(() -> weaver.weave(cut))
                    .as("%s of %s bytes", length, classFile.length)
                    .isInstanceOf(WeaveException.class)
                    .hasMessageContaining("its class file is broken");
            assertThatThrownBy(() -> new LoadTimeWeaver(weaver).weave(cut, refused -> {}))
                    .isInstanceOf(WeaveException.class);
        }
    }

    @Test
    void aClassFileWithOneWrongByteGivesNoOtherException() throws IOException {
        byte[] classFile = classFile("Locked", LOCKED.formatted(""));
        for (int at = 8; at < classFile.length; at++) {
            byte[] wrong = classFile.clone();
            wrong[at] ^= (byte) 0x5a;
            try {
                weaver.weave(wrong);
            } catch (WeaveException said) {
                assertThat(said).hasMessageMatching("(?s).+");
            }
        }
    }

    @Test
    void monitorsAreSeenInClassFilesToo() throws IOException {
        assertThat(weaver.weave(classFile("Locked", LOCKED.formatted("")))).containsKey("Locked$$fine$0");
        assertThatThrownBy(() -> weaver.weave(classFile("Locked", LOCKED.formatted("""
                        Coroutine<Integer> nested(Object lock) {
                            synchronized (this) {
                                try {
                                    synchronized (lock) { hashCode(); }
                                } finally {
                                    await(Coroutine.of(1));
                                }
                            }
                            return Coroutine.of(4);
                        }
                        """))))
                .isInstanceOf(WeaveException.class)
                .hasMessageContaining("Locked.nested(Locked.java:21): await in a synchronized block");
    }
}
