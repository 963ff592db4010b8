package io.samovar.tests.coroutine.fuzz;

import static io.samovar.tests.coroutine.fuzz.Node.expression;
import static io.samovar.tests.coroutine.fuzz.Node.fixed;

import io.samovar.tests.coroutine.fuzz.Node.Forms;
import io.samovar.tests.coroutine.fuzz.Scope.Callable;
import io.samovar.tests.coroutine.fuzz.Scope.Variable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes random expressions, with awaits in any place. */
@SuppressWarnings("StatementSwitchToExpressionSwitch") // an arm has several returns, or none
final class Expressions {
    private final Choice choice;
    private final Switches switches;

    Expressions(Choice choice, Switches switches) {
        this.choice = choice;
        this.switches = switches;
    }

    /** An expression whose type is {@code type} exactly, or boxes and unboxes to it. */
    Node any(Ty type, Scope scope, int depth) {
        if (type.isCoroutine()) {
            Ty result = Ty.RESULTS.stream()
                    .filter(candidate -> Ty.coroutine(candidate).equals(type))
                    .findFirst()
                    .orElseThrow();
            return coroutine(result, scope, depth, true);
        }
        if (depth <= 0 || choice.spent()) {
            return leaf(type, scope);
        }
        for (; ; ) {
            Node made = choice.one(5)
                    ? common(type, scope, depth - 1)
                    : choice.one(3) ? leaf(type, scope) : special(type, scope, depth - 1);
            if (made != null) {
                return made;
            }
        }
    }

    private Node leaf(Ty type, Scope scope) {
        List<Variable> variables = scope.of(type);
        if (!variables.isEmpty() && !choice.one(4)) {
            return expression(type, choice.of(variables).name());
        }
        if (scope.awaits && choice.one(4)) {
            return await(
                    type,
                    expression(
                            Ty.coroutine(type),
                            "t.<" + type.boxed() + ">give(" + choice.place() + ", ",
                            literal(type, scope),
                            ")"));
        }
        return literal(type, scope);
    }

    private static Node await(Ty type, Node awaitable) {
        // Without the type argument javac works the types out anew at every level, which takes exponential time.
        return expression(type, "Async.<" + type.boxed() + ">await(", awaitable, ")");
    }

    /** The ways that every type has. */
    private @Nullable Node common(Ty type, Scope scope, int depth) {
        switch (choice.below(10)) {
            case 0, 1, 2, 3:
                return scope.awaits ? await(type, awaitable(type, scope, depth)) : null;
            case 4:
                return standalone(
                        type,
                        depth,
                        fixed(
                                "(",
                                any(Ty.BOOLEAN, scope, depth),
                                " ? ",
                                any(type, scope, depth),
                                " : ",
                                any(type, scope, depth),
                                ")"));
            case 5:
                return standalone(type, 2, switches.expression(type, scope, depth));
            case 6: {
                List<Variable> settable = scope.variables(
                        variable -> variable.settable() && variable.type().equals(type));
                return settable.isEmpty()
                        ? null
                        : expression(type, "(" + choice.of(settable).name() + " = ", value(type, scope, depth), ")");
            }
            case 7: {
                List<Variable> arrays = scope.of(Ty.array(type));
                return arrays.isEmpty()
                        ? null
                        : expression(type, choice.of(arrays).name() + "[", index(scope, depth), "]");
            }
            case 8: {
                String boxed = type.boxed();
                return expression(
                        type,
                        "Values.<" + boxed + ">pick(",
                        any(Ty.INT, scope, depth),
                        ", ",
                        cast(type, scope, depth),
                        ", ",
                        cast(type, scope, depth),
                        ")");
            }
            default: {
                if (type.equals(Ty.VARIABLE)) {
                    return null;
                }
                Scope inside = scope.child();
                inside.constructing++;
                String box = "new Box<" + type.boxed() + ">(";
                return choice.one(3)
                        ? expression(
                                type,
                                "new Box<Box<" + type.boxed() + ">>(" + box,
                                cast(type, deeper(inside), depth - 1),
                                ")).value().value()")
                        : expression(type, box, cast(type, inside, depth), ").value()");
            }
        }
    }

    /** Behind a cast, javac need not look at an expression once for each way to call the method around it. */
    private static Node standalone(Ty type, int depth, Node node) {
        return depth <= 1 ? expression(type, node) : expression(type, "((" + type.name() + ") ", node, ")");
    }

    private static Scope deeper(Scope scope) {
        Scope inside = scope.child();
        inside.constructing++;
        return inside;
    }

    /** For a parameter that takes the boxed type: a narrow primitive must have its own type to be boxed. */
    Node cast(Ty type, Scope scope, int depth) {
        return type.isPrimitive() ? fixed("(" + type.name() + ") ", any(type, scope, depth)) : any(type, scope, depth);
    }

    private Node value(Ty type, Scope scope, int depth) {
        return type.equals(Ty.STRING) ? fixed("Values.cut(", any(type, scope, depth), ")") : any(type, scope, depth);
    }

    /** What may stand on the right of an assignment or a declaration. */
    Node assignable(Ty type, Scope scope, int depth) {
        return value(type, scope, depth);
    }

    Node index(Scope scope, int depth) {
        return choice.one(6) ? any(Ty.INT, scope, depth) : fixed("(", any(Ty.INT, scope, depth), " & 1)");
    }

    private Node awaitable(Ty type, Scope scope, int depth) {
        String boxed = type.boxed();
        Ty coroutine = Ty.coroutine(type);
        return switch (choice.below(8)) {
            case 0, 1 -> fixed("t.<" + boxed + ">later(" + choice.place() + ", ", cast(type, scope, depth), ")");
            case 2 ->
                choice.one(3)
                        ? fixed("t.<" + boxed + ">failLater(" + choice.place() + ")")
                        : expression(
                                coroutine,
                                "t.<" + boxed + ">give(" + choice.place() + ", ",
                                cast(type, scope, depth),
                                ")");
            default -> coroutine(type, scope, depth, false);
        };
    }

    /**
     * An expression that gives a coroutine.
     *
     * @param lasting whether it may be kept, so that awaiting it twice does the same in each run
     */
    Node coroutine(Ty result, Scope scope, int depth, boolean lasting) {
        Ty type = Ty.coroutine(result);
        String boxed = result.boxed();
        for (int tries = 0; tries < 6; tries++) {
            switch (choice.below(lasting ? 6 : 10)) {
                case 0, 1: {
                    List<Callable> callables = scope.callables.stream()
                            .filter(callable -> callable.result().equals(result))
                            .toList();
                    if (!callables.isEmpty() && !choice.spent()) {
                        return call(choice.of(callables), scope, depth);
                    }
                    break;
                }
                case 2: {
                    List<Variable> variables = scope.of(type);
                    if (!variables.isEmpty()) {
                        return expression(type, choice.of(variables).name());
                    }
                    break;
                }
                case 3:
                    if (depth > 0 && !choice.spent()) {
                        return expression(
                                type,
                                "(",
                                any(Ty.BOOLEAN, scope, depth - 1),
                                " ? ",
                                coroutine(result, scope, depth - 1, lasting),
                                " : ",
                                coroutine(result, scope, depth - 1, lasting),
                                ")");
                    }
                    break;
                case 4:
                    if (result.equals(Ty.VOID)) {
                        return expression(type, "Coroutine.<Void>done()");
                    }
                    break;
                case 5:
                    return expression(type, "Coroutine.<" + boxed + ">of(", cast(result, scope, depth), ")");
                case 6:
                    if (choice.one(2)) {
                        return expression(type, "t.<" + boxed + ">fail(" + choice.place() + ")");
                    }
                    break;
                default:
                    return expression(
                            type, "t.<" + boxed + ">give(" + choice.place() + ", ", cast(result, scope, depth), ")");
            }
        }
        return expression(type, "Coroutine.<" + boxed + ">of(", cast(result, scope, depth), ")");
    }

    private Node call(Callable callable, Scope scope, int depth) {
        List<Object> parts = new ArrayList<>();
        parts.add(callable.prefix());
        String between = callable.prefix().endsWith("(") ? "" : ", ";
        for (Ty parameter : callable.parameters()) {
            parts.add(between);
            parts.add(cast(parameter, scope, depth - 1));
            between = ", ";
        }
        parts.add(")");
        return expression(Ty.coroutine(callable.result()), parts.toArray());
    }

    // ---- each type's own ways

    private @Nullable Node special(Ty type, Scope scope, int depth) {
        if (type.isArray()) {
            Ty element = type.element();
            if (element.equals(Ty.VARIABLE)) {
                return null;
            }
            return expression(
                    type,
                    "new " + type.name() + " {",
                    any(element, scope, depth),
                    ", ",
                    any(element, scope, depth),
                    ", ",
                    any(element, scope, depth),
                    "}");
        }
        return switch (type.name()) {
            case "int" -> integer(scope, depth);
            case "long" -> arithmetic(Ty.LONG, choice.one(2) ? Ty.LONG : Ty.INT, scope, depth);
            case "double", "float" -> arithmetic(type, choice.one(2) ? type : Ty.INT, scope, depth);
            case "boolean" -> condition(scope, depth);
            case "char", "byte", "short" ->
                expression(
                        type,
                        "(" + type.name() + ") (",
                        cast(choice.one(4) ? Ty.LONG : choice.one(4) ? Ty.DOUBLE : Ty.INT, scope, depth),
                        ")");
            case "String" -> string(scope, depth);
            case "Integer" -> expression(type, "Integer.valueOf(", any(Ty.INT, scope, depth), ")");
            case "Long" -> expression(type, "Long.valueOf(", any(Ty.LONG, scope, depth), ")");
            case "Double" -> expression(type, "Double.valueOf(", any(Ty.DOUBLE, scope, depth), ")");
            case "Character" -> expression(type, "Character.valueOf(", any(Ty.CHAR, scope, depth), ")");
            case "Object" -> {
                Ty of = choice.of(List.of(Ty.INT, Ty.STRING, Ty.PAIR, Ty.LONG, Ty.COLOR, Ty.SHAPE, Ty.INTEGER));
                yield expression(type, "((Object) ", any(of, scope, depth), ")");
            }
            case "Color" -> expression(type, "Color.values()[(", any(Ty.INT, scope, depth), " & 1)]");
            case "Pair" ->
                expression(
                        type,
                        "new Pair(",
                        any(Ty.INT, deeper(scope), depth),
                        ", ",
                        value(Ty.STRING, deeper(scope), depth),
                        ")");
            case "Shape" -> shape(scope, depth);
            default -> null;
        };
    }

    private @Nullable Node shape(Scope scope, int depth) {
        return switch (choice.below(3)) {
            case 0 -> expression(Ty.SHAPE, "new Circle(", any(Ty.INT, deeper(scope), depth), ")");
            case 1 ->
                expression(
                        Ty.SHAPE,
                        "new Square(",
                        any(Ty.LONG, deeper(scope), depth),
                        ", ",
                        any(Ty.OBJECT, deeper(scope), depth),
                        ")");
            default ->
                expression(
                        Ty.SHAPE,
                        "new Nest(",
                        any(Ty.SHAPE, deeper(scope), depth),
                        ", ",
                        any(Ty.OBJECT, deeper(scope), depth),
                        ")");
        };
    }

    private @Nullable Node integer(Scope scope, int depth) {
        switch (choice.below(14)) {
            case 0:
                return expression(Ty.INT, "((int) ", cast(choice.one(2) ? Ty.LONG : Ty.DOUBLE, scope, depth), ")");
            case 1:
                return expression(Ty.INT, "(", any(Ty.STRING, scope, depth), ").length()");
            case 2:
                return expression(Ty.INT, "(", any(Ty.PAIR, scope, depth), ").a()");
            case 3:
                return expression(
                        Ty.INT,
                        "Values.sum(",
                        any(Ty.INT, scope, depth),
                        ", ",
                        any(Ty.INT, scope, depth),
                        ", ",
                        any(Ty.INT, scope, depth),
                        ")");
            case 4:
                return instanceOf(Ty.INT, scope, depth);
            case 5:
                return expression(Ty.INT, "(", any(Ty.COLOR, scope, depth), ").ordinal()");
            case 6:
                return scope.hasField ? expression(Ty.INT, "(f += ", any(Ty.INT, scope, depth), ")") : null;
            case 7:
                return expression(
                        Ty.INT, "(g " + choice.of(List.of("+=", "=", "^=")) + " ", any(Ty.INT, scope, depth), ")");
            case 8: {
                List<Variable> settable = scope.variables(
                        variable -> variable.settable() && variable.type().equals(Ty.INT));
                if (settable.isEmpty()) {
                    return null;
                }
                String name = choice.of(settable).name();
                return choice.one(2)
                        ? expression(Ty.INT, choice.of(List.of("(" + name + "++)", "(--" + name + ")")))
                        : expression(
                                Ty.INT,
                                "(" + name + " " + choice.of(List.of("+=", "-=", "*=", "|=", ">>=")) + " ",
                                any(Ty.INT, scope, depth),
                                ")");
            }
            case 9:
                return expression(
                        Ty.INT,
                        choice.of(List.of("Math.max(", "Math.min(")),
                        any(Ty.INT, scope, depth),
                        ", ",
                        any(Ty.INT, scope, depth),
                        ")");
            default:
                return arithmetic(Ty.INT, choice.of(List.of(Ty.INT, Ty.INT, Ty.SHORT, Ty.CHAR)), scope, depth);
        }
    }

    private Node arithmetic(Ty type, Ty right, Scope scope, int depth) {
        boolean whole = type.equals(Ty.INT) || type.equals(Ty.LONG);
        List<String> operators = whole
                ? List.of("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>")
                : List.of("+", "-", "*", "/", "%");
        if (choice.one(8)) {
            return expression(type, whole && choice.one(2) ? "(~ " : "(- ", any(type, scope, depth), ")");
        }
        return expression(
                type, "(", any(type, scope, depth), " " + choice.of(operators) + " ", any(right, scope, depth), ")");
    }

    private Node condition(Scope scope, int depth) {
        switch (choice.below(8)) {
            case 0:
                return expression(Ty.BOOLEAN, "(! ", any(Ty.BOOLEAN, scope, depth), ")");
            case 1, 2:
                return expression(
                        Ty.BOOLEAN,
                        "(",
                        any(Ty.BOOLEAN, scope, depth),
                        " " + choice.of(List.of("&&", "||", "&&", "||", "^", "&", "|")) + " ",
                        any(Ty.BOOLEAN, scope, depth),
                        ")");
            case 3:
                return expression(Ty.BOOLEAN, "t.more(" + choice.place() + ")");
            case 4:
                return expression(
                        Ty.BOOLEAN,
                        "(",
                        any(choice.of(List.of(Ty.STRING, Ty.OBJECT, Ty.INTEGER, Ty.PAIR)), scope, depth),
                        choice.of(List.of(" == null)", " != null)")));
            case 5:
                return instanceOf(Ty.BOOLEAN, scope, depth);
            case 6:
                return expression(
                        Ty.BOOLEAN,
                        "java.util.Objects.equals(",
                        any(Ty.STRING, scope, depth),
                        ", ",
                        any(Ty.STRING, scope, depth),
                        ")");
            default:
                Ty type = choice.of(List.of(Ty.INT, Ty.LONG, Ty.DOUBLE, Ty.CHAR));
                return expression(
                        Ty.BOOLEAN,
                        "(",
                        cast(type, scope, depth),
                        " " + choice.of(List.of("<", ">=", "==", "!=")) + " ",
                        cast(type, scope, depth),
                        ")");
        }
    }

    /** {@code o instanceof Integer i && i > 1 ? i : 2}. */
    private Node instanceOf(Ty type, Scope scope, int depth) {
        Ty pattern = choice.of(List.of(Ty.INTEGER, Ty.STRING, Ty.PAIR, Ty.COLOR));
        String name = choice.name("b");
        Scope bound = scope.child();
        bound.add(name, pattern, false, true);
        return expression(
                type,
                "(((Object) ",
                any(Ty.OBJECT, scope, depth),
                ") instanceof " + pattern.name() + " " + name + " && ",
                any(Ty.BOOLEAN, bound, depth),
                " ? ",
                any(type, bound, depth),
                " : ",
                any(type, scope, depth),
                ")");
    }

    private Node string(Scope scope, int depth) {
        switch (choice.below(7)) {
            case 0:
                return expression(Ty.STRING, "(", any(Ty.PAIR, scope, depth), ").b()");
            case 1:
                return expression(
                        Ty.STRING,
                        "new StringBuilder(Values.show(",
                        any(Ty.STRING, deeper(scope), depth),
                        ")).append((long) ",
                        any(Ty.LONG, scope, depth),
                        ").append((String) ",
                        any(Ty.STRING, scope, depth),
                        ").toString()");
            case 2:
                return instanceOf(Ty.STRING, scope, depth);
            case 3:
                return expression(Ty.STRING, "Values.show(", any(Ty.OBJECT, scope, depth), ")");
            default:
                return expression(
                        Ty.STRING,
                        "(\"\" + ",
                        any(choice.of(Ty.VALUES), scope, depth),
                        " + ",
                        any(choice.of(Ty.VALUES), scope, depth),
                        choice.one(2) ? fixed(" + \"-\" + ", any(choice.of(Ty.VALUES), scope, depth)) : "",
                        ")");
        }
    }

    /** A constant, or another expression that needs no variable. */
    Node literal(Ty type, Scope scope) {
        if (type.equals(Ty.VARIABLE)) {
            List<Variable> variables = scope.of(type);
            return expression(
                    type, variables.isEmpty() ? "null" : choice.of(variables).name());
        }
        if (!type.isPrimitive() && choice.one(12)) {
            return expression(type, "((" + type.name() + ") null)");
        }
        return expression(type, text(type));
    }

    private String text(Ty type) {
        if (type.isArray() && !type.element().equals(Ty.VARIABLE)) {
            Ty element = type.element();
            return "new " + type.name() + " {" + text(element) + ", " + text(element) + ", " + text(element) + "}";
        }
        return switch (type.name()) {
            case "int" -> choice.of(List.of("0", "1", "2", "3", "7", "(-1)", "100", "40000", "Integer.MAX_VALUE"));
            case "long" -> choice.of(List.of("0L", "1L", "(-5L)", "3000000000L"));
            case "double" -> choice.of(List.of("0.0", "1.5", "(-2.25)", "1e10"));
            case "float" -> choice.of(List.of("0f", "1.5f", "(-2.25f)"));
            case "boolean" -> choice.of(List.of("true", "false"));
            case "char" -> choice.of(List.of("'a'", "'b'", "'\\0'"));
            case "byte" -> "((byte) " + choice.of(List.of("1", "-1", "127")) + ")";
            case "short" -> "((short) " + choice.of(List.of("1", "-1", "300")) + ")";
            case "String" -> choice.of(List.of("\"\"", "\"a\"", "\"b\"", "\"Aa\"", "\"BB\""));
            case "Integer" -> choice.of(List.of("((Integer) 1)", "((Integer) 1000)"));
            case "Long" -> "((Long) 5L)";
            case "Double" -> "((Double) 0.5)";
            case "Character" -> "((Character) 'c')";
            case "Object" -> choice.of(List.of("((Object) 1)", "((Object) \"o\")", "((Object) new Pair(1, \"p\"))"));
            case "Color" -> choice.of(List.of("Color.RED", "Color.GREEN", "Color.BLUE"));
            case "Pair" -> "new Pair(" + choice.below(4) + ", \"q\")";
            case "Shape" ->
                choice.of(List.of(
                        "((Shape) new Circle(2))",
                        "((Shape) new Square(3L, \"s\"))",
                        "((Shape) new Nest(new Circle(1), 4))"));
            default -> "((" + type.name() + ") null)";
        };
    }

    /** The statement {@code yield ...}. */
    Node yielding(Scope scope, int depth) {
        Ty type = scope.yields;
        assert type != null;
        Node value = cast(type, scope, depth);
        if (choice.one(2)) {
            String name = choice.name("y");
            return Node.jump("{ final " + type.name() + " " + name + " = ", value, "; yield " + name + "; }");
        }
        // javac may take "yield (" for a call.
        return Node.jump("yield Values.<" + type.boxed() + ">same(", value, ");");
    }

    /** The statement {@code return ...}. */
    Node returning(Scope scope, int depth) {
        Ty result = scope.returns;
        assert result != null;
        Forms open = new Forms("await(", "");
        Forms close = new Forms(")", "");
        if (choice.one(40) && !scope.inMonitor) {
            return Node.jump("return ", open, "(Coroutine<" + result.boxed() + ">) null", close, ";");
        }
        Node coroutine = scope.inMonitor
                ? expression(
                        Ty.coroutine(result), "Coroutine.<" + result.boxed() + ">of(", cast(result, scope, depth), ")")
                : coroutine(result, scope, depth, false);
        return Node.jump("return ", open, coroutine, close, ";");
    }
}
