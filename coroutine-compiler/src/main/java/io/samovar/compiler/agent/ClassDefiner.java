package io.samovar.compiler.agent;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Defines classes in any loader, beside one that is being loaded.
 *
 * <p>A lookup would need a class of the package that is loaded already, and there may be none. So {@code java.lang} is opened to
 * the agent, which agents may do without a flag, for {@code ClassLoader.defineClass}.
 */
final class ClassDefiner {
    private final Method defineClass;
    /** A hash of each class that was defined here, by name; a loader keeps no entry alive. */
    private final Map<ClassLoader, Map<String, Integer>> defined = new WeakHashMap<>();

    ClassDefiner(Instrumentation instrumentation) {
        instrumentation.redefineModule(
                ClassLoader.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.lang", Set.of(ClassDefiner.class.getModule())),
                Set.of(),
                Map.of());
        try {
            defineClass = ClassLoader.class.getDeclaredMethod(
                    "defineClass", String.class, byte[].class, int.class, int.class, ProtectionDomain.class);
            defineClass.setAccessible(true);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Defines a class, or does nothing if it was defined here before just like that.
     *
     * @throws LinkageError if the loader has another class of this name
     */
    void define(ClassLoader loader, ProtectionDomain domain, String name, byte[] classFile) {
        Map<String, Integer> ofLoader;
        synchronized (defined) {
            ofLoader = defined.computeIfAbsent(loader, key -> new ConcurrentHashMap<>());
        }
        int hash = Arrays.hashCode(classFile);
        Integer before = ofLoader.putIfAbsent(name, hash);
        if (before != null && before == hash) {
            return;
        }
        try {
            defineClass.invoke(loader, name.replace('/', '.'), classFile, 0, classFile.length, domain);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InvocationTargetException failed) {
            if (before == null) {
                ofLoader.remove(name);
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }
}
