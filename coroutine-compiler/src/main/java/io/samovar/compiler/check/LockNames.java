package io.samovar.compiler.check;

import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import org.jspecify.annotations.Nullable;

/** Whether a class calls a method that is named as those that lock are, so that it is worth following its locks. */
final class LockNames extends TreeScanner<@Nullable Void, @Nullable Void> {
    private boolean found;

    static boolean areIn(Tree tree) {
        LockNames names = new LockNames();
        names.scan(tree, null);
        return names.found;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
        String name = Lookup.nameOf(call);
        found |= name.contains("lock") || name.contains("Lock");
        return super.visitMethodInvocation(call, null);
    }
}
