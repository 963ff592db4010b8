package io.samovar.compiler.check;

import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * The one method of a functional interface.
 *
 * @param name as in {@code Runnable.run}
 * @param method as it is declared
 * @param type as it is in the interface with its type arguments
 */
record Function(String name, ExecutableElement method, ExecutableType type) {
    TypeMirror result() {
        return type.getReturnType();
    }

    boolean returnsNothing() {
        return type.getReturnType().getKind() == TypeKind.VOID;
    }
}
