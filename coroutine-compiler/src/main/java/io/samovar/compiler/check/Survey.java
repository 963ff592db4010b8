package io.samovar.compiler.check;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a class once for all the checks that look at one place at a time, and finds out whether the others are needed: most
 * classes keep no coroutine in a variable and lock nothing. It does not go into types and modifiers, where no code is.
 */
final class Survey extends PathScanner {
    private final Lookup lookup;
    private final CallNames callNames;
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
            CallNames callNames,
            Coroutines coroutines,
            AwaitPlaces awaitPlaces,
            LostCoroutines lostCoroutines,
            @Nullable BlockingCalls blockingCalls) {
        this.lookup = lookup;
        this.callNames = callNames;
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
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
        return scan(method.getBody(), null);
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
        CallNames.Traits name = callNames.of(call);
        if (name.mayAwait() && Lookup.isAwait(lookup.trees.getElement(path()))) {
            awaits.add(path());
            awaitPlaces.checkAwait(call, path());
        }
        if (blockingCalls != null && name.mayBlock()) {
            blockingCalls.checkCall(call, path());
        }
        locks |= name.mayLock();
        scan(call.getMethodSelect(), null);
        return scan(call.getArguments(), null);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree creation, @Nullable Void nothing) {
        if (blockingCalls != null) {
            blockingCalls.checkCreation(path());
        }
        scan(creation.getEnclosingExpression(), null);
        scan(creation.getArguments(), null);
        return scan(creation.getClassBody(), null);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree reference, @Nullable Void nothing) {
        awaitPlaces.checkReference(reference, path());
        lostCoroutines.checkReference(reference, path());
        return super.visitMemberReference(reference, null);
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree lambda, @Nullable Void nothing) {
        lostCoroutines.checkLambda(lambda, path());
        return super.visitLambdaExpression(lambda, null);
    }

    @Override
    public @Nullable Void visitExpressionStatement(ExpressionStatementTree statement, @Nullable Void nothing) {
        if (Coroutines.mayBeMadeBy(statement.getExpression())) {
            lostCoroutines.checkStatement(statement, path());
        }
        return super.visitExpressionStatement(statement, null);
    }

    @Override
    public @Nullable Void visitTry(TryTree tree, @Nullable Void nothing) {
        if (blockingCalls != null && !tree.getResources().isEmpty()) {
            blockingCalls.checkTry(tree, path());
        }
        return super.visitTry(tree, null);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
        ExpressionTree value = variable.getInitializer();
        noteValue(value);
        if (blockingCalls != null && InMemory.mayBe(value)) {
            blockingCalls.note(variable, path());
        }
        return scan(value, null);
    }

    @Override
    public @Nullable Void visitAssignment(AssignmentTree assignment, @Nullable Void nothing) {
        noteValue(assignment.getExpression());
        return super.visitAssignment(assignment, null);
    }

    private void noteValue(@Nullable ExpressionTree value) {
        keepsCoroutines |=
                value != null && Coroutines.mayBeMadeBy(value) && coroutines.isMadeBy(new TreePath(path(), value));
    }
}
