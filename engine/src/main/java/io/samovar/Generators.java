package io.samovar;

import static io.samovar.Async.await;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The generators of a loop that have begun and are not over. asyncio: what {@code shutdown_asyncgens} goes through. */
final class Generators {
    private final EventLoop loop;
    private final Set<GeneratorFrame<?>> begun = new LinkedHashSet<>();
    private boolean shutDown;

    Generators(EventLoop loop) {
        this.loop = loop;
    }

    void add(GeneratorFrame<?> generator) {
        begun.add(generator);
        if (shutDown) {
            loop.report(new LoopFailure("a sequence was begun after shutdownAsyncGenerators()", null, generator));
        }
    }

    void remove(GeneratorFrame<?> generator) {
        begun.remove(generator);
    }

    boolean isEmpty() {
        return begun.isEmpty();
    }

    /** Closes all at once, and reports what goes wrong. */
    Coroutine<@Nullable Void> shutDown() {
        shutDown = true;
        List<Task<?>> closing = new ArrayList<>();
        for (GeneratorFrame<?> generator : begun) {
            closing.add(loop.createTask(new GeneratorStep.Close(null, generator)));
        }
        for (Task<?> task : closing) {
            try {
                await(task);
            } catch (Throwable failure) {
                if (!task.isDone()) {
                    throw failure;
                }
                loop.report(new LoopFailure("a sequence failed while it was closed at the end", failure, task));
            }
        }
        return Coroutine.done();
    }
}
