package io.samovar.compiler.check;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import org.jspecify.annotations.Nullable;

/**
 * Local variables that get a coroutine and are never read. Every mention counts as reading, one in a lambda or a local class too,
 * except as the target of an assignment.
 */
final class UnusedCoroutines extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Trees trees;
    private final Coroutines coroutines;
    private final Reporter reporter;

    private final Map<Element, VariableTree> locals = new LinkedHashMap<>();
    private final Set<Element> holders = new HashSet<>();
    private final Set<Element> read = new HashSet<>();

    UnusedCoroutines(Trees trees, Coroutines coroutines, Reporter reporter) {
        this.trees = trees;
        this.coroutines = coroutines;
        this.reporter = reporter;
    }

    void check(TreePath type) {
        scan(type, null);
        locals.forEach((element, variable) -> {
            if (holders.contains(element) && !read.contains(element)) {
                reporter.error(
                        variable, Message.UNUSED_COROUTINE, variable.getName().toString());
            }
        });
    }

    @Override
    public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
        Element element = trees.getElement(getCurrentPath());
        // A resource is used by being closed, and the variable of a loop over a collection has no initialiser.
        if (element != null && element.getKind() == ElementKind.LOCAL_VARIABLE && !isUnusedOnPurpose(variable)) {
            locals.put(element, variable);
            note(element, getCurrentPath(), variable.getInitializer());
        }
        return super.visitVariable(variable, null);
    }

    @Override
    public @Nullable Void visitAssignment(AssignmentTree assignment, @Nullable Void nothing) {
        if (!(assignment.getVariable() instanceof IdentifierTree)) {
            return super.visitAssignment(assignment, null);
        }
        if (getCurrentPath().getParentPath().getLeaf() instanceof ExpressionStatementTree) {
            Element target = trees.getElement(new TreePath(getCurrentPath(), assignment.getVariable()));
            note(target, getCurrentPath(), assignment.getExpression());
        }
        return scan(assignment.getExpression(), null);
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree identifier, @Nullable Void nothing) {
        Element element = trees.getElement(getCurrentPath());
        if (element != null) {
            read.add(element);
        }
        return super.visitIdentifier(identifier, null);
    }

    private void note(Element variable, TreePath around, @Nullable ExpressionTree value) {
        if (value != null && coroutines.isMadeBy(new TreePath(around, value))) {
            holders.add(variable);
        }
    }

    /** By Error Prone's custom, or by the unnamed variable of newer Java. */
    private static boolean isUnusedOnPurpose(VariableTree variable) {
        String name = variable.getName().toString();
        return name.isEmpty() || name.equals("_") || name.startsWith("unused");
    }
}
