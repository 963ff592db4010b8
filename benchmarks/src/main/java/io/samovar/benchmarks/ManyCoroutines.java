package io.samovar.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes {@value #METHODS} distinct coroutines, in Java and the same in Kotlin, for the cold start and for the cost of compiling.
 *
 * <p>The build runs this file by itself, before anything is compiled, so it uses nothing but the JDK.
 */
public final class ManyCoroutines {
    /** Coroutines that are called. Each class has one more, which calls the others of the class. */
    public static final int METHODS = 500;

    private static final int METHODS_A_CLASS = 10;
    static final int CLASSES = METHODS / METHODS_A_CLASS;

    private ManyCoroutines() {}

    /** Writes the sources below {@code args[0]}, in {@code java} and {@code kotlin}. */
    public static void main(String[] args) throws IOException {
        writeJava(Path.of(args[0], "java"));
        writeKotlin(Path.of(args[0], "kotlin"));
    }

    /** Writes the Java sources. */
    static void writeJava(Path root) throws IOException {
        Path directory = Files.createDirectories(root.resolve("io/samovar/benchmarks/generated"));
        StringBuilder all = new StringBuilder();
        for (int number = 0; number < CLASSES; number++) {
            StringBuilder calls = new StringBuilder();
            StringBuilder methods = new StringBuilder();
            for (int method = 0; method < METHODS_A_CLASS; method++) {
                calls.append("        sum += await(m")
                        .append(method)
                        .append("(of, ")
                        .append(method)
                        .append("));\n");
                methods.append(javaMethod(method, number));
            }
            Files.writeString(
                    directory.resolve("Group" + number + ".java"), """
                    package io.samovar.benchmarks.generated;

                    import static io.samovar.Async.await;

                    import io.samovar.Awaitable;
                    import io.samovar.Coroutine;

                    final class Group%d {
                        private Group%d() {}

                        static Coroutine<Long> all(Awaitable<Integer> of) {
                            long sum = 0;
                    %s        return Coroutine.of(sum);
                        }
                    %s}
                    """.formatted(number, number, calls, methods));
            all.append("        sum += await(Group").append(number).append(".all(of));\n");
        }
        Files.writeString(directory.resolve("JavaCoroutines.java"), """
                package io.samovar.benchmarks.generated;

                import static io.samovar.Async.await;

                import io.samovar.Awaitable;
                import io.samovar.Coroutine;

                public final class JavaCoroutines {
                    private JavaCoroutines() {}

                    public static Coroutine<Long> all(Awaitable<Integer> of) {
                        long sum = 0;
                %s        return Coroutine.of(sum);
                    }
                }
                """.formatted(all));
    }

    private static void writeKotlin(Path root) throws IOException {
        Path directory = Files.createDirectories(root.resolve("io/samovar/benchmarks/generated"));
        StringBuilder all = new StringBuilder();
        for (int number = 0; number < CLASSES; number++) {
            StringBuilder calls = new StringBuilder();
            StringBuilder methods = new StringBuilder();
            for (int method = 0; method < METHODS_A_CLASS; method++) {
                calls.append("        sum += m")
                        .append(method)
                        .append("(of, ")
                        .append(method)
                        .append(")\n");
                methods.append(kotlinMethod(method, number));
            }
            Files.writeString(directory.resolve("KotlinGroup" + number + ".kt"), """
                    package io.samovar.benchmarks.generated

                    import kotlinx.coroutines.Deferred

                    internal object KotlinGroup%d {
                        suspend fun all(of: Deferred<Int>): Long {
                            var sum = 0L
                    %s        return sum
                        }
                    %s}
                    """.formatted(number, calls, methods));
            all.append("        sum += KotlinGroup").append(number).append(".all(of)\n");
        }
        Files.writeString(directory.resolve("KotlinCoroutines.kt"), """
                package io.samovar.benchmarks.generated

                import kotlinx.coroutines.Deferred

                object KotlinCoroutines {
                    suspend fun all(of: Deferred<Int>): Long {
                        var sum = 0L
                %s        return sum
                    }
                }
                """.formatted(all));
    }

    /** Five shapes, each with two awaits and values that are live across them. */
    private static String javaMethod(int method, int salt) {
        String body = switch (method % 5) {
            case 0 -> """
                            int first = await(of) + x;
                            return Coroutine.of(first * %d + await(of));
                    """;
            case 1 -> """
                            long sum = x;
                            for (int i = 0; i < 2; i++) {
                                sum += await(of) * %dL;
                            }
                            return Coroutine.of((int) sum);
                    """;
            case 2 -> """
                            String text = "%d";
                            int first = await(of);
                            text = text + first;
                            return Coroutine.of(text.length() + await(of));
                    """;
            case 3 -> """
                            int result = 0;
                            try {
                                result = await(of) + x;
                            } finally {
                                result += %d;
                            }
                            return Coroutine.of(result + await(of));
                    """;
            default -> """
                            double half = x / 2.0;
                            if (x > 2) {
                                half += await(of);
                            }
                            return Coroutine.of((int) (half * %d + await(of)));
                    """;
        };
        return "\n    static Coroutine<Integer> m" + method + "(Awaitable<Integer> of, int x) {\n"
                + body.formatted(salt + 1) + "    }\n";
    }

    private static String kotlinMethod(int method, int salt) {
        String body = switch (method % 5) {
            case 0 -> """
                            val first = of.await() + x
                            return first * %d + of.await()
                    """;
            case 1 -> """
                            var sum = x.toLong()
                            for (i in 0 until 2) {
                                sum += of.await() * %dL
                            }
                            return sum.toInt()
                    """;
            case 2 -> """
                            var text = "%d"
                            val first = of.await()
                            text = text + first
                            return text.length + of.await()
                    """;
            case 3 -> """
                            var result = 0
                            try {
                                result = of.await() + x
                            } finally {
                                result += %d
                            }
                            return result + of.await()
                    """;
            default -> """
                            var half = x / 2.0
                            if (x > 2) {
                                half += of.await()
                            }
                            return (half * %d + of.await()).toInt()
                    """;
        };
        return "\n    suspend fun m" + method + "(of: Deferred<Int>, x: Int): Int {\n" + body.formatted(salt + 1)
                + "    }\n";
    }
}
