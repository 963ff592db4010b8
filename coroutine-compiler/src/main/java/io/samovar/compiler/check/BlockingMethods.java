package io.samovar.compiler.check;

import java.util.LinkedHashSet;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Tells whether a method blocks, by the table and by the user's options. */
final class BlockingMethods {
    private final Lookup lookup;
    private final CheckOptions options;

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
            String typeName = type.getQualifiedName().toString();
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
        if (method.getKind() == ElementKind.CONSTRUCTOR || method.getModifiers().contains(Modifier.STATIC)) {
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
        String typeName = type.getQualifiedName().toString();
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
