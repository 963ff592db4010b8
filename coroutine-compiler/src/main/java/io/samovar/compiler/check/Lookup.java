package io.samovar.compiler.check;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/**
 * What javac knows of the trees, in the checks' words. Classes are compared by name: in a build of several modules one name may
 * stand for several elements.
 */
final class Lookup {
    static final String ASYNC = "io.samovar.Async";
    static final String AWAITABLE = "io.samovar.Awaitable";
    static final String COROUTINE = "io.samovar.Coroutine";

    /** What there is an {@code await} for. */
    private static final List<String> AWAITED =
            List.of(AWAITABLE, "java.util.concurrent.CompletionStage", "io.netty.util.concurrent.Future");

    final Trees trees;
    final Types types;
    final Elements elements;
    private final FunctionTypes functions;
    private final Map<TypeElement, Set<TypeElement>> lineages = new HashMap<>();
    /** javac makes a new string each time. */
    private final Map<TypeElement, String> names = new HashMap<>();

    Lookup(Trees trees, Types types, Elements elements) {
        this.trees = trees;
        this.types = types;
        this.elements = elements;
        this.functions = new FunctionTypes(types, elements);
    }

    /** The method that a lambda or a method reference implements, or {@code null} in code that does not compile. */
    @Nullable
    Function functionOf(TreePath functional) {
        return functions.of(trees.getTypeMirror(functional));
    }

    /** The method of a functional interface, or {@code null} if it is none. */
    @Nullable
    Function functionOf(TypeElement type) {
        return functions.of(type.asType());
    }

    /** As {@code java.util.Map.Entry}; empty if it has no name. */
    String qualifiedName(TypeElement type) {
        String name = names.get(type);
        if (name == null) {
            name = type.getQualifiedName().toString();
            names.put(type, name);
        }
        return name;
    }

    /** The class that declares the method; a method has one always. */
    static TypeElement ownerOf(ExecutableElement method) {
        return (TypeElement) Objects.requireNonNull(method.getEnclosingElement());
    }

    static boolean isAwait(@Nullable Element element) {
        return element instanceof ExecutableElement
                && element.getSimpleName().contentEquals("await")
                && element.getEnclosingElement() instanceof TypeElement owner
                && owner.getQualifiedName().contentEquals(ASYNC);
    }

    /** Whether this calls await. Most calls are told by their name, without looking up what they call. */
    static boolean isAwaitCall(Trees trees, TreePath path) {
        if (!(path.getLeaf() instanceof MethodInvocationTree call)) {
            return false;
        }
        Name name = CallNames.nameOf(call);
        return name != null && name.contentEquals("await") && isAwait(trees.getElement(path));
    }

    /** Whether a method with this return type is made a coroutine: it must be Coroutine itself. */
    boolean isCoroutine(@Nullable TypeMirror type) {
        return type instanceof DeclaredType declared
                && declared.asElement() instanceof TypeElement element
                && qualifiedName(element).equals(COROUTINE);
    }

    /** Whether the innermost method or lambda around is a coroutine. */
    boolean isInCoroutine(TreePath path) {
        for (TreePath around = path.getParentPath(); around != null; around = around.getParentPath()) {
            Tree tree = around.getLeaf();
            if (tree instanceof LambdaExpressionTree) {
                return isCoroutineLambda(around);
            }
            if (tree instanceof MethodTree) {
                return trees.getElement(around) instanceof ExecutableElement method
                        && isCoroutine(method.getReturnType());
            }
            if (tree instanceof ClassTree) {
                return false;
            }
        }
        return false;
    }

    /** Whether javac makes a method of the lambda that returns Coroutine; a type variable becomes its bound there. */
    boolean isCoroutineLambda(TreePath lambda) {
        Function function = functionOf(lambda);
        return function != null && isCoroutine(types.erasure(function.type().getReturnType()));
    }

    /** Whether values of this type are of the class with this name. */
    boolean isA(@Nullable TypeMirror type, String name) {
        if (type != null) {
            for (TypeElement above : lineage(type)) {
                if (qualifiedName(above).equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether values of this type can be awaited. */
    boolean isAwaited(@Nullable TypeMirror type) {
        return AWAITED.stream().anyMatch(name -> isA(type, name));
    }

    /** The classes and interfaces that values of this type are of, the nearest first. */
    Set<TypeElement> lineage(TypeMirror type) {
        if (type instanceof DeclaredType declared) {
            return declared.asElement() instanceof TypeElement element ? lineage(element) : Set.of();
        }
        if (type instanceof TypeVariable variable) {
            return lineage(variable.getUpperBound());
        }
        if (type instanceof WildcardType wildcard) {
            return wildcard.getExtendsBound() == null ? Set.of() : lineage(wildcard.getExtendsBound());
        }
        if (type instanceof IntersectionType intersection) {
            Set<TypeElement> all = new LinkedHashSet<>();
            addLineages(intersection.getBounds(), all);
            return all;
        }
        return Set.of();
    }

    Set<TypeElement> lineage(TypeElement element) {
        Set<TypeElement> known = lineages.get(element);
        if (known == null) {
            known = new LinkedHashSet<>();
            known.add(element);
            known.addAll(lineage(element.getSuperclass()));
            addLineages(element.getInterfaces(), known);
            lineages.put(element, known);
        }
        return known;
    }

    private void addLineages(List<? extends TypeMirror> types, Set<TypeElement> all) {
        for (TypeMirror type : types) {
            all.addAll(lineage(type));
        }
    }
}
