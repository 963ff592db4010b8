package io.samovar.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A misspelt name in the table would never match anything. */
class BlockingTableTest {
    /** Classes and methods that only newer versions of Java have. */
    private static final List<String> NEWER = List.of(
            "java.util.concurrent.StructuredTaskScope: join*",
            "java.util.concurrent.ExecutorService: close",
            "java.net.http.HttpClient: awaitTermination",
            "java.net.http.HttpClient: close");

    @Test
    void everyNameInTheTableIsThatOfAMethod() {
        assertThat(BlockingTable.names()).hasSizeGreaterThan(150);
        assertThat(BlockingTable.names())
                .filteredOn(name -> !NEWER.contains(name) && !isThere(name))
                .isEmpty();
    }

    private static boolean isThere(String name) {
        String[] parts = name.split(": ", 2);
        try {
            Class<?> type = Class.forName(parts[0], false, BlockingTableTest.class.getClassLoader());
            MethodNames names = new MethodNames(List.of(parts[1]));
            return Stream.concat(
                            Stream.of(type.getConstructors())
                                    .map(constructor -> names.contain("new", constructor.getParameterCount())),
                            Arrays.stream(type.getMethods()).map(method -> isOneOf(method, names)))
                    .anyMatch(matches -> matches);
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    private static boolean isOneOf(Method method, MethodNames names) {
        return names.contain(method.getName(), method.getParameterCount());
    }
}
