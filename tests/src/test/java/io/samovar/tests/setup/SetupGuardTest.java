package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.tests.support.CompilerPath;
import java.io.File;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** A compilation that the coroutine compiler takes no part in fails at its first await, and says what to add. */
@Timeout(60)
class SetupGuardTest {
    /** Claims every annotation there is. */
    private static final String GREEDY = """
            import java.util.Set;
            import javax.annotation.processing.*;
            import javax.lang.model.element.TypeElement;
            import javax.lang.model.SourceVersion;
            @SupportedAnnotationTypes("*")
            public class Greedy extends AbstractProcessor {
                @Override public SourceVersion getSupportedSourceVersion() {
                    return SourceVersion.latest();
                }
                @Override public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
                    return true;
                }
            }
            """;

    @TempDir
    private Path directory;

    private Javac javac;
    private String jar;

    @BeforeEach
    void aClassThatAwaits() {
        jar = CompilerPath.jar().toString();
        javac = new Javac(directory).with("-Xlint:all", "-Werror").source("Tea.java", """
                import static io.samovar.Async.await;
                import io.samovar.Coroutine;

                class Tea {
                    static Coroutine<Integer> cups() {
                        await(Coroutine.of(1)); await(Coroutine.of(2));
                        return Coroutine.of(await(Coroutine.of(2)));
                    }
                }
                """);
    }

    private static String path(String... entries) {
        return String.join(File.pathSeparator, entries);
    }

    private void failsOnceAtTheFirstAwait(String... mends) {
        String said = javac.run();
        assertThat(said)
                .contains("Tea.java:6: error: await needs the coroutine compiler")
                .contains(mends);
        assertThat(Pattern.compile("error: ").matcher(said).results()).as(said).hasSize(1);
        assertThat(said.lines().filter(line -> line.strip().equals("^")))
                .as(said)
                .singleElement()
                .asString()
                .hasSize("        await(".length());
    }

    @Test
    void theProcessorPathIsEnough() {
        javac.alone()
                .with("-cp", CompilerPath.userClassPath(), "-processorpath", jar)
                .runSilently();
        assertThat(javac.classes).isDirectoryContaining("glob:**Tea$$cups$0.class");
    }

    @Test
    void theModuleThatNeedsItsProcessorsInModulesHasThem() {
        javac.with("-cp", CompilerPath.userClassPath(), "--processor-module-path", jar)
                .runSilently();
        assertThat(javac.classes).isDirectoryContaining("glob:**Tea$$cups$0.class");
    }

    @Test
    void aNamedModuleIsWovenAndGuarded() {
        javac.source(
                "module-info.java",
                "/** Tea. */ module tea { requires io.samovar.engine; requires static org.jspecify; }");
        javac.with("-p", CompilerPath.userClassPath());
        javac.with("-processorpath", jar).runSilently();
        assertThat(javac.classes).isDirectoryContaining("glob:**Tea$$cups$0.class");
        javac.with("-proc:none");
        failsOnceAtTheFirstAwait("-processorpath");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_22)
    void theClassPathIsEnoughUpToJdk22() {
        javac.alone()
                .with("-cp", path(CompilerPath.userClassPath(), jar))
                .with("-Xlint:-options")
                .run();
        assertThat(javac.classes).isDirectoryContaining("glob:**Tea$$cups$0.class");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_23)
    void theClassPathIsNotEnoughFromJdk23On() {
        javac.alone().with("-cp", path(CompilerPath.userClassPath(), jar));
        failsOnceAtTheFirstAwait("-processorpath", "annotationProcessorPaths", "-proc:full");
        javac.with("-proc:full").runSilently();
        assertThat(javac.classes).isDirectoryContaining("glob:**Tea$$cups$0.class");
    }

    @Test
    void noProcessorAtAllIsAnError() {
        javac.alone().with("-cp", path(CompilerPath.userClassPath(), jar), "-proc:none");
        failsOnceAtTheFirstAwait("-processorpath", "-Xplugin:\"Samovar later\"");
    }

    @Test
    void anAgentThatWeavesLaterIsAnAnswer() {
        javac.with("-cp", path(CompilerPath.userClassPath(), jar), "-proc:none", "-Xplugin:Samovar later")
                .runSilently();
        assertThat(javac.classes).isDirectoryNotContaining("glob:**Tea$$cups$0.class");
    }

    @Test
    void theProcessorLeavesTheWeavingToAnAgentToo() {
        javac.with("-cp", CompilerPath.userClassPath(), "-processorpath", jar, "-Asamovar.weave=later")
                .runSilently();
        assertThat(javac.classes).isDirectoryNotContaining("glob:**Tea$$cups$0.class");
    }

    @Test
    void anotherArgumentOfThePluginIsRefused() {
        javac.with("-cp", CompilerPath.userClassPath(), "-processorpath", jar, "-Xplugin:Samovar never");
        assertThatThrownBy(javac::run)
                .rootCause()
                .hasMessageContaining("knows the argument \"later\" only, and not \"never\"");
    }

    @Test
    void processingOnlyCompilesNothingAndSaysNothing() {
        javac.with("-cp", CompilerPath.userClassPath(), "-processorpath", jar, "-proc:only")
                .runSilently();
        assertThat(javac.classes)
                .satisfiesAnyOf(
                        classes -> assertThat(classes).doesNotExist(),
                        classes -> assertThat(classes).isEmptyDirectory());
    }

    @Test
    void anotherProcessorThatClaimsEverythingIsNamedAsTheReason() {
        Javac greedy = new Javac(directory.resolve("greedy")).source("Greedy.java", GREEDY);
        greedy.with("-proc:none").runSilently();
        javac.with("-cp", CompilerPath.userClassPath(), "-processorpath", path(greedy.classes.toString(), jar));
        Javac both = javac.with("-Xlint:-processing", "-processor", "Greedy,io.samovar.compiler.CoroutineProcessor");
        failsOnceAtTheFirstAwait(
                "once every annotation is claimed", "-processor io.samovar.compiler.CoroutineProcessor,");
        both.with("-processor", "io.samovar.compiler.CoroutineProcessor,Greedy");
        both.run();
        assertThat(javac.classes).isDirectoryContaining("glob:**Tea$$cups$0.class");
    }

    @Test
    void codeThatDoesNotAwaitNeedsNothing() {
        new Javac(directory.resolve("other"))
                .source("Plain.java", "class Plain { void await() { await(); } }")
                .with("-Xlint:all", "-Werror", "-cp", path(CompilerPath.userClassPath(), jar), "-proc:none")
                .runSilently();
    }

    @Test
    void theNoteThatTheProcessorRanIsTakenAway() {
        javac.with("-cp", CompilerPath.userClassPath(), "-processorpath", jar).runSilently();
        assertThat(System.getProperties().stringPropertyNames())
                .noneMatch(name -> name.startsWith("io.samovar.compiler.started"));
    }
}
