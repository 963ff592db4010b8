package io.samovar.compiler.check;

import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.Tree;
import java.util.regex.Pattern;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeMirror;

/** Types as a reader of the message would write them. */
final class TypeNames {
    private static final Pattern ANNOTATION = Pattern.compile("@[\\w.]+(\\([^)]*\\))?\\s*");
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z_][\\w]*\\.)+(?=[A-Z])");

    private TypeNames() {}

    static String simple(TypeMirror type) {
        return PACKAGE.matcher(plain(type.toString())).replaceAll("").replace(",", ", ");
    }

    /** What the method should return to be a coroutine of what it returns now. */
    static String asCoroutine(Tree returned, ExecutableElement method, Lookup lookup) {
        boolean awaited = lookup.isAwaited(method.getReturnType());
        String result;
        if (returned instanceof PrimitiveTypeTree primitive) {
            result = switch (primitive.getPrimitiveTypeKind()) {
                case VOID -> "Void";
                case INT -> "Integer";
                case CHAR -> "Character";
                default -> {
                    String name = primitive.toString();
                    yield Character.toUpperCase(name.charAt(0)) + name.substring(1);
                }
            };
        } else if (!awaited) {
            result = plain(returned.toString());
        } else if (returned instanceof ParameterizedTypeTree generic
                && generic.getTypeArguments().size() == 1) {
            result = plain(generic.getTypeArguments().get(0).toString());
        } else {
            result = "...";
        }
        return "Coroutine<" + (result.startsWith("?") ? "..." : result) + ">";
    }

    private static String plain(String type) {
        return ANNOTATION.matcher(type).replaceAll("");
    }
}
