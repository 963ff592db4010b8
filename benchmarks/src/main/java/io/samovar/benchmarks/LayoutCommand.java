package io.samovar.benchmarks;

import io.samovar.Promise;
import io.samovar.Task;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jol.info.ClassLayout;
import picocli.CommandLine.Command;

/** Prints the layout of the objects that a suspended task consists of. */
@Command(
        name = "layout",
        description = "Where each field lies in the objects that a suspended task consists of.",
        mixinStandardHelpOptions = true)
final class LayoutCommand implements Callable<Integer> {
    @Override
    public Integer call() throws ClassNotFoundException {
        System.out.println(Machine.describe("layout"));
        for (Class<?> type : classes()) {
            System.out.println();
            System.out.print(ClassLayout.parseClass(type).toPrintable());
        }
        return 0;
    }

    /** A task, a future, and the frame of a coroutine with an argument that lives across its await. */
    static List<Class<?>> classes() throws ClassNotFoundException {
        return List.of(Task.class, Promise.class, Class.forName(Sleeper.class.getName() + "$$waitFor$1"));
    }
}
