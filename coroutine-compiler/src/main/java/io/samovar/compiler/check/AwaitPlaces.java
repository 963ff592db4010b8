package io.samovar.compiler.check;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import org.jspecify.annotations.Nullable;

/** {@code await} where no coroutine is. It belongs to the innermost method or lambda around it. */
final class AwaitPlaces {
    private final Lookup lookup;
    private final Reporter reporter;

    AwaitPlaces(Lookup lookup, Reporter reporter) {
        this.lookup = lookup;
        this.reporter = reporter;
    }

    void checkReference(MemberReferenceTree reference, TreePath path) {
        if (Lookup.isAwait(lookup.trees.getElement(path))) {
            reporter.error(reference, Message.AWAIT_REFERENCE);
        }
    }

    void checkAwait(MethodInvocationTree await, TreePath awaitPath) {
        TreePath inner = awaitPath;
        for (TreePath path = awaitPath.getParentPath(); path != null; inner = path, path = path.getParentPath()) {
            Tree tree = path.getLeaf();
            if (tree instanceof SynchronizedTree block && inner.getLeaf() == block.getBlock()) {
                reporter.error(await, Message.AWAIT_IN_SYNCHRONIZED_BLOCK);
                return;
            }
            if (tree instanceof LambdaExpressionTree) {
                checkLambda(await, path);
                return;
            }
            if (tree instanceof MethodTree method) {
                checkMethod(await, path, method);
                return;
            }
            if (tree instanceof ClassTree) {
                if (inner.getLeaf() instanceof BlockTree || inner.getLeaf() instanceof VariableTree) {
                    reporter.error(await, Message.AWAIT_IN_INITIALISER);
                }
                return;
            }
        }
    }

    private void checkLambda(MethodInvocationTree await, TreePath lambda) {
        Function function = lookup.functionOf(lambda);
        if (function != null && !lookup.isCoroutineLambda(lambda)) {
            reporter.error(await, Message.AWAIT_IN_LAMBDA, function.name(), TypeNames.simple(function.result()));
        }
    }

    private void checkMethod(MethodInvocationTree await, TreePath path, MethodTree tree) {
        if (tree.getReturnType() == null) {
            reporter.error(await, Message.AWAIT_IN_CONSTRUCTOR);
            return;
        }
        if (!(lookup.trees.getElement(path) instanceof ExecutableElement method)) {
            return;
        }
        if (lookup.isCoroutine(method.getReturnType())) {
            if (method.getModifiers().contains(Modifier.SYNCHRONIZED)) {
                reporter.error(
                        await,
                        Message.AWAIT_IN_SYNCHRONIZED_METHOD,
                        method.getSimpleName().toString());
            }
            return;
        }
        String name = method.getSimpleName().toString();
        String overridden = overriddenWithoutCoroutine(method);
        if (isMain(method)) {
            reporter.error(await, Message.AWAIT_IN_MAIN);
        } else if (overridden != null) {
            reporter.error(await, Message.AWAIT_IN_OVERRIDE, name, overridden);
        } else {
            reporter.error(
                    await, Message.AWAIT_IN_METHOD, name, TypeNames.asCoroutine(tree.getReturnType(), method, lookup));
        }
    }

    /** Newer Java starts one without parameters and one of an object too. */
    private static boolean isMain(ExecutableElement method) {
        List<? extends VariableElement> parameters = method.getParameters();
        return method.getSimpleName().contentEquals("main")
                && method.getReturnType().getKind() == TypeKind.VOID
                && (parameters.isEmpty()
                        || (parameters.size() == 1
                                && parameters.get(0).asType().toString().equals("java.lang.String[]")));
    }

    /** The method that this one overrides and whose return type leaves no room for a Coroutine, or {@code null}. */
    private @Nullable String overriddenWithoutCoroutine(ExecutableElement method) {
        TypeElement owner = Lookup.ownerOf(method);
        for (TypeElement above : lookup.lineage(owner)) {
            for (Element member : above.getEnclosedElements()) {
                if (above != owner
                        && member instanceof ExecutableElement other
                        && other.getSimpleName().equals(method.getSimpleName())
                        && lookup.elements.overrides(method, other, owner)
                        && !canReturnCoroutine(owner, other)) {
                    return above.getSimpleName() + "." + other.getSimpleName();
                }
            }
        }
        return null;
    }

    private boolean canReturnCoroutine(TypeElement owner, ExecutableElement inherited) {
        ExecutableType type = (ExecutableType) lookup.types.asMemberOf((DeclaredType) owner.asType(), inherited);
        return type.getReturnType() instanceof DeclaredType result
                && lookup.types.isSubtype(
                        lookup.types.erasure(
                                lookup.elements.getTypeElement(Lookup.COROUTINE).asType()),
                        lookup.types.erasure(result));
    }
}
