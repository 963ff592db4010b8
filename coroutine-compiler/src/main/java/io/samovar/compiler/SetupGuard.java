package io.samovar.compiler;

import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;
import io.samovar.compiler.agent.CoroutineAgent;
import io.samovar.compiler.check.AwaitCalls;
import javax.tools.Diagnostic;

/**
 * Makes a missing set-up an error at the first {@code await}, instead of a failure at run time.
 *
 * <p>javac starts this plugin by itself where it finds it, on the processor path or else on the class path. It starts the
 * processor under more conditions: not with {@code -proc:none}, not from the class path on JDK 23 and newer, and not when
 * other processors have claimed every annotation. {@code -Xplugin:"Samovar later"} says that the classes are woven later, by
 * the agent. Nobody has to say so to a javac that runs under the agent itself, as that of {@code java Tea.java} does: it loads what it
 * compiles.
 */
public final class SetupGuard implements Plugin {
    /** The argument, and the value of the processor's option, that leave the weaving to the agent. */
    static final String LATER = "later";

    /** Public for {@link java.util.ServiceLoader}. */
    public SetupGuard() {}

    @Override
    public String getName() {
        return "Samovar";
    }

    @Override
    public boolean autoStart() {
        return true;
    }

    @Override
    public void init(JavacTask task, String... arguments) {
        for (String argument : arguments) {
            if (!argument.equals(LATER)) {
                throw new IllegalArgumentException(
                        "-Xplugin:Samovar knows the argument \"" + LATER + "\" only, and not \"" + argument + '"');
            }
        }
        if (arguments.length == 0) {
            task.addTaskListener(new Listener(task));
        }
    }

    private static final class Listener implements TaskListener {
        private final JavacTask task;
        private boolean otherProcessors;
        private boolean done;

        Listener(JavacTask task) {
            this.task = task;
        }

        @Override
        public void started(TaskEvent event) {
            otherProcessors |= event.getKind() == TaskEvent.Kind.ANNOTATION_PROCESSING;
        }

        @Override
        public void finished(TaskEvent event) {
            if (done || event.getKind() != TaskEvent.Kind.ANALYZE || event.getTypeElement() == null) {
                return;
            }
            done = StartedTasks.contains(task)
                    || System.getProperty(CoroutineAgent.PRESENT) != null
                    || task.getElements().getTypeElement(AwaitCalls.ASYNC) == null;
            if (!done) {
                check(event);
            }
        }

        private void check(TaskEvent event) {
            Trees trees = Trees.instance(task);
            Tree await = AwaitCalls.first(trees, event.getTypeElement());
            if (await != null) {
                done = true;
                trees.printMessage(Diagnostic.Kind.ERROR, message(), await, event.getCompilationUnit());
            }
        }

        private String message() {
            if (otherProcessors) {
                return "await needs the coroutine compiler, and only other annotation processors ran: javac starts no"
                        + " more of them once every annotation is claimed. Put io.samovar:samovar-coroutine-compiler first"
                        + " on the processor path, or name it first:"
                        + " -processor io.samovar.compiler.CoroutineProcessor,...";
            }
            return "await needs the coroutine compiler, and it did not run: put io.samovar:samovar-coroutine-compiler on the"
                    + " processor path (javac: -processorpath, Maven: annotationProcessorPaths, Gradle:"
                    + " annotationProcessor). From JDK 23 on, javac uses it from the class path only with -proc:full."
                    + " If the agent weaves these classes when they are loaded, say so: -Xplugin:\"Samovar " + LATER
                    + '"';
        }
    }
}
