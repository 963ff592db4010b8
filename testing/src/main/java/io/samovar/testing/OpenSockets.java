package io.samovar.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The sockets of a loop that are open, each with the place in the program that opened it. */
final class OpenSockets {
    private final Map<Object, Supplier<String>> open = new LinkedHashMap<>();

    /**
     * @param description what it is and where it came from, asked for when it is reported
     */
    void opened(Object socket, Supplier<String> description) {
        open.put(socket, description);
    }

    void closed(Object socket) {
        open.remove(socket);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** What is open, the oldest first. */
    List<String> descriptions() {
        return open.values().stream().map(Supplier::get).toList();
    }
}
