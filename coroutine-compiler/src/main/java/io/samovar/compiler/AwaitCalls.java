package io.samovar.compiler;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import javax.lang.model.element.Element;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Finds the first call of await in a class. */
final class AwaitCalls extends TreePathScanner<@Nullable MethodInvocationTree, @Nullable MethodInvocationTree> {
    static final String ASYNC = "io.samovar.Async";

    private final Trees trees;

    private AwaitCalls(Trees trees) {
        this.trees = trees;
    }

    /** The first call of await in a class or in one inside it, or {@code null}. */
    static @Nullable MethodInvocationTree first(Trees trees, TypeElement type) {
        TreePath path = trees.getPath(type);
        return path == null ? null : new AwaitCalls(trees).scan(path, null);
    }

    @Override
    public @Nullable MethodInvocationTree visitMethodInvocation(
            MethodInvocationTree call, @Nullable MethodInvocationTree nothing) {
        Element method = isNamedAwait(call.getMethodSelect()) ? trees.getElement(getCurrentPath()) : null;
        if (method != null
                && method.getEnclosingElement() instanceof TypeElement owner
                && owner.getQualifiedName().contentEquals(ASYNC)) {
            return call;
        }
        return super.visitMethodInvocation(call, nothing);
    }

    /** Most calls are told by their name, without looking up what they call. */
    private static boolean isNamedAwait(ExpressionTree method) {
        Name name = method instanceof IdentifierTree simple
                ? simple.getName()
                : method instanceof MemberSelectTree select ? select.getIdentifier() : null;
        return name != null && name.contentEquals("await");
    }

    @Override
    public @Nullable MethodInvocationTree reduce(
            @Nullable MethodInvocationTree later, @Nullable MethodInvocationTree earlier) {
        return earlier == null ? later : earlier;
    }
}
