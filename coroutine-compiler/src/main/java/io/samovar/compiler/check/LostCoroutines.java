package io.samovar.compiler.check;

import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Coroutines that are made where their value goes nowhere. */
final class LostCoroutines extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Lookup lookup;
    private final Coroutines coroutines;
    private final Reporter reporter;

    LostCoroutines(Lookup lookup, Coroutines coroutines, Reporter reporter) {
        this.lookup = lookup;
        this.coroutines = coroutines;
        this.reporter = reporter;
    }

    /** Those of for loops and of switch rules are such statements too. */
    @Override
    public @Nullable Void visitExpressionStatement(ExpressionStatementTree statement, @Nullable Void nothing) {
        TreePath value = new TreePath(getCurrentPath(), statement.getExpression());
        if (coroutines.isMadeBy(value)) {
            reporter.error(statement.getExpression(), Message.LOST_COROUTINE);
        } else {
            checkSleep(value);
        }
        return super.visitExpressionStatement(statement, null);
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree lambda, @Nullable Void nothing) {
        Function function = lookup.functionOf(getCurrentPath());
        if (lambda.getBody() instanceof ExpressionTree && function != null && function.returnsNothing()) {
            TreePath value = new TreePath(getCurrentPath(), lambda.getBody());
            if (coroutines.isMadeBy(value)) {
                reporter.error(withoutParentheses(lambda.getBody()), Message.LOST_IN_FUNCTION, function.name());
            } else {
                checkSleep(value);
            }
        }
        return super.visitLambdaExpression(lambda, null);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree reference, @Nullable Void nothing) {
        Function function = lookup.functionOf(getCurrentPath());
        if (function != null
                && function.returnsNothing()
                && lookup.trees.getElement(getCurrentPath()) instanceof ExecutableElement method
                && coroutines.isMadeBy(method, resultOf(method, reference))) {
            reporter.error(reference, Message.LOST_IN_FUNCTION, function.name());
        }
        return super.visitMemberReference(reference, null);
    }

    private TypeMirror resultOf(ExecutableElement method, MemberReferenceTree reference) {
        if (method.getKind() == ElementKind.CONSTRUCTOR) {
            return Lookup.ownerOf(method).asType();
        }
        TypeMirror qualifier =
                lookup.trees.getTypeMirror(new TreePath(getCurrentPath(), reference.getQualifierExpression()));
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
                && lookup.trees.getElement(value) instanceof ExecutableElement method
                && method.getEnclosingElement() instanceof TypeElement owner
                && owner.getQualifiedName().contentEquals(Lookup.ASYNC)
                && method.getSimpleName().contentEquals("sleep")) {
            reporter.error(call, Message.LOST_SLEEP);
        }
    }

    private static Tree withoutParentheses(Tree tree) {
        return tree instanceof ParenthesizedTree inner ? withoutParentheses(inner.getExpression()) : tree;
    }
}
