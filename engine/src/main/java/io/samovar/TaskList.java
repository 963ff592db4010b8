package io.samovar;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks of a loop that are not done, linked through themselves, so that none is lost while it waits. */
final class TaskList {
    private @Nullable Task<?> first;
    private int size;

    void add(Task<?> task) {
        task.next = first;
        if (first != null) {
            first.previous = task;
        }
        first = task;
        size++;
    }

    void remove(Task<?> task) {
        if (task.previous == null) {
            first = task.next;
        } else {
            task.previous.next = task.next;
        }
        if (task.next != null) {
            task.next.previous = task.previous;
        }
        task.next = null;
        task.previous = null;
        size--;
    }

    int size() {
        return size;
    }

    /** The tasks as they are now, the newest first. */
    List<Task<?>> snapshot() {
        List<Task<?>> tasks = new ArrayList<>(size);
        for (Task<?> task = first; task != null; task = task.next) {
            tasks.add(task);
        }
        return tasks;
    }
}
