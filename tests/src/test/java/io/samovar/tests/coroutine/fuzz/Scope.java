package io.samovar.tests.coroutine.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What generated code can use where it stands. */
final class Scope {
    /**
     * A local variable.
     *
     * @param settable whether it may be assigned
     * @param fixed whether lambdas and guards may use it
     */
    record Variable(String name, Ty type, boolean settable, boolean fixed) {}

    /**
     * Something that gives a coroutine when it is called.
     *
     * @param prefix the text of the call up to the arguments
     */
    record Callable(String prefix, List<Ty> parameters, Ty result) {}

    /** Where a break or continue can go. */
    static final class Target {
        final @Nullable String label;
        final Kind kind;
        boolean broken;
        boolean continued;

        Target(@Nullable String label, Kind kind) {
            this.label = label;
            this.kind = kind;
        }
    }

    /** What a target is. */
    enum Kind {
        LOOP,
        SWITCH,
        BLOCK
    }

    final List<Variable> variables = new ArrayList<>();
    final List<Callable> callables = new ArrayList<>();
    /** From the outside in. */
    final List<Target> targets = new ArrayList<>();
    /** The result type of the method, or {@code null} where nothing can be returned. */
    @Nullable
    Ty returns;
    /** The type of the switch expression around. */
    @Nullable
    Ty yields;

    boolean awaits = true;
    boolean inMonitor;
    /** Whether there is a finally around. */
    boolean underFinally;
    /** Whether the field {@code f} is there. */
    boolean hasField;
    /** Constructor calls around, whose arguments are being made. */
    int constructing;

    Scope child() {
        Scope child = new Scope();
        child.variables.addAll(variables);
        child.callables.addAll(callables);
        child.targets.addAll(targets);
        child.returns = returns;
        child.yields = yields;
        child.awaits = awaits;
        child.inMonitor = inMonitor;
        child.underFinally = underFinally;
        child.hasField = hasField;
        child.constructing = constructing;
        return child;
    }

    /** The body of a lambda or of a method of a local class. */
    Scope body(@Nullable Ty result) {
        Scope body = child();
        body.variables.removeIf(variable -> !variable.fixed());
        body.variables.replaceAll(variable -> new Variable(variable.name(), variable.type(), false, true));
        body.targets.clear();
        body.returns = result;
        body.yields = null;
        body.awaits = true;
        body.inMonitor = false;
        body.underFinally = false;
        body.constructing = 0;
        return body;
    }

    /** The body of a switch expression: no jump leaves it. */
    Scope switchExpression(Ty type) {
        Scope body = child();
        body.targets.clear();
        body.returns = null;
        body.yields = type;
        return body;
    }

    /** The body of a try with a finally. */
    Scope underFinally() {
        Scope body = child();
        body.underFinally = true;
        return body;
    }

    /** Jumps from here are undone by a finally that never completes normally, so they do not reach their targets. */
    Scope withoutEffect() {
        Scope body = underFinally();
        body.targets.replaceAll(target -> new Target(target.label, target.kind));
        return body;
    }

    void add(String name, Ty type, boolean settable, boolean fixed) {
        variables.add(new Variable(name, type, settable, fixed));
    }

    List<Variable> variables(Predicate<Variable> wanted) {
        return variables.stream().filter(wanted).toList();
    }

    List<Variable> of(Ty type) {
        return variables(variable -> variable.type().equals(type));
    }

    /** Where a continue or a break without a label goes. */
    @Nullable
    Target bare(boolean again) {
        for (int i = targets.size() - 1; i >= 0; i--) {
            Target target = targets.get(i);
            if (target.kind == Kind.LOOP || (!again && target.kind == Kind.SWITCH)) {
                return target;
            }
        }
        return null;
    }
}
