package io.samovar.tests.coroutine.fuzz;

import static io.samovar.tests.coroutine.fuzz.Node.fixed;
import static io.samovar.tests.coroutine.fuzz.Node.statement;

import io.samovar.tests.coroutine.fuzz.Node.Forms;
import io.samovar.tests.coroutine.fuzz.Scope.Callable;
import java.util.ArrayList;
import java.util.List;

/** Makes lambdas, anonymous classes and local classes that are coroutines, and methods. */
final class Declarations {
    private final Choice choice;
    private final Expressions expressions;
    private final Statements statements;

    Declarations(Choice choice, Expressions expressions, Statements statements) {
        this.choice = choice;
        this.expressions = expressions;
        this.statements = statements;
    }

    /** A lambda or an anonymous class, and a variable that holds it. */
    Node function(Scope scope, int depth) {
        Ty argument = choice.of(List.of(Ty.INT, Ty.STRING, Ty.LONG, Ty.PAIR));
        Ty result = choice.of(Ty.RESULTS);
        String name = choice.name("fn");
        String type = "Fn<" + argument.boxed() + ", " + result.boxed() + ">";
        String parameter = choice.name("p");
        Scope inside = scope.body(result);
        inside.add(parameter, argument, false, true);
        Node body = statements.body(inside, statements.guard(result, inside), depth, 3);
        scope.callables.add(new Callable(name + ".call(", List.of(argument), result));
        String lazy = "return Coroutine.<" + result.boxed() + ">lazy((java.util.concurrent.Callable<" + result.boxed()
                + ">) () -> ";
        if (choice.one(3)) {
            return statement(
                    type + " " + name + " = new " + type + "() { public Coroutine<" + result.boxed() + "> call(final "
                            + argument.boxed() + " " + parameter + ") throws Exception ",
                    new Forms("{ " + lazy, ""),
                    body,
                    new Forms("); }", ""),
                    " };");
        }
        return statement(
                type + " " + name + " = (final " + argument.boxed() + " " + parameter + ") -> ",
                new Forms("{ " + lazy, ""),
                body,
                new Forms("); }", ""),
                ";");
    }

    /** A local class that captures, with a constructor argument and one method. */
    Node localClass(Scope scope, int depth) {
        Ty field = choice.of(List.of(Ty.INT, Ty.STRING, Ty.LONG));
        Ty parameter = choice.of(Ty.VALUES);
        Ty result = choice.of(Ty.RESULTS);
        String name = choice.name("Local");
        String instance = choice.name("l");
        String argument = choice.name("p");
        String held = choice.name("q");
        Scope inside = scope.body(result);
        inside.hasField = false;
        inside.add(held, field, false, true);
        inside.add(argument, parameter, true, false);
        Node method = method("", name, "go", List.of(parameter), List.of(argument), result, inside, depth, 3);
        Scope arguments = scope.child();
        arguments.constructing++;
        Node made = expressions.assignable(field, arguments, 2);
        scope.callables.add(new Callable(instance + ".go(d - 1", List.of(parameter), result));
        return statement(
                "class " + name + " { final " + field.name() + " " + held + "; " + name + "(" + field.name() + " z) { "
                        + held + " = z; } ",
                method,
                " } final " + name + " " + instance + " = new " + name + "(",
                made,
                ");");
    }

    /** A coroutine method: in the plain form a stub, and the body as a method of its own. */
    Node method(
            String modifiers,
            String owner,
            String name,
            List<Ty> types,
            List<String> names,
            Ty result,
            Scope inside,
            int depth,
            int size) {
        StringBuilder parameters = new StringBuilder("(final int d");
        StringBuilder arguments = new StringBuilder("(d");
        for (int i = 0; i < types.size(); i++) {
            boolean last = i == types.size() - 1;
            boolean several = last && types.get(i).isArray() && modifiers.contains("<T>");
            String type = types.get(i).name();
            parameters
                    .append(", ")
                    .append(several ? type.substring(0, type.length() - 2) + "..." : type)
                    .append(' ')
                    .append(names.get(i));
            arguments.append(", ").append(names.get(i));
        }
        parameters.append(") throws Exception ");
        arguments.append(")");
        String coroutine = modifiers + "Coroutine<" + result.boxed() + "> " + name + parameters;
        String hidden = name + "$" + owner;
        // The stub's own parameters are never assigned, so the lambda may use them.
        String stub = coroutine + "{ return Coroutine.<" + result.boxed() + ">lazy(() -> " + hidden + arguments
                + "); } " + modifiers.replace("@Override ", "") + result.boxed() + " " + hidden + parameters;
        List<Object> parts = new ArrayList<>();
        parts.add(new Forms(stub, coroutine));
        parts.add(statements.body(inside, statements.guard(result, inside), depth, size));
        return fixed(parts.toArray());
    }
}
