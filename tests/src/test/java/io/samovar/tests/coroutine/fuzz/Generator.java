package io.samovar.tests.coroutine.fuzz;

import static io.samovar.tests.coroutine.fuzz.Node.fixed;

import io.samovar.tests.coroutine.fuzz.Node.Forms;
import io.samovar.tests.coroutine.fuzz.Scope.Callable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes a program of a seed: a few coroutine methods of every kind that call each other. */
final class Generator {
    private static final int SIZE = 30;
    private static final int MORE_FOR_A_METHOD = 45;

    /** Where a method stands. */
    private enum Kind {
        STATIC,
        GENERIC,
        INSTANCE,
        OVERRIDDEN,
        DEFAULT,
        PRIVATE_DEFAULT,
        STATIC_IN_INTERFACE
    }

    private record Method(Kind kind, String name, List<Ty> parameters, Ty result) {}

    private final long seed;
    private final Choice choice;
    private final Expressions expressions;
    private final Declarations declarations;
    private final boolean oneLine;

    /** @param patterns whether there may be patterns in switches, which javac knows from 21 on */
    Generator(long seed, boolean patterns, boolean oneLine) {
        this.seed = seed;
        this.oneLine = oneLine;
        this.choice = new Choice(seed, SIZE);
        Switches switches = new Switches(choice, patterns);
        this.expressions = new Expressions(choice, switches);
        Statements statements = new Statements(choice, expressions, switches);
        this.declarations = new Declarations(choice, expressions, statements);
        switches.use(expressions, statements);
    }

    Program generate() {
        List<Method> methods = new ArrayList<>();
        for (int i = 0; i < 2 + choice.below(3); i++) {
            methods.add(method(i));
        }
        List<Node> ofClass = new ArrayList<>();
        List<Node> ofInterface = new ArrayList<>();
        List<Node> ofBase = new ArrayList<>();
        List<Node> ofHost = new ArrayList<>();
        ofClass.add(start(methods.get(0)));
        for (Method method : methods) {
            choice.allow(MORE_FOR_A_METHOD);
            switch (method.kind) {
                case STATIC -> ofClass.add(body(method, methods, "static ", "C"));
                case GENERIC -> ofClass.add(body(method, methods, "static <T> ", "C"));
                case INSTANCE -> ofBase.add(body(method, methods, "", "Base"));
                case OVERRIDDEN -> {
                    ofBase.add(body(method, methods, "", "Base"));
                    ofHost.add(body(method, methods, "@Override ", "Host"));
                }
                case DEFAULT -> ofInterface.add(body(method, methods, "default ", "D"));
                case PRIVATE_DEFAULT -> ofInterface.add(body(method, methods, "private ", "D"));
                case STATIC_IN_INTERFACE -> ofInterface.add(body(method, methods, "static ", "D"));
            }
        }
        ofBase.add(0, fixed("int f = 1;"));
        ofClass.add(fixed("interface D ", Node.block(ofInterface, true)));
        ofClass.add(fixed("static class Base ", Node.block(ofBase, true)));
        ofClass.add(fixed("static class Host extends Base implements D ", Node.block(ofHost, true)));
        return new Program(seed, Node.block(ofClass, true), Map.of(), oneLine);
    }

    private Method method(int number) {
        Kind kind = number == 0 ? Kind.STATIC : choice.of(List.of(Kind.values()));
        List<Ty> parameters = new ArrayList<>();
        if (kind == Kind.GENERIC) {
            return new Method(kind, "m" + number, List.of(Ty.VARIABLE, Ty.array(Ty.VARIABLE)), Ty.VARIABLE);
        }
        for (int i = choice.below(4); i > 0; i--) {
            parameters.add(choice.one(6) ? choice.of(Ty.ARRAYS) : choice.of(Ty.VALUES));
        }
        return new Method(kind, "m" + number, parameters, choice.of(Ty.RESULTS));
    }

    private Node start(Method first) {
        List<Object> parts = new ArrayList<>();
        String trace =
                "static {0}Trace t; static Host h; static int g; public static Coroutine<?> start({0}Trace trace)"
                        + " throws Exception { t = trace; h = new Host(); g = 1; return m0(3";
        parts.add(new Forms(trace.replace("{0}", "Plain"), trace.replace("{0}", "Woven")));
        for (Ty parameter : first.parameters) {
            parts.add(", ");
            parts.add(expressions.literal(parameter, new Scope()));
        }
        parts.add("); }");
        return fixed(parts.toArray());
    }

    private Node body(Method method, List<Method> methods, String modifiers, String owner) {
        Scope scope = new Scope();
        scope.returns = method.result;
        scope.hasField = owner.equals("Base") || owner.equals("Host");
        for (Method callee : methods) {
            addCallable(scope, callee, method.name, owner);
        }
        List<String> names = new ArrayList<>();
        for (Ty parameter : method.parameters) {
            String name = choice.name("a");
            names.add(name);
            scope.add(name, parameter, true, false);
        }
        return declarations.method(modifiers, owner, method.name, method.parameters, names, method.result, scope, 3, 8);
    }

    private void addCallable(Scope scope, Method callee, String caller, String owner) {
        String arguments = callee.name + "(d - 1";
        switch (callee.kind) {
            case STATIC -> add(scope, arguments, callee);
            case GENERIC -> {
                String prefix = "C" + Long.toUnsignedString(seed) + ".<";
                for (Ty type : List.of(Ty.STRING, Ty.INTEGER, Ty.OBJECT)) {
                    scope.callables.add(
                            new Callable(prefix + type.name() + ">" + arguments, List.of(type, type, type), type));
                }
            }
            case INSTANCE -> add(scope, "h." + arguments, callee);
            case OVERRIDDEN -> {
                add(scope, "h." + arguments, callee);
                if (owner.equals("Host")) {
                    add(scope, (caller.equals(callee.name) ? "super." : "this.") + arguments, callee);
                }
            }
            case DEFAULT -> add(scope, "h." + arguments, callee);
            case PRIVATE_DEFAULT -> {
                if (owner.equals("D")) {
                    add(scope, "((D) h)." + arguments, callee);
                }
            }
            case STATIC_IN_INTERFACE -> add(scope, "D." + arguments, callee);
        }
    }

    private static void add(Scope scope, String prefix, Method callee) {
        scope.callables.add(new Callable(prefix, callee.parameters, callee.result));
    }
}
