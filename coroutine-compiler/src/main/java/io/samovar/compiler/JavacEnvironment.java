package io.samovar.compiler;

import com.sun.source.util.JavacTask;
import java.lang.reflect.Field;
import javax.annotation.processing.ProcessingEnvironment;
import org.jspecify.annotations.Nullable;

/** Finds javac's own environment behind the wrappers of build tools, which javac's tree API does not accept. */
final class JavacEnvironment {
    private static final int MAX_WRAPPERS = 8;

    private JavacEnvironment() {}

    /** The environment that javac's tree API takes, or {@code null} if this is not javac. */
    static @Nullable ProcessingEnvironment unwrap(ProcessingEnvironment environment) {
        @Nullable ProcessingEnvironment candidate = environment;
        for (int i = 0; candidate != null && i < MAX_WRAPPERS; i++) {
            try {
                JavacTask.instance(candidate);
                return candidate;
            } catch (IllegalArgumentException wrapped) {
                candidate = delegateOf(candidate);
            }
        }
        return null;
    }

    private static @Nullable ProcessingEnvironment delegateOf(ProcessingEnvironment wrapper) {
        Object holder = java.lang.reflect.Proxy.isProxyClass(wrapper.getClass())
                ? java.lang.reflect.Proxy.getInvocationHandler(wrapper)
                : wrapper;
        for (Class<?> type = holder.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!ProcessingEnvironment.class.isAssignableFrom(field.getType()) && field.getType() != Object.class) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    if (field.get(holder) instanceof ProcessingEnvironment delegate && delegate != wrapper) {
                        return delegate;
                    }
                } catch (ReflectiveOperationException | RuntimeException notReadable) {
                    // then it is another field, or none
                }
            }
        }
        return null;
    }
}
