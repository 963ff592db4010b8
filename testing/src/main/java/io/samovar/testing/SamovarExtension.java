package io.samovar.testing;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Gives each JUnit test a loop of its own, and fails the test if it leaves something behind on it.
 *
 * <pre>{@code
 * @ExtendWith(SamovarExtension.class)
 * class RetryTest {
 *     @Test
 *     void givesUpAfterAMinute(VirtualClock clock) {
 *         runTest(() -> {
 *             Task<String> call = Async.createTask(retrying(() -> failing()));
 *             await(clock.advance(Duration.ofSeconds(61)));        // takes no time at all
 *             assertThat(call.exception()).isInstanceOf(AsyncTimeoutException.class);
 *             return Coroutine.done();
 *         });
 *     }
 * }
 * }</pre>
 *
 * <p>{@code runTest} is {@link TestLoop#runTest}, for a static import. JUnit wants test methods to be {@code void} and does
 * not run others, so the coroutine stands inside; a class with a test method that returns a {@code Coroutine} fails.
 *
 * <p>A test method, and methods with {@code @BeforeEach} and {@code @AfterEach}, may have these parameters:
 *
 * <ul>
 *   <li>{@link EventLoop}, the test's loop, and {@link TestLoop}, what is around it;
 *   <li>{@link VirtualClock}, {@link VirtualNetwork} and {@link StreamPair}: with one of them the loop is on virtual time and its
 *       sockets are in memory. Without, it is on a real transport. {@link OnTransport} decides otherwise.
 * </ul>
 *
 * <p>After {@code @AfterEach} the loop is closed, and the test fails on tasks that are not done, on streams and servers that are
 * not closed, and on errors that nobody took; {@link SkipChecks} lets them pass. {@link TimeLimit} limits each coroutine.
 * Works with JUnit 5.10 and later, JUnit 6 included.
 */
@SuppressWarnings("exports") // who uses it reads JUnit's module anyway; others must not have to
public final class SamovarExtension
        implements BeforeAllCallback, ParameterResolver, InvocationInterceptor, AfterEachCallback {
    /** JUnit's configuration parameter for the {@link TimeLimit} of tests that have none of their own: {@value}, in seconds. */
    public static final String TIME_LIMIT = "samovar.testing.timeLimit";

    private static final Namespace NAMESPACE = Namespace.create(SamovarExtension.class);

    private static final Set<Class<?>> VIRTUAL = Set.of(VirtualClock.class, VirtualNetwork.class, StreamPair.class);
    private static final Set<Class<?>> ANY = Set.of(EventLoop.class, TestLoop.class);

    /** For JUnit. */
    public SamovarExtension() {}

    /** JUnit passes over test methods that return something, and some versions of it do so in silence. */
    @Override
    public void beforeAll(ExtensionContext context) {
        List<Method> neverRun = ReflectionSupport.findMethods(
                context.getRequiredTestClass(),
                method -> Coroutine.class.isAssignableFrom(method.getReturnType())
                        && AnnotationSupport.isAnnotated(method, Testable.class),
                HierarchyTraversalMode.TOP_DOWN);
        if (!neverRun.isEmpty()) {
            throw new ExtensionConfigurationException(neverRun.stream()
                    .map(method -> method.getDeclaringClass().getSimpleName() + '.' + method.getName())
                    .collect(Collectors.joining(
                            ", ",
                            "JUnit runs only void test methods, and these return a Coroutine: ",
                            "; make them void, and put what they do into runTest(() -> { ... })")));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return VIRTUAL.contains(type) || ANY.contains(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("each test has a loop of its own, so "
                    + parameter.getDeclaringExecutable() + " cannot have a " + type.getSimpleName()
                    + ": take it as a parameter of the test method, or of one with @BeforeEach");
        }
        TestLoop test = loopOf(context, VIRTUAL.contains(type));
        if (type == TestLoop.class) {
            return test;
        }
        if (type == EventLoop.class) {
            return test.loop();
        }
        if (!test.isVirtual()) {
            throw new ParameterResolutionException("the loop of this test is on a real transport already, which has no "
                    + type.getSimpleName() + ": put @OnTransport(\"" + OnTransport.VIRTUAL + "\") on the class");
        }
        return type == VirtualClock.class
                ? test.clock()
                : type == VirtualNetwork.class ? test.network() : test.streams();
    }

    /** The loop of the test, opened when it is first asked for. */
    private static TestLoop loopOf(ExtensionContext context, boolean wantsVirtual) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        TestLoop test = store.get(TestLoop.class, TestLoop.class);
        if (test == null) {
            test = open(context, wantsVirtual);
            store.put(TestLoop.class, test);
        }
        return test;
    }

    private static TestLoop open(ExtensionContext context, boolean wantsVirtual) {
        OnTransport wanted = find(context, OnTransport.class);
        TestLoop test;
        if (wanted == null) {
            boolean virtual = wantsVirtual || asksForVirtual(context.getRequiredTestMethod());
            test = virtual ? TestLoop.virtual() : TestLoop.real();
        } else {
            test = wanted.value().equals(OnTransport.VIRTUAL) ? TestLoop.virtual() : TestLoop.real(wanted.value());
        }
        SkipChecks skipped = find(context, SkipChecks.class);
        if (skipped != null) {
            Arrays.stream(skipped.value()).forEach(test::skip);
        }
        TimeLimit limit = find(context, TimeLimit.class);
        if (limit != null) {
            test.timeLimit(seconds(limit.seconds()));
        } else {
            context.getConfigurationParameter(TIME_LIMIT, Double::valueOf)
                    .ifPresent(seconds -> test.timeLimit(seconds(seconds)));
        }
        return test;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static boolean asksForVirtual(Method method) {
        return Arrays.stream(method.getParameters()).map(Parameter::getType).anyMatch(VIRTUAL::contains);
    }

    /** The annotation of the method, or else of the class, or else of a class around that. */
    private static <A extends Annotation> @Nullable A find(ExtensionContext context, Class<A> type) {
        Optional<A> found = AnnotationSupport.findAnnotation(context.getTestMethod(), type);
        for (Class<?> host = context.getRequiredTestClass(); found.isEmpty() && host != null; ) {
            found = AnnotationSupport.findAnnotation(host, type);
            host = host.getEnclosingClass();
        }
        return found.orElse(null);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        withLoop(invocation, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        withLoop(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        withLoop(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        withLoop(invocation, context);
    }

    /** Here and not before: JUnit may have the method run in a thread of its own. */
    private static void withLoop(Invocation<@Nullable Void> invocation, ExtensionContext context) throws Throwable {
        TestLoop.setCurrent(() -> loopOf(context, false));
        try {
            invocation.proceed();
        } finally {
            TestLoop.setCurrent(null);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestLoop test = context.getStore(NAMESPACE).remove(TestLoop.class, TestLoop.class);
        if (test != null) {
            test.close();
        }
    }
}
