package io.samovar.compiler.check;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import java.util.Set;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * A call that takes or gives back a lock of {@code java.util.concurrent.locks}.
 *
 * @param lock as the source writes it, without "this."
 */
record LockCall(Action action, String lock, TreePath path) {
    private static final Set<String> STAMPED_LOCK =
            Set.of("readLock", "readLockInterruptibly", "writeLock", "writeLockInterruptibly");

    /** What the call does to the lock. */
    enum Action {
        LOCK,
        TRY,
        UNLOCK
    }

    /** The call that the expression is, or {@code null} if it is none of a lock. */
    static @Nullable LockCall of(TreePath expression, Lookup lookup) {
        Tree tree = expression.getLeaf();
        if (tree instanceof ParenthesizedTree inner) {
            return of(new TreePath(expression, inner.getExpression()), lookup);
        }
        if (!(tree instanceof MethodInvocationTree call)
                || !(call.getMethodSelect() instanceof MemberSelectTree select)) {
            return null;
        }
        TreePath receiver = new TreePath(new TreePath(expression, select), select.getExpression());
        TypeMirror type = lookup.trees.getTypeMirror(receiver);
        Action action = actionOf(select.getIdentifier().toString(), type, lookup);
        return action == null ? null : new LockCall(action, textOf(select.getExpression()), expression);
    }

    private static @Nullable Action actionOf(String method, TypeMirror type, Lookup lookup) {
        if (lookup.isA(type, "java.util.concurrent.locks.Lock")) {
            return switch (method) {
                case "lock", "lockInterruptibly" -> Action.LOCK;
                case "tryLock" -> Action.TRY;
                case "unlock" -> Action.UNLOCK;
                default -> null;
            };
        }
        if (lookup.isA(type, "java.util.concurrent.locks.StampedLock")) {
            boolean unlocks = method.startsWith("unlock") || method.startsWith("tryUnlock");
            return STAMPED_LOCK.contains(method) ? Action.LOCK : unlocks ? Action.UNLOCK : null;
        }
        return null;
    }

    /** The line on which it stands. */
    long line(Lookup lookup) {
        long position = lookup.trees.getSourcePositions().getStartPosition(path.getCompilationUnit(), path.getLeaf());
        return path.getCompilationUnit().getLineMap().getLineNumber(position);
    }

    private static String textOf(ExpressionTree receiver) {
        String text = receiver.toString();
        return text.startsWith("this.") ? text.substring("this.".length()) : text;
    }
}
