package io.samovar.tests.running;

/** What this process does with a signal. By reflection, for javac warns of every mention of {@code sun.misc}. */
final class Handlers {
    private Handlers() {}

    /** Whether the signal does what the operating system has it do; for a signal that does nothing else here. */
    static boolean isDefault(String signal) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object systemDefault = handlerType.getField("SIG_DFL").get(null);
            Object of = type.getConstructor(String.class).newInstance(signal);
            Object before = type.getMethod("handle", type, handlerType).invoke(null, of, systemDefault);
            type.getMethod("handle", type, handlerType).invoke(null, of, before);
            return before == systemDefault;
        } catch (ReflectiveOperationException failed) {
            throw new LinkageError("sun.misc.Signal", failed);
        }
    }
}
