package io.samovar.compiler.check;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Calls in coroutines that block the thread of the loop. */
final class BlockingCalls {
    private final Lookup lookup;
    private final BlockingMethods methods;
    private final CheckOptions.Level level;
    private final Reporter reporter;
    private final InMemory inMemory;

    BlockingCalls(Lookup lookup, BlockingMethods methods, CheckOptions.Level level, Reporter reporter) {
        this.lookup = lookup;
        this.methods = methods;
        this.level = level;
        this.reporter = reporter;
        this.inMemory = new InMemory(lookup);
    }

    /** Keeps what a variable begins with, for calls on it. */
    void note(VariableTree variable, TreePath path) {
        inMemory.note(path, variable);
    }

    void checkCall(MethodInvocationTree call, TreePath path) {
        if (lookup.trees.getElement(path) instanceof ExecutableElement method
                && method.getEnclosingElement() instanceof TypeElement owner
                && method.getKind() == ElementKind.METHOD) {
            TreePath receiver = receiver(path, call);
            TypeMirror type = receiver == null ? owner.asType() : lookup.trees.getTypeMirror(receiver);
            check(path, method, type, owner, receiver);
        }
    }

    void checkCreation(TreePath path) {
        if (lookup.trees.getElement(path) instanceof ExecutableElement constructor
                && constructor.getEnclosingElement() instanceof TypeElement owner) {
            check(path, constructor, owner.asType(), owner, null);
        }
    }

    /** A resource is closed where the try ends, and that may wait for threads. */
    void checkTry(TryTree tree, TreePath around) {
        for (Tree resource : tree.getResources()) {
            TreePath path = new TreePath(around, resource);
            TypeMirror type = resource instanceof VariableTree
                    ? typeOf(lookup.trees.getElement(path))
                    : lookup.trees.getTypeMirror(path);
            if (type != null) {
                checkClose(path, type);
            }
        }
    }

    private void checkClose(TreePath resource, TypeMirror type) {
        for (TypeElement above : lookup.lineage(type)) {
            for (Element member : above.getEnclosedElements()) {
                if (member instanceof ExecutableElement method
                        && method.getSimpleName().contentEquals("close")
                        && method.getParameters().isEmpty()) {
                    check(resource, method, type, above, null);
                    return;
                }
            }
        }
    }

    /**
     * @param calledOn the expression whose value may only work in memory, or {@code null}
     */
    private void check(
            TreePath path,
            ExecutableElement method,
            TypeMirror receiver,
            TypeElement owner,
            @Nullable TreePath calledOn) {
        BlockingTable.Kind kind = methods.kindOf(method, receiver);
        if (kind == null || (calledOn != null && inMemory.is(calledOn))) {
            return;
        }
        if (!HostNames.isAddressOnly(path.getLeaf(), method) && lookup.isInCoroutine(path)) {
            String name = method.getKind() == ElementKind.CONSTRUCTOR
                    ? "new " + owner.getSimpleName()
                    : nameOf(receiver, owner) + "." + method.getSimpleName();
            reporter.finding(level, CheckOptions.BLOCKING, path, kind.message, name);
        }
    }

    /** What the method is called on, or {@code null} for {@code this} and {@code super}. */
    private static @Nullable TreePath receiver(TreePath path, MethodInvocationTree call) {
        if (!(call.getMethodSelect() instanceof MemberSelectTree select)) {
            return null;
        }
        ExpressionTree receiver = select.getExpression();
        boolean isThis = receiver instanceof IdentifierTree name
                && (name.getName().contentEquals("this") || name.getName().contentEquals("super"));
        return isThis ? null : new TreePath(new TreePath(path, select), receiver);
    }

    private static @Nullable TypeMirror typeOf(@Nullable Element element) {
        return element == null ? null : element.asType();
    }

    private String nameOf(TypeMirror receiver, TypeElement owner) {
        return lookup.lineage(receiver).stream()
                .map(type -> type.getSimpleName().toString())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(owner.getSimpleName().toString());
    }
}
