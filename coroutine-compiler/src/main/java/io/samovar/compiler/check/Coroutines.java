package io.samovar.compiler.check;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.util.TreePath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import org.jspecify.annotations.Nullable;

/**
 * Which expressions make a coroutine, so that it is lost if their value is.
 *
 * <p>A value that comes out of a collection or a field is not made there: {@code map.put(key, tea())} gives the old one, and
 * dropping that loses nothing.
 */
final class Coroutines {
    private final Lookup lookup;

    /** What {@link #isCoroutineValue} has said of classes. */
    private final Map<Element, Boolean> classes = new HashMap<>();

    Coroutines(Lookup lookup) {
        this.lookup = lookup;
    }

    /** Whether it is worth asking {@link #isMadeBy(TreePath)}: for most trees their kind answers it. */
    static boolean mayBeMadeBy(Tree tree) {
        return tree instanceof MethodInvocationTree
                || tree instanceof NewClassTree
                || tree instanceof ParenthesizedTree
                || tree instanceof TypeCastTree
                || tree instanceof ConditionalExpressionTree
                || tree instanceof SwitchExpressionTree;
    }

    /** Whether the expression makes a coroutine to which only its value refers. */
    boolean isMadeBy(TreePath expression) {
        Tree tree = expression.getLeaf();
        if (tree instanceof MethodInvocationTree call) {
            return isCoroutineValue(lookup.trees.getTypeMirror(expression))
                    && lookup.trees.getElement(expression) instanceof ExecutableElement method
                    && isMadeBy(expression, call, method);
        }
        if (tree instanceof ParenthesizedTree inner) {
            return isMadeBy(new TreePath(expression, inner.getExpression()));
        }
        if (tree instanceof TypeCastTree cast) {
            return isMadeBy(new TreePath(expression, cast.getExpression()));
        }
        if (tree instanceof ConditionalExpressionTree choice) {
            return isMadeBy(new TreePath(expression, choice.getTrueExpression()))
                    || isMadeBy(new TreePath(expression, choice.getFalseExpression()));
        }
        if (tree instanceof SwitchExpressionTree choice) {
            return choice.getCases().stream().anyMatch(rule -> isMadeBy(expression, rule));
        }
        return tree instanceof NewClassTree && isCoroutineValue(lookup.trees.getTypeMirror(expression));
    }

    private boolean isMadeBy(TreePath choice, CaseTree rule) {
        return rule.getBody() instanceof ExpressionTree value
                && isMadeBy(new TreePath(new TreePath(choice, rule), value));
    }

    private boolean isMadeBy(TreePath path, MethodInvocationTree call, ExecutableElement method) {
        TypeMirror declared = method.getReturnType();
        if (!(declared instanceof TypeVariable variable)) {
            return !returnsItsObject(method) || isReceiverMade(path, call);
        }
        if (Lookup.isAwait(method)) {
            return true; // the value of what is awaited was made to be handed over
        }
        if (variable.asElement().getEnclosingElement() instanceof TypeElement) {
            return isFunction(method);
        }
        // As with requireNonNull: what goes in comes out.
        List<? extends VariableElement> parameters = method.getParameters();
        for (int i = 0; i < parameters.size() && i < call.getArguments().size(); i++) {
            if (lookup.types.isSameType(parameters.get(i).asType(), declared)
                    && isMadeBy(new TreePath(path, call.getArguments().get(i)))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether calling the method makes a coroutine and, if its type says so, nothing else; for method references, where there is
     * no call.
     */
    boolean isMadeBy(ExecutableElement method, TypeMirror result) {
        return isCoroutineValue(result)
                && (method.getReturnType() instanceof TypeVariable variable
                        ? variable.asElement().getEnclosingElement() instanceof TypeElement && isFunction(method)
                        : !returnsItsObject(method));
    }

    boolean isCoroutineValue(@Nullable TypeMirror type) {
        if (!(type instanceof DeclaredType declared)) {
            return lookup.isA(type, Lookup.COROUTINE);
        }
        Boolean known = classes.get(declared.asElement());
        if (known == null) {
            known = lookup.isA(type, Lookup.COROUTINE);
            classes.put(declared.asElement(), known);
        }
        return known;
    }

    /** Whether it is the method of a functional interface, as {@code Supplier.get} is: such a call makes what it gives. */
    private boolean isFunction(ExecutableElement method) {
        Function function = lookup.functionOf(Lookup.ownerOf(method));
        return function != null && function.method().equals(method);
    }

    /** Whether it looks like a setter that gives the coroutine which it is called on. */
    private boolean returnsItsObject(ExecutableElement method) {
        return !method.getModifiers().contains(Modifier.STATIC)
                && !lookup.isCoroutine(method.getReturnType())
                && lookup.types.isSubtype(
                        lookup.types.erasure(Lookup.ownerOf(method).asType()),
                        lookup.types.erasure(method.getReturnType()));
    }

    private boolean isReceiverMade(TreePath path, MethodInvocationTree call) {
        return call.getMethodSelect() instanceof MemberSelectTree select
                && isMadeBy(new TreePath(new TreePath(path, select), select.getExpression()));
    }
}
