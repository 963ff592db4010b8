package io.samovar.tests.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.DoubleValue;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.IntegerValue;
import com.sun.jdi.LocalVariable;
import com.sun.jdi.Location;
import com.sun.jdi.LongValue;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.StringReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.LocatableEvent;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMStartEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.StepRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A program in a JVM of its own, run as development environments debug it: with JDI, over a socket. */
final class Debugger implements AutoCloseable {
    private static final int LIMIT_MILLIS = 60_000;

    private final Process process;
    private final VirtualMachine vm;
    private final List<String> source;
    private final ReferenceType debuggee;
    private EventSet events;

    /** Starts the class, and stops when it is loaded. */
    Debugger(Path source, String classPath, Class<?> main, String... arguments) throws Exception {
        this.source = Files.readAllLines(source);
        ListeningConnector connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
                .filter(candidate -> candidate.name().equals("com.sun.jdi.SocketListen"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> options = connector.defaultArguments();
        options.get("localAddress").setValue("127.0.0.1");
        options.get("timeout").setValue(String.valueOf(LIMIT_MILLIS));
        String address = connector.startListening(options);
        try {
            process = start(address, classPath, main, arguments);
            vm = orEnd(() -> connector.accept(options));
        } finally {
            connector.stopListening(options);
        }
        events = orEnd(this::nextEvents);
        debuggee = orEnd(() -> loaded(main));
    }

    private static Process start(String address, String classPath, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    /** Nobody can close what was not constructed. */
    private <T> T orEnd(Step<T> step) throws Exception {
        try {
            return step.run();
        } catch (Throwable failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    private ReferenceType loaded(Class<?> main) throws InterruptedException {
        assertThat(events.iterator().next()).isInstanceOf(VMStartEvent.class);
        ClassPrepareRequest request = vm.eventRequestManager().createClassPrepareRequest();
        request.addClassFilter(main.getName());
        request.enable();
        ReferenceType loaded = ((ClassPrepareEvent) resume()).referenceType();
        request.disable();
        return loaded;
    }

    private EventSet nextEvents() throws InterruptedException {
        EventSet next = vm.eventQueue().remove(LIMIT_MILLIS);
        assertThat(next).as("an event in time").isNotNull();
        return next;
    }

    private Event resume() throws InterruptedException {
        events.resume();
        events = nextEvents();
        return events.iterator().next();
    }

    /** Goes on until something stops the program, {@code null} if it ends first. */
    private @Nullable Stop goOn() throws InterruptedException {
        Event event = resume();
        if (event instanceof LocatableEvent at) {
            return new Stop(at.thread(), at.location());
        }
        assertThat(event).isInstanceOf(VMDeathEvent.class);
        return null;
    }

    private int lineOf(String text) {
        List<Integer> lines = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            if (source.get(i).contains(text)) {
                lines.add(i + 1);
            }
        }
        assertThat(lines).as(text).hasSize(1);
        return lines.get(0);
    }

    /** Wherever there is code of this line. */
    private List<BreakpointRequest> breakAt(int line) throws AbsentInformationException {
        List<BreakpointRequest> breakpoints = new ArrayList<>();
        for (Location location : debuggee.locationsOfLine(line)) {
            BreakpointRequest breakpoint = vm.eventRequestManager().createBreakpointRequest(location);
            breakpoint.enable();
            breakpoints.add(breakpoint);
        }
        return breakpoints;
    }

    /** Goes on to the one line that has this text. */
    Stop runTo(String text) throws Exception {
        List<BreakpointRequest> breakpoints = breakAt(lineOf(text));
        Stop stop = goOn();
        assertThat(stop).as(text).isNotNull();
        vm.eventRequestManager().deleteEventRequests(breakpoints);
        return stop;
    }

    /** Breaks at all lines of a method until the program ends, and gives the lines as they come. */
    List<String> breakAtEachLineOf(String method) throws Exception {
        // A coroutine's body has a dollar after its name; the method that makes the coroutine has no line.
        TreeSet<Integer> lines = new TreeSet<>();
        for (Method candidate : debuggee.methodsByName(method + "$")) {
            for (int line = 1; line <= source.size(); line++) {
                if (hasLines(candidate) && !candidate.locationsOfLine(line).isEmpty()) {
                    lines.add(line);
                }
            }
        }
        for (int line : lines) {
            breakAt(line);
        }
        List<String> stops = new ArrayList<>();
        for (Stop stop = goOn(); stop != null; stop = goOn()) {
            stops.add(stop.line());
        }
        return stops;
    }

    private static boolean hasLines(Method method) {
        return method.location().lineNumber() > 0;
    }

    @Override
    public void close() {
        try {
            vm.exit(0);
        } catch (VMDisconnectedException ended) {
            // by itself
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where a thread of the program stands. */
    final class Stop {
        private final ThreadReference thread;
        private final Location location;

        private Stop(ThreadReference thread, Location location) {
            this.thread = thread;
            this.location = location;
        }

        /** The text of its line, or the class and method if it is another class. */
        String line() {
            return location.declaringType().equals(debuggee)
                    ? source.get(location.lineNumber() - 1).strip()
                    : location.declaringType().name() + '.' + location.method().name();
        }

        /** Whether development environments step on by themselves, if they are not told otherwise. */
        boolean isSynthetic() {
            return location.method().isSynthetic();
        }

        private StackFrame frame() throws IncompatibleThreadStateException {
            return thread.frame(0);
        }

        /** What is shown of the variables, as {@code name=value}. */
        List<String> variables() throws Exception {
            List<String> variables = new ArrayList<>();
            for (LocalVariable variable : frame().visibleVariables()) {
                variables.add(variable.typeName() + ' ' + variable.name() + '=' + plain(frame().getValue(variable)));
            }
            return variables;
        }

        String typeOfThis() throws Exception {
            return frame().thisObject().referenceType().name();
        }

        @Nullable
        Object fieldOfThis(String name) throws Exception {
            ObjectReference self = frame().thisObject();
            return plain(self.getValue(self.referenceType().fieldByName(name)));
        }

        /** Goes on to the next line in this method or a caller. */
        @Nullable
        Stop stepOver(String... left) throws InterruptedException {
            return step(StepRequest.STEP_OVER, left);
        }

        /** Goes on to the next line, of whatever is called too. */
        @Nullable
        Stop stepInto(String... left) throws InterruptedException {
            return step(StepRequest.STEP_INTO, left);
        }

        private @Nullable Stop step(int depth, String... left) throws InterruptedException {
            StepRequest step = vm.eventRequestManager().createStepRequest(thread, StepRequest.STEP_LINE, depth);
            for (String classes : left) {
                step.addClassExclusionFilter(classes);
            }
            step.enable();
            Stop stop = goOn();
            if (stop != null) {
                vm.eventRequestManager().deleteEventRequest(step);
            }
            return stop;
        }
    }

    private static @Nullable Object plain(@Nullable Value value) {
        if (value instanceof StringReference string) {
            return string.value();
        } else if (value instanceof IntegerValue number) {
            return number.value();
        } else if (value instanceof LongValue number) {
            return number.value();
        } else if (value instanceof DoubleValue number) {
            return number.value();
        }
        return value;
    }
}
