package io.samovar.compiler.check;

import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** Finds the method of a functional interface (JLS 9.8, 9.9). */
final class FunctionTypes {
    private final Types types;
    private final Elements elements;

    FunctionTypes(Types types, Elements elements) {
        this.types = types;
        this.elements = elements;
    }

    /** The method, or {@code null} if there is none. javac gives lambdas types without wildcards. */
    @Nullable
    Function of(@Nullable TypeMirror type) {
        if (type instanceof IntersectionType intersection) {
            // as in a cast to (Runnable & Serializable)
            for (TypeMirror bound : intersection.getBounds()) {
                Function function = of(bound);
                if (function != null) {
                    return function;
                }
            }
            return null;
        }
        if (!(type instanceof DeclaredType declared)
                || !(declared.asElement() instanceof TypeElement element)
                || element.getKind() != ElementKind.INTERFACE) {
            return null;
        }
        Function best = null;
        for (Element member : elements.getAllMembers(element)) {
            if (member instanceof ExecutableElement method
                    && method.getModifiers().contains(Modifier.ABSTRACT)
                    && !isObjectsMethod(method)) {
                ExecutableType methodType = (ExecutableType) types.asMemberOf(declared, method);
                // Of two inherited methods that are one for the caller, the one that promises more is the function.
                if (best == null || isNarrower(methodType.getReturnType(), best.result())) {
                    best = new Function(element.getSimpleName() + "." + method.getSimpleName(), method, methodType);
                }
            }
        }
        return best;
    }

    private boolean isNarrower(TypeMirror one, TypeMirror other) {
        return one.getKind() != TypeKind.VOID
                && other.getKind() != TypeKind.VOID
                && types.isSubtype(types.erasure(one), types.erasure(other));
    }

    /** Whether it repeats a public method of Object, as Comparator does with equals. */
    private boolean isObjectsMethod(ExecutableElement method) {
        return elements.getTypeElement("java.lang.Object").getEnclosedElements().stream()
                .anyMatch(member -> member instanceof ExecutableElement objects
                        && objects.getModifiers().contains(Modifier.PUBLIC)
                        && objects.getSimpleName().equals(method.getSimpleName())
                        && types.isSubsignature((ExecutableType) method.asType(), (ExecutableType) objects.asType()));
    }
}
