package io.samovar.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.Outcome;

/** Does what each stress test does, without a race: one actor after the other, in both orders. */
class StressTestsTest {
    @ParameterizedTest
    @ValueSource(classes = {HandleCancel.class, PostedOrder.class, SubmitCancel.class, SubmitClose.class, WakeUp.class})
    void withoutARaceTheOutcomeIsOneOfTheAcceptable(Class<?> test) throws ReflectiveOperationException {
        List<String> acceptable = Arrays.stream(test.getAnnotationsByType(Outcome.class))
                .filter(outcome -> outcome.expect() == Expect.ACCEPTABLE)
                .flatMap(outcome -> Arrays.stream(outcome.id()))
                .toList();
        List<Method> actors = new ArrayList<>(annotated(test, Actor.class));
        assertThat(acceptable).contains(outcome(test, actors));
        Collections.reverse(actors);
        assertThat(acceptable).contains(outcome(test, actors));
    }

    private static String outcome(Class<?> test, List<Method> actors) throws ReflectiveOperationException {
        Method arbiter = annotated(test, Arbiter.class).get(0);
        Object result = arbiter.getParameterTypes()[0].getConstructor().newInstance();
        Object state = test.getConstructor().newInstance();
        for (Method actor : actors) {
            call(actor, state, result);
        }
        call(arbiter, state, result);
        return result.toString();
    }

    private static void call(Method method, Object state, Object result)
            throws InvocationTargetException, IllegalAccessException {
        if (method.getParameterCount() == 0) {
            method.invoke(state);
        } else {
            method.invoke(state, result);
        }
    }

    private static List<Method> annotated(Class<?> test, Class<? extends Annotation> annotation) {
        return Arrays.stream(test.getMethods())
                .filter(method -> method.isAnnotationPresent(annotation))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }
}
