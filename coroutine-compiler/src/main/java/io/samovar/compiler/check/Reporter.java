package io.samovar.compiler.check;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.Trees;
import javax.tools.Diagnostic;

/** Tells javac of findings: of a call at its method's name, as javac does, and of anything else where it begins. */
final class Reporter {
    private final Trees trees;
    private final CompilationUnitTree unit;

    Reporter(Trees trees, CompilationUnitTree unit) {
        this.trees = trees;
        this.unit = unit;
    }

    void error(Tree tree, Message message, String... fillings) {
        trees.printMessage(Diagnostic.Kind.ERROR, message.with(fillings), place(tree), unit);
    }

    private static Tree place(Tree tree) {
        return tree instanceof MethodInvocationTree call ? call.getMethodSelect() : tree;
    }
}
