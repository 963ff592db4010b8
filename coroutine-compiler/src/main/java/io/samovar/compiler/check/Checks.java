package io.samovar.compiler.check;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** All checks of a class that javac has analysed, each at its line and column. */
public final class Checks {
    private final Trees trees;
    private final Elements elements;
    private final Lookup lookup;
    private final CheckOptions options;
    private final BlockingMethods blockingMethods;

    public Checks(Trees trees, Types types, Elements elements, CheckOptions options) {
        this.trees = trees;
        this.elements = elements;
        this.lookup = new Lookup(trees, types, elements);
        this.options = options;
        this.blockingMethods = new BlockingMethods(lookup, options);
    }

    /** Checks a top-level class with all that is in it. A nested one has been seen with its outermost class. */
    public void check(CompilationUnitTree unit, TypeElement type) {
        TreePath path = trees.getPath(type);
        if (path == null || type.getNestingKind().isNested() || elements.getTypeElement(Lookup.COROUTINE) == null) {
            return;
        }
        Reporter reporter = new Reporter(trees, unit);
        Coroutines coroutines = new Coroutines(lookup);
        new AwaitPlaces(lookup, reporter).scan(path, null);
        new LostCoroutines(lookup, coroutines, reporter).scan(path, null);
        new UnusedCoroutines(trees, coroutines, reporter).check(path);
        if (options.blocking() != CheckOptions.Level.OFF) {
            new BlockingCalls(lookup, blockingMethods, options.blocking(), reporter).scan(path, null);
        }
        if (options.heldLock() != CheckOptions.Level.OFF && LockNames.areIn(path.getLeaf())) {
            new HeldLocks(lookup, options.heldLock(), reporter).scan(path, null);
        }
    }
}
