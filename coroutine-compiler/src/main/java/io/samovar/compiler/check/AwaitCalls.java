package io.samovar.compiler.check;

import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Finds the first call of await in a class. */
public final class AwaitCalls extends TreePathScanner<@Nullable MethodInvocationTree, @Nullable MethodInvocationTree> {
    /** The class that has await. */
    public static final String ASYNC = Lookup.ASYNC;

    private final Trees trees;

    private AwaitCalls(Trees trees) {
        this.trees = trees;
    }

    /** The first call of await in a class or in one inside it, or {@code null}. */
    public static @Nullable MethodInvocationTree first(Trees trees, TypeElement type) {
        TreePath path = trees.getPath(type);
        return path == null ? null : new AwaitCalls(trees).scan(path, null);
    }

    @Override
    public @Nullable MethodInvocationTree visitMethodInvocation(
            MethodInvocationTree call, @Nullable MethodInvocationTree nothing) {
        if (Lookup.isAwaitCall(trees, getCurrentPath())) {
            return call;
        }
        return super.visitMethodInvocation(call, nothing);
    }

    @Override
    public @Nullable MethodInvocationTree reduce(
            @Nullable MethodInvocationTree later, @Nullable MethodInvocationTree earlier) {
        return earlier == null ? later : earlier;
    }
}
