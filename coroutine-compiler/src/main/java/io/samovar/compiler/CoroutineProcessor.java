package io.samovar.compiler;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;
import io.samovar.compiler.check.CheckOptions;
import io.samovar.compiler.check.Checks;
import io.samovar.compiler.weave.WeaveException;
import io.samovar.compiler.weave.Weaver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/**
 * The coroutine compiler inside javac: weaves each class as soon as javac has written it, and says at the line what cannot be
 * a coroutine.
 *
 * <p>Set-up: put {@code io.samovar:samovar-coroutine-compiler} on the processor path. Options:
 *
 * <ul>
 *   <li>{@code -Asamovar.keepLocals=true} keeps every local variable across an await, for debuggers
 *   <li>{@code -Asamovar.weave=later} leaves the classes as they are, for the agent; what cannot be a coroutine is an error
 *       all the same
 *   <li>{@code -Asamovar.blocking=warn|error|off} for calls in coroutines that block the loop, with {@code
 *       -Asamovar.blocking.allow=} and {@code -Asamovar.blocking.also=} (names of classes, or of methods as {@code Class.method},
 *       with commas between) to leave some out and to add some
 *   <li>{@code -Asamovar.heldLock=warn|error|off} for an await while a lock of threads is held
 * </ul>
 *
 * <p>{@code @SuppressWarnings("samovar.blocking")} and {@code @SuppressWarnings("samovar.heldLock")} silence the two in a declaration.
 */
public final class CoroutineProcessor extends AbstractProcessor implements TaskListener {
    static final String KEEP_LOCALS = "samovar.keepLocals";
    static final String WEAVE = "samovar.weave";

    /** The outermost classes that await, by name: javac has given up its own trees when it writes class files. */
    private final Map<String, Tree> awaiting = new HashMap<>();

    private Messager messager;
    private Trees trees;
    private ClassFiles classFiles;
    private Weaver weaver;
    private Checks checks;
    private JavacTask task;
    private boolean later;

    /** Public for {@link java.util.ServiceLoader}. */
    public CoroutineProcessor() {}

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    /** Said here and not in an annotation: to read one of those, the JDK writes a proxy class and loads it. */
    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of("*");
    }

    @Override
    public Set<String> getSupportedOptions() {
        Set<String> options = new HashSet<>(CheckOptions.names());
        options.add(KEEP_LOCALS);
        options.add(WEAVE);
        return options;
    }

    @Override
    @SuppressWarnings("NullAway") // without javac there is no listener, and nothing is called
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        later = SetupGuard.LATER.equals(environment.getOptions().get(WEAVE));
        ProcessingEnvironment javac = JavacEnvironment.unwrap(environment);
        if (javac == null) {
            if (!later) {
                notJavac(environment);
            }
            return;
        }
        messager = environment.getMessager();
        trees = Trees.instance(javac);
        classFiles = new ClassFiles(javac.getFiler(), javac.getElementUtils());
        weaver = new Weaver(Boolean.parseBoolean(environment.getOptions().get(KEEP_LOCALS)));
        task = JavacTask.instance(javac);
        CheckOptions options = CheckOptions.of(
                environment.getOptions(), mistake -> messager.printMessage(Diagnostic.Kind.ERROR, mistake));
        checks = new Checks(trees, task.getTypes(), javac.getElementUtils(), options);
        task.addTaskListener(this);
        StartedTasks.add(task);
    }

    /** Eclipse builds the projects of others, whose set-up it takes over, so that must not be an error there. */
    private static void notJavac(ProcessingEnvironment environment) {
        String name = environment.getClass().getName();
        environment
                .getMessager()
                .printMessage(
                        name.startsWith("org.eclipse.jdt.") ? Diagnostic.Kind.WARNING : Diagnostic.Kind.ERROR,
                        "the coroutine compiler runs inside javac only, and this is " + name
                                + ": start the program with -javaagent:samovar-coroutine-compiler.jar,"
                                + " and say so with -A" + WEAVE + '=' + SetupGuard.LATER);
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        return false;
    }

    @Override
    public void started(TaskEvent event) {
        if (event.getKind() == TaskEvent.Kind.GENERATE) {
            classFiles.begin();
        }
    }

    @Override
    public void finished(TaskEvent event) {
        // An exception that leaves a listener crashes javac, so every one becomes an error at the class.
        try {
            if (event.getKind() == TaskEvent.Kind.ANALYZE && event.getTypeElement() != null) {
                check(event.getCompilationUnit(), event.getTypeElement());
            } else if (event.getKind() == TaskEvent.Kind.GENERATE && isClass(event.getTypeElement()) && !later) {
                weave(event);
            } else if (event.getKind() == TaskEvent.Kind.COMPILATION) {
                StartedTasks.remove(task);
            }
        } catch (WeaveException failed) {
            error(event, "cannot make a coroutine: " + failed.getMessage());
        } catch (Exception | LinkageError | AssertionError | StackOverflowError broken) {
            StringWriter trace = new StringWriter();
            broken.printStackTrace(new PrintWriter(trace));
            error(event, "the coroutine compiler failed on this class, please report it: " + trace);
        }
    }

    /** Whether this is a class and not what javac makes of module-info.java or package-info.java, which has no package. */
    private static boolean isClass(@Nullable TypeElement type) {
        return type != null && type.getSimpleName().toString().indexOf('-') < 0;
    }

    private void error(TaskEvent event, String message) {
        String name = outermost(event.getTypeElement());
        Tree tree = awaiting.get(name);
        if (tree == null) {
            messager.printMessage(Diagnostic.Kind.ERROR, name + ": " + message);
        } else {
            trees.printMessage(Diagnostic.Kind.ERROR, message, tree, event.getCompilationUnit());
        }
    }

    private void check(CompilationUnitTree unit, TypeElement type) {
        Tree tree = trees.getTree(type);
        if (checks.check(unit, type) && tree != null) {
            awaiting.put(outermost(type), tree);
        }
    }

    private static String outermost(TypeElement type) {
        TypeElement outermost = type;
        for (Element around = type; around != null; around = around.getEnclosingElement()) {
            outermost = around instanceof TypeElement outer ? outer : outermost;
        }
        return outermost.getQualifiedName().toString();
    }

    private void weave(TaskEvent event) throws IOException {
        ClassFiles.Written written = classFiles.read(event.getTypeElement(), event.getSourceFile());
        if (written != null && Weaver.mayAwait(written.content())) {
            for (Map.Entry<String, byte[]> woven :
                    weaver.weave(written.content()).entrySet()) {
                written.put(woven.getKey(), woven.getValue());
            }
        }
    }
}
