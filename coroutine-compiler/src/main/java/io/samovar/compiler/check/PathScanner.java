package io.samovar.compiler.check;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Goes through trees, and knows the path to where it is. It is made when it is asked for, while {@code TreePathScanner} makes one for each
 * tree, which takes longer than all that is done with them: few are of interest. Names and literals, which nearly half of all trees
 * are, are not visited.
 */
abstract class PathScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
    /** The trees around the one that is being visited, and that one itself. */
    private Tree[] trees = new Tree[32];
    /** Their paths, where they are known. */
    private @Nullable TreePath[] paths = new TreePath[32];

    private int depth;

    /** Goes through the tree at the end of a path. */
    final void scan(TreePath path) {
        enter(path.getLeaf());
        paths[0] = path;
        path.getLeaf().accept(this, null);
        leave();
    }

    @Override
    public final @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
        if (tree != null && !(tree instanceof IdentifierTree) && !(tree instanceof LiteralTree)) {
            enter(tree);
            tree.accept(this, null);
            leave();
        }
        return null;
    }

    private void enter(Tree tree) {
        if (depth == trees.length) {
            trees = Arrays.copyOf(trees, 2 * depth);
            paths = Arrays.copyOf(paths, 2 * depth);
        }
        trees[depth++] = tree;
    }

    private void leave() {
        paths[--depth] = null;
    }

    /** The path to the tree that is being visited. */
    final TreePath path() {
        int known = depth - 1;
        while (paths[known] == null) {
            known--;
        }
        while (++known < depth) {
            paths[known] = new TreePath(paths[known - 1], trees[known]);
        }
        TreePath path = paths[depth - 1];
        assert path != null : "it has just been made";
        return path;
    }
}
