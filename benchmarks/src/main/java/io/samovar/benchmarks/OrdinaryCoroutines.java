package io.samovar.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes {@value #METHODS} distinct coroutines as a server has them, some twenty-five lines with three awaits each, for the cost of
 * compiling. Those of {@link ManyCoroutines} are next to nothing but awaits.
 */
final class OrdinaryCoroutines {
    static final int METHODS = 500;

    private static final int METHODS_A_CLASS = 10;

    private OrdinaryCoroutines() {}

    static void writeJava(Path root) throws IOException {
        Path directory = Files.createDirectories(root.resolve("io/samovar/benchmarks/generated"));
        for (int number = 0; number < METHODS / METHODS_A_CLASS; number++) {
            StringBuilder methods = new StringBuilder();
            for (int method = 0; method < METHODS_A_CLASS; method++) {
                methods.append(method(method, number));
            }
            Files.writeString(directory.resolve("Shop" + number + ".java"), """
                    package io.samovar.benchmarks.generated;

                    import static io.samovar.Async.await;

                    import io.samovar.Awaitable;
                    import io.samovar.Coroutine;
                    import java.util.ArrayList;
                    import java.util.Collections;
                    import java.util.List;
                    import java.util.Map;
                    import java.util.function.Consumer;
                    import java.util.function.Function;

                    final class Shop%d {
                        private final Map<String, Integer> prices;
                        private final Consumer<String> log;

                        Shop%d(Map<String, Integer> prices, Consumer<String> log) {
                            this.prices = prices;
                            this.log = log;
                        }
                    %s}
                    """.formatted(number, number, methods));
        }
    }

    private static String method(int method, int salt) {
        return """

                    Coroutine<Long> serve%d(Awaitable<String> lines, Function<String, Awaitable<String>> store) {
                        long total = 0;
                        int refused = 0;
                        List<String> pending = new ArrayList<>();
                        for (String line; (line = await(lines)) != null && pending.size() < %d; ) {
                            int space = line.indexOf(' ');
                            if (space < 0) {
                                refused++;
                                log.accept("no amount in " + line);
                                continue;
                            }
                            String kind = line.substring(0, space).trim();
                            try {
                                int amount = Integer.parseInt(line.substring(space + 1));
                                total += (long) amount * prices.getOrDefault(kind, %d);
                                pending.add(kind + amount);
                            } catch (NumberFormatException wrong) {
                                refused++;
                                log.accept(await(store.apply(kind)) + " was refused: " + wrong.getMessage());
                            }
                        }
                        Collections.sort(pending);
                        for (String order : pending) {
                            log.accept(await(store.apply(order)));
                        }
                        return Coroutine.of(total - refused * %dL);
                    }
                """.formatted(method, 100 + salt, salt + 1, method + 1);
    }
}
