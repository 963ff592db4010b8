package io.samovar.echo;

import java.io.Console;
import java.nio.charset.Charset;

/** What standard output is connected to. */
final class Terminal {
    private Terminal() {}

    /** Whether a person looks on, so that a line may be written again and again. */
    @SuppressWarnings("SystemConsoleNull") // what it says of Java 22 is dealt with below
    static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try { // since Java 22 there may be a console even if nobody looks on
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException beforeJava22) {
            return true;
        } catch (ReflectiveOperationException unexpected) {
            return false;
        }
    }

    /**
     * What the letters of a standard stream are encoded in.
     *
     * @param stream {@code stdout} or {@code stderr}
     */
    static Charset charset(String stream) {
        String beforeJava19 = System.getProperty("sun." + stream + ".encoding"); // set if it is a terminal
        String encoding = System.getProperty(stream + ".encoding", beforeJava19);
        return encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
    }

    /** The unit of a microsecond, in letters that standard output can show. */
    static String micros() {
        return charset("stdout").newEncoder().canEncode('\u00b5') ? "\u00b5s" : "us";
    }
}
