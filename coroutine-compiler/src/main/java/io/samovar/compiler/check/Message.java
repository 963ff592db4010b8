package io.samovar.compiler.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything that the checks can say; {@code docs/coroutines.md} explains each. Braces stand for what is filled in. */
public enum Message {
    AWAIT_IN_METHOD(
            "await in a method that is no coroutine: declare {method} to return {Coroutine<Integer>}, and await it where it is"
                    + " called"),
    AWAIT_IN_MAIN(
            "await in main, which cannot be a coroutine: move it to a method that returns a Coroutine, and run that with"
                    + " Async.run"),
    AWAIT_IN_OVERRIDE(
            "await in {method}, which overrides {Runnable.run} and so cannot return a Coroutine: move it to a method that"
                    + " does, and pass that one's coroutine to Async.createTask here"),
    AWAIT_IN_LAMBDA(
            "await in a lambda that returns no Coroutine, because {Runnable.run} returns {void}: use an interface that returns"
                    + " one, as Callable<Coroutine<...>>, or move it to a method that does and pass that one's coroutine to"
                    + " Async.createTask here"),
    AWAIT_IN_CONSTRUCTOR(
            "await in a constructor: move it to a static method that returns a Coroutine of the object, and pass the"
                    + " constructor what it needs"),
    AWAIT_IN_INITIALISER("await in an initialiser: move it to a method that returns a Coroutine"),
    AWAIT_IN_SYNCHRONIZED_BLOCK(
            "await in a synchronized block, which would keep the monitor while others run: await before or after the block;"
                    + " between two awaits the coroutines of a loop need no lock"),
    AWAIT_IN_SYNCHRONIZED_METHOD(
            "await in a synchronized method, which would keep the monitor while others run: take synchronized off {method};"
                    + " between two awaits the coroutines of a loop need no lock"),
    AWAIT_REFERENCE(
            "await cannot be a method reference: write a lambda that returns a Coroutine, as x -> Coroutine.of(await(x))"),

    LOST_COROUTINE("this makes a coroutine that nobody runs: await it, return it, or pass it to Async.createTask"),
    LOST_IN_FUNCTION(
            "this makes a coroutine that nobody runs, because {Runnable.run} returns nothing: pass it to Async.createTask, or"
                    + " use an interface that returns a Coroutine"),
    LOST_SLEEP("this sleeps only when it is awaited: write await(Async.sleep(...))"),
    UNUSED_COROUTINE(
            "the coroutine in {tea} is never run: await it, return it, or pass it to Async.createTask; if it is not to run,"
                    + " begin the variable's name with unused"),

    BLOCKING_CALL(
            "{Files.readString} would block the loop and all its coroutines: make the call on another thread, with"
                    + " await(Async.toThread(() -> ...))"),
    BLOCKING_SLEEP("{Thread.sleep} would block the loop and all its coroutines: write await(Async.sleep(duration))"),
    BLOCKING_FUTURE(
            "{Future.get} would block the loop and all its coroutines: await the future itself, if it is a CompletionStage or Netty's;"
                    + " wait for any other on another thread, with await(Async.toThread(() -> ...))"),
    BLOCKING_LOCK(
            "{Lock.lock} would block the loop and all its coroutines: between two awaits they need no lock; what other threads"
                    + " share with them, pass through EventLoop.execute"),
    RUNS_LOOP("{Async.run} cannot run inside a coroutine, whose loop runs already: await the coroutine instead"),

    HELD_LOCK(
            "await while {lock} is locked (line {12}): other threads would wait as long as this does, and other coroutines on"
                    + " this thread may pass the lock as if it were free: unlock it before the await"),

    OPTION_LEVEL("-A{samovar.blocking}={loud} is no level: write warn, error or off"),
    OPTION_NAME("-A{samovar.blocking.allow}={a b}: {a b} is no name: write classes and methods with commas between, as"
            + " java.io.Console,java.lang.Thread.join");

    private static final Pattern HOLE = Pattern.compile("\\{[^}]*}");

    private final String text;

    Message(String text) {
        this.text = text;
    }

    /** The text, with an example in braces for each thing that is filled in. */
    public String text() {
        return text;
    }

    /** The text with these in the places of the braces, one for each, in order. */
    public String with(String... fillings) {
        StringBuilder filled = new StringBuilder();
        Matcher hole = HOLE.matcher(text);
        for (String filling : fillings) {
            if (!hole.find()) {
                throw new IllegalArgumentException(name() + " has no place for " + filling);
            }
            hole.appendReplacement(filled, Matcher.quoteReplacement(filling));
        }
        if (hole.find()) {
            throw new IllegalArgumentException(name() + " has more places than " + fillings.length);
        }
        return hole.appendTail(filled).toString();
    }
}
