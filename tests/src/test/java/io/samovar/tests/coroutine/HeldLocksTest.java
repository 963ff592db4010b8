package io.samovar.tests.coroutine;

import static io.samovar.tests.coroutine.Compilation.error;
import static io.samovar.tests.coroutine.Compilation.fine;
import static io.samovar.tests.coroutine.Compilation.warning;

import io.samovar.tests.coroutine.Compilation.Snippet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An await between the lock() and the unlock() of a lock of threads is a warning, and one after it is not. */
@Timeout(60)
class HeldLocksTest {
    private static final String KEY = "[samovar.heldLock] ";

    private static Compilation compilation() {
        return new Compilation()
                .option("-Asamovar.blocking=off")
                .with("class Locks extends Base { ReentrantLock lock, other; ReadWriteLock rw; StampedLock stamped; }");
    }

    private static Snippet held(String lock, String... statements) {
        return warning(KEY + "await while " + lock + " is locked", coroutine(statements));
    }

    private static Snippet free(String... statements) {
        return fine(coroutine(statements));
    }

    private static String coroutine(String... statements) {
        return "class C extends Locks { Coroutine<Void> m(boolean b) throws Exception {\n    "
                + String.join("\n    ", statements) + "\n    return Coroutine.done();\n} }";
    }

    @Test
    void theMessageNamesTheLockAndItsLine() {
        compilation()
                .says(warning(
                        KEY
                                + "await while lock is locked (line 20): other threads would wait as long as this does, and other"
                                + " coroutines on this thread may pass the lock as if it were free: unlock it before the await",
                        coroutine("lock.lock();", "▸await(tea());", "lock.unlock();")));
    }

    @Test
    void aLockIsHeldFromLockToUnlock() {
        compilation()
                .says(
                        held("lock", "lock.lock();", "try { ▸await(tea()); } finally { lock.unlock(); }"),
                        held("lock", "this.lock.lock();", "try { Async▸.await(tea()); } finally { lock.unlock(); }"),
                        held("lock", "try { lock.lock(); ▸await(tea()); } finally { lock.unlock(); }"),
                        held(
                                "lock",
                                "lock.lockInterruptibly();",
                                "if (b) { for (;;) { ▸await(tea()); } }",
                                "lock.unlock();"),
                        held("lock", "try { lock.lock(); } finally { }", "▸await(tea());"),
                        held("lock", "try { lock.lock(); b = true; } finally { ▸await(tea()); lock.unlock(); }"),
                        held(
                                "lock",
                                "lock.lock();",
                                "try { b = true; } catch (IllegalStateException e) { lock.unlock(); throw e; }",
                                "▸await(tea());"),
                        held("lock", "lock.lock();", "try { b = !b; } finally { ▸await(tea()); lock.unlock(); }"),
                        held("lock", "lock.lock();", "try { b = true; } catch (Exception e) { ▸await(tea()); }"),
                        held(
                                "lock",
                                "lock.lock();",
                                "if (b) { lock.unlock(); return Coroutine.done(); }",
                                "▸await(tea());"),
                        held(
                                "lock",
                                "lock.lock();",
                                "other.lock();",
                                "lock.unlock();",
                                "other.unlock();",
                                "lock.lock();",
                                "▸await(tea());"),
                        held(
                                "lock",
                                "lock.lock();",
                                "if (b) { b = false; } else { lock.unlock(); return Coroutine.done(); }",
                                "▸await(tea());"),
                        held("rw.readLock()", "rw.readLock().lock();", "▸await(tea());", "rw.readLock().unlock();"),
                        held(
                                "stamped",
                                "long stamp = stamped.writeLock();",
                                "▸await(tea());",
                                "stamped.unlockWrite(stamp);"),
                        held("lock", "synchronized (other) { lock.lock(); }", "▸await(tea());"),
                        held("lock", "if (lock.tryLock()) { ▸await(tea()); }"),
                        held("lock", "if (!lock.tryLock()) { return Coroutine.done(); }", "▸await(tea());"),
                        held("lock", "if (!(lock.tryLock())) { } else { ▸await(tea()); }"),
                        held("lock", "switch (1) { case 1: lock.lock(); ▸await(tea()); default: }"),
                        held("lock", "switch (1) { case 1 -> { lock.lock(); ▸await(tea()); } default -> { } }"));
    }

    @Test
    void aLockIsFreeOtherwise() {
        compilation()
                .says(
                        free("await(tea());", "lock.lock();", "lock.unlock();", "await(tea());"),
                        free("lock.lock();", "try { b = true; } finally { lock.unlock(); }", "await(tea());"),
                        free("lock.lock();", "try { b = true; } finally { lock.unlock(); await(tea()); }"),
                        free("lock.lock();", "if (b) { lock.unlock(); }", "await(tea());"),
                        free("lock.lock();", "if (b) { lock.unlock(); } else { lock.unlock(); }", "await(tea());"),
                        free("while (b) { lock.lock(); try { b = true; } finally { lock.unlock(); } await(tea()); }"),
                        free("if (b) { lock.lock(); b = true; lock.unlock(); }", "await(tea());"),
                        free("if (lock.tryLock()) { lock.unlock(); } else { await(tea()); }"),
                        free("if (lock.tryLock()) { lock.unlock(); }", "await(tea());"),
                        free("long stamp = stamped.readLock();", "stamped.unlockRead(stamp);", "await(tea());"),
                        free("rw.readLock();", "await(tea());"),
                        free("lock.lock();", "Supplier<Coroutine<Integer>> s = () -> { await(tea()); return tea(); };"),
                        free("Runnable r = () -> lock.lock();", "await(tea());"),
                        free("lock.newCondition();", "await(tea());"));
    }

    @Test
    void itIsSilencedAndChosen() {
        String holds = coroutine("lock.lock();", "▸await(tea());");
        String silent = holds.replace("▸", "");
        new Compilation()
                .option("-Asamovar.blocking=off")
                .with("class Locks extends Base { ReentrantLock lock, other; }")
                .says(
                        fine("@SuppressWarnings(\"samovar.heldLock\") " + silent),
                        fine(silent.replace(
                                "Coroutine<Void> m(", "@SuppressWarnings(\"samovar.heldLock\") Coroutine<Void> m(")),
                        fine(coroutine(
                                "lock.lock();", "@SuppressWarnings(\"samovar.heldLock\") int i = await(tea());")),
                        warning(KEY, "@SuppressWarnings(\"samovar.blocking\") " + holds));
        compilation().option("-Asamovar.heldLock=warn").says(warning(KEY, holds));
        compilation().option("-Asamovar.heldLock=error").says(error(KEY, holds));
        compilation().option("-Asamovar.heldLock=off").says(fine(silent));
    }

    @Test
    void locksOfCoroutinesAreForAwaits() {
        compilation()
                .with("class Ours extends Base { io.samovar.sync.Lock lock; io.samovar.sync.Condition condition; }")
                .says(fine("class C extends Ours { Coroutine<Void> m() {"
                        + " await(lock.acquire()); try { await(tea()); } finally { lock.release(); }"
                        + " try (io.samovar.sync.Held held = await(condition.hold())) { await(condition.whenSignalled()); }"
                        + " return Coroutine.done(); } }"));
    }
}
