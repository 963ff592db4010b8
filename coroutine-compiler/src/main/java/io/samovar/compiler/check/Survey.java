package io.samovar.compiler.check;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a class once for all the checks that look at one place at a time, and finds out whether the others are needed: most
 * classes keep no coroutine in a variable and lock nothing.
 */
final class Survey extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Lookup lookup;
    private final Coroutines coroutines;
    private final AwaitPlaces awaitPlaces;
    private final LostCoroutines lostCoroutines;
    private final @Nullable BlockingCalls blockingCalls;

    private final List<TreePath> awaits = new ArrayList<>();
    private boolean keepsCoroutines;
    private boolean locks;

    /**
     * @param blockingCalls {@code null} if they are not to be told of
     */
    Survey(
            Lookup lookup,
            Coroutines coroutines,
            AwaitPlaces awaitPlaces,
            LostCoroutines lostCoroutines,
            @Nullable BlockingCalls blockingCalls) {
        this.lookup = lookup;
        this.coroutines = coroutines;
        this.awaitPlaces = awaitPlaces;
        this.lostCoroutines = lostCoroutines;
        this.blockingCalls = blockingCalls;
    }

    /** The calls of await. */
    List<TreePath> awaits() {
        return awaits;
    }

    /** Whether a variable gets a coroutine that is made there. */
    boolean keepsCoroutines() {
        return keepsCoroutines;
    }

    /** Whether a method is called whose name is like those of methods that lock. */
    boolean locks() {
        return locks;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
        TreePath path = getCurrentPath();
        String name = Lookup.nameOf(call);
        if (name.equals("await") && Lookup.isAwait(lookup.trees.getElement(path))) {
            awaits.add(path);
            awaitPlaces.checkAwait(call, path);
        }
        if (blockingCalls != null) {
            blockingCalls.checkCall(call, name, path);
        }
        locks |= name.contains("lock") || name.contains("Lock");
        return super.visitMethodInvocation(call, null);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree creation, @Nullable Void nothing) {
        if (blockingCalls != null) {
            blockingCalls.checkCreation(getCurrentPath());
        }
        return super.visitNewClass(creation, null);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree reference, @Nullable Void nothing) {
        awaitPlaces.checkReference(reference, getCurrentPath());
        lostCoroutines.checkReference(reference, getCurrentPath());
        return super.visitMemberReference(reference, null);
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree lambda, @Nullable Void nothing) {
        lostCoroutines.checkLambda(lambda, getCurrentPath());
        return super.visitLambdaExpression(lambda, null);
    }

    @Override
    public @Nullable Void visitExpressionStatement(ExpressionStatementTree statement, @Nullable Void nothing) {
        lostCoroutines.checkStatement(statement, getCurrentPath());
        return super.visitExpressionStatement(statement, null);
    }

    @Override
    public @Nullable Void visitTry(TryTree tree, @Nullable Void nothing) {
        if (blockingCalls != null) {
            blockingCalls.checkTry(tree, getCurrentPath());
        }
        return super.visitTry(tree, null);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
        noteValue(variable.getInitializer());
        if (blockingCalls != null) {
            blockingCalls.note(variable, getCurrentPath());
        }
        return super.visitVariable(variable, null);
    }

    @Override
    public @Nullable Void visitAssignment(AssignmentTree assignment, @Nullable Void nothing) {
        noteValue(assignment.getExpression());
        return super.visitAssignment(assignment, null);
    }

    private void noteValue(@Nullable ExpressionTree value) {
        keepsCoroutines |= value != null && coroutines.isMadeBy(new TreePath(getCurrentPath(), value));
    }
}
