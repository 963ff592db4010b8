package io.samovar.compiler.check;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import java.util.HashMap;
import java.util.Map;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/** What the names of the methods that are called tell: nearly every call is none that a check has to look up. */
final class CallNames {
    private static final Traits NONE = new Traits(false, false, false, false);

    private final BlockingMethods blocking;
    private final Map<Name, Traits> known = new HashMap<>();

    CallNames(BlockingMethods blocking) {
        this.blocking = blocking;
    }

    /**
     * What a method of some name may be.
     *
     * @param mayAwait {@code Async.await}
     * @param maySleep {@code Async.sleep}
     * @param mayBlock one of those that block
     * @param mayLock one of a lock's
     */
    record Traits(boolean mayAwait, boolean maySleep, boolean mayBlock, boolean mayLock) {}

    Traits of(MethodInvocationTree call) {
        Name name = nameOf(call);
        if (name == null) {
            return NONE;
        }
        Traits traits = known.get(name);
        if (traits == null) {
            traits = of(name.toString());
            known.put(name, traits);
        }
        return traits;
    }

    private Traits of(String name) {
        return new Traits(
                name.equals("await"),
                name.equals("sleep"),
                blocking.mayBlock(name),
                name.contains("lock") || name.contains("Lock"));
    }

    /** The name of the method that is called, as the source writes it. */
    static @Nullable Name nameOf(MethodInvocationTree call) {
        return call.getMethodSelect() instanceof MemberSelectTree select
                ? select.getIdentifier()
                : call.getMethodSelect() instanceof IdentifierTree name ? name.getName() : null;
    }
}
