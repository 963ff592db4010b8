package io.samovar.compiler.check;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which locks are held at an expression, as the text of its method or lambda shows: goes from the outermost block inwards, and in
 * each block through the statements before. In doubt a lock is taken for free: no false alarms.
 */
final class LockTrace {
    private final Lookup lookup;

    /** The locks by their text, each with its line. */
    private final Map<String, Long> held = new LinkedHashMap<>();

    LockTrace(Lookup lookup) {
        this.lookup = lookup;
    }

    Map<String, Long> heldAt(TreePath expression) {
        Deque<TreePath> outside = new ArrayDeque<>();
        TreePath path = expression;
        while (path != null && !isBody(path.getLeaf())) {
            outside.push(path);
            path = path.getParentPath();
        }
        while (path != null && !outside.isEmpty()) {
            TreePath inner = outside.pop();
            enter(path, inner.getLeaf());
            path = inner;
        }
        return held;
    }

    private static boolean isBody(Tree tree) {
        return tree instanceof MethodTree || tree instanceof LambdaExpressionTree || tree instanceof ClassTree;
    }

    /** Goes from a tree into one that it consists of, past those that run before. */
    private void enter(TreePath path, Tree inner) {
        Tree tree = path.getLeaf();
        if (tree instanceof BlockTree block) {
            passUntil(inner, path, block.getStatements());
        } else if (tree instanceof CaseTree group && group.getStatements() != null) {
            passUntil(inner, path, group.getStatements());
        } else if (tree instanceof TryTree attempt
                && (inner == attempt.getFinallyBlock() || inner instanceof CatchTree)) {
            pass(new TreePath(path, attempt.getBlock()));
        } else if (tree instanceof IfTree choice) {
            LockCall success = tried(new TreePath(path, choice.getCondition()), inner == choice.getThenStatement());
            if (success != null && inner != choice.getCondition()) {
                lock(success);
            }
        }
    }

    private void passUntil(Tree inner, TreePath path, List<? extends StatementTree> statements) {
        for (StatementTree statement : statements) {
            if (statement == inner) {
                return;
            }
            pass(new TreePath(path, statement));
        }
    }

    /** Goes past a statement that has run when the expression is reached. */
    private void pass(TreePath path) {
        Tree tree = path.getLeaf();
        if (tree instanceof ExpressionStatementTree statement) {
            passExpression(new TreePath(path, statement.getExpression()));
        } else if (tree instanceof VariableTree variable && variable.getInitializer() != null) {
            passExpression(new TreePath(path, variable.getInitializer()));
        } else if (tree instanceof BlockTree block) {
            block.getStatements().forEach(statement -> pass(new TreePath(path, statement)));
        } else if (tree instanceof SynchronizedTree block) {
            pass(new TreePath(path, block.getBlock()));
        } else if (tree instanceof TryTree attempt) {
            pass(new TreePath(path, attempt.getBlock()));
            attempt.getCatches().stream()
                    .filter(caught -> !endsAbruptly(caught.getBlock()))
                    .forEach(caught -> unlockAllIn(new TreePath(path, caught)));
            if (attempt.getFinallyBlock() != null) {
                unlockAllIn(new TreePath(path, attempt.getFinallyBlock()));
            }
        } else if (tree instanceof IfTree choice) {
            passChoice(path, choice);
        } else {
            unlockAllIn(path);
        }
    }

    private void passExpression(TreePath path) {
        if (path.getLeaf() instanceof AssignmentTree assignment) {
            passExpression(new TreePath(path, assignment.getExpression()));
            return;
        }
        LockCall call = LockCall.of(path, lookup);
        if (call != null && call.action() == LockCall.Action.LOCK) {
            lock(call);
        } else {
            unlockAllIn(path);
        }
    }

    /** After {@code if (!lock.tryLock()) return;} it is locked; what a branch that leaves does is of no matter afterwards. */
    private void passChoice(TreePath path, IfTree choice) {
        boolean thenLeaves = endsAbruptly(choice.getThenStatement());
        if (thenLeaves) {
            LockCall success = tried(new TreePath(path, choice.getCondition()), false);
            if (success != null) {
                lock(success);
            }
        } else {
            unlockAllIn(new TreePath(path, choice.getThenStatement()));
        }
        if (choice.getElseStatement() != null && !endsAbruptly(choice.getElseStatement())) {
            unlockAllIn(new TreePath(path, choice.getElseStatement()));
        }
    }

    /** The {@code tryLock} that has succeeded if the condition is {@code outcome}. */
    private @Nullable LockCall tried(TreePath condition, boolean outcome) {
        if (condition.getLeaf() instanceof ParenthesizedTree inner) {
            return tried(new TreePath(condition, inner.getExpression()), outcome);
        }
        if (condition.getLeaf() instanceof UnaryTree not && not.getKind() == Tree.Kind.LOGICAL_COMPLEMENT) {
            return tried(new TreePath(condition, not.getExpression()), !outcome);
        }
        LockCall call = outcome ? LockCall.of(condition, lookup) : null;
        return call != null && call.action() == LockCall.Action.TRY ? call : null;
    }

    private void lock(LockCall call) {
        held.putIfAbsent(call.lock(), call.line(lookup));
    }

    private void unlockAllIn(TreePath path) {
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
                LockCall call = LockCall.of(getCurrentPath(), lookup);
                if (call != null && call.action() == LockCall.Action.UNLOCK) {
                    held.remove(call.lock());
                }
                return super.visitMethodInvocation(tree, null);
            }
        }.scan(path, null);
    }

    private static boolean endsAbruptly(@Nullable Tree statement) {
        if (statement instanceof BlockTree block) {
            List<? extends StatementTree> statements = block.getStatements();
            return !statements.isEmpty() && endsAbruptly(statements.get(statements.size() - 1));
        }
        return statement instanceof ReturnTree
                || statement instanceof ThrowTree
                || statement instanceof BreakTree
                || statement instanceof ContinueTree
                || statement instanceof YieldTree;
    }
}
