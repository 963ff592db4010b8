package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.CompilerPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The coroutine compiler lives beside Lombok, JaCoCo, the strictest javac and incremental builds. */
@Timeout(180)
class OtherToolsTest {
    @TempDir
    private Path directory;

    private Javac javac;

    @BeforeEach
    void strictJavac() {
        javac = new Javac(directory)
                .with("--release", "17", "-Xlint:all", "-Werror", "-cp", CompilerPath.userClassPath());
    }

    private String classPath() {
        return javac.classes + File.pathSeparator + CompilerPath.userClassPath();
    }

    private Tools.Ended java(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(all.size() - 1, "-cp");
        all.add(all.size() - 1, classPath());
        return Tools.java(directory, all).well();
    }

    @Test
    void lombokMakesWhatCoroutinesUse() {
        String lombok = Tools.jar("lombok").toString();
        javac.source("Tea.java", """
                import static io.samovar.Async.await;
                import io.samovar.*;
                import io.samovar.testing.VirtualClock;
                import java.time.Duration;
                import lombok.*;

                public class Tea {
                    @Value @Builder static class Cup { int size; String of; }
                    @Getter @Setter @RequiredArgsConstructor static class Pot {
                        final String kind;
                        private int cups;
                        @SneakyThrows Coroutine<Cup> pour(int size) {
                            await(Async.sleep(Duration.ofSeconds(1)));
                            if (size > 9) { throw new java.io.IOException("too large"); }
                            setCups(getCups() + 1);
                            val cup = Cup.builder().size(size).of(getKind()).build();
                            return Coroutine.of(cup);
                        }
                    }
                    public static void main(String[] arguments) {
                        try (var loop = new VirtualClock().openLoop()) {
                            Pot pot = new Pot("assam");
                            System.out.println(loop.runUntilComplete(pot.pour(2)) + " " + pot.getCups());
                            try {
                                loop.runUntilComplete(pot.pour(10));
                            } catch (Exception failure) {
                                System.out.println(failure);
                            }
                        }
                    }
                }
                """);
        // Lombok changes javac itself, so it must not be done in the JVM of the tests.
        javac.alone().with("-Xlint:-processing", "-cp", CompilerPath.userClassPath() + File.pathSeparator + lombok);
        for (String path : List.of(
                lombok + File.pathSeparator + CompilerPath.jar(), CompilerPath.jar() + File.pathSeparator + lombok)) {
            assertThat(javac.with("-processorpath", path).run()).doesNotContain("error:");
            assertThat(java("Tea").said()).contains("Tea.Cup(size=2, of=assam) 1", "java.io.IOException: too large");
        }
    }

    /** JaCoCo's report: for each line how many instructions were missed (mi) and covered (ci). */
    private String covered(Path executed) throws IOException {
        Path report = directory.resolve("report.xml");
        Tools.java(
                        directory,
                        List.of(
                                "-jar",
                                Tools.jar("jacoco-cli").toString(),
                                "report",
                                executed.toString(),
                                "--classfiles",
                                javac.classes.toString(),
                                "--xml",
                                report.toString()))
                .well();
        return Files.readString(report);
    }

    @Test
    void jacocoCountsWhatJavacHasWoven() throws IOException {
        javac.source("Kettle.java", AgentTest.KETTLE)
                .with("-processorpath", CompilerPath.processorPath())
                .runSilently();
        Path executed = directory.resolve("woven.exec");
        String said = java("-javaagent:" + Tools.jar("jacoco-agent") + "=destfile=" + executed, "kettle.Kettle")
                .said();
        assertThat(said).contains("boiled 3").doesNotContain("Exception");
        assertThat(covered(executed))
                .containsPattern("<line nr=\"13\" mi=\"[0-9]+\" ci=\"[1-9]")
                .containsPattern("<line nr=\"14\" mi=\"[0-9]+\" ci=\"[1-9]")
                .containsPattern("<line nr=\"25\" mi=\"[0-9]+\" ci=\"[1-9]");
    }

    @Test
    void jacocoCountsWhatTheAgentWeaves() throws IOException {
        javac.source("Kettle.java", AgentTest.KETTLE)
                .with("-proc:none", "-Xplugin:Samovar later")
                .runSilently();
        Path executed = directory.resolve("agent.exec");
        String jacoco = "-javaagent:" + Tools.jar("jacoco-agent") + "=destfile=" + executed;
        String samovar = "-javaagent:" + CompilerPath.jar();
        assertThat(java(samovar, jacoco, "kettle.Kettle").said())
                .as("both run in either order")
                .contains("boiled 3")
                .doesNotContain("Exception");
        Files.delete(executed);
        assertThat(java(jacoco, samovar, "kettle.Kettle").said())
                .contains("boiled 3")
                .doesNotContain("Exception");
        assertThat(covered(executed))
                .contains("<line nr=\"13\" mi=\"0\" ci=\"5\"", "<line nr=\"14\" mi=\"0\"", "<line nr=\"25\" mi=\"0\"");
    }

    @Test
    void recordsSealedTypesAndSeveralClassesInAFileCompileWithoutAWarning() {
        javac.with("-processorpath", CompilerPath.processorPath()).source("Orders.java", """
                import static io.samovar.Async.await;
                import io.samovar.*;
                import io.samovar.testing.VirtualClock;
                import java.time.Duration;
                import java.util.*;

                sealed interface Order permits Tea, Coffee {
                    Coroutine<Cup> make();
                }

                record Tea(String kind, List<Integer> minutes) implements Order {
                    Tea {
                        minutes = List.copyOf(minutes);
                    }

                    @Override
                    public Coroutine<Cup> make() {
                        int sum = 0;
                        for (int minute : minutes) {
                            await(Async.sleep(Duration.ofMinutes(minute)));
                            sum += minute;
                        }
                        return Coroutine.of(new Cup(await(new Name<>(kind).value()), sum));
                    }
                }

                record Coffee(int strength) implements Order {
                    @Override
                    public Coroutine<Cup> make() {
                        record Shot(int grams) {}
                        var shots = new ArrayList<Shot>();
                        while (shots.size() < strength) {
                            await(Async.sleep(Duration.ofSeconds(20)));
                            shots.add(new Shot(7));
                        }
                        return Coroutine.of(new Cup("coffee", shots.stream().mapToInt(Shot::grams).sum()));
                    }
                }

                record Name<T extends Comparable<T>>(T of) {
                    Coroutine<T> value() {
                        await(Async.sleep(Duration.ZERO));
                        return Coroutine.of(of());
                    }
                }

                record Cup(String of, int amount) {}

                public class Orders {
                    static Coroutine<String> serve(Order order) {
                        Cup cup = await(order.make());
                        return Coroutine.of(order instanceof Coffee c && c.strength() > 1 ? "strong " + cup : "" + cup);
                    }

                    public static void main(String[] arguments) {
                        try (var loop = new VirtualClock().openLoop()) {
                            System.out.println(loop.runUntilComplete(serve(new Tea("mint", List.of(1, 3)))));
                            System.out.println(loop.runUntilComplete(serve(new Coffee(2))));
                        }
                    }
                }
                """);
        javac.runSilently();
        assertThat(java("Orders").said()).contains("Cup[of=mint, amount=4]", "strong Cup[of=coffee, amount=14]");
    }

    /** A class with one coroutine of this name and shape. */
    private void pot(String coroutine, String call) {
        javac.source("Pot.java", """
                import static io.samovar.Async.await;
                import io.samovar.*;
                import java.time.Duration;
                class Pot {
                    %s
                    static Coroutine<?> pour() { return %s; }
                }
                """.formatted(coroutine, call));
    }

    @Test
    void framesOfEarlierCompilationsDoNoHarm() throws IOException {
        Files.createDirectories(javac.classes);
        javac.with("-processorpath", CompilerPath.processorPath())
                .with("-cp", classPath())
                .source("Main.java", """
                import io.samovar.testing.VirtualClock;
                class Main {
                    public static void main(String[] arguments) {
                        try (var loop = new VirtualClock().openLoop()) {
                            System.out.println("poured " + loop.runUntilComplete(Pot.pour()));
                        }
                    }
                }
                """);
        pot(
                "static Coroutine<Integer> cup(int i) { await(Async.sleep(Duration.ZERO)); return Coroutine.of(i); }",
                "cup(1)");
        javac.runSilently();
        assertThat(java("Main").said()).contains("poured 1");
        // The same name, another shape: receiver, parameters and locals of other types.
        pot(
                "Coroutine<String> cup(String s, long l) { String t = s + l; await(Async.sleep(Duration.ZERO));"
                        + " return Coroutine.of(t + l); }",
                "new Pot().cup(\"a\", 2)");
        javac.runSilently("Pot.java");
        assertThat(java("Main").said()).contains("poured a22");
        // Renamed, and one more before it.
        pot(
                "static Coroutine<Integer> before() { await(Async.sleep(Duration.ZERO)); return Coroutine.of(3); }"
                        + " static Coroutine<Integer> mug() { return Coroutine.of(await(before())); }",
                "mug()");
        javac.runSilently("Pot.java");
        assertThat(java("Main").said()).contains("poured 3");
        assertThat(javac.classes).isDirectoryContaining("glob:**Pot$$cup$0.class");
        // No coroutine of its own any more.
        pot("", "Coroutine.of(4)");
        javac.runSilently("Pot.java");
        assertThat(java("Main").said()).contains("poured 4");
    }
}
