package io.samovar.tests.coroutine.fuzz;

import static io.samovar.tests.coroutine.fuzz.Node.fixed;
import static io.samovar.tests.coroutine.fuzz.Node.jump;
import static io.samovar.tests.coroutine.fuzz.Node.statement;

import io.samovar.tests.coroutine.fuzz.Node.Forms;
import io.samovar.tests.coroutine.fuzz.Scope.Target;
import io.samovar.tests.coroutine.fuzz.Scope.Variable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes random statements that javac accepts: what is declared, reachable and assigned is kept account of. */
@SuppressWarnings("StatementSwitchToExpressionSwitch") // an arm has several returns, or none
final class Statements {
    private static final int DEPTH = 3;

    private final Choice choice;
    private final Expressions expressions;
    private final Switches switches;
    private final Declarations declarations;

    Statements(Choice choice, Expressions expressions, Switches switches) {
        this.choice = choice;
        this.expressions = expressions;
        this.switches = switches;
        this.declarations = new Declarations(choice, expressions, this);
    }

    /** A block whose scope is a child of {@code outer}. */
    Node block(Scope outer, int depth, int size) {
        return fill(new ArrayList<>(), outer.child(), depth, size);
    }

    /** Adds statements until one does not complete. */
    Node fill(List<Node> made, Scope scope, int depth, int size) {
        int count = choice.below(size + 1) + (choice.one(3) ? 0 : 1);
        boolean completes = true;
        for (int i = 0; i < count && completes && !choice.spent(); i++) {
            Node next = next(scope, depth);
            made.add(next);
            completes = next.completes();
        }
        return Node.block(made, completes);
    }

    Node next(Scope scope, int depth) {
        for (; ; ) {
            Node made = depth > 0 && choice.one(2) ? compound(scope, depth - 1) : simple(scope);
            if (made != null) {
                return made;
            }
        }
    }

    // ---- statements without blocks

    private @Nullable Node simple(Scope scope) {
        switch (choice.below(24)) {
            case 0, 1, 2, 3:
                return declare(scope);
            case 4, 5, 6:
                return assign(scope);
            case 7, 8, 9:
                return statement(
                        "t.log(" + choice.place() + ", ", expressions.any(choice.of(Ty.VALUES), scope, DEPTH), ");");
            case 10, 11:
                return scope.awaits
                        ? statement("await(", expressions.coroutine(choice.of(Ty.RESULTS), scope, DEPTH, false), ");")
                        : null;
            case 12:
                return leave(scope);
            case 13:
                return onlyIf(scope, leave(scope));
            case 14, 15:
                return scope.returns == null ? null : onlyIf(scope, expressions.returning(scope, DEPTH));
            case 16:
                return scope.returns == null ? null : expressions.returning(scope, DEPTH);
            case 17:
                return failing(scope);
            case 18:
                return onlyIf(scope, failing(scope));
            case 19:
                return statement(
                        "assert ",
                        expressions.any(Ty.BOOLEAN, scope, 2),
                        " : ",
                        expressions.any(Ty.STRING, scope, 2),
                        ";");
            case 20:
                return scope.yields == null ? null : onlyIf(scope, yielding(scope));
            case 21:
                return scope.yields == null ? null : yielding(scope);
            case 22:
                return element(scope);
            default:
                return declareCoroutine(scope);
        }
    }

    private @Nullable Node onlyIf(Scope scope, @Nullable Node jump) {
        return jump == null ? null : statement("if (", expressions.any(Ty.BOOLEAN, scope, 2), ") ", jump);
    }

    private Node yielding(Scope scope) {
        return expressions.yielding(scope, DEPTH);
    }

    private Node failing(Scope scope) {
        String type = choice.one(3) ? "Snag" : "Boom";
        return jump("throw new " + type + "(", expressions.assignable(Ty.STRING, scope, 2), ");");
    }

    private Node declare(Scope scope) {
        Ty type = choice.one(5) ? choice.of(Ty.ARRAYS) : choice.of(Ty.VALUES);
        String name = choice.name("v");
        boolean fixed = choice.one(2);
        Node value = expressions.assignable(type, scope, DEPTH);
        scope.add(name, type, !fixed, fixed);
        return statement((fixed ? "final " : "") + type.name() + " " + name + " = ", value, ";");
    }

    private Node declareCoroutine(Scope scope) {
        Ty result = scope.returns != null && choice.one(2) ? scope.returns : choice.of(Ty.RESULTS);
        if (!Ty.RESULTS.contains(result)) {
            result = Ty.INT;
        }
        Ty type = Ty.coroutine(result);
        String name = choice.name("unusedCo");
        Node value = scope.awaits
                ? expressions.coroutine(result, scope, 2, true)
                : fixed("Coroutine.<" + result.boxed() + ">of(", expressions.cast(result, scope, 1), ")");
        scope.add(name, type, true, false);
        // The weaver takes a coroutine for a returned one if nobody loads it and a finally never ends normally, and
        // javac knows better than this generator which finally does, for conditions may be constant.
        String use = scope.underFinally ? " t.log(" + choice.place() + ", " + name + " != null);" : "";
        return statement(type.name() + " " + name + " = ", value, ";" + use);
    }

    private @Nullable Node assign(Scope scope) {
        // Under a finally it might be the last act of the try: see declareCoroutine.
        boolean mayDrop = scope.awaits && !scope.underFinally;
        List<Variable> settable = scope.variables(
                variable -> variable.settable() && (mayDrop || !variable.type().isCoroutine()));
        if (settable.isEmpty()) {
            return null;
        }
        Variable variable = choice.of(settable);
        Ty type = variable.type();
        String operator = "=";
        if (type.isNumeric() && choice.one(2)) {
            operator = choice.of(List.of("+=", "-=", "*=", "/="));
        } else if (type.equals(Ty.BOOLEAN) && choice.one(2)) {
            operator = choice.of(List.of("&=", "|=", "^="));
        }
        return statement(variable.name() + " " + operator + " ", expressions.assignable(type, scope, DEPTH), ";");
    }

    private @Nullable Node element(Scope scope) {
        List<Variable> arrays = scope.variables(variable -> variable.type().isArray());
        if (arrays.isEmpty()) {
            return null;
        }
        Variable array = choice.of(arrays);
        Ty element = array.type().element();
        Node index = expressions.index(scope, 2);
        String open = array.name() + "[";
        if (element.isNumeric() && choice.one(3)) {
            return statement(open, index, choice.of(List.of("]++;", "]--;")));
        }
        String operator = element.isNumeric() ? choice.of(List.of("+=", "*=", "=")) : "=";
        return statement(open, index, "] " + operator + " ", expressions.assignable(element, scope, DEPTH), ";");
    }

    /** A break or continue. */
    private @Nullable Node leave(Scope scope) {
        if (scope.targets.isEmpty()) {
            return null;
        }
        Target target = choice.of(scope.targets);
        boolean again = target.kind == Scope.Kind.LOOP && choice.one(2);
        boolean bare = target == scope.bare(again);
        if (target.label == null && !bare) {
            return null;
        }
        if (again) {
            target.continued = true;
        } else {
            target.broken = true;
        }
        String label = target.label == null || (bare && choice.one(2)) ? "" : " " + target.label;
        return jump((again ? "continue" : "break") + label + ";");
    }

    // ---- statements with blocks

    private @Nullable Node compound(Scope scope, int depth) {
        return switch (choice.below(22)) {
            case 0, 1, 2 -> branch(scope, depth);
            case 3, 4, 5 -> loop(scope, depth);
            case 6, 7, 8, 9, 10 -> tries(scope, depth);
            case 11 -> resources(scope, depth);
            case 12, 13 -> switches.statement(scope, depth);
            case 14 -> labelled(scope, depth);
            // javac's own code for a monitor in a switch expression does not pass the verifier.
            case 15 -> scope.yields == null ? monitor(scope, depth) : null;
            case 16 -> merged(scope, depth);
            case 17 -> matched(scope, depth);
            case 18 -> hidden(scope);
            case 19, 20 -> scope.awaits ? declarations.function(scope, depth) : null;
            default -> scope.awaits ? declarations.localClass(scope, depth) : null;
        };
    }

    private Node branch(Scope scope, int depth) {
        Node condition = expressions.any(Ty.BOOLEAN, scope, DEPTH);
        Node then = block(scope, depth, 3);
        if (choice.one(2)) {
            return statement("if (", condition, ") ", then);
        }
        Node otherwise = block(scope, depth, 3);
        return statement("if (", condition, ") ", then, " else ", otherwise)
                .completing(then.completes() || otherwise.completes());
    }

    private Node loop(Scope scope, int depth) {
        String label = choice.one(3) ? choice.name("loop") : null;
        String prefix = label == null ? "" : label + ": ";
        Target target = new Target(label, Scope.Kind.LOOP);
        Scope inside = scope.child();
        inside.targets.add(target);
        Node tick = fixed("t.tick();");
        List<Node> body = new ArrayList<>(List.of(tick));
        switch (choice.below(5)) {
            case 0: {
                String name = choice.name("i");
                boolean wide = choice.one(3);
                Node condition = wide
                        ? fixed(name + " < 3L && ", expressions.any(Ty.BOOLEAN, scope, 2))
                        : fixed(name + " < (3 & ", expressions.any(Ty.INT, scope, 2), ")");
                inside.add(name, wide ? Ty.LONG : Ty.INT, false, false);
                return statement(
                        prefix + "for (" + (wide ? "long " : "int ") + name + " = 0; ",
                        condition,
                        "; " + name + "++) ",
                        fill(body, inside, depth, 3));
            }
            case 1:
                return statement(
                        prefix + "while (t.more(" + choice.place() + ") && ",
                        expressions.any(Ty.BOOLEAN, scope, DEPTH),
                        ") ",
                        fill(body, inside, depth, 3));
            case 2: {
                Node block = fill(body, inside, depth, 3);
                return statement(
                                prefix + "do ",
                                block,
                                " while (t.more(" + choice.place() + ") && ",
                                expressions.any(Ty.BOOLEAN, scope, DEPTH),
                                ");")
                        .completing(block.completes() || target.broken || target.continued);
            }
            case 3: {
                Ty element = choice.of(List.of(Ty.INT, Ty.STRING, Ty.LONG, Ty.OBJECT, Ty.CHAR));
                String name = choice.name("e");
                Node values = choice.one(2) || element.isPrimitive()
                        ? expressions.any(Ty.array(element), scope, DEPTH)
                        : fixed(
                                "java.util.Arrays.<" + element.boxed() + ">asList(",
                                expressions.any(element, scope, 2),
                                ", ",
                                expressions.any(element, scope, 2),
                                ")");
                boolean fixed = choice.one(2);
                inside.add(name, element, !fixed, fixed);
                return statement(
                        prefix + "for (" + (fixed ? "final " : "") + element.name() + " " + name + " : ",
                        values,
                        ") ",
                        fill(body, inside, depth, 3));
            }
            default: {
                target.broken = true;
                body.add(fixed("if (! t.more(" + choice.place() + ")) break;"));
                return statement(prefix + "for (;;) ", fill(body, inside, depth, 3));
            }
        }
    }

    private Node tries(Scope scope, int depth) {
        Node end = choice.one(3) ? null : block(scope, depth, 2);
        boolean overrides = end != null && !end.completes();
        Scope guarded = guardedBy(end, scope);
        boolean snags = choice.one(3);
        List<Node> first = new ArrayList<>();
        if (snags) {
            first.add(fixed("t.snag(" + choice.place() + ");"));
        }
        Node body = fill(first, guarded.child(), depth, 3);
        boolean completes = body.completes();
        List<Object> parts = new ArrayList<>(List.of("try ", body));
        for (String caught : caught(snags, end == null)) {
            String name = choice.name("x");
            Scope handler = guarded.child();
            List<Node> log = new ArrayList<>();
            log.add(statement("t.log(" + choice.place() + ", " + name + ");"));
            Node block = fill(log, handler, depth, 2);
            if (block.completes() && choice.one(5)) {
                log.add(fixed("throw " + name + ";"));
                block = Node.block(log, false);
            }
            completes |= block.completes();
            parts.add(" catch (final " + caught + " " + name + ") ");
            parts.add(block);
        }
        if (end != null) {
            parts.add(" finally ");
            parts.add(end);
        }
        return statement(parts.toArray()).completing(completes && !overrides);
    }

    /** Where the rest of a try stands that has this finally, or none. */
    private static Scope guardedBy(@Nullable Node end, Scope scope) {
        if (end == null) {
            return scope;
        }
        return end.completes() ? scope.underFinally() : scope.withoutEffect();
    }

    private List<String> caught(boolean snags, boolean needed) {
        List<String> types = new ArrayList<>();
        if (choice.one(3)) {
            types.add("Boom");
        }
        if (choice.one(4)) {
            types.add("ArithmeticException | NullPointerException");
        }
        if (snags && choice.one(2)) {
            types.add("Snag");
        }
        if (choice.one(4)) {
            types.add("RuntimeException");
        }
        if (choice.one(4)) {
            types.add("Exception");
        }
        if (choice.one(12)) {
            types.add("Throwable");
        }
        if (types.isEmpty() && needed) {
            types.add(choice.one(2) ? "Boom" : "Exception");
        }
        return types;
    }

    private Node resources(Scope scope, int depth) {
        Node end = choice.one(3) ? block(scope, depth, 2) : null;
        boolean overrides = end != null && !end.completes();
        Scope guarded = guardedBy(end, scope);
        Scope inside = guarded.child();
        List<Object> parts = new ArrayList<>();
        parts.add("try (");
        for (int i = choice.below(2); i >= 0; i--) {
            String name = choice.name("r");
            Scope arguments = inside.child();
            arguments.constructing++;
            parts.add("Resource " + name + " = ");
            if (choice.one(8)) {
                parts.add("null");
            } else {
                parts.add("new Resource(t, ");
                parts.add(expressions.any(Ty.INT, arguments, 2));
                parts.add(")");
            }
            parts.add(i == 0 ? ") " : "; ");
        }
        Node body = block(inside, depth, 3);
        boolean completes = body.completes();
        parts.add(body);
        if (choice.one(3)) {
            Node block = block(guarded, depth, 2);
            parts.add(" catch (Exception " + choice.name("x") + ") ");
            parts.add(block);
            completes |= block.completes();
        }
        if (end != null) {
            parts.add(" finally ");
            parts.add(end);
        }
        return statement(parts.toArray()).completing(completes && !overrides);
    }

    private Node labelled(Scope scope, int depth) {
        Target target = new Target(choice.name("block"), Scope.Kind.BLOCK);
        Scope inside = scope.child();
        inside.targets.add(target);
        Node block = block(inside, depth, 3);
        return statement(target.label + ": ", block).completing(block.completes() || target.broken);
    }

    /** No await may stand in a monitor. */
    private Node monitor(Scope scope, int depth) {
        Node lock = fixed("synchronized (", expressions.any(Ty.STRING, scope, 2), " == null ? t : t) ");
        Scope inside = scope.child();
        inside.awaits = false;
        inside.inMonitor = true;
        Node block = block(inside, depth, 3);
        return statement(lock, block).completing(block.completes());
    }

    /** A variable that only some ways to a merge have assigned. */
    private Node merged(Scope scope, int depth) {
        Ty type = choice.of(Ty.VALUES);
        String name = choice.name("m");
        Node condition = expressions.any(Ty.BOOLEAN, scope, 2);
        Node value = expressions.assignable(type, scope, 2);
        Scope inside = scope.child();
        inside.add(name, type, true, false);
        Node then = block(inside, depth, 3);
        Node otherwise = block(scope, depth, 2);
        return statement(
                        "{ " + type.name() + " " + name + "; if (",
                        condition,
                        ") { " + name + " = ",
                        value,
                        "; ",
                        then,
                        " } else ",
                        otherwise,
                        " }")
                .completing(then.completes() || otherwise.completes());
    }

    /** {@code if (!(o instanceof Pair p)) return ..; } after which p is there. */
    private @Nullable Node matched(Scope scope, int depth) {
        Node end = scope.returns != null
                ? expressions.returning(scope, 2)
                : jump("throw new Boom(\"no match " + choice.place() + "\");");
        String name = choice.name("b");
        Node object = expressions.any(Ty.OBJECT, scope, 2);
        Scope inside = scope.child();
        inside.add(name, Ty.PAIR, false, true);
        Node rest = block(inside, depth, 3);
        return statement("{ if (!(((Object) ", object, ") instanceof Pair " + name + ")) ", end, " ", rest, " }")
                .completing(rest.completes());
    }

    /** A local variable of a type that cannot be named. */
    private Node hidden(Scope scope) {
        String name = choice.name("h");
        return statement(
                "{ var " + name + " = ",
                expressions.any(Ty.BOOLEAN, scope, 2),
                " ? new Values.Left(",
                expressions.any(Ty.INT, scope, 2),
                ") : new Values.Right(",
                expressions.any(Ty.INT, scope, 2),
                "); t.log(" + choice.place() + ", ",
                expressions.any(Ty.INT, scope, 2),
                "); Values.Numbered n" + name + " = " + name + "; t.log(" + choice.place() + ", n" + name
                        + ".number()); }");
    }

    /** The statements of a coroutine's body; there is always an await among them, or it would not be one. */
    Node body(Scope scope, Node guard, int depth, int size) {
        List<Node> made = new ArrayList<>(List.of(guard));
        Node block = fill(made, scope, depth, size);
        if (!block.completes()) {
            return block;
        }
        made.add(expressions.returning(scope, DEPTH));
        return Node.block(made, false);
    }

    /** The guard that every coroutine begins with: it ends a recursion, and awaits. */
    Node guard(Ty result, Scope scope) {
        return fixed(
                "t.tick(); if (d <= 0) { return ",
                new Forms("await(", ""),
                "Coroutine.<" + result.boxed() + ">of(await(t.<" + result.boxed() + ">give(" + choice.place() + ", ",
                expressions.literal(result, scope),
                ")))",
                new Forms(")", ""),
                "; }");
    }
}
