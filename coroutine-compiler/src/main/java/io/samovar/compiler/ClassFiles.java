package io.samovar.compiler;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.tools.FileObject;
import javax.tools.JavaFileObject;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * The class files that javac writes.
 *
 * <p>They are where {@link Filer} says, except that javac without {@code -d} puts each beside its source, which {@code Filer} does
 * not know: it gives the working directory then. So it is asked until a file is found there that has just been written.
 */
final class ClassFiles {
    /** How much older than the clock says a file may be that has just been written, on file systems that count seconds. */
    private static final long COARSE_MILLIS = 2_000;

    private final Filer filer;
    private final Elements elements;
    /** Where the classes of a package go, once that is known: what javac does to find one takes longer than to read it. */
    private final Map<PackageElement, Path> directories = new HashMap<>();

    private long began;

    ClassFiles(Filer filer, Elements elements) {
        this.filer = filer;
        this.elements = elements;
    }

    /** javac is going to write one. */
    void begin() {
        began = System.currentTimeMillis();
    }

    /** Reads a class, or gives {@code null} if javac has not written it, as after an error. */
    @Nullable
    Written read(TypeElement type, JavaFileObject source) throws IOException {
        PackageElement owner = elements.getPackageOf(type);
        String packageName = owner.getQualifiedName().toString();
        String binaryName = elements.getBinaryName(type).toString();
        int prefix = packageName.isEmpty() ? 0 : packageName.length() + 1;
        String name = binaryName.substring(prefix) + ".class";
        Path directory = directories.get(owner);
        try {
            if (directory != null) {
                return read(packageName, directory.resolve(name));
            }
            FileObject output = open(type, packageName, name);
            if (isFile(output)) {
                return read(packageName, find(owner, Path.of(output.toUri()), source));
            }
            try (InputStream in = output.openInputStream()) {
                return new Written(in.readAllBytes(), packageName, null);
            }
        } catch (FileNotFoundException | NoSuchFileException notWritten) {
            return null;
        }
    }

    private Written read(String packageName, Path path) throws IOException {
        return new Written(Files.readAllBytes(path), packageName, path);
    }

    private FileObject open(TypeElement type, String packageName, String name) throws IOException {
        try {
            return filer.getResource(StandardLocation.CLASS_OUTPUT, packageName, name);
        } catch (FilerException inSeveralModules) {
            return filer.getResource(StandardLocation.CLASS_OUTPUT, moduleOf(type) + '/' + packageName, name);
        }
    }

    private String moduleOf(TypeElement type) {
        ModuleElement module = elements.getModuleOf(type);
        return module == null ? "" : module.getQualifiedName().toString();
    }

    private static boolean isFile(FileObject file) {
        return "file".equals(file.toUri().getScheme());
    }

    /** Which of both the class is in: the one that is newer, for the other was there before. */
    private Path find(PackageElement owner, Path output, JavaFileObject source) throws IOException {
        URI uri = source.toUri();
        Path beside = "file".equals(uri.getScheme()) ? Path.of(uri).resolveSibling(output.getFileName()) : output;
        if (beside.equals(output)) {
            return output;
        }
        long besideMillis = lastModified(beside);
        long outputMillis = lastModified(output);
        long justNow = began - COARSE_MILLIS;
        if (besideMillis > outputMillis && besideMillis >= justNow) {
            return beside;
        }
        if (outputMillis >= justNow) {
            directories.put(owner, output.resolveSibling(""));
        }
        return output;
    }

    /** Milliseconds since 1970; -1 if there is no such file. */
    private static long lastModified(Path path) throws IOException {
        try {
            return Files.getLastModifiedTime(path).toMillis();
        } catch (NoSuchFileException none) {
            return -1;
        }
    }

    /** One that has been written. */
    final class Written {
        private final byte[] content;
        private final String packageName;
        private final @Nullable Path path;

        /**
         * @param path where it is; {@code null} if it is no file of the system
         */
        Written(byte[] content, String packageName, @Nullable Path path) {
            this.content = content;
            this.packageName = packageName;
            this.path = path;
        }

        byte[] content() {
            return content;
        }

        /** Writes a class of the same package beside it, or over it. */
        void put(String internalName, byte[] classFile) throws IOException {
            String name = internalName.substring(internalName.lastIndexOf('/') + 1) + ".class";
            if (path != null) {
                overwrite(path.resolveSibling(name), classFile);
                return;
            }
            FileObject file = filer.createResource(StandardLocation.CLASS_OUTPUT, packageName, name);
            try (OutputStream out = file.openOutputStream()) {
                out.write(classFile);
            }
        }
    }

    /** To empty a file that has some content, and then to fill it, takes ext4 ten times as long. */
    private static void overwrite(Path path, byte[] content) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(content);
            if (file.length() > content.length) {
                file.setLength(content.length);
            }
        }
    }
}
