package io.samovar.tests.coroutine;

import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** Runs {@link HardCasesTest} in a Java machine that is not JUnit's. */
final class HardCasesRun {
    private HardCasesRun() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        int passed = 0;
        for (Method method : HardCasesTest.class.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class)) {
                method.invoke(new HardCasesTest());
                passed++;
            }
        }
        System.out.println(passed + " passed");
    }
}
