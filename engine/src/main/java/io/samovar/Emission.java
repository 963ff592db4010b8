package io.samovar;

import org.jspecify.annotations.Nullable;

/** One emit of a generator. Its parent is the frame to go on with when the next element is asked for. */
final class Emission extends Frame<@Nullable Void> {
    private final GeneratorFrame<?> generator;
    private @Nullable Object element;

    Emission(GeneratorFrame<?> generator, @Nullable Object element) {
        this.generator = generator;
        this.element = element;
    }

    @Override
    protected Object resume(Task<?> task, int at) {
        generator.emitted(this, element, task);
        element = null;
        return SUSPENDED;
    }
}
