package io.samovar.compiler.agent;

import io.samovar.compiler.weave.LoadTimeWeaver;
import io.samovar.compiler.weave.Weaver;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Weaves each class that awaits, and defines its frame classes before it. */
final class WeavingTransformer implements ClassFileTransformer {
    private final LoadTimeWeaver weaver;
    private final ClassDefiner definer;

    WeavingTransformer(LoadTimeWeaver weaver, ClassDefiner definer) {
        this.weaver = weaver;
        this.definer = definer;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> redefined,
            ProtectionDomain domain,
            byte[] classFile) {
        if (loader == null || className == null || !Weaver.mayAwait(classFile)) {
            return null;
        }
        // The JVM drops what a transformer throws, so it is logged here, and the class stays as it is: its awaits
        // throw.
        try {
            Map<String, byte[]> woven =
                    weaver.weave(classFile, refused -> log(System.Logger.Level.ERROR, refused.getMessage(), null));
            byte[] host = woven.get(className);
            woven.forEach((name, frame) -> {
                if (!name.equals(className)) {
                    definer.define(loader, domain, name, frame);
                }
            });
            return host;
        } catch (RuntimeException | LinkageError | StackOverflowError failed) {
            log(
                    System.Logger.Level.ERROR,
                    "the coroutine compiler cannot weave " + className.replace('/', '.') + ", so it cannot await: "
                            + failed.getMessage(),
                    failed);
            return null;
        }
    }

    /** Found when it is needed: an agent that starts logging early fixes its configuration before the program can. */
    private static void log(System.Logger.Level level, @Nullable String message, @Nullable Throwable thrown) {
        System.getLogger("io.samovar.compiler").log(level, message, thrown);
    }
}
