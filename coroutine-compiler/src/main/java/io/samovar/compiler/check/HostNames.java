package io.samovar.compiler.check;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.ExecutableElement;

/** Host names that are addresses already, so that no name server is asked. */
final class HostNames {
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9.]*|[0-9a-fA-F:.%\\[\\]]*:[0-9a-fA-F:.%\\[\\]]*|localhost");
    private static final Set<String> RESOLVERS = Set.of("java.net.InetAddress", "java.net.InetSocketAddress");

    private HostNames() {}

    /** Whether the call could look a name up, and does not: it gets an address, written there or as an object. */
    static boolean isAddressOnly(Tree call, ExecutableElement method) {
        if (!RESOLVERS.contains(Lookup.ownerOf(method).getQualifiedName().toString())) {
            return false;
        }
        if (call instanceof NewClassTree creation) {
            boolean takesName =
                    method.getParameters().get(0).asType().toString().equals("java.lang.String");
            return !takesName || startsWithAddress(creation.getArguments());
        }
        return call instanceof MethodInvocationTree invocation && startsWithAddress(invocation.getArguments());
    }

    private static boolean startsWithAddress(List<? extends ExpressionTree> arguments) {
        return !arguments.isEmpty()
                && arguments.get(0) instanceof LiteralTree literal
                && literal.getValue() instanceof String text
                && ADDRESS.matcher(text).matches();
    }
}
