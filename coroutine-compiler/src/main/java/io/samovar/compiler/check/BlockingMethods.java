package io.samovar.compiler.check;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Tells whether a method blocks, by the table and by the user's options. */
final class BlockingMethods {
    private final Lookup lookup;
    private final CheckOptions options;
    /** What is known of methods, by the class that they were called on. */
    private final Map<Element, Map<ExecutableElement, Optional<BlockingTable.Kind>>> known = new HashMap<>();

    BlockingMethods(Lookup lookup, CheckOptions options) {
        this.lookup = lookup;
        this.options = options;
    }

    /** Whether a method of this name may be one of them. Most calls are told by that, without looking up what they call. */
    boolean mayBlock(String method) {
        return !options.also().isEmpty() || BlockingTable.hasName(method);
    }

    /**
     * How the method blocks, or {@code null} if it does not as far as is known.
     *
     * @param receiver the static type of what it is called on, whose class may be more telling than the method's
     */
    BlockingTable.@Nullable Kind kindOf(ExecutableElement method, TypeMirror receiver) {
        Element calledOn;
        if (isConstructorOrStatic(method)) {
            calledOn = Lookup.ownerOf(method);
        } else if (receiver instanceof DeclaredType declared) {
            calledOn = declared.asElement();
        } else {
            return find(method, receiver);
        }
        Map<ExecutableElement, Optional<BlockingTable.Kind>> methods = known.get(calledOn);
        if (methods == null) {
            methods = new HashMap<>();
            known.put(calledOn, methods);
        }
        Optional<BlockingTable.Kind> kind = methods.get(method);
        if (kind == null) {
            kind = Optional.ofNullable(find(method, receiver));
            methods.put(method, kind);
        }
        return kind.orElse(null);
    }

    private static boolean isConstructorOrStatic(ExecutableElement method) {
        return method.getKind() == ElementKind.CONSTRUCTOR
                || method.getModifiers().contains(Modifier.STATIC);
    }

    private BlockingTable.@Nullable Kind find(ExecutableElement method, TypeMirror receiver) {
        String name = method.getKind() == ElementKind.CONSTRUCTOR
                ? "new"
                : method.getSimpleName().toString();
        int parameters = method.getParameters().size();
        Set<TypeElement> classes = classesOf(method, receiver);
        for (TypeElement type : classes) {
            if (isLeftOut(type, name, parameters)) {
                return null;
            }
        }
        for (TypeElement type : classes) {
            String typeName = lookup.qualifiedName(type);
            for (BlockingTable.Entry entry : BlockingTable.of(typeName)) {
                if (entry.methods().contain(name, parameters) && isOf(type, method, receiver)) {
                    return entry.kind();
                }
            }
            if (options.also().contains(typeName + "." + name)
                    || (options.also().contains(typeName) && !name.equals("new") && isOf(type, method, receiver))) {
                return BlockingTable.Kind.CALL;
            }
        }
        return null;
    }

    /** The classes whose entries in the table may mean the method. */
    private Set<TypeElement> classesOf(ExecutableElement method, TypeMirror receiver) {
        TypeElement owner = Lookup.ownerOf(method);
        if (isConstructorOrStatic(method)) {
            return Set.of(owner);
        }
        Set<TypeElement> above = lookup.lineage(receiver);
        if (above.contains(owner)) {
            return above;
        }
        Set<TypeElement> classes = new LinkedHashSet<>(above);
        classes.addAll(lookup.lineage(owner));
        return classes;
    }

    private boolean isLeftOut(TypeElement type, String name, int parameters) {
        String typeName = lookup.qualifiedName(type);
        return BlockingTable.isQuick(typeName, name, parameters)
                || options.allow().contains(typeName)
                || options.allow().contains(typeName + "." + name);
    }

    /** Whether it is a method of the class, or overrides one. */
    private boolean isOf(TypeElement type, ExecutableElement method, TypeMirror receiver) {
        if (Lookup.ownerOf(method).equals(type)) {
            return true;
        }
        TypeElement origin = lookup.lineage(receiver).stream().findFirst().orElse(Lookup.ownerOf(method));
        return type.getEnclosedElements().stream()
                .anyMatch(member -> member instanceof ExecutableElement above
                        && above.getSimpleName().equals(method.getSimpleName())
                        && lookup.elements.overrides(method, above, origin));
    }
}
