package io.samovar.compiler.check;

import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code await} between the {@code lock()} and the {@code unlock()} of a lock of threads, as far as the text shows it. */
final class HeldLocks extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Lookup lookup;
    private final CheckOptions.Level level;
    private final Reporter reporter;

    HeldLocks(Lookup lookup, CheckOptions.Level level, Reporter reporter) {
        this.lookup = lookup;
        this.level = level;
        this.reporter = reporter;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
        TreePath path = getCurrentPath();
        if (Lookup.isAwaitCall(lookup.trees, path) && lookup.isInCoroutine(path)) {
            for (Map.Entry<String, Long> held :
                    new LockTrace(lookup).heldAt(path).entrySet()) {
                reporter.finding(
                        level,
                        CheckOptions.HELD_LOCK,
                        path,
                        Message.HELD_LOCK,
                        held.getKey(),
                        held.getValue().toString());
            }
        }
        return super.visitMethodInvocation(call, null);
    }
}
