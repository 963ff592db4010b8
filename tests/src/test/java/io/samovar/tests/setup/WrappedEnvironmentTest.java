package io.samovar.tests.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.compiler.CoroutineProcessor;
import io.samovar.tests.support.CompilerPath;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gradle and IntelliJ hand processors an environment of their own around javac's. These are such wrappers: the tools themselves are
 * not run here.
 */
@Timeout(60)
class WrappedEnvironmentTest {
    @TempDir
    private Path directory;

    /** As Gradle's incremental processing does: a class that delegates. */
    private record Delegating(ProcessingEnvironment environment) implements ProcessingEnvironment {
        @Override
        public Map<String, String> getOptions() {
            return environment.getOptions();
        }

        @Override
        public Messager getMessager() {
            return environment.getMessager();
        }

        @Override
        public Filer getFiler() {
            return environment.getFiler();
        }

        @Override
        public Elements getElementUtils() {
            return environment.getElementUtils();
        }

        @Override
        public Types getTypeUtils() {
            return environment.getTypeUtils();
        }

        @Override
        public SourceVersion getSourceVersion() {
            return environment.getSourceVersion();
        }

        @Override
        public Locale getLocale() {
            return environment.getLocale();
        }
    }

    /** As IntelliJ's build process does: a dynamic proxy whose handler has the original. */
    private record Handler(Object original) implements InvocationHandler {
        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(original, arguments);
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        }

        static ProcessingEnvironment around(ProcessingEnvironment environment) {
            return (ProcessingEnvironment) Proxy.newProxyInstance(
                    Handler.class.getClassLoader(),
                    new Class<?>[] {ProcessingEnvironment.class},
                    new Handler(environment));
        }
    }

    /** Starts the coroutine compiler with a wrapper. */
    private static final class Wrapping extends AbstractProcessor {
        private final UnaryOperator<ProcessingEnvironment> wrapper;
        private final Processor processor = new CoroutineProcessor();

        Wrapping(UnaryOperator<ProcessingEnvironment> wrapper) {
            this.wrapper = wrapper;
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latest();
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("*");
        }

        @Override
        public synchronized void init(ProcessingEnvironment environment) {
            processor.init(wrapper.apply(environment));
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            assertThat(processor.process(annotations, round)).isFalse();
            return false;
        }
    }

    private List<String> compile(UnaryOperator<ProcessingEnvironment> wrapper) throws IOException {
        Path source = Files.writeString(directory.resolve("Kettle.java"), AgentTest.KETTLE);
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = javac.getStandardFileManager(diagnostics, null, null)) {
            List<String> options = List.of("-d", directory.toString(), "-cp", CompilerPath.userClassPath());
            JavaCompiler.CompilationTask task =
                    javac.getTask(null, files, diagnostics, options, null, files.getJavaFileObjects(source));
            task.setProcessors(List.of(new Wrapping(wrapper)));
            task.call();
        }
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .toList();
    }

    private void isWoven() {
        assertThat(directory.resolve("kettle")).isDirectoryContaining("glob:**Kettle$Boiler$$boil$*.class");
    }

    @Test
    void aClassThatDelegatesIsSeenThrough() throws IOException {
        assertThat(compile(Delegating::new)).isEmpty();
        isWoven();
    }

    @Test
    void aDynamicProxyIsSeenThrough() throws IOException {
        assertThat(compile(Handler::around)).isEmpty();
        isWoven();
    }

    @Test
    void wrappersAroundWrappersAreSeenThrough() throws IOException {
        assertThat(compile(environment -> Handler.around(new Delegating(Handler.around(environment)))))
                .isEmpty();
        isWoven();
    }

    @Test
    void anEnvironmentThatIsNotJavacsIsAnErrorThatNamesTheAgent() throws IOException {
        assertThat(compile(environment -> {
                    List<ProcessingEnvironment> hidden = List.of(environment);
                    return (ProcessingEnvironment) Proxy.newProxyInstance(
                            Handler.class.getClassLoader(),
                            new Class<?>[] {ProcessingEnvironment.class},
                            (proxy, method, arguments) -> method.invoke(hidden.get(0), arguments));
                }))
                .singleElement()
                .asString()
                .contains("runs inside javac only")
                .contains("-Asamovar.weave=later", "-javaagent:samovar-coroutine-compiler.jar");
    }
}
