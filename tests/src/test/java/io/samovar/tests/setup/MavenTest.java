package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.samovar.tests.support.CompilerPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Maven builds programs with the set-up that the documentation shows. Here the real Maven runs, the one of this build. */
@Timeout(300)
class MavenTest {
    private static final String VERSION = System.getProperty("samovar.test.version", "");

    private static final String HEAD = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
                <modelVersion>4.0.0</modelVersion>
                <groupId>kettle</groupId>
                <version>1</version>
            """;

    private static final String PROPERTIES = """
                <properties>
                    <maven.compiler.release>17</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                </properties>
            """;

    private static final String DEPENDENCIES = """
                    <dependency>
                        <groupId>io.samovar</groupId>
                        <artifactId>samovar-engine</artifactId>
                        <version>%1$s</version>
                    </dependency>
                    <dependency>
                        <groupId>io.samovar</groupId>
                        <artifactId>samovar-testing</artifactId>
                        <version>%1$s</version>
                    </dependency>
            """.formatted(VERSION);

    /** The plugins' versions are those of this build, which has them already. */
    private static final String PLUGINS = """
                        <plugin>
                            <artifactId>maven-resources-plugin</artifactId>
                            <version>3.5.0</version>
                        </plugin>
                        <plugin>
                            <artifactId>maven-compiler-plugin</artifactId>
                            <version>3.16.0</version>
                            <configuration>
                                <showWarnings>true</showWarnings>
                                <failOnWarning>true</failOnWarning>
                                <compilerArgs>
                                    <arg>-Xlint:all</arg>
                                </compilerArgs>
                                %s
                            </configuration>
                        </plugin>
            """;

    private static final String PROCESSOR_PATH = """
            <annotationProcessorPaths>
                <path>
                    <groupId>io.samovar</groupId>
                    <artifactId>samovar-coroutine-compiler</artifactId>
                    <version>%s</version>
                </path>
            </annotationProcessorPaths>
            """.formatted(VERSION);

    @TempDir
    private Path directory;

    private Path repository;

    /**
     * A local repository that shares everything with the user's but this project's own artifacts, so that nothing is downloaded
     * twice and nothing is installed for others.
     */
    @BeforeEach
    void aLocalRepositoryWithThisBuild() throws IOException {
        Path compiler = CompilerPath.jar();
        assumeThat(System.getProperty("samovar.test.maven")).as("run by Maven").isNotNull();
        repository = Files.createDirectory(directory.resolve("repository"));
        Path users = Path.of(System.getProperty("samovar.test.repository"));
        link(users, repository, "io");
        link(users.resolve("io"), Files.createDirectory(repository.resolve("io")), "samovar");
        Path root = Path.of("..").toAbsolutePath().normalize();
        install("samovar-parent", root.resolve("pom.xml"), null);
        install("samovar-coroutine-compiler", root.resolve("coroutine-compiler/dependency-reduced-pom.xml"), compiler);
        for (String module : List.of("engine", "testing")) {
            Path jar = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .filter(entry -> entry.getFileName().toString().startsWith("samovar-" + module + "-"))
                    .findFirst()
                    .orElseThrow();
            install("samovar-" + module, root.resolve(module).resolve("pom.xml"), jar);
        }
    }

    private static void link(Path from, Path to, String except) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (!entry.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private void install(String artifact, Path pom, Path jar) throws IOException {
        Path place = Files.createDirectories(
                repository.resolve("io/samovar").resolve(artifact).resolve(VERSION));
        Files.copy(pom, place.resolve(artifact + '-' + VERSION + ".pom"));
        if (jar != null) {
            Files.copy(jar, place.resolve(artifact + '-' + VERSION + ".jar"));
        }
    }

    private Path write(String name, String... text) throws IOException {
        Path file = directory.resolve("project").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("", text));
    }

    private void writePom(String name, String artifact, String dependencies, String configuration) throws IOException {
        write(
                name,
                HEAD,
                "    <artifactId>" + artifact + "</artifactId>\n",
                PROPERTIES,
                "    <dependencies>\n" + DEPENDENCIES + dependencies + "    </dependencies>\n",
                "    <build>\n        <plugins>\n" + PLUGINS.formatted(configuration)
                        + "        </plugins>\n    </build>\n",
                "</project>\n");
    }

    private Tools.Ended maven(String... arguments) {
        List<String> command = new ArrayList<>();
        boolean windows = File.separatorChar == '\\';
        command.add(Path.of(System.getProperty("samovar.test.maven"), "bin", windows ? "mvn.cmd" : "mvn")
                .toString());
        command.addAll(List.of("-B", "-ntp", "-q", "-Dmaven.repo.local=" + repository));
        if ("offline: true".equals(System.getProperty("samovar.test.offline"))) {
            command.add("-o");
        }
        command.addAll(List.of(arguments));
        return Tools.run(
                directory.resolve("project"),
                command,
                Map.of("JAVA_HOME", System.getProperty("java.home"), "MAVEN_OPTS", ""));
    }

    private String kettle(String... classes) {
        List<String> path = Stream.of(classes)
                .map(name -> directory.resolve("project").resolve(name).toString())
                .toList();
        String all = String.join(File.pathSeparator, path) + File.pathSeparator + CompilerPath.userClassPath();
        return Tools.java(directory, List.of("-cp", all, "kettle.Kettle"))
                .well()
                .said();
    }

    @Test
    void oneEntryOnTheProcessorPathIsEnough() throws IOException {
        writePom("pom.xml", "kettle", "", PROCESSOR_PATH);
        String source = "src/main/java/kettle/Kettle.java";
        write(source, AgentTest.KETTLE);
        maven("compile").well();
        assertThat(kettle("target/classes")).contains("boiled 3");
        // Changed, and by a forked javac: the frames of the first build are gone or overwritten.
        write(source, AgentTest.KETTLE.replace("more()", "hotter()").replace("Coroutine.of(1)", "Coroutine.of(5)"));
        maven("compile", "-Dmaven.compiler.fork=true").well();
        assertThat(kettle("target/classes")).contains("boiled 7");
        try (Stream<Path> classes = Files.list(directory.resolve("project/target/classes/kettle"))) {
            assertThat(classes.map(file -> file.getFileName().toString())
                            .filter(name -> name.contains("$$hotter$") || name.contains("$$more$")))
                    .singleElement()
                    .asString()
                    .contains("$$hotter$");
        }
    }

    @Test
    void errorProneChecksTheSameSources() throws IOException {
        // With NullAway as in this build, so that it is the same versions of everything that are needed.
        writePom("pom.xml", "kettle", "", PROCESSOR_PATH.replace("<annotationProcessorPaths>", """
                <annotationProcessorPaths>
                    <path>
                        <groupId>com.google.errorprone</groupId>
                        <artifactId>error_prone_core</artifactId>
                        <version>%s</version>
                    </path>
                    <path>
                        <groupId>com.uber.nullaway</groupId>
                        <artifactId>nullaway</artifactId>
                        <version>%s</version>
                    </path>
                """.formatted(
                        System.getProperty("samovar.test.errorProne"), System.getProperty("samovar.test.nullAway"))));
        Path pom = directory.resolve("project/pom.xml");
        Files.writeString(pom, Files.readString(pom).replace("<arg>-Xlint:all</arg>", """
                <arg>-Xlint:all</arg>
                <arg>-XDcompilePolicy=simple</arg>
                <arg>--should-stop=ifError=FLOW</arg>
                <arg>-Xplugin:ErrorProne -XepDisableAllChecks -Xep:DeadException:ERROR</arg>
                """));
        // Error Prone runs in Maven's own JVM, and has to be let into javac there.
        Files.copy(
                Path.of("..", ".mvn", "jvm.config"),
                Files.createDirectories(directory.resolve("project/.mvn")).resolve("jvm.config"));
        String source = "src/main/java/kettle/Kettle.java";
        write(source, AgentTest.KETTLE.replace("return Coroutine.of(1);", """
                new IllegalStateException("dry");
                            return Coroutine.of(1);"""));
        Tools.Ended refused = maven("compile");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.said()).contains("Kettle.java:[18,13] [DeadException]");
        write(source, AgentTest.KETTLE);
        maven("compile").well();
        assertThat(kettle("target/classes")).contains("boiled 3");
    }

    @Test
    void aPlainDependencyWorksOrIsToldWhatIsMissing() throws IOException {
        String dependency = """
                        <dependency>
                            <groupId>io.samovar</groupId>
                            <artifactId>samovar-coroutine-compiler</artifactId>
                            <version>%s</version>
                            <scope>provided</scope>
                        </dependency>
                """.formatted(VERSION);
        writePom("pom.xml", "kettle", dependency, "");
        write("src/main/java/kettle/Kettle.java", AgentTest.KETTLE);
        Tools.Ended ended = maven("compile");
        if (Runtime.version().feature() >= 23) {
            assertThat(ended.status()).isNotZero();
            assertThat(ended.said())
                    .contains("Kettle.java:[13,")
                    .contains("await needs the coroutine compiler", "annotationProcessorPaths", "-proc:full");
            maven("compile", "-Dmaven.compiler.proc=full").well();
        } else {
            ended.well();
        }
        assertThat(kettle("target/classes")).contains("boiled 3");
    }

    @Test
    void modulesOfSeveralProjectsAwaitEachOther() throws IOException {
        write(
                "pom.xml",
                HEAD,
                "    <artifactId>parent</artifactId>\n    <packaging>pom</packaging>\n",
                "    <modules>\n        <module>boiler</module>\n        <module>kettle</module>\n    </modules>\n",
                PROPERTIES,
                "    <build>\n        <pluginManagement>\n            <plugins>\n",
                PLUGINS.formatted(PROCESSOR_PATH),
                "            </plugins>\n        </pluginManagement>\n    </build>\n",
                "    <dependencies>\n" + DEPENDENCIES + "    </dependencies>\n",
                "</project>\n");
        Map<String, String> dependencies = new TreeMap<>(Map.of("boiler", "", "kettle", """
                    <dependencies>
                        <dependency>
                            <groupId>kettle</groupId>
                            <artifactId>boiler</artifactId>
                            <version>1</version>
                        </dependency>
                    </dependencies>
                """));
        for (Map.Entry<String, String> module : dependencies.entrySet()) {
            write(
                    module.getKey() + "/pom.xml",
                    HEAD.replace("<groupId>kettle</groupId>", "<parent>\n<groupId>kettle</groupId>")
                            .replace(
                                    "<version>1</version>",
                                    "<artifactId>parent</artifactId>\n<version>1</version>\n</parent>"),
                    "    <artifactId>" + module.getKey() + "</artifactId>\n" + module.getValue() + "</project>\n");
        }
        write("boiler/src/main/java/module-info.java", """
                /** Boils. */
                module boiler {
                    requires transitive io.samovar.engine;

                    exports boiler;
                }
                """);
        write("boiler/src/main/java/boiler/Boiler.java", """
                package boiler;

                import static io.samovar.Async.await;

                import io.samovar.Async;
                import io.samovar.Coroutine;
                import java.time.Duration;

                /** Boils. */
                public interface Boiler {
                    /** Boils. */
                    default Coroutine<Integer> boil(int cups) {
                        await(Async.sleep(Duration.ofMinutes(cups)));
                        return Coroutine.of(cups);
                    }
                }
                """);
        write("kettle/src/main/java/module-info.java", """
                /** The program. */
                module kettle {
                    requires boiler;
                    requires io.samovar.testing;
                }
                """);
        write("kettle/src/main/java/kettle/Kettle.java", """
                package kettle;

                import static io.samovar.Async.await;

                import boiler.Boiler;
                import io.samovar.Coroutine;
                import io.samovar.testing.VirtualClock;

                final class Kettle implements Boiler {
                    private Kettle() {}

                    private Coroutine<Integer> both() {
                        return Coroutine.of(await(boil(1)) + await(Boiler.super.boil(2)));
                    }

                    public static void main(String[] arguments) {
                        try (var loop = new VirtualClock().openLoop()) {
                            System.out.println("boiled " + loop.runUntilComplete(new Kettle().both()));
                        }
                    }
                }
                """);
        maven("compile").well();
        assertThat(kettle("kettle/target/classes", "boiler/target/classes")).contains("boiled 3");
        // Nothing has changed: nothing is compiled, and nothing is broken.
        maven("compile").well();
        String modules = String.join(
                File.pathSeparator,
                directory.resolve("project/kettle/target/classes").toString(),
                directory.resolve("project/boiler/target/classes").toString(),
                CompilerPath.userClassPath());
        assertThat(Tools.java(directory, List.of("-p", modules, "-m", "kettle/kettle.Kettle"))
                        .well()
                        .said())
                .contains("boiled 3");
    }
}
