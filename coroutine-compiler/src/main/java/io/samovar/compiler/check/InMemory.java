package io.samovar.compiler.check;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.HashMap;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * Streams that only work in memory: by their class, or because they are made around one that does, as in {@code new
 * BufferedReader(new StringReader(text))}, also where that is the initialiser of a variable.
 */
final class InMemory {
    /** How far it is looked for: through variables and constructors. */
    private static final int MAX_STEPS = 8;

    private final Lookup lookup;
    private final Map<Element, TreePath> initialisers = new HashMap<>();

    InMemory(Lookup lookup) {
        this.lookup = lookup;
    }

    /** Whether what a variable begins with is worth keeping. */
    static boolean mayBe(@Nullable ExpressionTree initialiser) {
        return initialiser != null && !(initialiser instanceof LiteralTree);
    }

    /** Keeps what the variable begins with. */
    void note(TreePath path, VariableTree variable) {
        Element element = lookup.trees.getElement(path);
        if (element != null) {
            initialisers.put(element, new TreePath(path, variable.getInitializer()));
        }
    }

    boolean is(TreePath expression) {
        return is(expression, MAX_STEPS);
    }

    private boolean is(@Nullable TreePath expression, int steps) {
        if (expression == null || steps == 0) {
            return false;
        }
        TypeMirror type = lookup.trees.getTypeMirror(expression);
        if (type != null && isInMemory(type)) {
            return true;
        }
        Tree tree = expression.getLeaf();
        if (tree instanceof ParenthesizedTree inner) {
            return is(new TreePath(expression, inner.getExpression()), steps - 1);
        }
        if (tree instanceof IdentifierTree) {
            return is(initialisers.get(lookup.trees.getElement(expression)), steps - 1);
        }
        if (tree instanceof NewClassTree creation && !creation.getArguments().isEmpty()) {
            ExpressionTree source = creation.getArguments().get(0);
            TreePath path = new TreePath(expression, source);
            return is(path, steps - 1)
                    // a Scanner reads the string itself, everything else takes it for a file's name
                    || (lookup.isA(type, "java.util.Scanner")
                            && lookup.isA(lookup.trees.getTypeMirror(path), "java.lang.String"));
        }
        return false;
    }

    private boolean isInMemory(TypeMirror type) {
        for (TypeElement above : lookup.lineage(type)) {
            if (BlockingTable.isInMemory(lookup.qualifiedName(above))) {
                return true;
            }
        }
        return false;
    }
}
