package io.samovar.compiler.check;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.List;
import javax.lang.model.element.Element;
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

    /** A finding that can be silenced by its key, which is the name of its option too. */
    void finding(CheckOptions.Level level, String key, TreePath path, Message message, String... fillings) {
        if (!isSilenced(key, path)) {
            Diagnostic.Kind kind = level == CheckOptions.Level.ERROR ? Diagnostic.Kind.ERROR : Diagnostic.Kind.WARNING;
            trees.printMessage(kind, '[' + key + "] " + message.with(fillings), place(path.getLeaf()), unit);
        }
    }

    private static Tree place(Tree tree) {
        return tree instanceof MethodInvocationTree call ? call.getMethodSelect() : tree;
    }

    /** Whether a declaration around it has {@code @SuppressWarnings} with this key, or with "all". */
    private boolean isSilenced(String key, TreePath path) {
        for (TreePath around = path; around != null; around = around.getParentPath()) {
            Tree tree = around.getLeaf();
            if (tree instanceof VariableTree || tree instanceof MethodTree || tree instanceof ClassTree) {
                Element element = trees.getElement(around);
                SuppressWarnings silenced = element == null ? null : element.getAnnotation(SuppressWarnings.class);
                if (silenced != null) {
                    List<String> keys = List.of(silenced.value());
                    if (keys.contains(key) || keys.contains("all")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
