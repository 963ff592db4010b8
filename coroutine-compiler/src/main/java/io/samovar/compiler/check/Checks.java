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
    private final Coroutines coroutines;
    private final BlockingMethods blockingMethods;
    private final CallNames callNames;
    private boolean hasCoroutines;

    public Checks(Trees trees, Types types, Elements elements, CheckOptions options) {
        this.trees = trees;
        this.elements = elements;
        this.lookup = new Lookup(trees, types, elements);
        this.coroutines = new Coroutines(lookup);
        this.options = options;
        this.blockingMethods = new BlockingMethods(lookup, options);
        this.callNames = new CallNames(blockingMethods);
    }

    /** Whether there is a {@code Coroutine} to compile against. */
    private boolean hasCoroutines() {
        hasCoroutines = hasCoroutines || elements.getTypeElement(Lookup.COROUTINE) != null;
        return hasCoroutines;
    }

    /**
     * Checks a top-level class with all that is in it. A nested one has been seen with its outermost class.
     *
     * @return whether it awaits
     */
    public boolean check(CompilationUnitTree unit, TypeElement type) {
        TreePath path = trees.getPath(type);
        if (path == null || type.getNestingKind().isNested() || !hasCoroutines()) {
            return false;
        }
        Reporter reporter = new Reporter(trees, unit);
        Survey survey = new Survey(
                lookup,
                callNames,
                coroutines,
                new AwaitPlaces(lookup, reporter),
                new LostCoroutines(lookup, callNames, coroutines, reporter),
                options.blocking() == CheckOptions.Level.OFF
                        ? null
                        : new BlockingCalls(lookup, blockingMethods, options.blocking(), reporter));
        survey.scan(path);
        if (survey.keepsCoroutines()) {
            new UnusedCoroutines(trees, coroutines, reporter).check(path);
        }
        if (survey.locks() && options.heldLock() != CheckOptions.Level.OFF) {
            HeldLocks heldLocks = new HeldLocks(lookup, options.heldLock(), reporter);
            survey.awaits().forEach(heldLocks::checkAwait);
        }
        return !survey.awaits().isEmpty();
    }
}
