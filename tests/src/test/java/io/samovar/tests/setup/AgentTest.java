package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.CompilerPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent weaves what javac has not woven, wherever it is loaded, and says what it cannot weave. */
@Timeout(120)
class AgentTest {
    /** Awaits in a class, in an interface and in a lambda; prints what came of it. */
    static final String KETTLE = """
            package kettle;

            import static io.samovar.Async.await;
            import io.samovar.Async;
            import io.samovar.Coroutine;
            import io.samovar.testing.VirtualClock;
            import java.time.Duration;
            import java.util.function.Supplier;

            public class Kettle {
                interface Boiler {
                    default Coroutine<Integer> boil(int cups) {
                        await(Async.sleep(Duration.ofMinutes(1)));
                        return Coroutine.of(cups + await(more()));
                    }
                    private Coroutine<Integer> more() {
                        await(Async.sleep(Duration.ofMinutes(1)));
                        return Coroutine.of(1);
                    }
                }

                private int cups = 1;

                private Coroutine<Integer> inside(Boiler boiler) {
                    Supplier<Coroutine<Integer>> lambda = () -> Coroutine.of(cups + await(boiler.boil(cups)));
                    return Coroutine.of(await(lambda.get()));
                }

                public static void main(String[] arguments) {
                    try (var loop = new VirtualClock().openLoop()) {
                        int cups = loop.runUntilComplete(new Kettle().inside(new Boiler() {}));
                        System.out.println("boiled " + cups + " in " + Kettle.class.getModule());
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    /** That does not weave. */
    private Javac javac() {
        return new Javac(directory)
                .with("-Xlint:all", "-Werror", "--release", "17", "-proc:none", "-Xplugin:Samovar later");
    }

    private Tools.Ended java(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-javaagent:" + CompilerPath.jar()));
        all.addAll(List.of(arguments));
        return Tools.java(directory, all);
    }

    private String classPath(Javac javac) {
        return javac.classes + File.pathSeparator + CompilerPath.userClassPath();
    }

    @Test
    void classesOfTheClassPathAreWoven() {
        Javac javac = javac().with("-cp", CompilerPath.userClassPath()).source("Kettle.java", KETTLE);
        javac.runSilently();
        assertThat(java("-cp", classPath(javac), "kettle.Kettle").well().said()).contains("boiled 3 in unnamed module");
    }

    @Test
    void classesOfNamedModulesAreWoven() {
        Javac javac = javac().with("-p", CompilerPath.userClassPath()).source("Kettle.java", KETTLE);
        javac.source("module-info.java", """
                /** Tea. */
                module kettle {
                    requires io.samovar.engine;
                    requires io.samovar.testing;
                }
                """);
        javac.runSilently();
        assertThat(java("-p", classPath(javac), "-m", "kettle/kettle.Kettle")
                        .well()
                        .said())
                .contains("boiled 3 in module kettle");
    }

    @Test
    void classesOfOtherLoadersAreWovenOnceForEach() {
        Javac kettle = javac().with("-cp", CompilerPath.userClassPath()).source("Kettle.java", KETTLE);
        kettle.runSilently();
        Javac loaders = new Javac(directory.resolve("loaders"));
        loaders.source("Loaders.java", """
                import java.net.*;
                import java.nio.file.*;
                class Loaders {
                    public static void main(String[] arguments) throws Exception {
                        for (int i = 0; i < 2; i++) {
                            URL[] urls = {Path.of(arguments[0]).toUri().toURL()};
                            try (URLClassLoader loader = new URLClassLoader(urls)) {
                                Class<?> kettle = loader.loadClass("kettle.Kettle");
                                for (var method : kettle.getDeclaredMethods()) { method.getParameterTypes(); }
                                kettle.getMethod("main", String[].class).invoke(null, (Object) null);
                            }
                        }
                    }
                }
                """);
        loaders.runSilently();
        String classPath = loaders.classes + File.pathSeparator + CompilerPath.userClassPath();
        assertThat(java("-cp", classPath, "Loaders", kettle.classes.toString())
                        .well()
                        .said()
                        .lines())
                .filteredOn(line -> line.startsWith("boiled 3"))
                .hasSize(2);
    }

    @Test
    void classesThatAreWovenAlreadyStayAsTheyAre() {
        Javac javac = new Javac(directory)
                .with("-cp", CompilerPath.userClassPath(), "-processorpath", CompilerPath.processorPath())
                .source("Kettle.java", KETTLE);
        javac.runSilently();
        assertThat(java("-cp", classPath(javac), "kettle.Kettle").well().said()).startsWith("boiled 3");
    }

    @Test
    void sourcesThatJavaRunsAtOnceAreWoven() throws IOException {
        Path source = Files.writeString(
                Files.createDirectory(directory.resolve("kettle")).resolve("Kettle.java"), KETTLE);
        // with the guard, as in a project, and without it
        String guarded = CompilerPath.userClassPath() + File.pathSeparator + CompilerPath.jar();
        for (String classPath : List.of(CompilerPath.userClassPath(), guarded)) {
            assertThat(java("-cp", classPath, source.toString()).well().said()).contains("boiled 3");
        }
    }

    @Test
    void shellAwaitsInWhatItIsTold() throws IOException {
        Path script = Files.writeString(directory.resolve("tea.jsh"), """
                import io.samovar.*
                import static io.samovar.Async.await
                Coroutine<Integer> boil(int cups) {
                    await(Async.sleep(java.time.Duration.ofMillis(1)));
                    return cups == 0 ? Coroutine.of(0) : Coroutine.of(1 + await(boil(cups - 1)));
                }
                System.out.println("boiled " + Async.run(() -> boil(3)))
                System.out.println("and " + Async.run(() -> Coroutine.of(await(boil(1)) + 1)))
                /exit
                """);
        List<String> shell = List.of(
                Tools.ofJdk("jshell"),
                "--class-path",
                CompilerPath.userClassPath(),
                "-R-javaagent:" + CompilerPath.jar(),
                "-s",
                script.toString());
        assertThat(Tools.run(directory, shell).well().said()).contains("boiled 3", "and 2");
    }

    @Test
    void whatCannotBeACoroutineIsLoggedAndThrowsAtItsAwait() {
        Javac javac = javac().with("-cp", CompilerPath.userClassPath()).source("Bad.java", """
                import static io.samovar.Async.await;
                import io.samovar.*;
                import java.util.concurrent.Callable;

                class Bad {
                    Bad() {}
                    Bad(int i) { await(Coroutine.of(i)); }
                    static class Early { static int i = await(Coroutine.of(1)); }
                    synchronized Coroutine<Integer> method() { return Coroutine.of(await(Coroutine.of(1))); }
                    Coroutine<Integer> block() {
                        synchronized (this) { await(Coroutine.of(0)); }
                        return Coroutine.of(1);
                    }
                    int plain() {
                        return await(Coroutine.of(1));
                    }
                    Callable<Integer> lambda() { return () -> await(Coroutine.of(1)); }
                    Coroutine<Integer> good() {
                        try {
                            synchronized (await(Coroutine.of(this))) { hashCode(); }
                            return Coroutine.of(await(Coroutine.of(1)) + 1);
                        } catch (RuntimeException unexpected) {
                            return Coroutine.of(await(Coroutine.of(0)));
                        } finally {
                            synchronized (this) { hashCode(); }
                        }
                    }

                    public static void main(String[] arguments) {
                        Bad bad = new Bad();
                        tells(() -> new Bad(1));
                        tells(() -> Early.i);
                        tells(() -> Async.run(bad::method));
                        tells(() -> Async.run(bad::block));
                        tells(() -> bad.plain());
                        tells(bad.lambda());
                        tells(() -> Async.run(bad::good));
                    }
                    static void tells(Callable<?> action) {
                        try {
                            System.out.println("gave " + action.call());
                        } catch (Throwable failure) {
                            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                                System.out.println("threw " + cause.getMessage());
                            }
                        }
                    }
                }
                """);
        javac.runSilently();
        String said = java("-cp", classPath(javac), "Bad").well().said();
        for (String refusal : List.of(
                "Bad.<init>(Bad.java:7): await in a constructor or an initialiser",
                "Bad$Early.<clinit>(Bad.java:8): await in a static initialiser",
                "Bad.method(Bad.java:9): await in a synchronized method",
                "Bad.block(Bad.java:11): await in a synchronized block",
                "Bad.plain(Bad.java:15): await in a method that does not return a Coroutine",
                "Bad.lambda$lambda$0(Bad.java:17): await in a lambda that does not return a Coroutine")) {
            assertThat(said).contains("threw " + refusal);
            assertThat(said.lines()).anyMatch(line -> line.contains(refusal) && !line.startsWith("threw "));
        }
        assertThat(said).contains("gave 2");
    }

    @Test
    void eclipsesCompilerWarnsUntilItIsToldOfTheAgent() throws IOException {
        Path source = Files.writeString(directory.resolve("Kettle.java"), KETTLE);
        List<String> ecj = new ArrayList<>(List.of("-jar", Tools.jar("ecj").toString(), "--release", "17"));
        ecj.addAll(List.of(
                "-cp",
                CompilerPath.userClassPath(),
                "-processorpath",
                CompilerPath.jar().toString()));
        ecj.addAll(List.of("-d", directory.resolve("classes").toString(), source.toString()));
        assertThat(Tools.java(directory, ecj).well().said())
                .contains("WARNING: the coroutine compiler runs inside javac only")
                .contains("-javaagent:samovar-coroutine-compiler.jar", "-Asamovar.weave=later");
        ecj.add("-Asamovar.weave=later");
        assertThat(Tools.java(directory, ecj).well().said()).isEmpty();
        String classPath = directory.resolve("classes") + File.pathSeparator + CompilerPath.userClassPath();
        assertThat(java("-cp", classPath, "kettle.Kettle").well().said()).contains("boiled 3");
        Tools.Ended without = Tools.java(directory, List.of("-cp", classPath, "kettle.Kettle"));
        assertThat(without.status()).isNotZero();
        assertThat(without.said())
                .contains("await was called in code that the coroutine compiler has not seen")
                .contains("-javaagent:samovar-coroutine-compiler.jar");
    }
}
