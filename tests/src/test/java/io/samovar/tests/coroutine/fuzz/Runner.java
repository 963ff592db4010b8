package io.samovar.tests.coroutine.fuzz;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.TimerHandle;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.coroutine.fuzz.Node.Form;
import io.samovar.tests.coroutine.fuzz.support.Plain;
import io.samovar.tests.coroutine.fuzz.support.Plain.PlainTrace;
import io.samovar.tests.coroutine.fuzz.support.Trace;
import io.samovar.tests.coroutine.fuzz.support.Values;
import io.samovar.tests.coroutine.fuzz.support.Woven.Waits;
import io.samovar.tests.coroutine.fuzz.support.Woven.WovenTrace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

/** Compiles programs, runs both forms of each, and compares what they did. */
final class Runner {
    /**
     * A program whose two forms differ, or that cannot be compiled.
     *
     * @param weaver whether it is the coroutine compiler's fault, not javac's or the generator's
     */
    record Difference(Program program, List<String> options, boolean weaver, String what) {
        @Override
        public String toString() {
            return "seed " + program.seed() + ", options " + options + ", JDK " + Runtime.version() + "\n" + what + "\n"
                    + program.source(Form.WOVEN);
        }
    }

    /** What the coroutine compiler says of a method that it cannot weave, and when it fails. */
    static final String REFUSED = "cannot make a coroutine";
    /** What a coroutine may be, as any method. */
    private static final String TOO_LARGE = "; move parts of it to other methods";

    private static final String BROKEN = "the coroutine compiler failed";

    private Runner() {}

    /** Runs programs that were made for the same options. */
    static List<Difference> run(List<Program> programs, List<String> options) {
        List<Difference> differences = new ArrayList<>();
        Map<String, Program> left = new LinkedHashMap<>();
        programs.forEach(program -> left.put(program.className(), program));
        Compilation compilation = compile(left, options, differences);
        for (Program program : left.values()) {
            Difference difference = compare(program, options, compilation.classes());
            if (difference != null) {
                differences.add(difference);
            }
        }
        return differences;
    }

    /** Takes out what cannot be compiled, until the rest can. */
    private static Compilation compile(Map<String, Program> left, List<String> options, List<Difference> differences) {
        for (; ; ) {
            Map<String, String> sources = new LinkedHashMap<>();
            for (Program program : left.values()) {
                for (Form form : Form.values()) {
                    sources.put(program.qualifiedName(form), program.source(form));
                }
            }
            Compilation compilation = Compilation.of(sources, options);
            if (compilation.errors().isEmpty()) {
                return compilation;
            }
            compilation.errors().forEach((name, message) -> {
                Program program = left.remove(name.substring(name.indexOf('.') + 1));
                if (program != null) {
                    boolean refused = message.contains(REFUSED) && !message.contains(TOO_LARGE);
                    boolean weaver = refused || message.contains(BROKEN);
                    differences.add(new Difference(program, options, weaver, message));
                }
            });
            if (compilation.errors().containsKey("")) {
                alone(left, options, compilation.errors().get(""), differences);
            }
            if (left.isEmpty()) {
                return compilation;
            }
        }
    }

    /** javac has crashed, and does not say over which program. */
    private static void alone(
            Map<String, Program> left, List<String> options, String message, List<Difference> differences) {
        if (left.size() == 1) {
            Program program = left.values().iterator().next();
            differences.add(new Difference(program, options, message.contains("io.samovar.compiler"), message));
            left.clear();
            return;
        }
        List<Program> programs = new ArrayList<>(left.values());
        for (Program program : programs) {
            Map<String, Program> one = new LinkedHashMap<>(Map.of(program.className(), program));
            compile(one, options, differences);
            if (one.isEmpty()) {
                left.remove(program.className());
            }
        }
    }

    private static @Nullable Difference compare(Program program, List<String> options, Map<String, byte[]> classes) {
        Loader loader = new Loader(classes);
        String expected = plain(program, loader);
        if (expected.contains("VerifyError")) {
            return new Difference(program, options, false, "javac's own code: " + expected);
        }
        for (Waits waits : Waits.values()) {
            String got = woven(program, loader, waits);
            if (!got.equals(expected)) {
                return new Difference(
                        program,
                        options,
                        true,
                        "awaits wait: " + waits + "\nexpected: " + expected + "\n but was: " + got);
            }
        }
        if (program.seed() % 16 == 0) {
            String unsound = verify(program, loader);
            if (unsound != null) {
                return new Difference(program, options, true, unsound);
            }
        }
        return null;
    }

    private static @Nullable String verify(Program program, Loader loader) {
        for (Map.Entry<String, byte[]> entry : loader.classes.entrySet()) {
            if (entry.getKey().startsWith(program.qualifiedName(Form.WOVEN))) {
                StringWriter problems = new StringWriter();
                CheckClassAdapter.verify(new ClassReader(entry.getValue()), loader, false, new PrintWriter(problems));
                if (problems.getBuffer().length() > 0) {
                    return entry.getKey() + " is not sound: " + problems;
                }
            }
        }
        return null;
    }

    private static String plain(Program program, Loader loader) {
        PlainTrace trace = new PlainTrace();
        return outcome(trace, () -> {
            Object call = start(program, Form.PLAIN, loader, trace);
            return ((Plain.Coroutine<?>) call).get();
        });
    }

    private static String woven(Program program, Loader loader, Waits waits) {
        WovenTrace trace = new WovenTrace(waits, program.seed());
        try (EventLoop loop = new VirtualClock().openLoop()) {
            // Time passes only when nothing can run, so this stops a program that nobody will ever wake.
            TimerHandle forgotten = loop.callLater(Duration.ofDays(1), loop::stop);
            String outcome = outcome(trace, () -> {
                Object call = start(program, Form.WOVEN, loader, trace);
                return loop.runUntilComplete((Coroutine<?>) call);
            });
            forgotten.cancel();
            return outcome;
        }
    }

    private static @Nullable Object start(Program program, Form form, Loader loader, Trace trace) throws Throwable {
        try {
            return Class.forName(program.qualifiedName(form), true, loader)
                    .getMethod("start", trace.getClass())
                    .invoke(null, trace);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    /** Something that runs and may throw anything. */
    private interface Run {
        @Nullable
        Object run() throws Throwable;
    }

    private static String outcome(Trace trace, Run run) {
        String result;
        try {
            result = "gives " + Values.show(run.run());
        } catch (Throwable failure) { // whatever it throws is what is compared
            result = "throws " + Values.show(failure);
        }
        return trace.lines() + result;
    }

    /** Defines the generated classes, with assertions on. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(Runner.class.getClassLoader());
            this.classes = classes;
            setDefaultAssertionStatus(true);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] classFile = classes.get(name);
            if (classFile == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, classFile, 0, classFile.length);
        }
    }
}
