package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * What {@code createTask} may be told about a task, beside its coroutine: {@code TaskOptions.DEFAULT.name("kettle").eager(true)}.
 *
 * @param name {@link Task#name()}; {@code null} for {@code Task-N}
 * @param context what the task runs in, shared by everybody who has it; {@code null} for a copy of the creator's
 * @param eager whether the task runs its first step at once, see {@link TaskFactory#EAGER}; {@code null} for what the loop's
 *     {@link TaskFactory} does
 */
public record TaskOptions(
        @Nullable String name,
        @Nullable Context context,
        @Nullable Boolean eager) {
    /** Nothing in particular. */
    public static final TaskOptions DEFAULT = new TaskOptions(null, null, null);

    /** These options with a name. */
    public TaskOptions name(String newName) {
        return new TaskOptions(newName, context, eager);
    }

    /** These options with a context. */
    public TaskOptions context(Context newContext) {
        return new TaskOptions(name, newContext, eager);
    }

    /** These options for a task that runs its first step at once, or does not. */
    public TaskOptions eager(boolean newEager) {
        return new TaskOptions(name, context, newEager);
    }
}
