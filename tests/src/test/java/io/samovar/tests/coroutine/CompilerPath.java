package io.samovar.tests.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.compiler.CoroutineProcessor;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the coroutine compiler of this build is. */
final class CompilerPath {
    private CompilerPath() {}

    /** The shaded jar alone; or, in a build that ends before {@code package}, the classes and the ASM that they need. */
    static String processorPath() {
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

    private static Path codeSource() {
        return Path.of(URI.create(CoroutineProcessor.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }
}
