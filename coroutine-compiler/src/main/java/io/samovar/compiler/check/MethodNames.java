package io.samovar.compiler.check;

import java.util.List;

/** Methods by name: {@code name}, {@code name/2} with two parameters, {@code name*} for those that begin so. */
record MethodNames(List<String> patterns) {
    boolean contain(String method, int parameters) {
        String exact = method + '/' + parameters;
        for (String pattern : patterns) {
            if (pattern.endsWith("*")
                    ? method.startsWith(pattern.substring(0, pattern.length() - 1))
                    : pattern.equals(method) || pattern.equals(exact)) {
                return true;
            }
        }
        return false;
    }

    boolean containAll() {
        return patterns.contains("*");
    }
}
