package io.samovar.compiler.check;

import com.sun.source.util.TreePath;
import java.util.Map;

/** {@code await} between the {@code lock()} and the {@code unlock()} of a lock of threads, as far as the text shows it. */
final class HeldLocks {
    private final Lookup lookup;
    private final CheckOptions.Level level;
    private final Reporter reporter;

    HeldLocks(Lookup lookup, CheckOptions.Level level, Reporter reporter) {
        this.lookup = lookup;
        this.level = level;
        this.reporter = reporter;
    }

    void checkAwait(TreePath path) {
        if (lookup.isInCoroutine(path)) {
            Map<String, Long> held = new LockTrace(lookup).heldAt(path);
            held.forEach((lock, line) ->
                    reporter.finding(level, CheckOptions.HELD_LOCK, path, Message.HELD_LOCK, lock, line.toString()));
        }
    }
}
