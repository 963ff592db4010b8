package io.samovar.tests.coroutine.fuzz;

import io.samovar.tests.coroutine.fuzz.Node.Form;
import java.util.Locale;
import java.util.Map;

/**
 * One generated program.
 *
 * @param seed what it was made from
 * @param root the members of its class
 * @param edits what the shrinker has put in place of nodes
 * @param oneLine whether all of it stands on one line, so that line numbers tell nothing apart
 */
record Program(long seed, Node root, Map<Node, Node> edits, boolean oneLine) {
    String className() {
        return "C" + Long.toUnsignedString(seed);
    }

    String qualifiedName(Form form) {
        return packageName(form) + '.' + className();
    }

    private static String packageName(Form form) {
        return form.name().toLowerCase(Locale.ROOT);
    }

    String source(Form form) {
        StringBuilder source = new StringBuilder();
        source.append("package ").append(packageName(form)).append(";\n");
        String support = "io.samovar.tests.coroutine.fuzz.support.";
        if (form == Form.PLAIN) {
            source.append("import static " + support + "Plain.Async.await;\n");
            source.append("import " + support + "Plain.Async;\n");
            source.append("import " + support + "Plain.Coroutine;\n");
            source.append("import " + support + "Plain.Fn;\n");
            source.append("import " + support + "Plain.PlainTrace;\n");
        } else {
            source.append("import static io.samovar.Async.await;\n");
            source.append("import io.samovar.Async;\n");
            source.append("import io.samovar.Coroutine;\n");
            source.append("import " + support + "Woven.Fn;\n");
            source.append("import " + support + "Woven.WovenTrace;\n");
        }
        source.append("import " + support + "*;\n");
        source.append("import " + support + "Values.*;\n");
        source.append("public class ").append(className()).append(' ');
        root.print(source, form, edits, oneLine ? "" : "\n");
        return source.append('\n').toString();
    }
}
