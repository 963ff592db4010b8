package io.samovar.compiler.check;

import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;

/** Coroutines that are made where their value goes nowhere. */
final class LostCoroutines {
    private final Lookup lookup;
    private final CallNames callNames;
    private final Coroutines coroutines;
    private final Reporter reporter;

    LostCoroutines(Lookup lookup, CallNames callNames, Coroutines coroutines, Reporter reporter) {
        this.lookup = lookup;
        this.callNames = callNames;
        this.coroutines = coroutines;
        this.reporter = reporter;
    }

    /** Those of for loops and of switch rules are such statements too. */
    void checkStatement(ExpressionStatementTree statement, TreePath path) {
        TreePath value = new TreePath(path, statement.getExpression());
        if (coroutines.isMadeBy(value)) {
            reporter.error(statement.getExpression(), Message.LOST_COROUTINE);
        } else {
            checkSleep(value);
        }
    }

    void checkLambda(LambdaExpressionTree lambda, TreePath path) {
        Function function = lambda.getBody() instanceof ExpressionTree ? lookup.functionOf(path) : null;
        if (function != null && function.returnsNothing()) {
            TreePath value = new TreePath(path, lambda.getBody());
            if (coroutines.isMadeBy(value)) {
                reporter.error(withoutParentheses(lambda.getBody()), Message.LOST_IN_FUNCTION, function.name());
            } else {
                checkSleep(value);
            }
        }
    }

    void checkReference(MemberReferenceTree reference, TreePath path) {
        Function function = lookup.functionOf(path);
        if (function != null
                && function.returnsNothing()
                && lookup.trees.getElement(path) instanceof ExecutableElement method
                && coroutines.isMadeBy(method, resultOf(method, reference, path))) {
            reporter.error(reference, Message.LOST_IN_FUNCTION, function.name());
        }
    }

    private TypeMirror resultOf(ExecutableElement method, MemberReferenceTree reference, TreePath path) {
        if (method.getKind() == ElementKind.CONSTRUCTOR) {
            return Lookup.ownerOf(method).asType();
        }
        TypeMirror qualifier = lookup.trees.getTypeMirror(new TreePath(path, reference.getQualifierExpression()));
        return qualifier instanceof DeclaredType declared
                        && lookup.types.isSubtype(
                                lookup.types.erasure(declared),
                                lookup.types.erasure(Lookup.ownerOf(method).asType()))
                ? ((ExecutableType) lookup.types.asMemberOf(declared, method)).getReturnType()
                : method.getReturnType();
    }

    /** No coroutine, and yet it begins when it is awaited. */
    private void checkSleep(TreePath value) {
        if (value.getLeaf() instanceof MethodInvocationTree call
                && callNames.of(call).maySleep()
                && lookup.trees.getElement(value) instanceof ExecutableElement method
                && method.getEnclosingElement() instanceof TypeElement owner
                && lookup.qualifiedName(owner).equals(Lookup.ASYNC)) {
            reporter.error(call, Message.LOST_SLEEP);
        }
    }

    private static Tree withoutParentheses(Tree tree) {
        return tree instanceof ParenthesizedTree inner ? withoutParentheses(inner.getExpression()) : tree;
    }
}
