package io.samovar.tests.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.samovar.compiler.CoroutineProcessor;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the coroutine compiler of this build is. */
public final class CompilerPath {
    /** The engine, the virtual clock and NIO, with what they need, as jars or as Maven's directories of classes. */
    private static final Pattern USERS = Pattern.compile(
            "[/\\\\](engine|testing|transport-netty|transport-nio)[/\\\\]target[/\\\\]|[/\\\\](netty|jctools|jspecify)[^/\\\\]*\\.jar$");

    private CompilerPath() {}

    /** The shaded jar alone; or, in a build that ends before {@code package}, the classes and the ASM that they need. */
    public static String processorPath() {
        Path compiler = codeSource();
        if (Files.isRegularFile(compiler)) {
            return compiler.toString();
        }
        List<String> asm = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> new File(entry).getName().startsWith("asm"))
                .toList();
        assertThat(asm).isNotEmpty();
        return Stream.concat(Stream.of(compiler.toString()), asm.stream())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The shaded jar, which only a build that comes to {@code package} has; without it the test is left out. */
    public static Path jar() {
        Path compiler = codeSource();
        assumeThat(compiler)
                .as("mvn verify packages the compiler before the tests; this build does not")
                .isRegularFile();
        return compiler;
    }

    /** What programs that use Samovar have on their class path: no compiler, and no ASM. */
    public static String userClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> USERS.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path codeSource() {
        return Path.of(URI.create(CoroutineProcessor.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }
}
