package io.samovar.tests.coroutine;

import static io.samovar.Async.await;

import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Code that is hard to turn into state machines. Every {@link #give} waits for real, or does not, as the test wants. */
@SuppressWarnings({"unused", "UnusedVariable", "ReturnValueIgnored"})
class HardCases {
    /** Whether {@link #give} suspends. */
    final boolean waits;

    final List<String> log = new ArrayList<>();

    HardCases(boolean waits) {
        this.waits = waits;
    }

    <V> Coroutine<V> give(V value) {
        return waits ? giveLater(value) : Coroutine.of(value);
    }

    private <V> Coroutine<V> giveLater(V value) {
        await(Async.sleep(Duration.ZERO));
        return Coroutine.of(value);
    }

    private Coroutine<String> fail() {
        await(give(0));
        throw new IllegalStateException("boom");
    }

    Coroutine<Integer> localsOfEveryKind(
            int a, long b, double c, float d, boolean e, char f, byte g, short h, String s) {
        int sum = await(give(a));
        long wide = b;
        double real = c;
        boolean flag = e;
        sum += (int) await(give(b)).longValue();
        sum += (int) (wide + real + d + f + g + h) + (flag ? 1 : 0) + s.length();
        return Coroutine.of(sum + await(give(1)));
    }

    Coroutine<String> valuesOnTheStack() {
        return Coroutine.of("a" + await(give("b")) + 1L + await(give(2)) + 'c' + await(give(3.5)));
    }

    Coroutine<Integer> arrayCompoundAssignment(int[] array) {
        array[await(give(1))] += await(give(5)) * array[await(give(0))];
        return Coroutine.of(array[1]++ + array[1]);
    }

    record Triple(int a, String b, long c) {}

    record Named(String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    Coroutine<Triple> constructionAcrossAwaits(boolean choose) {
        return Coroutine.of(new Triple(
                choose ? await(give(1)) : 5,
                new String(await(give("x")) + new Named(await(give("y")))),
                await(give(3L))));
    }

    Coroutine<String> tryCatchFinally(boolean fails) {
        StringBuilder order = new StringBuilder();
        try {
            order.append(await(give("try ")));
            if (fails) {
                await(fail());
            }
            order.append("body ");
        } catch (IllegalStateException failure) {
            order.append(failure.getMessage()).append(' ');
            await(give(1));
        } finally {
            order.append(await(give("finally")));
        }
        return Coroutine.of(order.toString());
    }

    Coroutine<String> nestedFinally() {
        try {
            try {
                await(fail());
            } finally {
                log.add("inner" + await(give(1)));
            }
        } catch (IllegalStateException failure) {
            log.add("caught");
        } finally {
            log.add("outer" + await(give(2)));
        }
        return Coroutine.of(String.join(" ", log));
    }

    Coroutine<String> returnedCoroutineFailsInsideItsTry() {
        await(give(0));
        try {
            return fail();
        } catch (IllegalStateException failure) {
            return Coroutine.of("caught " + failure.getMessage());
        }
    }

    Coroutine<String> returnedCoroutineIsDoneBeforeFinally() {
        await(give(0));
        try {
            return noting("returned", "value");
        } finally {
            log.add("finally");
        }
    }

    private Coroutine<String> noting(String note, String value) {
        await(give(0));
        log.add(note);
        return Coroutine.of(value);
    }

    Coroutine<String> variableThatHoldsACoroutineIsNotAReturn() {
        await(give(0));
        Coroutine<String> later = Coroutine.of("unset");
        try {
            later = noting("ran", "value");
        } finally {
            log.add("finally");
        }
        return later;
    }

    Coroutine<String> tryWithResources() {
        try (Resource first = new Resource(await(give("1")));
                Resource second = new Resource("2")) {
            log.add("body " + await(give(first.name + second.name)));
            return give("result");
        }
    }

    final class Resource implements AutoCloseable {
        final String name;

        Resource(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            log.add("close " + name);
        }
    }

    Coroutine<Integer> loops(int n) {
        int sum = 0;
        outer:
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < await(give(4)); j++) {
                if (j == 2) {
                    continue;
                }
                if (i == 3) {
                    break outer;
                }
                sum += await(give(i)) * j;
            }
        }
        do {
            sum++;
        } while (await(give(sum)) < 10);
        return Coroutine.of(sum);
    }

    Coroutine<String> loopsInsideLoops(int n) {
        StringBuilder seen = new StringBuilder();
        long total = 0;
        int[] counts = new int[n];
        rows:
        while (true) {
            String row = await(give("r" + seen.length()));
            for (int i = 0; i < n; i++) {
                double half = i / 2.0;
                try {
                    for (int j = i; ; j--) {
                        if (j < 0) {
                            continue rows;
                        }
                        int computed = 0;
                        for (int k = 0; k < 10; k++) {
                            computed += k * j;
                        }
                        counts[j] += await(give(computed));
                        total += computed;
                        if (total > 500) {
                            break rows;
                        }
                        if (j == 2) {
                            await(fail());
                        }
                    }
                } catch (IllegalStateException failure) {
                    seen.append(row).append(half).append(await(give(",")));
                } finally {
                    do {
                        total += await(give(1L));
                    } while (total % 3 != 0);
                }
            }
        }
        return Coroutine.of(seen + " " + total + " " + counts[n - 1]);
    }

    Coroutine<Integer> loopUnderOperands(int n) {
        return Coroutine.of(await(give(1))
                + 10
                        * switch (n) {
                            case 0 -> 0;
                            default -> {
                                int sum = 0;
                                while (sum < n) {
                                    sum += await(give(2));
                                }
                                yield sum;
                            }
                        });
    }

    Coroutine<String> switches(String which) {
        return Coroutine.of(
                switch (await(give(which))) {
                    case "a" -> "A" + await(give("1"));
                    case "b" -> {
                        try {
                            yield await(fail());
                        } catch (IllegalStateException failure) {
                            yield "B";
                        }
                    }
                    default -> "?";
                });
    }

    Coroutine<Integer> lambdas(int base) {
        int captured = await(give(base));
        Supplier<Coroutine<Integer>> supplier = () -> {
            int inside = await(give(captured));
            return Coroutine.of(inside + await(give(1)));
        };
        return Coroutine.of(await(supplier.get()) + await(supplier.get()));
    }

    Coroutine<Integer> localAndAnonymousClasses() {
        int outer = await(give(10));
        class Local {
            Coroutine<Integer> value() {
                return Coroutine.of(outer + await(give(1)));
            }
        }
        Supplier<Coroutine<Integer>> anonymous = new Supplier<>() {
            @Override
            public Coroutine<Integer> get() {
                return Coroutine.of(outer * await(give(2)));
            }
        };
        return Coroutine.of(await(new Local().value()) + await(anonymous.get()));
    }

    @SafeVarargs
    final <T extends Comparable<T>> Coroutine<T> greatest(T... values) {
        T greatest = values[0];
        for (T value : values) {
            T given = await(give(value));
            if (given.compareTo(greatest) > 0) {
                greatest = given;
            }
        }
        return Coroutine.of(greatest);
    }

    interface Doubling {
        Coroutine<Integer> value();

        default Coroutine<Integer> doubled() {
            return Coroutine.of(await(value()) * 2 + await(secret()));
        }

        private Coroutine<Integer> secret() {
            return Coroutine.of(await(value()) - 21);
        }

        static Coroutine<Integer> of(Doubling doubling) {
            return Coroutine.of(await(doubling.doubled()) + 1);
        }
    }

    enum Kettle {
        SAMOVAR {
            @Override
            Coroutine<String> whistle(HardCases cases) {
                return Coroutine.of(await(cases.give(name())) + "!");
            }
        };

        abstract Coroutine<String> whistle(HardCases cases);
    }

    class Base {
        Coroutine<String> name() {
            return Coroutine.of("base" + await(give(1)));
        }
    }

    class Derived extends Base {
        @Override
        Coroutine<String> name() {
            return Coroutine.of("derived " + await(super.name()));
        }
    }

    Coroutine<Integer> fib(int n) {
        return n < 2 ? Coroutine.of(n) : Coroutine.of(await(fib(n - 1)) + await(fib(n - 2)));
    }

    Coroutine<Integer> deep(int n) {
        if (n == 0) {
            return Coroutine.of(await(give(0)));
        }
        return Coroutine.of(1 + await(deep(n - 1)));
    }

    Coroutine<Integer> tailCalls(int n) {
        if (n % 1000 == 0) {
            await(give(n));
        }
        return n == 0 ? Coroutine.of(7) : tailCalls(n - 1);
    }

    Coroutine<Void> nothing() {
        await(give(1));
        return Coroutine.done();
    }

    Coroutine<Boolean> assertsAndConditions(int n) {
        assert await(give(n)) >= 0 : "negative";
        return Coroutine.of((await(give(n)) > 1 && await(give(n)) < 5) || await(give(n)) == 0);
    }

    Coroutine<Integer> loopAfterAnAwait(int n) {
        int sum = await(give(100));
        for (int i = 0; i < n; i++) {
            sum += await(give(i));
        }
        return Coroutine.of(sum);
    }

    Coroutine<String> returnInTryWithResourcesThatCatches() {
        await(give(0));
        try (Resource first = new Resource("1");
                Resource second = new Resource("2")) {
            log.add(first.name + second.name);
            return fail();
        } catch (IllegalStateException failure) {
            return Coroutine.of("caught " + failure.getMessage());
        }
    }

    @SuppressWarnings("finally") // that is the case
    Coroutine<String> returnThatFinallyOverrides() {
        await(give(0));
        try {
            return noting("overridden", "value");
        } finally {
            return noting("finally", "last");
        }
    }

    @SuppressWarnings("finally") // that is the case
    Coroutine<String> variableThatFinallyReturns(boolean outside) {
        Coroutine<String> later = noting("unset", "unset");
        try {
            await(give(0));
            later = noting("ran", "value");
        } finally {
            log.add("finally");
            if (outside) {
                return later;
            }
        }
        return later;
    }

    Coroutine<String> returnWhoseFinallyHasHandlersAndBranches(int n) {
        await(give(0));
        // One line, as some programs print them: neither lines nor names tell these returns apart.
        // spotless:off
        try { if (n == 0) { return noting("a", "A"); } return n == 1 ? fail() : noting("b", "B"); } finally { try { if (await(give(n)) == 2) { throw new IllegalStateException("inner"); } } catch (IllegalStateException failure) { log.add(failure.getMessage()); } log.add("end"); }
        // spotless:on
    }

    Coroutine<String> returnFromAMonitor(boolean value) {
        await(give(0));
        try {
            synchronized (this) {
                try {
                    if (value) {
                        return Coroutine.of("value");
                    }
                } catch (IllegalArgumentException never) {
                    log.add("never");
                }
            }
            return fail();
        } catch (IllegalStateException failure) {
            synchronized (this) {
                return noting("after the monitor", "caught");
            }
        }
    }

    private <V> CompletableFuture<V> stage(V value) {
        CompletableFuture<V> stage = new CompletableFuture<>();
        if (waits) {
            EventLoop.current().callSoon(() -> stage.complete(value));
        } else {
            stage.complete(value);
        }
        return stage;
    }

    private <V> Future<V> netty(V value) {
        DefaultPromise<V> promise = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
        if (waits) {
            EventLoop.current().callSoon(() -> promise.setSuccess(value));
        } else {
            promise.setSuccess(value);
        }
        return promise;
    }

    private static <S extends CompletionStage<String>> Coroutine<String> stageOfAVariableType(S stage) {
        return Coroutine.of(await(stage) + await(stage).length());
    }

    Coroutine<String> awaitsOfOtherFutures() {
        CompletionStage<? extends Number> wild = stage(3);
        CompletionStage<Void> nothing = stage(1).thenRun(() -> log.add("ran"));
        var value = await(stage("v"));
        Object none = await(nothing);
        if (none != null || !value.equals("v")) {
            return fail();
        }
        Triple triple =
                new Triple(await(wild).intValue(), "x" + await(netty("n")) + await(give("g")), await(stage(4L)));
        try {
            return Coroutine.of(triple.b()
                    + triple.c()
                    + await(stage(triple).thenApply(Triple::a))
                    + await(stageOfAVariableType(stage("ab")))
                    + await(waits ? stage('t') : stage('f')).charValue()
                    + await(await(stage(give("deep")))));
        } finally {
            await(netty(log.add("finally")));
        }
    }

    Coroutine<String> otherFuturesFailAtTheirAwait() {
        try {
            await(stage(1).thenRun(() -> {
                throw new IllegalStateException("boom");
            }));
        } catch (IllegalStateException failure) {
            return Coroutine.of(failure.getMessage() + await(netty(1)));
        }
        return Coroutine.of("nothing");
    }

    /** A class of its own, for Eclipse writes code for it that no verifier takes, even without awaits. */
    static final class HalfMade {
        private HalfMade() {}

        static Coroutine<String> constructionAroundASwitchWithATry(HardCases cases, int which) {
            return Coroutine.of(new Named(
                            switch (await(cases.give(which))) {
                                case 0 -> {
                                    try {
                                        yield await(cases.fail());
                                    } catch (IllegalStateException failure) {
                                        yield "caught";
                                    }
                                }
                                default -> await(cases.give("given"));
                            })
                    .name());
        }

        /** javac keeps the half-made object in variables during the switch, and where no ways meet after it they stay behind. */
        static Coroutine<String> awaitAfterAConstructionAroundASwitchWithATry(HardCases cases, int which) {
            Named made = new Named(
                    switch (which) {
                        case 0 -> {
                            try {
                                throw new IllegalArgumentException(await(cases.fail()));
                            } catch (IllegalStateException failure) {
                                throw new IllegalArgumentException("caught", failure);
                            }
                        }
                        default -> "given";
                    });
            return Coroutine.of(await(cases.give("made ")) + made.name());
        }
    }
}
