package io.samovar.compiler;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/** Says at its line and column where {@code await} cannot be, and where a coroutine is made and never run. */
final class AwaitChecker {
    private static final String ASYNC = "io.samovar.Async";
    private static final String COROUTINE = "io.samovar.Coroutine";

    private final Trees trees;
    private final Types types;
    private final Elements elements;

    AwaitChecker(Trees trees, Types types, Elements elements) {
        this.trees = trees;
        this.types = types;
        this.elements = elements;
    }

    void check(CompilationUnitTree unit, TypeElement type) {
        TreePath path = trees.getPath(type);
        if (path != null
                && elements.getTypeElement(COROUTINE) != null
                && !type.getNestingKind().isNested()) {
            new Scanner(unit).scan(path, null);
        }
    }

    private final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;

        Scanner(CompilationUnitTree unit) {
            this.unit = unit;
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
            if (isAwait(getCurrentPath())) {
                String reason = whyNot(getCurrentPath());
                if (reason != null) {
                    error(call, reason);
                }
            }
            return super.visitMethodInvocation(call, null);
        }

        @Override
        public @Nullable Void visitMemberReference(MemberReferenceTree reference, @Nullable Void nothing) {
            Element element = trees.getElement(getCurrentPath());
            if (isAwait(element)) {
                error(reference, "await cannot be a method reference: write a lambda that returns a Coroutine");
            } else if (element instanceof ExecutableElement method
                    && isCoroutine(method.getReturnType())
                    && givesNothing(getCurrentPath())) {
                error(reference, "this makes a coroutine that nobody runs: the functional interface returns nothing");
            }
            return super.visitMemberReference(reference, null);
        }

        @Override
        public @Nullable Void visitExpressionStatement(ExpressionStatementTree statement, @Nullable Void nothing) {
            ExpressionTree expression = statement.getExpression();
            TypeMirror type = trees.getTypeMirror(new TreePath(getCurrentPath(), expression));
            if (expression instanceof MethodInvocationTree && isCoroutine(type)) {
                error(
                        expression,
                        "this makes a coroutine that nobody runs: await it, return it, or pass it to createTask");
            }
            return super.visitExpressionStatement(statement, null);
        }

        @Override
        public @Nullable Void visitLambdaExpression(LambdaExpressionTree lambda, @Nullable Void nothing) {
            if (lambda.getBodyKind() == LambdaExpressionTree.BodyKind.EXPRESSION && givesNothing(getCurrentPath())) {
                TypeMirror type = trees.getTypeMirror(new TreePath(getCurrentPath(), lambda.getBody()));
                if (lambda.getBody() instanceof MethodInvocationTree && isCoroutine(type)) {
                    error(
                            lambda.getBody(),
                            "this makes a coroutine that nobody runs: the functional interface returns nothing");
                }
            }
            return super.visitLambdaExpression(lambda, null);
        }

        private void error(Tree tree, String message) {
            trees.printMessage(Diagnostic.Kind.ERROR, message, tree, unit);
        }
    }

    /** Why an await cannot stand here, or {@code null} if it can. */
    private @Nullable String whyNot(TreePath await) {
        TreePath inner = await;
        for (TreePath path = await.getParentPath(); path != null; inner = path, path = path.getParentPath()) {
            Tree tree = path.getLeaf();
            if (tree instanceof SynchronizedTree block && inner.getLeaf() == block.getBlock()) {
                return "await in a synchronized block: the task would keep the monitor while others run."
                        + " One thread needs no lock; across awaits use io.samovar's Lock";
            }
            if (tree instanceof LambdaExpressionTree) {
                return isCoroutine(lambdaResult(path))
                        ? null
                        : "await in a lambda that does not return a Coroutine: only a coroutine can wait";
            }
            if (tree instanceof MethodTree method) {
                return whyNotIn(path, method);
            }
            if (tree instanceof ClassTree) {
                return inner.getLeaf() instanceof BlockTree || inner.getLeaf() instanceof VariableTree
                        ? "await in an initialiser: move it to a method that returns a Coroutine"
                        : null;
            }
        }
        return null;
    }

    private @Nullable String whyNotIn(TreePath path, MethodTree method) {
        if (method.getReturnType() == null) {
            return "await in a constructor: move it to a static method that returns a Coroutine of the object";
        }
        Element element = trees.getElement(path);
        if (!(element instanceof ExecutableElement executable) || !isCoroutine(executable.getReturnType())) {
            return "await in a method that does not return a Coroutine: declare " + method.getName()
                    + " to return Coroutine<...>, and await where it is called";
        }
        return executable.getModifiers().contains(Modifier.SYNCHRONIZED)
                ? "await in a synchronized method: the task would keep the monitor while others run"
                : null;
    }

    private @Nullable TypeMirror lambdaResult(TreePath lambda) {
        TypeMirror type = trees.getTypeMirror(lambda);
        ExecutableType function = functionOf(type);
        return function == null ? null : function.getReturnType();
    }

    private boolean givesNothing(TreePath functional) {
        ExecutableType function = functionOf(trees.getTypeMirror(functional));
        return function != null && function.getReturnType().getKind() == TypeKind.VOID;
    }

    /** The one abstract method of a functional interface, or {@code null}. */
    private @Nullable ExecutableType functionOf(@Nullable TypeMirror type) {
        if (!(type instanceof DeclaredType declared) || !(declared.asElement() instanceof TypeElement element)) {
            return null;
        }
        for (Element member : elements.getAllMembers(element)) {
            if (member.getKind() == ElementKind.METHOD
                    && member.getModifiers().contains(Modifier.ABSTRACT)
                    && !isObjectsMethod((ExecutableElement) member)) {
                return (ExecutableType) types.asMemberOf(declared, member);
            }
        }
        return null;
    }

    private boolean isObjectsMethod(ExecutableElement method) {
        TypeElement object = elements.getTypeElement("java.lang.Object");
        return object.getEnclosedElements().stream()
                .anyMatch(member -> member.getSimpleName().equals(method.getSimpleName())
                        && member instanceof ExecutableElement other
                        && other.getParameters().size()
                                == method.getParameters().size());
    }

    private boolean isAwait(TreePath call) {
        return isAwait(trees.getElement(call));
    }

    private static boolean isAwait(@Nullable Element element) {
        return element instanceof ExecutableElement
                && element.getSimpleName().contentEquals("await")
                && element.getEnclosingElement() instanceof TypeElement owner
                && owner.getQualifiedName().contentEquals(ASYNC);
    }

    /** Whether a method with this return type is made a coroutine: it must be Coroutine itself. */
    private boolean isCoroutine(@Nullable TypeMirror type) {
        return type instanceof DeclaredType declared
                && declared.asElement() instanceof TypeElement element
                && element.getQualifiedName().contentEquals(COROUTINE);
    }
}
